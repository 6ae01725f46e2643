"""The line above the conversation, and the line that tells of work in the background."""

from __future__ import annotations

import time

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.timer import Timer

from qa.tui.text import one_line
from qa.tui.widgets.turn import Text

_FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"


class TopBar(Horizontal):
    """Which conversation this is, and what answers it."""

    def compose(self) -> ComposeResult:
        """The name on the left, the facts on the right."""
        yield Text(Content.styled("qa", "bold $accent"), classes="brand")
        yield Text(classes="name")
        yield Text(classes="facts")

    def show(self, name: str, facts: str) -> None:
        """Show these from now on."""
        self.query_one(".name", Text).show(one_line(name, 120))
        self.query_one(".facts", Text).show(one_line(facts, 80))


class Progress(Text):
    """One line about work in the background; takes no room when there is none."""

    def __init__(self) -> None:
        super().__init__()
        self.id = "progress"
        self._works: dict[str, tuple[str, float]] = {}
        self._timer: Timer | None = None

    def on_mount(self) -> None:
        """Four pictures a second: alive, and cheap over a slow line."""
        self._timer = self.set_interval(0.25, self._draw, pause=True)

    def begin(self, work: str, text: str) -> None:
        """Show that a work is going on, or how far it is."""
        since = self._works[work][1] if work in self._works else time.monotonic()
        self._works[work] = (text, since)
        self._draw()
        if self._timer and self.app.animation_level != "none":
            self._timer.resume()

    def end(self, work: str) -> None:
        """The work is over."""
        self._works.pop(work, None)
        self._draw()
        if self._timer and not self._works:
            self._timer.pause()

    def _draw(self) -> None:
        if not self._works:
            self.show("")
            return
        now, still = time.monotonic(), self.app.animation_level == "none"
        frame = "·" if still else _FRAMES[int(now * 4) % len(_FRAMES)]
        works = [text + _seconds(0 if still else now - since) for text, since in self._works.values()]
        text = one_line("  ·  ".join(works), 200)
        self.show(Content.styled(f"{frame} ", "$accent") + Content.styled(text, "$quiet"))


def _seconds(seconds: float) -> str:
    """How long it has been going on, once that is worth telling."""
    return f" {seconds:.0f} s" if seconds >= 2 else ""
