"""The part of a conversation that is on the screen: a window of turns that moves with the reader, so that a
conversation of a year is as quick as one of a minute."""

from __future__ import annotations

from collections.abc import Sequence

from qa.tui.talk import Talk
from qa.tui.turn import TurnState
from qa.tui.widgets.conversation import Conversation, Remark
from qa.tui.widgets.turn import TurnView

FIRST = 4
"""Turns that are shown at once; each takes some 25 ms to be laid out, the others follow one by one."""
MOST = 20
"""Turns on the screen, in sight or scrolled out of it."""
PAGE = 8
"""Turns that are fetched when an edge is reached."""
PACE = 0.05
"""Seconds between two of them: the reader goes on reading and typing."""


class Scrollback:
    """Fills and empties the conversation. Called by handlers alone."""

    def __init__(self, conversation: Conversation, talk: Talk) -> None:
        self._conversation, self._talk = conversation, talk
        self._above: list[TurnState] = []
        self._below: list[TurnState] = []
        self._moving = False

    def show(self, states: Sequence[TurnState]) -> None:
        """Show the end of a conversation, of which these are the latest turns, instead of what is there."""
        conversation = self._conversation
        for turn in conversation.turns():
            turn.leave()
        conversation.query(Remark).remove()
        conversation.mount_all([TurnView(state) for state in states[-FIRST:]])
        self._above, self._below = list(states[:-FIRST]), []
        self._go_on()
        self._tell(states[0].id if states else 0)
        conversation.to_end()

    def add(self, state: TurnState) -> None:
        """A new turn at the end; the oldest make room."""
        turns = self._conversation.turns()
        states = self._talk.states()
        if turns and len(states) > 1 and turns[-1].state.id != states[-2].id:  # the reader is far from the end
            self.show(states)
            return
        self._conversation.mount(TurnView(state))
        self._trim(turns[: max(0, len(turns) + 1 - MOST)])
        self._conversation.to_end()

    def earlier(self) -> None:
        """The reader has reached the upper edge."""
        turns = self._conversation.turns()
        if turns and not self._above:
            self._above = self._talk.before(turns[0].state.id, PAGE)
            self._go_on()

    def later(self) -> None:
        """The reader has reached the lower edge."""
        turns, states = self._conversation.turns(), self._talk.states()
        if turns and states and not self._below and turns[-1].state.id < states[-1].id:
            self._below = self._talk.after(turns[-1].state.id, PAGE)
            self._go_on()

    def _go_on(self) -> None:
        if (self._above or self._below) and not self._moving:
            self._moving = True
            self._conversation.set_timer(PACE, self._step)

    def _step(self) -> None:
        """One turn more at an edge."""
        self._moving = False
        if not self._conversation.is_attached:
            return
        if self._below:
            self._put_below(self._below.pop(0))
        elif self._above:
            self._put_above(self._above.pop())
        self._go_on()

    def _put_above(self, state: TurnState) -> None:
        conversation = self._conversation
        turns = conversation.turns()
        if conversation.following and len(turns) >= MOST:  # the reader has gone back to the end
            self._above.clear()
            return
        turn = TurnView(state)
        conversation.mount(turn, before=turns[0] if turns else None)
        if not conversation.following:  # what is being read stays where it is
            conversation.call_after_refresh(lambda: self._scroll(turn.outer_size.height + 1))
        self._trim(turns[MOST - 1 :])
        self._tell(state.id)

    def _put_below(self, state: TurnState) -> None:
        conversation = self._conversation
        turns = conversation.turns()
        conversation.mount(TurnView(state), after=turns[-1] if turns else None)
        gone = turns[: max(0, len(turns) + 1 - MOST)]
        height = sum(turn.outer_size.height + 1 for turn in gone)
        self._trim(gone)
        if gone and not conversation.following:
            conversation.call_after_refresh(lambda: self._scroll(-height))

    def _scroll(self, lines: int) -> None:
        self._conversation.scroll_relative(y=lines, animate=False)

    def _trim(self, turns: Sequence[TurnView]) -> None:
        """Take turns off the screen, and a focus with them to the next that stays."""
        if not turns:
            return
        left = [turn for turn in self._conversation.turns() if turn not in turns]
        if left and any(turn.has_focus for turn in turns):
            # Before they go: else the toolkit gives the focus away, and scrolls to whom it gives it.
            seen = [turn for turn in left if turn.region.overlaps(self._conversation.region)]
            self._conversation.screen.set_focus((seen or left)[0], scroll_visible=False)
        for turn in turns:
            turn.leave()
        if left:
            self._tell(left[0].state.id)

    def _tell(self, first: int) -> None:
        """Say above the first turn how many there are before it."""
        self._conversation.say_earlier(self._talk.number_before(first) if first else 0)
