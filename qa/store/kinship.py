"""Which documents are near-copies of each other, kept up to date document by document.

Comparing every document with every other would cost time and memory with the size of the corpus. Documents that are
near-copies share some of their smallest hashes, so a table of these names the few that are worth comparing. The
comparison itself is the corpus room's.
"""

from __future__ import annotations

import sqlite3

import numpy as np

from qa.corpus import copies

HASHES = 16
"""Smallest hashes that are looked up. Of two documents with resemblance 0.5 at least 3 of 16 are shared with
probability 0.998."""

SHARED = 3
"""Hashes that two documents share when they are worth comparing; all, where a document has fewer."""

_CROWD = 256  # documents looked at for one hash: a phrase that stands in every document names no copy
_NEAREST = 32  # documents compared with one document


class Kinship:
    """Maintains the tables `sketches` and the column `documents.copies` of a catalogue that is being written."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._unsettled: set[int] = set()

    def add(self, document: int, signature: bytes) -> None:
        """Take in a new document; its group is found by ``settle``."""
        rows = [(value, document) for value in _smallest(signature)]
        self._db.executemany("INSERT INTO sketches (hash, document) VALUES (?, ?)", rows)
        self._unsettled.add(document)

    def drop(self, document: int) -> None:
        """Forget a document. The others of its group may hang together no longer: ``settle`` looks at them again."""
        signature, group = self._db.execute(
            "SELECT signature, copies FROM documents WHERE id = ?", (document,)
        ).fetchone()
        rows = [(value, document) for value in _smallest(signature)]
        self._db.executemany("DELETE FROM sketches WHERE hash = ? AND document = ?", rows)
        self._unsettled.discard(document)
        others = self._db.execute("SELECT id FROM documents WHERE copies = ? AND id <> ?", (group, document))
        self._unsettled.update(number for (number,) in others)

    def settle(self) -> None:
        """Find the group of every document that came or whose group lost one. A group is named by its smallest path."""
        queue = sorted(self._unsettled)
        self._db.executemany("UPDATE documents SET copies = path WHERE id = ?", [(number,) for number in queue])
        for number in queue:
            self._join(number)
        self._unsettled.clear()

    def _join(self, document: int) -> None:
        signature, _ = self._of(document)
        for other in self._candidates(signature, document):
            theirs, group = self._of(other)
            mine = self._of(document)[1]
            if mine != group and len(set(copies.groups({"a": signature, "b": theirs}).values())) == 1:
                self._db.execute(
                    "UPDATE documents SET copies = ? WHERE copies = ?", (min(mine, group), max(mine, group))
                )

    def _of(self, document: int) -> tuple[bytes, str]:
        row: tuple[bytes, str] = self._db.execute(
            "SELECT signature, copies FROM documents WHERE id = ?", (document,)
        ).fetchone()
        return row

    def _candidates(self, signature: bytes, document: int) -> list[int]:
        """Documents that share enough of the smallest hashes, those that share most first."""
        hashes = _smallest(signature)
        shared: dict[int, int] = {}
        for value in hashes:
            rows = self._db.execute("SELECT document FROM sketches WHERE hash = ? LIMIT ?", (value, _CROWD))
            for (other,) in rows:
                shared[other] = shared.get(other, 0) + 1
        shared.pop(document, None)
        enough = min(SHARED, len(hashes))
        near = [other for other, count in shared.items() if count >= enough]
        return sorted(near, key=lambda other: (-shared[other], other))[:_NEAREST]


def _smallest(signature: bytes) -> list[int]:
    """The first hashes of a signature, as the signed numbers that SQLite stores."""
    hashes: list[int] = np.frombuffer(signature, dtype="<i8")[:HASHES].tolist()
    return hashes
