"""Where the index is, which folder may become one, and how documents are named in it."""

from __future__ import annotations

import os
from pathlib import Path

from qa.errors import DamagedIndexError, NoIndexError, StoreError
from qa.store import manifest
from qa.store.files import MANIFEST, generation_of, is_ours

FOLDER = "index"


def locate(explicit: Path | None, cwd: Path, data_dir: Path) -> Path:
    """The store folder to use: the one the user named, else the nearest `index/` with a manifest from ``cwd`` upwards,
    else the user's own."""
    if explicit is not None:
        return explicit
    for place in (cwd, *cwd.parents):
        if is_store(place / FOLDER):
            return place / FOLDER
    return data_dir / FOLDER


def is_store(folder: Path) -> bool:
    """Whether the folder holds a manifest of ours, sound or damaged."""
    try:
        manifest.read(folder)
    except NoIndexError:
        return False
    except DamagedIndexError:
        return _remains(folder)
    except StoreError:
        return True
    return True


def _remains(folder: Path) -> bool:
    """Whether a folder whose manifest does not parse is still recognisable as ours."""
    names = [entry.name for entry in folder.iterdir()]
    marked = b'"qa-index"' in (folder / MANIFEST).read_bytes()
    return all(is_ours(name) for name in names) and (marked or any(generation_of(name) for name in names))


def prepare(folder: Path) -> None:
    """Make sure that the folder exists and may be written into.

    Raises ``StoreError`` for a file, and for a folder that holds anything but an index: such a folder is never touched.
    """
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"{folder} is a file, so it cannot hold an index", "name a folder: --store DIR")
    if folder.is_dir() and not is_store(folder):
        strangers = sorted(entry.name for entry in folder.iterdir() if not is_ours(entry.name))
        if strangers or (folder / MANIFEST).exists():
            name = (strangers or [MANIFEST])[0]
            message = f"{folder} is not an index and holds other files ({name!r}), so nothing is written there"
            raise StoreError(message, "name an empty or new folder: --store DIR")
    folder.mkdir(parents=True, exist_ok=True)


def document_path(folder: Path, file: Path) -> str:
    """How the index at ``folder`` names a file: relative to the folder that holds the store where it lies below it,
    else absolute."""
    full, base = absolute(file), absolute(folder).parent
    for inner, outer in ((full, base), (full.parent.resolve() / full.name, base.resolve())):
        if inner.is_relative_to(outer):
            return inner.relative_to(outer).as_posix()
    return full.as_posix()


def file_path(folder: Path, document: str) -> Path:
    """The file that a document's path names."""
    return absolute(folder).parent / document


def absolute(path: Path) -> Path:
    """The path from the root, without `..`, links as they are."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links and rename what the user named
