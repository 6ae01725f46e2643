"""The catalogue: documents, passages and their words, in one SQLite file a generation. Queries take parameters only."""

from __future__ import annotations

import json
import math
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from qa.store.words import phrase, terms
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
_COUNT = "SELECT count(*) FROM words WHERE words MATCH ?"
_ONE_TERM = (  # the limit keeps SQLite from merging this into the sum, where bm25 cannot be called
    "SELECT * FROM (SELECT rowid AS id, -bm25(words, ?, 1.0) * ? AS part FROM words WHERE words MATCH ? LIMIT -1)"
)
_SUM = "SELECT id, sum(part) AS score FROM ("
_BEST = "GROUP BY id ORDER BY score DESC, id LIMIT ?"
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
        """(passage id, score) of the ``k`` best by bm25, best first, larger is better; only ids in ``allowed``."""
        weighed = [(weight, term) for term in terms(question) if (weight := self._correction(term))]
        if not weighed or k < 1:
            return []
        some = "" if allowed is None else "WHERE id " + _ANY_OF
        query = _SUM + " UNION ALL ".join([_ONE_TERM] * len(weighed)) + ") " + some + _BEST
        values: list[float | str] = [
            value for weight, term in weighed for value in (TITLE_WEIGHT, weight, phrase(term))
        ]
        values += [] if allowed is None else [_json(sorted(allowed))]
        return [(number, score) for number, score in self._db.execute(query, (*values, k))]

    @cached_property
    def _size(self) -> int:
        size: int = self._db.execute("SELECT count(*) FROM passages").fetchone()[0]
        return size

    def _correction(self, term: str) -> float:
        """What FTS5's score of a term is multiplied by; 0.0 for a term that no passage holds.

        FTS5 gives no weight to a word in more than half of the passages, and the word that a small collection is about
        is such a word. Lucene's inverse document frequency stays positive, and is nearly FTS5's for rare words.
        """
        (found,) = self._db.execute(_COUNT, (phrase(term),)).fetchone()
        odds = (self._size - found + 0.5) / (found + 0.5)
        theirs = math.log(odds) if odds > 1 else 1e-6
        return math.log1p(odds) / theirs if found else 0.0


def _json(values: Sequence[int] | Sequence[str]) -> str:
    return json.dumps(list(values))


def _passage(row: _PassageRow) -> Passage:
    path, start, stop, text, sentences, page, number = row
    offsets = json.loads(sentences)
    spans = tuple(Span(a, b) for a, b in zip(offsets[::2], offsets[1::2], strict=True))
    return Passage(path, start, stop, text, spans, page, number)
