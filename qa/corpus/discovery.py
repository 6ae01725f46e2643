"""Which files a user means by the paths that they name."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.corpus.cleaning import one_line
from qa.corpus.reader import readers
from qa.errors import InputError


def discover(paths: Sequence[Path]) -> Iterator[Path]:
    """Files to read, each once: a named file whatever its suffix; below a folder, in sorted order, the known ones.

    Hidden files and folders below a named folder are skipped. Links to files are followed, links to folders are not, so
    that no loop is entered. A folder that may not be listed is yielded itself: reading it gives the reason.
    Raises ``InputError`` for a path that does not exist, before anything is yielded.
    """
    for path in paths:
        if not os.path.lexists(path) or not path.exists():
            raise InputError(f"there is no file or folder {one_line(str(path))}")
    seen: set[str] = set()
    for path in paths:
        for found in _below(path) if path.is_dir() else (path,):
            key = os.path.abspath(found)  # noqa: PTH100 - resolve() would follow a link and merge two names
            if key not in seen:
                seen.add(key)
                yield found


def _below(folder: Path) -> Iterator[Path]:
    refused: list[Path] = []
    walk = os.walk(folder, onerror=lambda error: refused.append(Path(error.filename)))
    for place, folders, names in walk:
        yield from _take(refused)
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(place, name)
            if not name.startswith(".") and path.suffix.lower() in readers() and not path.is_dir() and _there(path):
                yield path
    yield from _take(refused)


def _take(refused: list[Path]) -> Iterator[Path]:
    while refused:
        yield refused.pop(0)


def _there(path: Path) -> bool:
    """Whether it is more than a link that leads nowhere."""
    try:
        return path.is_file()
    except OSError:
        return True
