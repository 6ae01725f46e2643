"""Engines for evaluations: one set of models for all corpora of a run, an index in a temporary folder for each."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path

from qa import config as settings
from qa.answer.engine import Engine
from qa.config import Config
from qa.errors import InputError
from qa.store import Index, update
from qa.wiring import Session


@contextmanager
def engines(
    config: Path | None, typed: Mapping[str, object], models: Sequence[str], *, calibrated: bool = True
) -> Iterator[dict[str, Factory]]:
    """By the name under which a report shows it: what makes an engine for a folder of documents.

    ``models`` are generators to compare, each a path or URL, or ``default``; without any, the configured one. Not
    ``calibrated``: the user's own calibration, which may be damaged, is not read.
    """
    chosen = settings.load(config, os.environ, typed)
    if not calibrated:
        chosen = replace(chosen, calibration=None)
    with ExitStack() as stack:
        root = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qa-index-")))
        yield {name: Factory(_named(chosen, name), stack, root) for name in (models or [""])}


def _named(config: Config, name: str) -> Config:
    if name.startswith(("http://", "https://")):
        return replace(config, llm_url=name, model="")
    return config if name in ("", "default") else replace(config, model=name, llm_url="")


class Factory:
    """Makes an engine for a folder; models are loaded once, a folder is indexed once."""

    def __init__(self, config: Config, stack: ExitStack, root: Path) -> None:
        self._session = stack.enter_context(Session(config))
        self._stack = stack
        self._root = root
        self._made: dict[Path, Engine] = {}

    def __call__(self, folder: Path) -> Engine:
        """Raises ``InputError`` when a document of the corpus cannot be read: a measure over half a corpus is none."""
        if folder not in self._made:
            self._made[folder] = self._session.engine_for(self._index(folder))
        return self._made[folder]

    def _index(self, folder: Path) -> Index:
        place = self._root / str(len(self._made)) / str(id(self)) / "index"
        report = update(place, [folder], self._session.embedder)
        if report.failed:
            path, reason = report.failed[0]
            raise InputError(f"the corpus {folder} has a document that cannot be read: {path}: {reason}")
        return self._stack.enter_context(Index.open(place, self._session.embedder.info.id))
