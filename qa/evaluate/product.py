"""The product as a subject: ``ask`` and ``summarize`` and nothing else, so that what is measured is what a
user gets."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from qa.answer.engine import AskOptions, Engine
from qa.answer.pipeline import ask as ask_product
from qa.evaluate.cases import Case, Suite
from qa.evaluate.disturb import disturbed
from qa.evaluate.metrics.citation import Supports
from qa.evaluate.metrics.text import names_any, plain
from qa.evaluate.outcome import Runner, Subject
from qa.evaluate.result import EvalResult
from qa.evaluate.runner import EvalOptions, SubjectFactory, evaluate
from qa.types import Event, Hit

EngineFactory = Callable[[Path], Engine]
"""Indexes a folder of documents and gives an engine for it. It may keep engines: the same folder comes again for
another suite."""


def run(
    suites: Sequence[Path], engines: EngineFactory | Mapping[str, EngineFactory], options: EvalOptions | None = None
) -> EvalResult:
    """Run suites through the product and judge them: the whole of ``qa eval`` but for printing.

    ``engines`` is one factory, or several by the name under which the report shows them. Raises ``InputError``
    before anything runs when a
    suite or the baseline is wrong, and whatever indexes and models raise; an interruption keeps the finished cases
    in ``options.state``.
    """
    options = options or EvalOptions()
    named = engines if isinstance(engines, Mapping) else {"": engines}
    return evaluate(suites, {label: _factory(one, options) for label, one in named.items()}, options)


def _factory(engine_factory: EngineFactory, options: EvalOptions) -> SubjectFactory:
    def make(folder: Path, suite: Suite) -> Subject:
        return subject(engine_factory(folder), suite.head.task, options.seed)

    return make


def subject(engine: Engine, task: str, seed: int = 0) -> Subject:
    """An engine, bound to its index."""
    asked = AskOptions(seed=seed, stream=False)

    def with_search(kind: str) -> Runner:
        return _disturbing(engine, asked, kind)

    return Subject(
        run=_runner(engine, asked, task),
        documents={source.path: engine.index.document(source.path).text for source in engine.index.sources()},
        supports=_supports(engine),
        models=models(engine),
        variant=with_search,
    )


def models(engine: Engine) -> dict[str, str]:
    """Part → name and hash."""
    record = engine.record(0)
    reranker = engine.reranker.name if engine.reranker else ""
    parts = {"generator": record.generator, "adapter": record.adapter, "embedder": record.embedder}
    fitted = {"weights": dict(engine.calibration.weights), "threshold": engine.calibration.threshold}
    calibration = hashlib.sha256(json.dumps(fitted, sort_keys=True).encode()).hexdigest()[:12]
    locator = engine.locator.name if engine.locator else ""
    read_by = {"checker": record.checker, "reranker": reranker, "locator": locator}
    return parts | read_by | {"calibration": calibration}


def _runner(engine: Engine, options: AskOptions, task: str) -> Runner:
    def ask(case: Case) -> Iterable[Event]:
        return ask_product(engine, case.question, options)

    def summarize(case: Case) -> Iterable[Event]:
        from qa.answer.summarize import summarize as summarize_product

        return summarize_product(engine, case.question, options)

    return summarize if task == "summarize" else ask


def _supports(engine: Engine) -> Supports:
    @lru_cache(maxsize=4096)
    def supports(premise: str, claim: str) -> bool:
        if plain(claim) in plain(premise):
            return True
        return engine.checker.support([(premise, claim)])[0] >= engine.checker.threshold

    return supports


def _disturbing(engine: Engine, options: AskOptions, kind: str) -> Runner:
    def ask(case: Case) -> Iterable[Event]:
        def search(engine_: Engine, question: str, asked: AskOptions) -> Sequence[Hit]:
            hits = engine.steps.search(engine_, question, asked)
            return disturbed(kind, hits, _irrelevant(engine_, case), case.id)

        broken = replace(engine, steps=replace(engine.steps, search=search))
        return ask_product(broken, case.question, options)

    return ask


def _irrelevant(engine: Engine, case: Case) -> list[Hit]:
    """Passages that hold no evidence of the case: none of its gold documents' and none that states a gold answer."""
    sources = {source.path: source for source in engine.index.sources()}
    answers = [plain(answer).lower() for answer in case.answers]
    return [
        Hit(passage, sources[passage.document], 0.0)
        for passage in engine.index.all_passages()
        if not names_any(passage.document, case.gold_documents)
        and not any(answer in plain(passage.text).lower() for answer in answers)
    ]
