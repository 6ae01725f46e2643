"""Changing an index: only the documents that differ are read, embedded and written; the rest is copied as it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from qa.corpus import discover
from qa.errors import InputError, NoIndexError, StoreError
from qa.models.seams import Embedder, EmbedderInfo
from qa.store import files, manifest, place
from qa.store.catalogue import FileState
from qa.store.generation import Generation
from qa.store.index import Index, check_embedder, check_file
from qa.store.intake import Intake
from qa.store.lock import writing
from qa.store.manifest import Manifest
from qa.store.report import Progress, Report, Step
from qa.types import Cancel, never


def _silent(step: Step) -> None:
    del step


def update(  # noqa: PLR0913 - an update's options, by name
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
    gone are removed. A file that cannot be read is reported, and what was indexed of it before is kept, because a file
    that is out of reach for a moment must not cost evidence; ``Index.stale`` names it.

    ``rebuild`` starts from nothing, with these paths alone, and replaces a damaged index. Cancelling keeps what was
    embedded until then; a rebuild that is cancelled, an exception and a killed process leave the index as it was.

    Raises ``StoreError``, ``LockedError``, ``EmbedderMismatchError``, ``DamagedIndexError``, and ``InputError`` for a
    path that does not exist and when there is nothing to index.
    """
    found = _find(folder, paths)
    if not found and not place.is_store(folder):
        raise _nothing(paths)
    with files.write_errors(folder):
        place.prepare(folder)
        with writing(folder):
            current = _current(folder, embedder.info.id, rebuild=rebuild)
            known = {} if rebuild or current is None else _states(folder)
            gone = _vanished(folder, paths, known, found) if prune else []
            if not found and not gone:
                raise _nothing(paths)
            intake = Intake(embedder, progress, cancel, known, len(found))
            todo = {path: file for path, file in found.items() if not intake.is_unchanged(path, file)}
            if not todo and not gone:
                return Report(unchanged=intake.unchanged)
            with Generation(folder, embedder.info, current, fresh=rebuild) as generation:
                return _apply(generation, intake, todo, gone, rebuild=rebuild)


def _apply(
    generation: Generation, intake: Intake, todo: Mapping[str, Path], gone: Sequence[str], *, rebuild: bool
) -> Report:
    for path in gone:
        generation.drop(path)
    finished = intake.fill(generation, todo)
    failed = tuple(intake.failed)
    if rebuild and not finished:
        return Report(failed=failed, cancelled=True)
    if gone or intake.added or intake.changed:
        generation.commit()
    return Report(intake.added, intake.changed, intake.unchanged, len(gone), failed, cancelled=not finished)


def remove(folder: Path, names: Sequence[str]) -> int:
    """Take documents out of the index, each named as for ``Index.find``; returns how many.

    Raises ``StoreError`` and its children, and ``InputError`` for a name that no document or several have.
    """
    manifest.read(folder)
    with files.write_errors(folder), writing(folder):
        with Index.open(folder) as index:
            current = index.manifest
            paths = {index.find(name).path for name in names}
        embedder = EmbedderInfo(current.embedder, current.dimension, max_tokens=0)
        with Generation(folder, embedder, current, fresh=False) as generation:
            for path in sorted(paths):
                generation.drop(path)
            generation.commit()
    return len(paths)


def _nothing(paths: Sequence[Path]) -> InputError:
    names = ", ".join(str(path) for path in paths)
    return InputError(f"there is no document to index in {names}", "text, Markdown, HTML and PDF files are read")


def _find(folder: Path, paths: Sequence[Path]) -> dict[str, Path]:
    """Files by the name that the index gives them; files of the index itself are no documents."""
    inside = folder.resolve()
    found = (file for file in discover(list(paths)) if not file.resolve().is_relative_to(inside))
    return {place.document_path(folder, file): file for file in found}


def _current(folder: Path, embedder_id: str, *, rebuild: bool) -> Manifest | None:
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


def _vanished(folder: Path, paths: Sequence[Path], known: Iterable[str], found: Mapping[str, Path]) -> list[str]:
    """Documents below the given folders whose file is gone; what lies in a folder without read rights is not gone."""
    tops = [place.absolute(path) for path in paths if path.is_dir()]
    closed = [place.absolute(path) for path in found.values() if path.is_dir()]
    lost = {path: place.file_path(folder, path) for path in known if path not in found}
    return [path for path, file in lost.items() if _below(file, tops) and not _below(file, closed)]


def _below(file: Path, folders: Iterable[Path]) -> bool:
    return any(file.is_relative_to(folder) for folder in folders)
