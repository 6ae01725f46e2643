"""The seam for file formats: one Protocol, one registry. A format is a module with a reader, named in ``readers``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

MEGABYTE = 1 << 20


@dataclass(frozen=True, slots=True)
class Extract:
    """What a reader found in one file. ``text`` is clean (``cleaning.clean``); every page offset counts in it."""

    text: str
    title: str = ""
    publisher: str = ""
    date: str = ""
    """ISO 8601, or empty."""
    pages: tuple[int, ...] = ()
    """Offset at which each page starts, rising, the first one 0; empty for formats without pages."""


class Reader(Protocol):
    """One family of formats."""

    @property
    def suffixes(self) -> tuple[str, ...]:
        """In lower case, with their dot."""
        ...

    @property
    def limit(self) -> int:
        """Bytes of the largest file that it takes."""
        ...

    def read(self, path: Path, data: bytes) -> Extract:
        """The file's text and what the file says of itself. ``data`` is its content, ``path`` is for its name alone.

        Raises ``UnreadableError`` whose message is the reason, without the file's name ("is encrypted").
        """
        ...


@lru_cache
def readers() -> dict[str, Reader]:
    """The reader of each known suffix."""
    from qa.corpus.markdown import MarkdownReader
    from qa.corpus.pdf import PdfReader
    from qa.corpus.plain import PlainReader
    from qa.corpus.web import WebReader

    known: tuple[Reader, ...] = (PlainReader(), MarkdownReader(), WebReader(), PdfReader())
    return {suffix: reader for reader in known for suffix in reader.suffixes}


def reader_for(path: Path) -> Reader:
    """By the suffix; a file of an unknown one is tried as plain text."""
    return readers().get(path.suffix.lower()) or readers()[".txt"]
