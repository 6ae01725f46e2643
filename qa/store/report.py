"""What a writer tells: while it works, and at the end."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Step:
    """How far an update has come."""

    path: str
    """The file that was looked at last."""
    files: int
    """Looked at so far, of ``total``."""
    total: int
    embedded: int
    """Passages embedded so far."""
    pending: int
    """Passages read and waiting to be embedded."""


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Report:
    """What became of the files, counted in documents."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    removed: int = 0
    failed: tuple[tuple[str, str], ...] = ()
    """(path, reason). The version of a failed file that was indexed before is kept, and ``Index.stale`` names it."""
    cancelled: bool = False
    """The run was stopped early; what had been embedded until then is in the index."""
