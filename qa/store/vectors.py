"""The door to FAISS: exact search by inner product over unit vectors, so scores are cosines.

A vector file is FAISS's own format, an IDMap over a flat index. Reading and searching is FAISS's work. Writing is done
here, because FAISS can only write an index that is in memory whole: rows are appended to the file as they are embedded
and the header is filled in at the end, so memory does not grow with the corpus. A test compares the bytes with what
FAISS writes.
"""

from __future__ import annotations

import struct
from array import array
from collections.abc import Sequence
from os import SEEK_END
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from qa.models.seams import Vectors

_INDEX = struct.Struct("<4siqqq?i")  # kind, dimension, rows, two reserved numbers, trained, metric (0: inner product)
_COUNT = struct.Struct("<Q")  # of the numbers that follow: float32 for the rows, int64 for the ids
_RESERVED = 1 << 20
_ROWS_AT = 2 * _INDEX.size + _COUNT.size
_CHUNK = 4096  # rows copied at once
_READ = 1 << 24  # bytes that FAISS reads at once


def _header(rows: int, dimension: int) -> bytes:
    fields = (dimension, rows, _RESERVED, _RESERVED, True, 0)
    return _INDEX.pack(b"IxMp", *fields) + _INDEX.pack(b"IxFI", *fields) + _COUNT.pack(rows * dimension)


class VectorWriter:
    """Appends rows to a new file; ``close`` completes it. Left by an exception, the file is incomplete."""

    def __init__(self, path: Path, dimension: int) -> None:
        """Create the file. Raises ``OSError``."""
        self._file: BinaryIO = path.open("wb")
        self._dimension = dimension
        self._ids = array("q")
        self._file.write(_header(0, dimension))

    def append(self, ids: Sequence[int], rows: Vectors) -> None:
        """Add rows of shape (len(ids), dimension)."""
        if rows.shape != (len(ids), self._dimension):
            raise ValueError(f"{len(ids)} ids and rows of shape {rows.shape} do not fit dimension {self._dimension}")
        self._file.write(np.ascontiguousarray(rows, dtype="<f4").tobytes())
        self._ids.extend(ids)

    def copy(self, previous: Path, without: frozenset[int]) -> None:
        """Add every row of another file but those of some ids, in constant memory. Raises ``ValueError`` when it is no
        such file."""
        with previous.open("rb") as file:
            ids = _read_ids(file, self._dimension)
            keep = ~np.isin(ids, np.fromiter(without, dtype=np.int64, count=len(without)))
            file.seek(_ROWS_AT)
            for start in range(0, len(ids), _CHUNK):
                mask = keep[start : start + _CHUNK]
                block = np.frombuffer(file.read(len(mask) * self._dimension * 4), dtype="<f4").reshape(
                    -1, self._dimension
                )
                self.append(ids[start : start + _CHUNK][mask].tolist(), block[mask])

    def close(self) -> int:
        """Write ids and header; returns the number of rows."""
        rows = len(self._ids)
        self._file.write(_COUNT.pack(rows) + np.asarray(self._ids, dtype="<i8").tobytes())
        self._file.seek(0)
        self._file.write(_header(rows, self._dimension))
        self._file.close()
        return rows

    def abandon(self) -> None:
        """Release the file, incomplete."""
        self._file.close()


def _read_ids(file: BinaryIO, dimension: int) -> NDArray[np.int64]:
    head = file.read(_ROWS_AT)
    rows, rest = divmod(file.seek(0, SEEK_END) - _ROWS_AT - _COUNT.size, dimension * 4 + 8)
    if rows < 0 or rest or head != _header(rows, dimension):
        raise ValueError("not a vector file of this kind and dimension")
    file.seek(_ROWS_AT + rows * dimension * 4 + _COUNT.size)
    return np.frombuffer(file.read(rows * 8), dtype="<i8")


class VectorIndex:
    """Searches one vector file with FAISS."""

    def __init__(self, file: BinaryIO) -> None:
        """Load an open file from its start. Raises ``RuntimeError`` when FAISS does not accept it."""
        import faiss

        self._faiss: Any = faiss
        file.seek(0)
        self._index: Any = self._faiss.read_index(self._faiss.PyCallbackIOReader(file.read, _READ))

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: Vectors, k: int, allowed: frozenset[int] | None) -> list[tuple[int, float]]:
        """(id, cosine) of the ``k`` nearest rows to one vector of shape (dimension,), best first, ties by id."""
        k = min(k, len(self) if allowed is None else len(allowed), len(self))
        if k < 1:
            return []
        query = np.ascontiguousarray(vector, dtype=np.float32).reshape(1, -1)
        scores, ids = self._index.search(query, k, params=self._only(allowed))
        pairs = [(int(i), float(score)) for i, score in zip(ids[0], scores[0], strict=True) if i >= 0]
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))

    def _only(self, allowed: frozenset[int] | None) -> Any:
        if allowed is None:
            return None
        ids = np.fromiter(allowed, dtype=np.int64, count=len(allowed))
        return self._faiss.SearchParameters(sel=self._faiss.IDSelectorBatch(ids))
