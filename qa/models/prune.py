"""Converted models that nobody uses any more leave the user's cache."""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from qa.models.files import read_json, remembered_sha256

_DAY = 86_400.0
UNUSED = 30 * _DAY
"""Seconds after which a copy that nobody opened goes."""
ORPHANED = _DAY
"""The same for a copy whose source is gone: another installation may use it from another place."""
_ABANDONED = _DAY / 24
"""The same for what a killed process left half made."""
_MANIFEST = "manifest.json"
_HALF_MADE = (".draft-", ".old-")


def mark_used(folder: Path) -> bool:
    """Note that a copy is used, once a day; whether it was noted now."""
    manifest = folder / _MANIFEST
    try:
        if time.time() - manifest.stat().st_mtime < _DAY:
            return False
        os.utime(manifest)
    except OSError:
        return False
    return True


def prune(models: Path, cache: Path, keep: Path) -> list[Path]:
    """Remove the copies under ``models`` that nobody opened for long, less ``keep``; returns those that went.

    Only folders that this program made are looked at. Nothing raises: what cannot be removed stays.
    """
    with suppress(OSError):
        return [folder for folder in _old(models, cache) if folder != keep and _remove(folder)]
    return []


def _old(models: Path, cache: Path) -> Iterator[Path]:
    for folder in sorted(models.iterdir()):
        if folder.is_dir() and not folder.is_symlink():
            manifest = folder / _MANIFEST
            if folder.name.startswith(_HALF_MADE):
                limit, seen = _ABANDONED, folder
            elif manifest.is_file():
                limit, seen = UNUSED if _has_source(read_json(manifest), cache) else ORPHANED, manifest
            else:
                continue
            if time.time() - seen.stat().st_mtime > limit:
                yield folder


def _has_source(manifest: dict[str, object], cache: Path) -> bool:
    """Whether the files that a copy was made of are where they were, unchanged; true where it does not tell."""
    sources = manifest.get("sources")
    if not isinstance(sources, dict):
        return True
    try:
        return all(remembered_sha256(Path(path), cache) == digest for path, digest in sources.items())
    except OSError:
        return False


def _remove(folder: Path) -> bool:
    """In two steps, so that nobody meets half a copy; where a file of it is open and that bars it, it stays."""
    try:
        going = Path(tempfile.mkdtemp(prefix=".old-", dir=folder.parent))
        try:
            folder.rename(going / "was")
        finally:
            shutil.rmtree(going, ignore_errors=True)
    except OSError:
        return False
    return True
