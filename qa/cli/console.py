"""stdout is the answer, stderr is the narration. The only module that prints."""

from __future__ import annotations

import os
import sys

from rich.console import Console

from qa.render.clean import one_line


def out() -> Console:
    """For answers. Colour only on a terminal and without NO_COLOR; in a pipe, lines are as wide as they are."""
    terminal = sys.stdout.isatty()
    return Console(file=sys.stdout, highlight=False, emoji=False, markup=False, width=None if terminal else 100)


def err() -> Console:
    """For progress and complaints."""
    return Console(file=sys.stderr, highlight=False, emoji=False, markup=False)


def write(text: str) -> None:
    """Plain text on stdout, exactly; letters that the terminal's encoding lacks are replaced."""
    if not text.endswith("\n"):
        text += "\n"
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))


def complain(message: str) -> None:
    """One line on stderr."""
    line = f"qa: {one_line(message)}\n"
    encoding = sys.stderr.encoding or "utf-8"
    sys.stderr.write(line.encode(encoding, "replace").decode(encoding))


class Status:
    """A line on stderr that moves while something works; nothing where stderr is no terminal. Use as a context
    manager."""

    def __init__(self, text: str) -> None:
        moving = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._status = err().status(text) if moving else None

    def __enter__(self) -> Status:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def tell(self, line: str) -> None:
        """Change the text."""
        if self._status:
            self._status.update(one_line(line)[:100])

    def stop(self) -> None:
        """Take the line away, before something is printed where it stands."""
        if self._status:
            self._status.stop()
