"""The catalogue: documents, passages and their words, in one SQLite file a generation. Queries take parameters only."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.store.words import match_expression
from qa.types import Document, Passage, Source, Span

TITLE_WEIGHT = 2.0
"""Of a word in the title, against 1.0 in the passage, in bm25."""

_SCHEMA = """
CREATE TABLE documents (
    id INTEGER PRIMARY KEY AUTOINCREMENT, path TEXT NOT NULL UNIQUE, title TEXT NOT NULL, publisher TEXT NOT NULL,
    date TEXT NOT NULL, sha256 TEXT NOT NULL, characters INTEGER NOT NULL, passages INTEGER NOT NULL, pages TEXT NOT NULL,
    size INTEGER NOT NULL, modified INTEGER NOT NULL, signature BLOB NOT NULL, copies TEXT NOT NULL, text TEXT NOT NULL);
CREATE TABLE passages (
    id INTEGER PRIMARY KEY AUTOINCREMENT, document INTEGER NOT NULL REFERENCES documents (id), start INTEGER NOT NULL,
    "end" INTEGER NOT NULL, page INTEGER, sentences TEXT NOT NULL, text TEXT NOT NULL);
CREATE INDEX passages_document ON passages (document);
CREATE VIRTUAL TABLE words USING fts5 (title, text, content='', tokenize='porter unicode61 remove_diacritics 2');
"""
_SOURCE = "path, title, publisher, date, sha256, characters, passages, copies"
_PASSAGE = 'd.path, p.start, p."end", p.text, p.sentences, p.page, p.id'


@dataclass(frozen=True, slots=True)
class FileState:
    """How a document's file looked when it was indexed."""

    sha256: str
    size: int
    modified: int
    """Modification time in ns; 0 when the file was so new that a later change could carry the same time."""


def _flat(sentences: Iterable[Span]) -> str:
    return json.dumps([offset for span in sentences for offset in (span.start, span.end)], separators=(",", ":"))


def _passage(row: tuple[str, int, int, str, str, int | None, int]) -> Passage:
    path, start, end, text, sentences, page, number = row
    offsets = json.loads(sentences)
    spans = tuple(Span(a, b) for a, b in zip(offsets[::2], offsets[1::2], strict=True))
    return Passage(path, start, end, text, spans, page, number)


class Catalogue:
    """Reads one generation. The file never changes once committed, so any number of readers share it without locks."""

    def __init__(self, path: Path) -> None:
        """Open read-only. Raises ``sqlite3.Error`` when the file is no database."""
        place = path.absolute().as_uri()
        self._db = sqlite3.connect(f"{place}?mode=ro&immutable=1", uri=True, check_same_thread=False)

    def close(self) -> None:
        """Release the file."""
        self._db.close()

    def sources(self) -> tuple[Source, ...]:
        """All documents, ordered by path."""
        return tuple(Source(*row) for row in self._db.execute(f"SELECT {_SOURCE} FROM documents ORDER BY path"))

    def source(self, path: str) -> Source | None:
        """One document, without its text."""
        row = self._db.execute(f"SELECT {_SOURCE} FROM documents WHERE path = ?", (path,)).fetchone()
        return Source(*row) if row else None

    def document(self, path: str) -> Document | None:
        """One document with its text."""
        query = "SELECT path, text, title, publisher, date, sha256, pages FROM documents WHERE path = ?"
        row = self._db.execute(query, (path,)).fetchone()
        return Document(*row[:6], tuple(json.loads(row[6]))) if row else None

    def states(self) -> dict[str, FileState]:
        """By path: what the files were when they were indexed."""
        rows = self._db.execute("SELECT path, sha256, size, modified FROM documents")
        return {path: FileState(digest, size, modified) for path, digest, size, modified in rows}

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """In the order of ``ids``. Raises ``KeyError`` for an unknown id."""
        query = f"SELECT {_PASSAGE} FROM passages p JOIN documents d ON d.id = p.document WHERE p.id IN (SELECT value FROM json_each(?))"
        found = {row[6]: _passage(row) for row in self._db.execute(query, (json.dumps([int(i) for i in ids]),))}
        return [found[i] for i in ids]

    def all_passages(self, paths: Sequence[str] | None) -> Iterator[Passage]:
        """Every passage, or those of some documents, by document and place."""
        some = "" if paths is None else "WHERE d.path IN (SELECT value FROM json_each(?))"
        query = f"SELECT {_PASSAGE} FROM passages p JOIN documents d ON d.id = p.document {some} ORDER BY d.path, p.start"
        values = () if paths is None else (json.dumps(list(paths)),)
        return map(_passage, self._db.execute(query, values))

    def passage_ids(self, paths: Sequence[str]) -> frozenset[int]:
        """Ids of the passages of some documents."""
        query = "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document WHERE d.path IN (SELECT value FROM json_each(?))"
        return frozenset(row[0] for row in self._db.execute(query, (json.dumps(list(paths)),)))

    def search(self, question: str, k: int, allowed: frozenset[int] | None) -> list[tuple[int, float]]:
        """(passage id, score) of the ``k`` best by bm25, best first; larger is better. ``allowed`` restricts the ids."""
        expression = match_expression(question)
        if not expression or k < 1:
            return []
        some = "" if allowed is None else "AND rowid IN (SELECT value FROM json_each(?))"
        query = f"SELECT rowid, bm25(words, {TITLE_WEIGHT}, 1.0) s FROM words WHERE words MATCH ? {some} ORDER BY s, rowid LIMIT ?"
        values = (expression, k) if allowed is None else (expression, json.dumps(sorted(allowed)), k)
        return [(number, -score) for number, score in self._db.execute(query, values)]


class CatalogueWriter:
    """Builds the next generation in a file that nobody reads yet."""

    def __init__(self, path: Path, previous: Path | None) -> None:
        """Start empty, or as a copy of ``previous``, page by page in constant memory. Raises ``sqlite3.Error``."""
        self._db = sqlite3.connect(path)
        if previous is not None:
            source = sqlite3.connect(f"{previous.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
            try:
                source.backup(self._db, pages=4096)
            finally:
                source.close()
        self._db.execute("PRAGMA synchronous = OFF")  # the file is synced once, when it is finished and before the manifest names it
        if previous is None:
            self._db.executescript(_SCHEMA)

    def add(self, document: Document, passages: Sequence[Passage], state: FileState, signature: bytes) -> list[int]:
        """Insert one document; returns the ids of its passages, in order."""
        pages = json.dumps(list(document.pages))
        cursor = self._db.execute(
            "INSERT INTO documents (path, title, publisher, date, sha256, characters, passages, pages, size, modified, signature, copies, text)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (document.path, document.title, document.publisher, document.date, document.sha256, len(document.text), len(passages),
             pages, state.size, state.modified, signature, document.path, document.text),
        )  # fmt: skip
        number = cursor.lastrowid
        return [self._add_passage(number, document.title, passage) for passage in passages]

    def _add_passage(self, document: int | None, title: str, passage: Passage) -> int:
        values = (document, passage.start, passage.end, passage.page, _flat(passage.sentences), passage.text)
        query = 'INSERT INTO passages (document, start, "end", page, sentences, text) VALUES (?, ?, ?, ?, ?, ?)'
        number = self._db.execute(query, values).lastrowid
        self._db.execute("INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)", (number, title, passage.text))
        assert number is not None
        return number

    def drop(self, path: str) -> list[int]:
        """Delete one document, if it is there; returns the ids of its passages."""
        row = self._db.execute("SELECT id, title FROM documents WHERE path = ?", (path,)).fetchone()
        if row is None:
            return []
        rows = self._db.execute("SELECT id, text FROM passages WHERE document = ?", (row[0],)).fetchall()
        gone = [(number, row[1], text) for number, text in rows]
        # a contentless FTS5 table forgets a row only when it is told the row's words again
        self._db.executemany("INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)", gone)
        self._db.execute("DELETE FROM passages WHERE document = ?", (row[0],))
        self._db.execute("DELETE FROM documents WHERE id = ?", (row[0],))
        return [number for number, _ in rows]

    def flush(self) -> None:
        """Commit what was added, so that the journal stays small."""
        self._db.commit()

    def signatures(self) -> dict[str, bytes]:
        """By path: what near-copies are found by."""
        return dict(self._db.execute("SELECT path, signature FROM documents"))

    def regroup(self, groups: dict[str, str]) -> None:
        """Set each document's group of near-copies; writes only rows that change."""
        rows = [(group, path, group) for path, group in groups.items()]
        self._db.executemany("UPDATE documents SET copies = ? WHERE path = ? AND copies <> ?", rows)

    def contents(self) -> list[tuple[str, str]]:
        """(path, sha256) of every document."""
        return self._db.execute("SELECT path, sha256 FROM documents").fetchall()

    def counts(self) -> tuple[int, int]:
        """Documents and passages."""
        row: tuple[int, int] = self._db.execute("SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)").fetchone()
        return row

    def close(self) -> None:
        """Commit and release the file."""
        self._db.commit()
        self._db.close()

    def abandon(self) -> None:
        """Release the file without committing; harmless after ``close``."""
        self._db.close()
