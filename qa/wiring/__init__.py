"""Settings to objects: the one place that knows which model stands behind which seam."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from qa import config as settings
from qa.config import Config
from qa.types import Cancel, Filters, never

if TYPE_CHECKING:
    from qa.answer.confidence import Calibration
    from qa.answer.engine import AskOptions, Engine
    from qa.doctor import Finding
    from qa.models.seams import Checker, Embedder, Generator, Locator, Reranker
    from qa.store import Index, Progress, Report
    from qa.types import Hit


CHECKER_CONTEXT = 2048
"""Tokens of the default model when it only checks: premises have one to three sentences."""


@contextmanager
def open_session(config: Path | None, typed: Mapping[str, object]) -> Iterator[Session]:
    """A session over the user's settings; everything it opened is closed at the end. Raises ``ConfigError``."""
    with Session(settings.load(config, os.environ, typed)) as session:
        yield session


class Session:
    """The models and the index that the settings name, each made when first used."""

    def __init__(self, config: Config) -> None:
        self.config = config
        self._stack = ExitStack()

    def __enter__(self) -> Session:
        from qa.models.files import usable_cache

        self.config = replace(self.config, cache_dir=usable_cache(self.config.cache_dir))
        if self.config.offline:
            from qa.models.offline import forbid_network

            self._stack.enter_context(forbid_network())
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def store_folder(self) -> Path:
        """Where the index is or will be."""
        from qa.store import locate

        return locate(self.config.store, Path.cwd(), self.config.data_dir)

    @cached_property
    def embedder(self) -> Embedder:
        """Raises ``ModelError``."""
        from qa.models.embedder import load_embedder

        return load_embedder(
            self.config.embedder or None,
            cache=self.config.cache_dir,
            threads=self._threads,
            offline=self._models_offline,
        )

    @cached_property
    def index(self) -> Index:
        """The open index, made by the embedder in use. Raises ``StoreError``."""
        from qa.store import Index

        return self._stack.enter_context(Index.open(self.store_folder(), self.embedder.info.id))

    def reopen(self) -> bool:
        """Open the index again if another generation was committed since; whether it was."""
        from qa.store import Index, manifest

        folder = self.store_folder()
        if "index" in self.__dict__ and manifest.read(folder).generation == self.index.manifest.generation:
            return False
        fresh = self._stack.enter_context(Index.open(folder, self.embedder.info.id))
        self.__dict__["index"] = fresh
        self.__dict__.pop("engine", None)
        return True

    def bare_index(self) -> Index:
        """The index without any model, for looking only. The caller closes it."""
        from qa.store import Index

        return Index.open(self.store_folder())

    @cached_property
    def generator(self) -> Generator:
        """Raises ``ModelError``."""
        from qa.models.registry import load_generator

        return load_generator(self.config, self._stack)

    @cached_property
    def checker(self) -> Checker:
        """The trained checker, whichever generator writes; the lexical one where the default model is not installed."""
        from qa.answer.lexical import LexicalChecker
        from qa.errors import ModelError
        from qa.models.checker import load_checker
        from qa.models.registry import load_generator

        generator = self.generator
        if not generator.info.trained_reader:
            own = replace(self.config, model="", adapter="", llm_url="", context=CHECKER_CONTEXT)
            with suppress(ModelError):
                generator = load_generator(own, self._stack)
        return load_checker(generator) or LexicalChecker()

    @cached_property
    def reranker(self) -> Reranker | None:
        """The trained reranker, where this build has one."""
        from qa.models.pairs import load_reranker

        return load_reranker(threads=self._threads)

    @cached_property
    def locator(self) -> Locator | None:
        """The trained span reader, where this build has one."""
        from qa.models.pairs import load_locator

        return load_locator(threads=self._threads)

    @cached_property
    def engine(self) -> Engine:
        """Everything that the pipeline needs, over the open index. What searches loads beside what reads."""
        from concurrent.futures import ThreadPoolExecutor

        index, embedder = self.index, self.embedder  # what is wrong with the index is told at once
        with ThreadPoolExecutor(1) as pool:
            loading = pool.submit(_load, embedder, self.reranker, self.locator)
            self.generator  # noqa: B018 - made here, in the thread that uses it
            loading.result()
        return self.engine_for(index)

    def engine_for(self, index: Index) -> Engine:
        """The same models over another index."""
        from qa.answer.engine import Engine

        return Engine(index, self.embedder, self.generator, self.checker, self.reranker, self.locator, self.calibration)

    @cached_property
    def calibration(self) -> Calibration:
        """Of the confidence: the user's, else the one that ships for this kind of generator. Raises ``ConfigError``."""
        from qa.answer.confidence import Calibration

        if self.config.calibration is not None:
            return Calibration.load(self.config.calibration)
        return Calibration.shipped("trained" if self.generator.info.trained_reader else "any")

    @property
    def _threads(self) -> int | None:
        return self.config.threads or None

    @property
    def _models_offline(self) -> bool:
        """An embedder named by its id may be fetched unless the user asked for no network."""
        return self.config.offline or not self.config.embedder

    def options(
        self, sources: Sequence[str] | None = None, since: str | None = None, until: str | None = None
    ) -> AskOptions:
        """The settings and filters of one question."""
        from qa.answer.engine import AskOptions

        filters = Filters(tuple(sources or ()), since or "", until or "")
        c = self.config
        return AskOptions(c.top_k, c.per_source, filters, c.seed, risk=c.risk)

    def search(self, query: str, options: AskOptions) -> list[Hit]:
        """Passages for ``qa search``: as a question would find them."""
        from qa import retrieve

        return retrieve.search(
            self.index,
            self.embedder,
            query,
            k=options.top_k,
            filters=options.filters,
            per_source=options.per_source,
            reranker=self.reranker,
        )

    def update(self, paths: Sequence[Path], *, rebuild: bool, progress: Progress, cancel: Cancel = never) -> Report:
        """Index files and folders."""
        from qa import store

        return store.update(
            self.store_folder(), paths, self.embedder, rebuild=rebuild, progress=progress, cancel=cancel
        )

    def read_ahead(self, progress: Callable[[int, int], None]) -> None:
        """Have the model evaluate all passages of the index, for later questions; ``progress`` hears how many of how
        many are done. Raises ``ModelError``."""
        from qa.answer.read import read_ahead

        by_path = {source.path: source for source in self.index.sources()}
        held = [(by_path[passage.document], passage) for passage in self.index.all_passages()]
        for done, pair in enumerate(held):
            progress(done, len(held))
            read_ahead(self.generator, [pair])

    def remove(self, names: Sequence[str]) -> int:
        """Take documents out of the index."""
        from qa import store

        return store.remove(self.store_folder(), names)


def _load(embedder: Embedder, reranker: Reranker | None, locator: Locator | None) -> None:
    """Have the weights read that are read at first use."""
    embedder.encode([""])
    if reranker is not None:
        reranker.score("", [""])
    if locator is not None:
        locator.sight("", [""])


def with_model(config: Config, name: str) -> Config:
    """The settings with the generator of this name: a path, a URL, or ``default``."""
    url = name if name.startswith(("http://", "https://")) else ""
    return replace(config, model="" if url or name == "default" else name, llm_url=url)


def chat_settings(config: Path | None, typed: Mapping[str, object]) -> tuple[Config, Path]:
    """Settings of the chat, and the file of its conversations."""
    chosen = settings.load(config, os.environ, typed)
    return chosen, chosen.data_dir / "conversations.sqlite"


def examine(config: Path | None, typed: Mapping[str, object]) -> list[Finding]:
    """What ``qa doctor`` reports."""
    from qa import doctor

    return doctor.examine(settings.load(config, os.environ, typed))
