"""Paths that begin with a home folder."""

from __future__ import annotations

from pathlib import Path


def at_home(name: str | Path) -> Path:
    """The path with its `~` or `~user` put in place; as it stands where nobody has that name, as a shell leaves it."""
    path = Path(name)
    try:
        return path.expanduser()
    except RuntimeError:
        return path
