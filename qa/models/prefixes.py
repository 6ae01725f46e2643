"""Evaluated beginnings of prompts, remembered up to a number of bytes, and on a shelf for later processes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from qa.models.engine import State
from qa.models.shelf import Shelf


class Prefixes:
    """States by the tokens that led to them. What was used longest ago goes first; never more than ``room`` bytes."""

    def __init__(self, room: int, shelf: Shelf | None = None) -> None:
        self.room = room
        self._shelf = shelf
        self.bytes = 0
        self._states: OrderedDict[tuple[int, ...], State] = OrderedDict()

    def get(self, tokens: Sequence[int]) -> State | None:
        """The state after these tokens, or None."""
        key = tuple(tokens)
        state = self._states.get(key)
        if state is not None:
            self._states.move_to_end(key)
        elif self._shelf is not None and (state := self._shelf.get(tokens)) is not None:
            self._hold(key, state)
        return state

    def put(self, tokens: Sequence[int], state: State) -> None:
        """Remember a state, unless it alone takes more than the room."""
        self._hold(tuple(tokens), state)
        if self._shelf is not None:
            self._shelf.put(tokens, state)

    def _hold(self, key: tuple[int, ...], state: State) -> None:
        if state.nbytes > self.room:
            return
        old = self._states.pop(key, None)
        self._states[key] = state
        self.bytes += state.nbytes - (old.nbytes if old is not None else 0)
        while self.bytes > self.room:
            _, gone = self._states.popitem(last=False)
            self.bytes -= gone.nbytes

    def clear(self) -> None:
        """Forget everything, less what lies on the shelf."""
        self._states.clear()
        self.bytes = 0
