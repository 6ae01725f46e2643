"""The manifest: which generation of files is the index, how it was made, and what its files hash to.

Replacing this one file is the commit of every write.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.errors import DamagedIndexError, NoIndexError, StoreError
from qa.store.files import MANIFEST, REBUILD, replace, sha256

FORMAT = "qa-index"
VERSION = 1


@dataclass(frozen=True, slots=True)
class FileRecord:
    """One file of the index as it was when it was committed."""

    name: str
    size: int
    """In bytes."""
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """Everything a reader must know before it opens a file."""

    generation: int
    embedder: str
    dimension: int
    documents: int
    passages: int
    fingerprint: str
    """Hash of the documents' paths and contents, the embedder and the format: equal for equal knowledge, whatever the
    order of writes."""
    created: str
    updated: str
    """ISO 8601, UTC."""
    catalogue: FileRecord
    vectors: FileRecord
    normalised: bool = True
    version: int = VERSION
    format: str = FORMAT


def record(path: Path) -> FileRecord:
    """Measure a finished file."""
    return FileRecord(path.name, path.stat().st_size, sha256(path))


def _encode(fields: dict[str, object]) -> bytes:
    body = {key: value for key, value in fields.items() if key != "checksum"}
    digest = hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
    return (json.dumps({**body, "checksum": digest}, indent=1, sort_keys=True) + "\n").encode()


def write(folder: Path, manifest: Manifest) -> None:
    """Commit: from here on a reader finds this generation. Raises ``OSError``."""
    replace(folder / MANIFEST, _encode(asdict(manifest)))


def read(folder: Path) -> Manifest:
    """The committed manifest. Raises ``NoIndexError``, ``DamagedIndexError``, or ``StoreError`` for another format
    version."""
    try:
        data = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NoIndexError(f"there is no index at {folder}", "make one: qa index PATH…") from error
    except OSError as error:
        hint = "check the rights on this folder"
        raise StoreError(f"the index at {folder} cannot be read: {error.strerror}", hint) from error
    return _parse(folder, data)


def _parse(folder: Path, data: bytes) -> Manifest:
    damaged = DamagedIndexError(f"the index at {folder} is damaged: {MANIFEST} was truncated or changed", REBUILD)
    try:
        fields = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise damaged from error
    if not isinstance(fields, dict) or _encode(fields) != data or fields.get("format") != FORMAT:
        raise damaged
    if fields.get("version") != VERSION:
        found = f"the index at {folder} has format version {fields.get('version')}; this qa reads version {VERSION}"
        raise StoreError(found, REBUILD)
    try:
        files: dict[str, Any] = {name: FileRecord(**fields.pop(name)) for name in ("catalogue", "vectors")}
        fields.pop("checksum")
        return Manifest(**{**fields, **files})
    except (TypeError, KeyError) as error:
        raise damaged from error


def fingerprint(documents: list[tuple[str, str]], embedder: str) -> str:
    """Hash of (path, sha256) pairs in any order, the embedder's id and the format version; 16 hexadecimal digits."""
    digest = hashlib.sha256(f"{FORMAT} {VERSION}\0{embedder}\0".encode())
    for path, content in sorted(documents):
        digest.update(f"{path}\0{content}\0".encode())
    return digest.hexdigest()[:16]
