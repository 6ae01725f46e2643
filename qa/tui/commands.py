"""The slash commands: one table, how a typed line is read, and what completes it. Pure functions."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.home import at_home
from qa.tui.backend import EXPORT_KINDS
from qa.tui.themes import THEMES


@dataclass(frozen=True, slots=True)
class Command:
    """One slash command."""

    name: str
    argument: str
    """As the help shows it; empty when it takes none, in brackets when it may be left out."""
    summary: str

    @property
    def needs_argument(self) -> bool:
        """Whether it does nothing without one."""
        return bool(self.argument) and not self.argument.startswith("[")


COMMANDS: tuple[Command, ...] = (
    Command("summarize", "[TOPIC]", "what all sources say, or say about a topic"),
    Command("sources", "", "the documents of the index"),
    Command("verify", "[TEXT]", "check a text, or the last answer again"),
    Command("index", "PATH", "add files or a folder; 'stop' ends a run"),
    Command("model", "[NAME]", "answer with another model"),
    Command("export", "[md|json|html]", "write the conversation to a file"),
    Command("sessions", "", "kept conversations: take up, search, rename, delete"),
    Command("rename", "NAME", "name this conversation"),
    Command("theme", "[NAME]", "colours: dark, light, contrast"),
    Command("clear", "", "begin a new conversation; this one is kept"),
    Command("help", "", "keys and commands"),
    Command("quit", "", "leave"),
)
BY_NAME = {command.name: command for command in COMMANDS}


@dataclass(frozen=True, slots=True)
class Typed:
    """A line that the user entered: a command with its argument, a citation to open, or (both empty) a question."""

    text: str
    command: str = ""
    argument: str = ""
    citation: int = 0


def read(line: str) -> Typed:
    """What an entered line means. An unknown command keeps its name, for the error that names it."""
    text = line.strip()
    bare = text.removeprefix("[").removesuffix("]")
    if bare.isascii() and bare.isdigit() and len(bare) <= 2:
        return Typed(text, citation=int(bare))
    if not text.startswith("/") or text.startswith("//"):
        return Typed(" ".join(text.split()))
    name, _, argument = text[1:].partition(" ")
    return Typed(text, command=name.lower(), argument=argument.strip())


def is_partial(line: str) -> bool:
    """Whether Enter should complete the line before it is sent: a name or an argument was begun and is not whole."""
    name, _, argument = line.removeprefix("/").partition(" ")
    return bool(argument.strip()) if name in BY_NAME else True


@dataclass(frozen=True, slots=True)
class Completion:
    """A proposal: the whole line as it would be, and what to say about it."""

    line: str
    label: str
    summary: str = ""


def complete(line: str, models: Sequence[str] = ()) -> list[Completion]:
    """Proposals for a line that begins with a slash, best first; none for anything else."""
    if not line.startswith("/"):
        return []
    name, space, argument = line[1:].partition(" ")
    if not space:
        return [_proposal(command) for command in COMMANDS if command.name.startswith(name.lower())]
    values: Sequence[str] = {
        "export": EXPORT_KINDS,
        "theme": tuple(THEMES),
        "model": (*models, *(_paths(argument) if name == "model" and set(argument) & set("/~") else ())),
        "index": _paths(argument) if name == "index" else (),
    }.get(name, ())
    return [
        Completion(f"/{name} {value}", value) for value in values if value.startswith(argument) and value != argument
    ]


def _proposal(command: Command) -> Completion:
    line = f"/{command.name} " if command.argument else f"/{command.name}"
    return Completion(line, f"/{command.name} {command.argument}".strip(), command.summary)


def _paths(typed: str, limit: int = 50) -> list[str]:
    """Files and folders that begin as typed, folders with a slash; empty where nothing can be read."""
    head, _, tail = typed.rpartition("/")
    folder = at_home(head + "/") if "/" in typed else Path()
    try:
        with os.scandir(folder) as entries:
            names = sorted(
                e.name + "/" * e.is_dir() for e in entries if e.name.startswith(tail) and _shown(e.name, tail)
            )
    except OSError:
        return []
    return [typed[: len(typed) - len(tail)] + name for name in names[:limit]]


def _shown(name: str, tail: str) -> bool:
    return name.isprintable() and (not name.startswith(".") or tail.startswith("."))
