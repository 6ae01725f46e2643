"""Files of a store folder: their names, checksums, and writes that survive a crash."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import re
import sqlite3
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from qa.errors import DamagedIndexError, StoreError

MANIFEST = "manifest.json"
LOCK = "lock"
REBUILD = "rebuild it: qa index --rebuild PATH…"
_GENERATION = re.compile(r"(?:catalogue-(\d+)\.sqlite(?:-journal|-wal|-shm)?|vectors-(\d+)\.faiss)")
_RENAMES = 40
_HARMLESS = frozenset({MANIFEST, f"{MANIFEST}.tmp", LOCK, "FORMAT.md", ".gitignore"})


def catalogue_name(generation: int) -> str:
    """Name of the catalogue of one generation."""
    return f"catalogue-{generation:06d}.sqlite"


def vectors_name(generation: int) -> str:
    """Name of the vector file of one generation."""
    return f"vectors-{generation:06d}.faiss"


def generation_of(name: str) -> int | None:
    """The generation that a file name belongs to, or None for any other file."""
    match = _GENERATION.fullmatch(name)
    return int(match[1] or match[2]) if match else None


def is_ours(name: str) -> bool:
    """Whether a store folder may hold a file of this name."""
    return name in _HARMLESS or generation_of(name) is not None


def sha256(path: Path) -> str:
    """Of a file's bytes, in constant memory. Raises ``OSError``."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def sync(path: Path) -> None:
    """Force a file, or the entries of a folder, to the disk. Windows has no handle for folders: there it does nothing
    for them."""
    if path.is_dir() and sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace(path: Path, data: bytes) -> None:
    """Write a file so that a reader finds the old bytes or the new ones, never a part, whenever the writer dies."""
    temporary = path.with_name(f"{path.name}.tmp")
    temporary.unlink(missing_ok=True)
    temporary.write_bytes(data)
    sync(temporary)
    _rename(temporary, path)
    sync(path.parent)


def _rename(source: Path, target: Path) -> None:
    """Windows refuses while a reader has the target open, which takes a reader no longer than a moment."""
    for _ in range(_RENAMES if sys.platform == "win32" else 0):
        with contextlib.suppress(PermissionError):
            os.replace(source, target)  # noqa: PTH105 - as below
            return
        time.sleep(0.05)
    os.replace(source, target)  # noqa: PTH105 - tests intercept it by this name


def clear(folder: Path, keep: int | None) -> None:
    """Remove every generation but ``keep``. A file that another process holds open (Windows) stays until the next
    write."""
    for entry in sorted(folder.iterdir()):
        generation = generation_of(entry.name)
        if generation is not None and generation != keep:
            with contextlib.suppress(OSError):
                entry.unlink()


def newest(folder: Path) -> int:
    """The highest generation that any file name in the folder carries; 0 when there is none."""
    return max((generation_of(entry.name) or 0 for entry in folder.iterdir()), default=0)


@contextlib.contextmanager
def write_errors(folder: Path) -> Iterator[None]:
    """Turn what the system says when a write fails into one line. The index that was there before is untouched by
    then."""
    before = "the index is as usable as before"
    try:
        yield
    except sqlite3.Error as error:
        if (
            type(error) is sqlite3.DatabaseError
        ):  # what was copied is no sound database; a full disk is an OperationalError
            raise DamagedIndexError(f"the index at {folder} is damaged: {error}", REBUILD) from error
        full = "full" in str(error)
        why = "no space is left on the device" if full else f"SQLite says: {error}"
        raise StoreError(
            f"cannot write the index at {folder}: {why}; {before}", "free some space and run it again"
        ) from error
    except OSError as error:
        full = error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC))
        why = "no space is left on the device" if full else (error.strerror or str(error))
        hint = (
            "free some space and run it again"
            if full
            else f"check the rights on {folder}, or name another: --store DIR"
        )
        raise StoreError(f"cannot write the index at {folder}: {why}; {before}", hint) from error
