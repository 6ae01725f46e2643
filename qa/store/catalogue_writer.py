"""Building the catalogue of the next generation, in a file that nobody reads yet."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path

from qa.store.catalogue import FileState, connect
from qa.store.kinship import Kinship
from qa.store.schema import SCHEMA
from qa.types import Document, Passage, Span

_COLUMNS = (
    "path", "title", "publisher", "date", "sha256", "size", "modified", "characters", "passages", "pages",
    "copies", "signature", "text",
)  # fmt: skip
_ADD_DOCUMENT = f"INSERT INTO documents ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"  # noqa: S608 - constants
_ADD_PASSAGE = "INSERT INTO passages (document, start, stop, page, sentences, text) VALUES (?, ?, ?, ?, ?, ?)"
_ADD_WORDS = "INSERT INTO words (rowid, title, text) VALUES (?, ?, ?)"
_DROP_WORDS = "INSERT INTO words (words, rowid, title, text) VALUES ('delete', ?, ?, ?)"


class CatalogueWriter:
    """Adds and drops documents. Every method raises ``sqlite3.Error``, for example when the disk is full."""

    def __init__(self, path: Path, previous: Path | None) -> None:
        """Start empty, or as a copy of ``previous``, page by page in constant memory."""
        self._db = sqlite3.connect(path)
        try:
            self._start(previous)
        except BaseException:
            self._db.close()
            raise
        self._kinship = Kinship(self._db)

    def _start(self, previous: Path | None) -> None:
        # the file is synced once, when it is finished and before the manifest names it
        self._db.execute("PRAGMA synchronous = OFF")
        if previous is None:
            self._db.executescript(SCHEMA)
            return
        source = connect(previous)
        try:
            source.backup(self._db, pages=4096)
        finally:
            source.close()

    def add(self, document: Document, passages: Sequence[Passage], state: FileState, signature: bytes) -> list[int]:
        """Insert one document; returns the ids of its passages, in order. An id is never used twice."""
        values = (
            document.path, document.title, document.publisher, document.date, document.sha256, state.size,
            state.modified, len(document.text), len(passages), json.dumps(list(document.pages)),
            document.path, signature, document.text,
        )  # fmt: skip
        number = self._db.execute(_ADD_DOCUMENT, values).lastrowid
        assert number is not None
        self._kinship.add(number, signature)
        return [self._add_passage(number, document.title, passage) for passage in passages]

    def _add_passage(self, document: int, title: str, passage: Passage) -> int:
        values = (document, passage.start, passage.end, passage.page, _flat(passage.sentences), passage.text)
        number = self._db.execute(_ADD_PASSAGE, values).lastrowid
        assert number is not None
        self._db.execute(_ADD_WORDS, (number, title, passage.text))
        return number

    def drop(self, path: str) -> list[int]:
        """Delete one document, if it is there; returns the ids of its passages."""
        row = self._db.execute("SELECT id, title FROM documents WHERE path = ?", (path,)).fetchone()
        if row is None:
            return []
        document, title = row
        self._kinship.drop(document)
        rows = self._db.execute("SELECT id, text FROM passages WHERE document = ?", (document,)).fetchall()
        # a contentless FTS5 table forgets a row only when it is told the row's words again
        self._db.executemany(_DROP_WORDS, [(number, title, text) for number, text in rows])
        self._db.execute("DELETE FROM passages WHERE document = ?", (document,))
        self._db.execute("DELETE FROM documents WHERE id = ?", (document,))
        return [number for number, _ in rows]

    def flush(self) -> None:
        """Commit what was added, so that the journal stays small."""
        self._db.commit()

    def finish(self) -> None:
        """Find the near-copies among the documents that came and those that lost one."""
        self._kinship.settle()
        self._db.commit()

    def contents(self) -> list[tuple[str, str]]:
        """(path, sha256) of every document."""
        return self._db.execute("SELECT path, sha256 FROM documents").fetchall()

    def counts(self) -> tuple[int, int]:
        """Documents and passages."""
        query = "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
        row: tuple[int, int] = self._db.execute(query).fetchone()
        return row

    def close(self) -> None:
        """Release the file; what was not flushed is lost. Harmless when repeated."""
        self._db.close()


def _flat(sentences: Iterable[Span]) -> str:
    return json.dumps([offset for span in sentences for offset in (span.start, span.end)], separators=(",", ":"))
