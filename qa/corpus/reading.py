"""One file to one Document."""

from __future__ import annotations

import hashlib
from pathlib import Path

from qa.corpus.cleaning import one_line
from qa.corpus.reader import MEGABYTE, Extract, Reader, reader_for
from qa.errors import UnreadableError
from qa.types import Document


def read(path: Path, name: str) -> Document:
    """The document in the file at ``path``; ``name`` becomes ``Document.path``. Opens no other file and no connection.

    The title is the file's own, else its first heading or short line, else its name. Raises ``UnreadableError``, one
    line that names the file and the reason, for everything that cannot be read.
    """
    try:
        reader = reader_for(path)
        data = _content(path, reader)
        extract = reader.read(path, data)
        if not any(char.isalnum() for char in extract.text):
            raise UnreadableError("holds no text")
    except UnreadableError as error:
        raise UnreadableError(f"{one_line(name)} {error.message}", error.hint) from error
    except (RecursionError, MemoryError) as error:
        raise UnreadableError(f"{one_line(name)} is too large or too deeply nested to be read") from error
    return _document(path, name, data, extract)


def _content(path: Path, reader: Reader) -> bytes:
    """The file's bytes. The size is asked for before, so that nothing larger than the limit enters memory."""
    try:
        if path.is_dir():
            next(path.iterdir(), None)
            raise UnreadableError("is a folder, not a file")
        if path.exists() and not path.is_file():
            raise UnreadableError("is not a regular file")
        size = path.stat().st_size
        if size <= reader.limit:
            with path.open("rb") as file:
                data = file.read(reader.limit + 1)
            size = len(data)
    except OSError as error:
        raise UnreadableError(f"cannot be opened: {error.strerror or error}") from error
    if size > reader.limit:
        raise UnreadableError(
            f"is too large: {size / MEGABYTE:.0f} MB, the limit is {reader.limit // MEGABYTE} MB", "split it"
        )
    if not data:
        raise UnreadableError("is empty")
    return data


def _document(path: Path, name: str, data: bytes, extract: Extract) -> Document:
    title = one_line(extract.title) or one_line(path.stem)
    publisher = one_line(extract.publisher, 100)
    return Document(name, extract.text, title, publisher, extract.date, hashlib.sha256(data).hexdigest(), extract.pages)
