"""stdout is the answer, stderr is the narration. The only module that prints."""

from __future__ import annotations

import os
import sys

from rich.console import Console
from rich.text import Text

from qa.render.clean import one_line


class _Console(Console):
    def on_broken_pipe(self) -> None:
        raise BrokenPipeError  # rich would end the process


def out() -> Console:
    """For answers. Colour only on a terminal and without NO_COLOR; in a pipe, lines are 100 characters wide."""
    terminal = sys.stdout.isatty()
    return _Console(file=sys.stdout, highlight=False, emoji=False, markup=False, width=None if terminal else 100)


def err() -> Console:
    """For progress and complaints."""
    return _Console(file=sys.stderr, highlight=False, emoji=False, markup=False)


def write(text: str) -> None:
    """Plain text on stdout, exactly, with a newline at its end."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def complain(message: str) -> None:
    """One line on stderr."""
    sys.stderr.write(f"qa: {one_line(message)}\n")


class Status:
    """A line on stderr that moves while something works; nothing where stderr is no terminal. Use as a context
    manager."""

    def __init__(self, text: str) -> None:
        moving = sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
        self._status = err().status(Text(text)) if moving else None

    def __enter__(self) -> Status:
        if self._status:
            self._status.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def tell(self, line: str) -> None:
        """Change the text."""
        if self._status:
            self._status.update(Text(one_line(line)[:100]))  # as a str, rich would read markup in it

    def stop(self) -> None:
        """Take the line away, before something is printed where it stands."""
        if self._status:
            self._status.stop()
