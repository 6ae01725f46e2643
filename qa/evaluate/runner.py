"""Runs suites through the product: prepare everything, ask each case once, measure, compare.

A case's result depends on the case, the corpus, the models and the seed alone: neither on the order of cases nor on
the ones before it.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from qa.errors import InputError
from qa.evaluate import cases, fingerprint, gate
from qa.evaluate.cases import Case, Suite
from qa.evaluate.corpora import Corpus
from qa.evaluate.disturb import KINDS
from qa.evaluate.measures import available
from qa.evaluate.observe import Observed, locate, observe, observe_summary
from qa.evaluate.outcome import Outcome, Subject, drain, relative
from qa.evaluate.result import CaseResult, EvalResult, SuiteRun
from qa.evaluate.state import State

SubjectFactory = Callable[[Path, Suite], Subject]
"""Indexes a folder of documents and gives what answers questions about it. The models should be loaded once, not
once a call."""


@dataclass(frozen=True, slots=True)
class EvalOptions:
    """How to run, and what to compare with."""

    limit: int | None = None
    only: tuple[str, ...] = ()
    """Kinds of cases; empty for all."""
    sample: int | None = None
    """How many cases of each suite are asked, spread over the kinds, always the same ones; None for all."""
    fail_fast: bool = False
    baseline: Path | None = None
    update_baseline: bool = False
    state: Path | None = None
    """Where finished cases are kept until the run is complete; None keeps nothing."""
    seed: int = 0
    robustness: int = 0
    """How many answerable cases of each suite are asked again with their passages disturbed."""
    progress: Callable[[int, int, CaseResult], None] | None = None
    """Called after each case with the number done and the number in all."""


class _Stopped(Exception):  # noqa: N818 - a signal between two functions of this module, not an error
    pass


def evaluate(
    paths: Sequence[Path], factories: Mapping[str, SubjectFactory], options: EvalOptions = EvalOptions()
) -> EvalResult:
    """Run every suite with every model. Raises ``InputError`` before anything runs when a suite or the baseline is
    wrong."""
    suites = [cases.select(cases.load(path), options.only, options.limit, options.sample) for path in paths]
    _check_selection(suites)
    compares = options.baseline is not None and not options.update_baseline
    stored = gate.load(options.baseline) if options.baseline and compares else None
    run = _Run(factories, options, sum(len(suite.cases) for suite in suites) * len(factories))
    runs = run.all(suites)
    if options.update_baseline and options.baseline:
        gate.save(options.baseline, runs)
    judged = tuple(_judged(one, stored) for one in runs)
    return EvalResult(judged, tuple(run.notes))


def _check_selection(suites: Sequence[Suite]) -> None:
    if not any(suite.cases for suite in suites):
        raise InputError("no case is left to run", "check --only and --limit")
    names = [suite.name for suite in suites]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise InputError(f"two suites have the name {twice!r}", "give one of them another name in its TOML head")


def _judged(run: SuiteRun, stored: Mapping[str, gate.Baseline] | None) -> SuiteRun:
    measured = set(available(run.rows))
    # A choice of cases may leave a metric without any; a whole suite that does is wrong, and fails.
    bounds = {name: one for name, one in run.bounds.items() if len(run.cases) == run.total or name in measured}
    verdicts = gate.thresholds(bounds, run.rows)
    if stored is not None:
        verdicts += gate.compare(run, stored.get(run.name))
    return replace(run, verdicts=tuple(verdicts))


class _Run:
    """One evaluation under way: the state file, the scratch folder, the count."""

    def __init__(self, factories: Mapping[str, SubjectFactory], options: EvalOptions, total: int) -> None:
        self.factories = factories
        self.options = options
        self.notes: list[str] = []
        self._total = total
        self._done = 0
        self._state = State(options.state)

    def all(self, suites: Sequence[Suite]) -> list[SuiteRun]:
        runs = []
        with tempfile.TemporaryDirectory(prefix="qa-eval-") as scratch:
            for suite in (one for one in suites if one.cases):
                for label, factory in self.factories.items():
                    runs.append(self._suite(suite, label, factory, Path(scratch)))
                    if self.options.fail_fast and not all(case.passed for case in runs[-1].cases):
                        self.notes.append(f"stopped at the first failure, {runs[-1].cases[-1].case.id}")
                        return runs
        self._state.clear()
        return runs

    def _suite(self, suite: Suite, label: str, factory: SubjectFactory, scratch: Path) -> SuiteRun:
        results: dict[str, CaseResult] = {}
        models: Mapping[str, str] = {}
        try:
            for corpus, group in _by_corpus(suite):
                folder = corpus.place(scratch).resolve()
                subject = factory(folder, suite)
                models = subject.models
                _check_evidence(suite, group, subject)
                self._group(suite, group, subject, folder, results)
        except _Stopped:
            pass
        ordered = tuple(results[case.id] for case in suite.cases if case.id in results)
        print_ = fingerprint.of(suite, models, self.options.seed)
        return SuiteRun(suite.name, label if len(self.factories) > 1 else "", suite.head, print_, ordered, suite.total)

    def _group(
        self, suite: Suite, group: Sequence[Case], subject: Subject, folder: Path, results: dict[str, CaseResult]
    ) -> None:
        print_ = fingerprint.of(suite, subject.models, self.options.seed)
        for case in group:
            result = self._case(suite, case, subject, folder, print_)
            results[case.id] = result
            self._done += 1
            if self.options.progress:
                self.options.progress(self._done, self._total, result)
            if self.options.fail_fast and not result.passed:
                raise _Stopped
        self._disturb(suite, group, subject, folder, results)

    def _case(
        self, suite: Suite, case: Case, subject: Subject, folder: Path, print_: fingerprint.Fingerprint
    ) -> CaseResult:
        key = hashlib.sha256(f"{print_.key}\0{case.model_dump_json()}".encode()).hexdigest()
        kept = self._state.get(key)
        if kept:
            return CaseResult(case, *kept)
        start = time.perf_counter()
        outcome = relative(drain(subject.run(case)), str(folder))
        ms = 1000 * (time.perf_counter() - start)
        seen = _measure(suite, case, outcome, subject, folder)
        self._state.put(key, outcome, seen, ms)
        return CaseResult(case, outcome, seen, ms)

    def _disturb(
        self, suite: Suite, group: Sequence[Case], subject: Subject, folder: Path, results: dict[str, CaseResult]
    ) -> None:
        if not self.options.robustness or subject.variant is None or suite.head.task != "ask":
            return
        for case in [one for one in group if one.expect == "answered"][: self.options.robustness]:
            scores = dict(results[case.id].observed.scores)
            for kind in KINDS:
                outcome = relative(drain(subject.variant(kind)(case)), str(folder))
                scores[f"robustness.{kind}"] = float(_measure(suite, case, outcome, subject, folder).right)
            results[case.id] = replace(results[case.id], observed=replace(results[case.id].observed, scores=scores))


def _measure(suite: Suite, case: Case, outcome: Outcome, subject: Subject, folder: Path) -> Observed:
    prefix = str(folder) + "/"
    documents = {path.removeprefix(prefix): text for path, text in subject.documents.items()}
    if suite.head.task == "summarize":
        return observe_summary(case, outcome, documents, subject.supports)
    return observe(case, outcome, documents, subject.supports, hostile=suite.head.hostile)


def _by_corpus(suite: Suite) -> list[tuple[Corpus, list[Case]]]:
    groups: dict[Corpus, list[Case]] = {}
    for case in suite.cases:
        groups.setdefault(suite.corpus(case), []).append(case)
    return list(groups.items())


def _check_evidence(suite: Suite, group: Sequence[Case], subject: Subject) -> None:
    for case in group:
        for evidence in case.evidence:
            try:
                locate(subject.documents, evidence)
            except InputError as error:
                raise InputError(f"{suite.line(case)}: evidence: {error.message}", cases.FORMAT) from error
