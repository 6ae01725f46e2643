"""Files into a generation: read, cut, embedded in batches, stored, in memory that does not grow with the corpus."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import time_ns

import numpy as np

from qa.corpus import read
from qa.corpus.passages import embedding_text, windows
from qa.errors import ModelError, UnreadableError
from qa.models.seams import Embedder, Vectors
from qa.store import files
from qa.store.catalogue import FileState
from qa.store.generation import Entry, Generation
from qa.store.report import Progress, Step
from qa.types import Cancel

WINDOW = 2048
"""Passages that are held and sorted by length before they are embedded, so that a batch wastes little on padding."""

BATCH = 64
"""Passages per call of the embedder; also how often cancelling is looked at."""

_RACY_NS = 2_000_000_000  # file systems keep times to 2 s at worst: a younger file may change without a new time


class Cancelled(Exception):  # noqa: N818 - a signal between two functions, not an error
    """The caller asked to stop."""


@dataclass(slots=True)
class Intake:
    """What one update has found and done so far."""

    embedder: Embedder
    progress: Progress
    cancel: Cancel
    known: Mapping[str, FileState]
    """What the index held before, by path."""
    total: int
    """Files to look at."""
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    failed: list[tuple[str, str]] = field(default_factory=list)
    _path: str = ""
    _looked_at: int = 0
    _read: int = 0
    _embedded: int = 0
    _pending: list[Entry] = field(default_factory=list)

    def is_unchanged(self, path: str, file: Path) -> bool:
        """Whether a file is, byte for byte, what was indexed."""
        state = self.known.get(path)
        try:
            same = state is not None and file.is_file() and files.sha256(file) == state.sha256
        except OSError:
            same = False  # reading it says why, in words
        if same:
            self.unchanged += 1
            self._looked_at += 1
        return same

    def fill(self, generation: Generation, todo: Mapping[str, Path]) -> bool:
        """Store every readable file; false when cancelled: then ``generation`` holds what was embedded until then."""
        try:
            for path, file in todo.items():
                self._stop_if_asked()
                self._take(path, file)
                if self._read - self._embedded >= WINDOW:
                    self._flush(generation)
            self._flush(generation)
        except Cancelled:
            return False
        return True

    def _stop_if_asked(self) -> None:
        if self.cancel():
            raise Cancelled

    def _tell(self) -> None:
        waiting = self._read - self._embedded
        self.progress(Step(self._path, self._looked_at, self.total, self._embedded, waiting))

    def _take(self, path: str, file: Path) -> None:
        entry = self._entry(path, file)
        self._path = path
        self._looked_at += 1
        if entry is not None:
            self._pending.append(entry)
            self._read += len(entry.passages)
        self._tell()

    def _entry(self, path: str, file: Path) -> Entry | None:
        """One file, read and cut, or None with the reason noted."""
        try:
            path.encode()
            state = _measure(file)
            document = read(file, path)
            info = self.embedder.info
            cut = tuple(windows(document, self.embedder.count_tokens, info.max_tokens))
            if not cut:
                raise UnreadableError("holds no text")
        except UnreadableError as error:
            self.failed.append((path, str(error).removeprefix(path).strip()))
        except UnicodeEncodeError:
            self.failed.append((ascii(path), "has a name that is not valid text"))
        except OSError as error:
            self.failed.append((path, f"cannot be opened: {error.strerror or error}"))
        else:
            return Entry(document, cut, dataclasses.replace(state, sha256=document.sha256))
        return None

    def _flush(self, generation: Generation) -> None:
        """Embed and store what was read, or nothing of it when cancelled: no document is stored in part."""
        entries, self._pending = self._pending, []
        vectors = self._embed([embedding_text(e.document.title, one.text) for e in entries for one in e.passages])
        row = 0
        for entry in entries:
            generation.add(entry, vectors[row : row + len(entry.passages)])
            row += len(entry.passages)
            if entry.document.path in self.known:
                self.changed += 1
            else:
                self.added += 1
        generation.flush()

    def _embed(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), in order; computed in batches of texts of similar length."""
        vectors = np.empty((len(texts), self.embedder.info.dimension), dtype=np.float32)
        for start in range(0, len(texts), WINDOW):
            order = sorted(range(start, min(start + WINDOW, len(texts))), key=lambda i: -len(texts[i]))
            for first in range(0, len(order), BATCH):
                self._stop_if_asked()
                batch = order[first : first + BATCH]
                vectors[batch] = self._encode([texts[i] for i in batch])
                self._embedded += len(batch)
                self._tell()
        return vectors

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = self.embedder.encode(texts)
        info = self.embedder.info
        if vectors.shape != (len(texts), info.dimension) or not np.isfinite(vectors).all():
            message = f"the embedder {info.id} gave vectors that cannot be used (shape {vectors.shape})"
            raise ModelError(message, "qa doctor checks the models")
        return vectors


def _measure(file: Path) -> FileState:
    now = file.stat()
    settled = time_ns() - now.st_mtime_ns > _RACY_NS
    return FileState("", now.st_size, now.st_mtime_ns if settled else 0)
