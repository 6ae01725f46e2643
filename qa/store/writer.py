"""Changing an index: only the documents that differ are read, embedded and written; the rest is copied as it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from time import time_ns

import numpy as np

from qa.corpus import discover, read
from qa.corpus.passages import embedding_text, windows
from qa.errors import ModelError, NoIndexError, StoreError, UnreadableError
from qa.models.seams import Embedder, EmbedderInfo, Vectors
from qa.store import files, manifest, place
from qa.store.catalogue import FileState
from qa.store.generation import Entry, Generation
from qa.store.index import Index, check_embedder, check_file
from qa.store.lock import writing
from qa.store.manifest import Manifest
from qa.store.report import Progress, Report, Step
from qa.types import Cancel, never

WINDOW = 2048
"""Passages that are embedded together: sorted by length inside, so that a batch wastes little on padding; memory does not grow beyond it."""

BATCH = 64
"""Passages per call of the embedder; also how often cancelling is looked at."""

_RACY_NS = 2_000_000_000  # a file changed this shortly before it was read may change again within the clock's resolution


class _Cancelled(Exception):  # noqa: N818 - it is a signal inside this module, not an error
    pass


@dataclass(slots=True)
class _Run:
    """What one update has found and done so far."""

    embedder: Embedder
    progress: Progress
    cancel: Cancel
    known: dict[str, FileState]
    total: int = 0
    looked_at: int = 0
    embedded: int = 0
    path: str = ""
    pending: list[Entry] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("added", "changed", "unchanged"), 0))
    failed: list[tuple[str, str]] = field(default_factory=list)

    def tell(self) -> None:
        waiting = sum(len(entry.passages) for entry in self.pending)
        self.progress(Step(self.path, self.looked_at, self.total, self.embedded, waiting))


def _silent(step: Step) -> None:
    del step


def update(
    folder: Path,
    paths: Sequence[Path],
    embedder: Embedder,
    *,
    rebuild: bool = False,
    prune: bool = True,
    progress: Progress = _silent,
    cancel: Cancel = never,
) -> Report:
    """Bring the index at ``folder`` in line with some files and folders, making it when there is none.

    A file whose content is the one indexed is left alone. With ``prune``, documents of the given folders whose file is
    gone are removed. A file that cannot be read is reported, and what was indexed of it before is kept (``Index.stale`` names it).
    ``rebuild`` starts from nothing, and replaces a damaged index. Cancelling keeps what was embedded until then; a rebuild that
    is cancelled, an exception and a killed process leave the index as it was.
    Raises ``StoreError``, ``LockedError``, ``EmbedderMismatchError``, ``DamagedIndexError``, ``InputError``.
    """
    found = _find(folder, paths)
    with files.write_errors(folder):
        place.prepare(folder)
        with writing(folder):
            current = _current(folder, embedder.info.id, rebuild)
            known = {} if rebuild or current is None else _states(folder)
            run = _Run(embedder, progress, cancel, known, total=len(found))
            gone = _vanished(folder, paths, known, found) if prune else []
            return _apply(folder, current, run, found, gone, rebuild)


def remove(folder: Path, names: Sequence[str]) -> int:
    """Take documents out of the index, each named as for ``Index.find``; returns how many. Raises as ``update`` does."""
    with files.write_errors(folder):
        manifest.read(folder)
        with writing(folder):
            with Index.open(folder) as index:
                current = index.manifest
                paths = {index.find(name).path for name in names}
            with Generation(folder, _info(current), current, fresh=False) as generation:
                for path in sorted(paths):
                    generation.drop(path)
                generation.commit()
    return len(paths)


def _info(described: Manifest) -> EmbedderInfo:
    return EmbedderInfo(described.embedder, described.dimension, 0)


def _find(folder: Path, paths: Sequence[Path]) -> dict[str, Path]:
    """Files by the name the index gives them; files of the index itself are no documents."""
    inside = folder.resolve()
    found = (file for file in discover(list(paths)) if not file.resolve().is_relative_to(inside))
    return {place.document_path(folder, file): file for file in found}


def _current(folder: Path, embedder_id: str, rebuild: bool) -> Manifest | None:
    """The committed generation, checked unless everything is to be made anew."""
    try:
        current = manifest.read(folder)
    except NoIndexError:
        return None
    except StoreError:
        if rebuild:
            return None
        raise
    if not rebuild:
        check_embedder(folder, current, embedder_id)
        for record in (current.catalogue, current.vectors):
            check_file(folder, record, verify=False)
    return current


def _states(folder: Path) -> dict[str, FileState]:
    with Index.open(folder) as index:
        return index.states()


def _vanished(folder: Path, paths: Sequence[Path], known: Iterable[str], found: dict[str, Path]) -> list[str]:
    """Documents below the given folders that are not among the files found there; what lies in a folder without read rights is not gone."""
    tops = [place.document_path(folder, path) for path in paths if path.is_dir()]
    closed = [name for name, path in found.items() if path.is_dir()]
    lost = [path for path in known if path not in found and any(_below(path, top) for top in tops)]
    return [path for path in lost if not any(_below(path, top) for top in closed)]


def _below(path: str, top: str) -> bool:
    return top == "." or path.startswith(top.rstrip("/") + "/")


def _apply(folder: Path, current: Manifest | None, run: _Run, found: dict[str, Path], gone: list[str], rebuild: bool) -> Report:
    todo = {path: file for path, file in found.items() if not _unchanged(run, path, file)}
    cancelled, removed = False, 0
    if todo or gone:
        with Generation(folder, run.embedder.info, current, fresh=rebuild) as generation:
            for path in gone:
                generation.drop(path)
            cancelled = not _fill(generation, run, todo)
            keep = not (cancelled and rebuild)
            if keep and (gone or run.counts["added"] or run.counts["changed"]):
                generation.commit()
                removed = len(gone)
            elif not keep:
                run.counts = dict.fromkeys(run.counts, 0)
    return Report(**run.counts, removed=removed, failed=tuple(run.failed), cancelled=cancelled)


def _unchanged(run: _Run, path: str, file: Path) -> bool:
    state = run.known.get(path)
    try:
        same = state is not None and file.is_file() and files.sha256(file) == state.sha256
    except OSError:
        same = False  # reading it below says why, in words
    if same:
        run.counts["unchanged"] += 1
        run.looked_at += 1
    return same


def _fill(generation: Generation, run: _Run, todo: dict[str, Path]) -> bool:
    """Read, embed and store; false when cancelled before the end."""
    try:
        for path, file in todo.items():
            _stop_if_asked(run)
            run.path = path
            entry = _read(run, path, file)
            run.looked_at += 1
            if entry is not None:
                run.pending.append(entry)
            run.tell()
            if sum(len(entry.passages) for entry in run.pending) >= WINDOW:
                _flush(generation, run)
        _flush(generation, run)
    except _Cancelled:
        return False
    return True


def _stop_if_asked(run: _Run) -> None:
    if run.cancel():
        raise _Cancelled


def _read(run: _Run, path: str, file: Path) -> Entry | None:
    """One file as an entry, or None with the reason noted."""
    try:
        path.encode()
        state = _measure(file)
        document = read(file, path)
        limit = run.embedder.info.max_tokens
        cut = tuple(windows(document, run.embedder.count_tokens, limit))
        if not cut:
            raise UnreadableError("holds no text")
    except UnreadableError as error:
        run.failed.append((path, str(error).removeprefix(path).strip()))
    except UnicodeEncodeError:
        run.failed.append((path, "the file's name is not valid text"))
    except OSError as error:
        run.failed.append((path, error.strerror or str(error)))
    else:
        return Entry(document, cut, dataclasses.replace(state, sha256=document.sha256))
    return None


def _measure(file: Path) -> FileState:
    now = file.stat()
    settled = time_ns() - now.st_mtime_ns > _RACY_NS
    return FileState("", now.st_size, now.st_mtime_ns if settled else 0)


def _flush(generation: Generation, run: _Run) -> None:
    """Embed and store what was read."""
    entries = run.pending
    vectors = _embed(run, [embedding_text(entry.document.title, passage.text) for entry in entries for passage in entry.passages])
    row = 0
    for entry in entries:
        run.counts["changed" if entry.document.path in run.known else "added"] += 1
        generation.add(entry, vectors[row : row + len(entry.passages)])
        row += len(entry.passages)
    generation.flush()
    run.pending = []
    run.tell()


def _embed(run: _Run, texts: Sequence[str]) -> Vectors:
    """Vectors of shape (len(texts), dimension), in order; computed in batches of texts of similar length."""
    vectors = np.zeros((len(texts), run.embedder.info.dimension), dtype=np.float32)
    for start in range(0, len(texts), WINDOW):
        order = sorted(range(start, min(start + WINDOW, len(texts))), key=lambda i: -len(texts[i]))
        for first in range(0, len(order), BATCH):
            _stop_if_asked(run)
            batch = order[first : first + BATCH]
            vectors[batch] = run.embedder.encode([texts[i] for i in batch])
            run.embedded += len(batch)
            run.tell()
    if not np.isfinite(vectors).all():
        raise ModelError(f"the embedder {run.embedder.info.id} gave a vector that is not a number", "qa doctor checks the models")
    return vectors
