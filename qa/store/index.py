"""The index as a reader sees it: one generation, open until closed, whatever a writer does meanwhile."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import BinaryIO

from qa.errors import DamagedIndexError, EmbedderMismatchError, InputError, StoreError
from qa.models.seams import Vectors
from qa.store import files, manifest, place
from qa.store.catalogue import Catalogue, FileState
from qa.store.manifest import FileRecord, Manifest
from qa.store.vectors import VectorIndex
from qa.types import Document, Passage, Source

VERIFY_BYTES = 256 << 20
"""Files up to this size are hashed at every open; of larger ones only the size is compared, unless ``verify`` asks for
more."""

_DAMAGE = (sqlite3.Error, RuntimeError, KeyError, ValueError, TypeError)
"""What SQLite, FAISS and the decoding of a row raise when a file is not what was written. Files small enough to be
hashed at open never get that far."""


class Index:
    """A committed generation, read-only. Use as a context manager, or call ``close``."""

    def __init__(self, folder: Path, described: Manifest, catalogue: Catalogue, vectors: BinaryIO) -> None:
        """Use ``Index.open``."""
        self.folder = folder
        self.manifest = described
        self._catalogue = catalogue
        self._vector_file = vectors
        self._vectors: VectorIndex | None = None

    @classmethod
    def open(cls, folder: Path, embedder_id: str | None = None, *, verify: bool = False) -> Index:
        """Open and check the index at ``folder``; ``verify`` hashes files of any size.

        Raises ``NoIndexError``, ``DamagedIndexError``, ``EmbedderMismatchError`` (when ``embedder_id`` is given and
        another embedder made the index), ``StoreError`` for a format of another version or a folder without read
        rights.
        """
        while True:
            described = manifest.read(folder)
            check_embedder(folder, described, embedder_id)
            try:
                return cls(folder, described, *_open(folder, described, verify))
            except DamagedIndexError:
                # a writer may have committed the next generation and removed this one since the manifest was read
                if manifest.read(folder).generation == described.generation:
                    raise

    def __enter__(self) -> Index:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Release the files."""
        self._catalogue.close()
        self._vector_file.close()
        self._vectors = None

    @property
    def fingerprint(self) -> str:
        """Hash of what the index knows: documents' paths and contents, embedder, format."""
        return self.manifest.fingerprint

    def sources(self) -> tuple[Source, ...]:
        """All documents, ordered by path."""
        with self._reading():
            return self._catalogue.sources()

    def source(self, path: str) -> Source:
        """The document of exactly this path. Raises ``InputError``."""
        with self._reading():
            found = self._catalogue.source(path)
        if found is None:
            raise _unknown(path)
        return found

    def document(self, path: str) -> Document:
        """The document of exactly this path, with its text. Raises ``InputError``."""
        with self._reading():
            found = self._catalogue.document(path)
        if found is None:
            raise _unknown(path)
        return found

    def find(self, name: str) -> Source:
        """The one document that a user means: by its path, by the file's own path, or by an ending of the path that
        only one has.

        Raises ``InputError`` when none or several match.
        """
        sources = self.sources()
        wanted = {name, PurePosixPath(name).as_posix(), place.document_path(self.folder, Path(name))} if name else set()
        exact = [source for source in sources if source.path in wanted]
        matches = exact or [source for source in sources if _ends_with(source.path, name)]
        if len(matches) == 1:
            return matches[0]
        if not matches:
            raise _unknown(name)
        some = ", ".join(repr(source.path) for source in matches[:3])
        raise InputError(
            f"{name!r} fits {len(matches)} documents: {some}{', …' if len(matches) > 3 else ''}",
            "give more of the path",
        )

    def passages(self, ids: Sequence[int]) -> list[Passage]:
        """In the order of ``ids``. Raises ``DamagedIndexError`` when the catalogue lacks one."""
        with self._reading():
            return self._catalogue.passages(ids)

    def all_passages(self, paths: Sequence[str] | None = None) -> Iterator[Passage]:
        """Every passage, or those of some documents, by document and place."""
        with self._reading():
            yield from self._catalogue.all_passages(paths)

    def passage_ids(self, paths: Iterable[str]) -> frozenset[int]:
        """Ids of the passages of some documents: what ``dense`` and ``lexical`` take as ``allowed``."""
        with self._reading():
            return self._catalogue.passage_ids(list(paths))

    def dense(self, vector: Vectors, k: int, allowed: frozenset[int] | None = None) -> list[tuple[int, float]]:
        """(passage id, cosine) of the ``k`` nearest passages to a unit vector of shape (dimension,), best first; exact.

        ``allowed`` restricts the search to some ids. Raises ``DamagedIndexError``.
        """
        with self._reading():
            if self._vectors is None:
                self._vectors = VectorIndex(self._vector_file)
            return self._vectors.search(vector, k, allowed)

    def lexical(self, query: str, k: int, allowed: frozenset[int] | None = None) -> list[tuple[int, float]]:
        """(passage id, negated bm25: larger is better) of the ``k`` best passages that share a word with ``query``,
        best first.

        Only the first ``words.MAX_TERMS`` distinct words count. Raises ``DamagedIndexError``.
        """
        with self._reading():
            return self._catalogue.search(query, k, allowed)

    def states(self) -> dict[str, FileState]:
        """By path: what each document's file was when it was indexed."""
        with self._reading():
            return self._catalogue.states()

    def stale(self, paths: Iterable[str] | None = None) -> tuple[str, ...]:
        """Paths of documents whose file was changed, removed or made unreadable since it was indexed, sorted.

        Only ``paths`` are looked at where they are given; those that the index does not hold are passed over.
        """
        states = self.states()
        wanted = states.keys() if paths is None else states.keys() & set(paths)
        return tuple(path for path in sorted(wanted) if is_stale(place.file_path(self.folder, path), states[path]))

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            yield
        except _DAMAGE as error:
            raise DamagedIndexError(f"the index at {self.folder} is damaged: {error}", files.REBUILD) from error


def is_stale(file: Path, state: FileState) -> bool:
    """Whether a file is not what was indexed. Reads it only when its size is the same and its time is not."""
    try:
        now = file.stat()
        if now.st_size != state.size:
            return True
        return now.st_mtime_ns != state.modified and files.sha256(file) != state.sha256
    except OSError:
        return True


def check_embedder(folder: Path, described: Manifest, embedder_id: str | None) -> None:
    """Raise ``EmbedderMismatchError`` when the index was made by another embedder."""
    if embedder_id is not None and embedder_id != described.embedder:
        message = f"the index at {folder} was made with the embedder {described.embedder}, not with {embedder_id}"
        raise EmbedderMismatchError(message, files.REBUILD)


def check_file(folder: Path, described: FileRecord, *, verify: bool) -> None:
    """Raise ``DamagedIndexError`` unless a file is there as it was committed."""
    path = folder / described.name
    try:
        sound = path.stat().st_size == described.size
        if sound and (verify or described.size <= VERIFY_BYTES):
            sound = files.sha256(path) == described.sha256
    except FileNotFoundError as error:
        raise DamagedIndexError(
            f"the index at {folder} is damaged: {described.name} is missing", files.REBUILD
        ) from error
    except OSError as error:
        raise StoreError(
            f"the index at {folder} cannot be read: {error.strerror}", "check the rights on this folder"
        ) from error
    if not sound:
        raise DamagedIndexError(
            f"the index at {folder} is damaged: {described.name} was truncated or changed", files.REBUILD
        )


def _open(folder: Path, described: Manifest, verify: bool) -> tuple[Catalogue, BinaryIO]:
    """Both files, opened now: a writer's clean-up may take their names away at any time, but not what is open."""
    for record in (described.catalogue, described.vectors):
        check_file(folder, record, verify=verify)
    with ExitStack() as stack:
        try:
            catalogue = Catalogue(folder / described.catalogue.name)
            stack.callback(catalogue.close)
            catalogue.source("")  # SQLite opens a file when it is first asked something
            vectors = (folder / described.vectors.name).open("rb")
        except (*_DAMAGE, OSError) as error:
            raise DamagedIndexError(f"the index at {folder} is damaged: {error}", files.REBUILD) from error
        stack.pop_all()
    return catalogue, vectors


def _ends_with(path: str, name: str) -> bool:
    parts, wanted = PurePosixPath(path).parts, PurePosixPath(name).parts
    return bool(wanted) and parts[-len(wanted) :] == wanted


def _unknown(name: str) -> InputError:
    return InputError(f"no document {name!r} in the index", "qa sources lists them")
