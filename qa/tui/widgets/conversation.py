"""The left pane: the turns of the conversation, one under the other."""

from __future__ import annotations

from dataclasses import dataclass

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.message import Message

from qa.tui.text import one_line
from qa.tui.widgets.turn import Text, TurnView

WELCOME = (
    "Ask a question about your documents.\n\n"
    "Every sentence of an answer is checked against them before it counts:\n"
    "✓ supported   ~ partly supported   ✗ not supported\n\n"
    "[n] opens the passage behind a sentence.  ? shows all keys."
)
NEAR = 3
"""Lines from an edge at which more turns are fetched."""


class Remark(Text):
    """A notice between the turns."""


class Conversation(VerticalScroll, can_focus=False):
    """The turns; stays at the end while they grow, unless the user has scrolled away."""

    REMARKS = 20
    """Notices that stay between the turns."""

    @dataclass
    class Edge(Message):
        """The user has scrolled to where more turns may be wanted."""

        upper: bool

    def __init__(self) -> None:
        super().__init__(id="conversation")
        self.following = True

    def compose(self) -> ComposeResult:
        """What stands above the first turn."""
        yield Text(classes="earlier")
        yield Text(WELCOME, classes="welcome")

    def say_earlier(self, number: int) -> None:
        """Say how many turns there are above the first."""
        noun = "question" if number == 1 else "questions"
        self.query_one(".earlier", Text).show(f"↑ {number} earlier {noun}" if number else "")

    def on_mount(self) -> None:
        """Follow the growing text."""
        self.watch(self, "virtual_size", self._follow)
        self.watch(self, "size", self._follow)

    def _follow(self) -> None:
        if self.following:
            self.call_after_refresh(self.scroll_end, animate=False)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Only a user scrolls up, and only then the end is left; back at the end it is followed again."""
        super().watch_scroll_y(old_value, new_value)
        if new_value < old_value or new_value >= self.max_scroll_y:
            self.following = new_value >= self.max_scroll_y
        self.look_for_more(upwards=new_value < old_value)

    def look_for_more(self, upwards: bool) -> None:
        """Ask for more turns where there is hardly anything left to scroll."""
        if (self.scroll_y if upwards else self.max_scroll_y - self.scroll_y) <= NEAR:
            self.post_message(self.Edge(upwards))

    def on_mouse_scroll_up(self) -> None:
        """At the very top nothing scrolls, and more is wanted all the same."""
        self.look_for_more(upwards=True)

    def to_end(self) -> None:
        """Show the end, and follow it."""
        self.following = True
        self._follow()

    def turns(self) -> list[TurnView]:
        """The turns, oldest first."""
        return [child for child in self.children if isinstance(child, TurnView) and not child.leaving]

    def turn(self, wanted: int) -> TurnView | None:
        """The turn with this id."""
        return next((turn for turn in self.turns() if turn.state.id == wanted), None)

    def current(self) -> TurnView | None:
        """The focused turn, or the last one."""
        turns = self.turns()
        return next((turn for turn in turns if turn.has_focus), turns[-1] if turns else None)

    def cited(self) -> TurnView | None:
        """The last turn that has something to open: not one that is only being answered."""
        return next((turn for turn in reversed(self.turns()) if turn.state.places), None)

    def note(self, text: str, failed: bool) -> None:
        """Add a line between the turns."""
        old = [child for child in self.children if isinstance(child, Remark)]
        for remark in old[: max(0, len(old) + 1 - self.REMARKS)]:
            remark.remove()
        self.mount(Remark(f"{'!' if failed else '·'} {one_line(text, 400)}", classes="error" if failed else "note"))
