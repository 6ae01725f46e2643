"""What passes between the chat and the process that answers for it: one JSON value a line, in ASCII.

To the process: the settings first, then ``{"id", "call", "arguments"}`` for each call and ``{"id", "stop": true}``.
Back, for each call: any number of ``{"id", "value"}``, then ``{"id", "end": true}`` or ``{"id", "error": [kind,
message, hint]}``. Data only, whichever side is wrong: no line names code.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import PurePath
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from qa import errors
from qa.errors import QAError
from qa.types import Done, Drafted, Event, Retrieved, Token, Verified

T = TypeVar("T")
EVENTS: Mapping[str, type[Event]] = {kind.__name__: kind for kind in (Retrieved, Token, Drafted, Verified, Done)}


def line(value: object) -> bytes:
    """A value as one line. Raises ``TypeError`` for what has no form here."""
    # Escapes for all but ASCII: a name may hold what UTF-8 has no bytes for.
    return json.dumps(value, default=_plain, separators=(",", ":")).encode("ascii") + b"\n"


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not passed between processes")


@cache
def _adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def read(kind: type[T], value: object) -> T:
    """The value that ``line`` wrote, as what it was. Raises ``QAError`` when it is something else."""
    named: Any = kind
    try:
        found: T = _adapter(named).validate_python(value)
    except ValidationError as error:
        raise QAError(f"the process that answers gave no {kind!r}: {error.errors()[0]['msg']}") from error
    return found


def event_value(event: Event) -> list[object]:
    """An event with the name of its kind."""
    return [type(event).__name__, event]


def read_event(value: list[Any]) -> Event:
    """The event of ``event_value``, from JSON."""
    name, held = value
    return read(EVENTS[name], held)


def error_value(error: Exception) -> list[str]:
    """An error as its kind, message and hint."""
    if isinstance(error, QAError):
        return [type(error).__name__, error.message, error.hint]
    return ["", f"qa failed unexpectedly: {type(error).__name__}: {error}", ""]


def read_error(value: list[str]) -> QAError:
    """The error of ``error_value``, of its own class when that is one of ours."""
    name, message, hint = value
    kind = getattr(errors, name, None)
    return kind(message, hint) if isinstance(kind, type) and issubclass(kind, QAError) else QAError(message, hint)
