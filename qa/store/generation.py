"""The next generation of an index, built beside the current one and committed by one rename."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

from qa.corpus import copies
from qa.errors import DamagedIndexError, StoreError
from qa.models.seams import EmbedderInfo, Vectors
from qa.store import files, manifest
from qa.store.catalogue import FileState
from qa.store.catalogue_writer import CatalogueWriter
from qa.store.manifest import Manifest
from qa.store.vectors import VectorWriter
from qa.types import Document, Passage


@dataclass(frozen=True, slots=True)
class Entry:
    """One document, ready to be embedded and stored."""

    document: Document
    passages: tuple[Passage, ...]
    state: FileState


class Generation:
    """Starts as a copy of the current generation, or empty. Left without ``commit``, its files are removed and the
    index is as before."""

    def __init__(self, folder: Path, embedder: EmbedderInfo, current: Manifest | None, *, fresh: bool) -> None:
        """Start empty when ``fresh``; ``current`` stays the index until ``commit``. Raises ``OSError`` and
        ``sqlite3.Error``."""
        self._folder = folder
        self._embedder = embedder
        self._created = current.created if current else None
        self._previous = None if fresh else current
        self._dropped: list[int] = []
        clear_leftovers(folder)
        self._number = max(files.newest(folder), current.generation if current else 0) + 1
        self._catalogue_path = folder / files.catalogue_name(self._number)
        self._vectors_path = folder / files.vectors_name(self._number)
        before = folder / self._previous.catalogue.name if self._previous else None
        self._catalogue = CatalogueWriter(self._catalogue_path, before)
        try:
            self._vectors = VectorWriter(self._vectors_path, embedder.dimension)
        except OSError:
            self._catalogue.close()
            raise

    def __enter__(self) -> Generation:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._catalogue.close()
        self._vectors.abandon()
        clear_leftovers(self._folder)

    def add(self, entry: Entry, vectors: Vectors) -> None:
        """Store a document in place of its earlier version. ``vectors`` has shape (passages, dimension)."""
        self.drop(entry.document.path)
        signature = copies.signature(entry.document.text)
        ids = self._catalogue.add(entry.document, entry.passages, entry.state, signature)
        self._vectors.append(ids, vectors)

    def drop(self, path: str) -> None:
        """Forget a document, if it is there."""
        self._dropped += self._catalogue.drop(path)

    def flush(self) -> None:
        """Keep the journal small; readers see nothing before ``commit``."""
        self._catalogue.flush()

    def commit(self) -> Manifest:
        """Complete the files, force them to the disk, make them the index."""
        self._catalogue.finish()
        documents, passages = self._catalogue.counts()
        fingerprint = manifest.fingerprint(self._catalogue.contents(), self._embedder.id)
        self._catalogue.close()
        self._copy_vectors()
        rows = self._vectors.close()
        if rows != passages:
            raise self._damaged(f"{rows} vectors for {passages} passages")
        described = self._describe(documents, passages, fingerprint)
        manifest.write(self._folder, described)
        return described

    def _copy_vectors(self) -> None:
        if self._previous is None:
            return
        try:
            self._vectors.copy(self._folder / self._previous.vectors.name, frozenset(self._dropped))
        except ValueError as error:
            raise self._damaged(str(error)) from error

    def _damaged(self, why: str) -> DamagedIndexError:
        return DamagedIndexError(f"the index at {self._folder} is damaged: {why}", files.REBUILD)

    def _describe(self, documents: int, passages: int, fingerprint: str) -> Manifest:
        for path in (self._catalogue_path, self._vectors_path):
            files.sync(path)
        now = datetime.now(UTC).isoformat(timespec="seconds")
        return Manifest(
            generation=self._number,
            embedder=self._embedder.id,
            dimension=self._embedder.dimension,
            documents=documents,
            passages=passages,
            fingerprint=fingerprint,
            created=self._created or now,
            updated=now,
            catalogue=manifest.record(self._catalogue_path),
            vectors=manifest.record(self._vectors_path),
        )


def clear_leftovers(folder: Path) -> None:
    """Remove the files of every generation but the committed one: older ones, and what a killed writer left."""
    try:
        keep = manifest.read(folder).generation
    except StoreError:
        keep = None
    files.clear(folder, keep)
