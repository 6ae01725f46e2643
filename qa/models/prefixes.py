"""Evaluated beginnings of prompts, remembered up to a number of bytes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence

from qa.models.llama import State


class Prefixes:
    """States by the tokens that led to them. What was used longest ago goes first; never more than ``room`` bytes."""

    def __init__(self, room: int) -> None:
        self.room = room
        self.bytes = 0
        self._states: OrderedDict[tuple[int, ...], State] = OrderedDict()

    def get(self, tokens: Sequence[int]) -> State | None:
        """The state after these tokens, or None."""
        key = tuple(tokens)
        state = self._states.get(key)
        if state is not None:
            self._states.move_to_end(key)
        return state

    def put(self, tokens: Sequence[int], state: State) -> None:
        """Remember a state, unless it alone takes more than the room."""
        if state.nbytes > self.room:
            return
        key = tuple(tokens)
        old = self._states.pop(key, None)
        self._states[key] = state
        self.bytes += state.nbytes - (old.nbytes if old is not None else 0)
        while self.bytes > self.room:
            _, gone = self._states.popitem(last=False)
            self.bytes -= gone.nbytes

    def clear(self) -> None:
        """Forget everything."""
        self._states.clear()
        self.bytes = 0
