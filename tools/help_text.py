"""The help of every command as Markdown, for README.md (`make docs` writes it, `make check` compares it)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from typer.main import get_command

WIDTH = 100


def walk(command: Any, name: str = "qa") -> Iterator[tuple[str, Any]]:  # typer's command classes are private
    """The command and all below it, in the order of the help, with the words that call each."""
    yield name, command
    for word, below in getattr(command, "commands", {}).items():
        if not below.hidden:
            yield from walk(below, f"{name} {word}")


def every_command() -> str:
    """One heading and one help text for each command."""
    from qa.cli.app import app

    return "\n" + "\n".join(section(name, command) for name, command in walk(get_command(app))) + "\n"


def section(name: str, command: Any) -> str:
    """Plain text without boxes: the boxes depend on the terminal."""
    command.rich_markup_mode = None
    context = command.context_class(command, info_name=name, terminal_width=WIDTH, max_content_width=WIDTH)
    return f"### `{name}`\n\n```text\n{command.get_help(context).rstrip()}\n```\n"
