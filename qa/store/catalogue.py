"""The catalogue: documents, passages and their words, in one SQLite file a generation. Queries take parameters only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.store.words import match_expression
from qa.types import Document, Passage, Source, Span

TITLE_WEIGHT = 2.0
"""Of a word in the title, against 1.0 in the passage, in bm25. Best of 0.5, 1, 2 and 4 on NFCorpus dev queries."""

_SOURCES = "SELECT path, title, publisher, date, sha256, characters, passages, copies FROM documents "
_DOCUMENT = "SELECT path, text, title, publisher, date, sha256, pages FROM documents WHERE path = ?"
_PASSAGES = (
    "SELECT d.path, p.start, p.stop, p.text, p.sentences, p.page, p.id"
    " FROM passages p JOIN documents d ON d.id = p.document "
)
_IDS = "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document WHERE d.path "
_SEARCH = "SELECT rowid, bm25(words, ?, 1.0) AS score FROM words WHERE words MATCH ? "
_ANY_OF = "IN (SELECT value FROM json_each(?)) "  # one parameter for any number of values

_PassageRow = tuple[str, int, int, str, str, int | None, int]


@dataclass(frozen=True, slots=True)
class FileState:
    """How a document's file looked when it was indexed."""

    sha256: str
    size: int
    modified: int
    """Modification time in ns; 0 when the file was so new that a later change could carry the same time."""


def connect(path: Path) -> sqlite3.Connection:
    """Open a finished catalogue for reading. It never changes again, so SQLite need not lock it or look for a
    journal."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)


class Catalogue:
    """Reads one generation, from any thread. Every method raises ``sqlite3.Error`` when the file is damaged."""

    def __init__(self, path: Path) -> None:
        """Open read-only."""
        self._db = connect(path)

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def sources(self) -> tuple[Source, ...]:
        """All documents, ordered by path."""
        return tuple(Source(*row) for row in self._db.execute(_SOURCES + "ORDER BY path"))

    def source(self, path: str) -> Source | None:
        """One document, without its text."""
        row = self._db.execute(_SOURCES + "WHERE path = ?", (path,)).fetchone()
        return Source(*row) if row else None

    def document(self, path: str) -> Document | None:
        """One document with its text."""
        row = self._db.execute(_DOCUMENT, (path,)).fetchone()
        if row is None:
            return None
        path, text, title, publisher, date, digest, pages = row
        return Document(path, text, title, publisher, date, digest, tuple(json.loads(pages)))

    def states(self) -> dict[str, FileState]:
        """By path: what the files were when they were indexed."""
        rows = self._db.execute("SELECT path, sha256, size, modified FROM documents")
        return {path: FileState(digest, size, modified) for path, digest, size, modified in rows}

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """In the order of ``ids``. Raises ``KeyError`` for an unknown id."""
        rows = self._db.execute(_PASSAGES + "WHERE p.id " + _ANY_OF, (_json(ids),))
        found = {row[6]: _passage(row) for row in rows}
        return [found[number] for number in ids]

    def all_passages(self, paths: Sequence[str] | None) -> Iterator[Passage]:
        """Every passage, or those of some documents, by document and place."""
        order = "ORDER BY d.path, p.start"
        if paths is None:
            return map(_passage, self._db.execute(_PASSAGES + order))
        return map(_passage, self._db.execute(_PASSAGES + "WHERE d.path " + _ANY_OF + order, (_json(paths),)))

    def passage_ids(self, paths: Sequence[str]) -> frozenset[int]:
        """Ids of the passages of some documents."""
        rows = self._db.execute(_IDS + _ANY_OF, (_json(paths),))
        return frozenset(number for (number,) in rows)

    def search(self, question: str, k: int, allowed: frozenset[int] | None) -> list[tuple[int, float]]:
        """(passage id, score) of the ``k`` best by bm25, best first, larger is better. ``allowed`` restricts the
        ids."""
        expression = match_expression(question)
        if not expression or k < 1:
            return []
        order = "ORDER BY score, rowid LIMIT ?"
        if allowed is None:
            rows = self._db.execute(_SEARCH + order, (TITLE_WEIGHT, expression, k))
        else:
            values = (TITLE_WEIGHT, expression, _json(sorted(allowed)), k)
            rows = self._db.execute(_SEARCH + "AND rowid " + _ANY_OF + order, values)
        return [(number, -score) for number, score in rows]


def _json(values: Sequence[int] | Sequence[str]) -> str:
    return json.dumps(list(values))


def _passage(row: _PassageRow) -> Passage:
    path, start, stop, text, sentences, page, number = row
    offsets = json.loads(sentences)
    spans = tuple(Span(a, b) for a, b in zip(offsets[::2], offsets[1::2], strict=True))
    return Passage(path, start, stop, text, spans, page, number)
