"""The only way in: a question to events, the last of which carries the checked answer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence

from qa.answer.agree import Agreement, Cluster
from qa.answer.check import Checked
from qa.answer.cite import Numbering, with_marks
from qa.answer.engine import AskOptions, Engine
from qa.answer.question import Question, parse
from qa.answer.write import Draft, Evidence
from qa.errors import UsageError
from qa.types import (
    Answer,
    Cancel,
    Disagreement,
    Done,
    Drafted,
    Event,
    Hit,
    Reason,
    Retrieved,
    Sentence,
    Verified,
    never,
)

__all__ = ["AskOptions", "Engine", "ask", "drain"]

MAX_QUESTION = 2_000
"""Characters. A longer text is no question; it would not fit the reader beside a passage."""


def drain(events: Iterable[Event]) -> Answer:
    """The answer of an event stream."""
    for event in events:
        if isinstance(event, Done):
            return event.answer
    raise ValueError("the events ended without an answer")


def ask(engine: Engine, question: str, options: AskOptions = AskOptions(), cancel: Cancel = never) -> Iterator[Event]:
    """Search, read, agree, write, check.

    Yields ``Retrieved``, then ``Drafted`` and ``Verified`` for each sentence, then ``Done``. A cancelled run ends with a refusal that says so,
    or with what was verified by then. Raises ``UsageError`` for an empty or overlong question, and whatever models and index raise.
    """
    asked = parse(_usable(question))
    clock = _Clock()
    hits = tuple(engine.steps.search(engine, asked.text, options))
    clock.lap("search")
    yield Retrieved(hits)
    if not hits:
        yield Done(_refusal(engine, asked, options, hits, clock, Reason.NO_EVIDENCE, "no passage of the index matches the question."))
        return
    agreement = engine.steps.agree(engine, asked, _read(engine, asked, hits, cancel, clock))
    clock.lap("agree")
    if agreement.best is None or agreement.confidence < engine.calibration.cut(options.risk) or cancel():
        yield Done(_refusal(engine, asked, options, hits, clock, *_why(agreement, cancel)))
        return
    yield from _answer(engine, asked, options, hits, agreement, clock, cancel)


def _usable(question: str) -> str:
    text = " ".join(question.split())
    if not text:
        raise UsageError("the question is empty", 'ask one: qa ask "how many Marines were sent?"')
    if len(text) > MAX_QUESTION:
        raise UsageError(f"the question has {len(text):,} characters, at most {MAX_QUESTION:,} are read", "to check a long text use: qa verify FILE")
    return text


def _read(engine: Engine, asked: Question, hits: Sequence[Hit], cancel: Cancel, clock: _Clock):  # type: ignore[no-untyped-def]
    readings = engine.steps.read(engine, asked, hits, cancel)
    clock.lap("read")
    return readings


def _why(agreement: Agreement, cancel: Cancel) -> tuple[Reason, str]:
    if cancel():
        return Reason.NO_EVIDENCE, "stopped before an answer was checked."
    if agreement.best is None:
        return Reason.NO_EVIDENCE, "the documents do not say."
    return Reason.LOW_SUPPORT, "the nearest passages do not support an answer well enough."


def _answer(
    engine: Engine, asked: Question, options: AskOptions, hits: tuple[Hit, ...], agreement: Agreement, clock: _Clock, cancel: Cancel
) -> Iterator[Event]:
    drafts = list(engine.steps.write(engine, asked, agreement, cancel))
    clock.lap("write")
    provisional = Numbering()
    for index, draft in enumerate(drafts):
        yield Drafted(index, _drafted(draft, provisional), provisional.all)
    checked = list(engine.steps.check(engine, asked, drafts, hits))
    clock.lap("check")
    numbering = Numbering()
    kept: list[Sentence] = []
    for index, result in enumerate(checked):
        sentence = None if result.dropped else _sentence(result, numbering, agreement)
        if sentence:
            kept.append(sentence)
        yield Verified(index, sentence, numbering.all, result.reasons)
    if not kept:
        reason = next((r for c in checked for r in c.reasons), Reason.LOW_SUPPORT)
        yield Done(_refusal(engine, asked, options, hits, clock, reason, "nothing that could be written passed the check."))
        return
    disagreements = _disagreements(agreement, numbering)
    yield Done(engine.steps.finish(_answered(engine, asked, options, agreement, kept, numbering, disagreements, clock)))


def _drafted(draft: Draft, numbering: Numbering) -> Sentence:
    numbers = tuple(numbering.cite(e, "unsupported") for e in draft.evidence)
    return Sentence(draft.text, numbers, "unsupported")


def _sentence(result: Checked, numbering: Numbering, agreement: Agreement) -> Sentence:
    numbers = tuple(numbering.cite(e, result.verdict) for e in result.evidence)
    reasons = (*result.reasons, Reason.CONFLICT) if agreement.rivals and Reason.CONFLICT not in result.reasons else result.reasons
    return Sentence(result.text, numbers, result.verdict, reasons, result.support)


def _disagreements(agreement: Agreement, numbering: Numbering) -> tuple[Disagreement, ...]:
    """The winner and its rivals side by side, each with a span for every independent source; empty without rivals."""
    if not agreement.rivals or agreement.best is None:
        return ()
    return tuple(_side(cluster, numbering) for cluster in (agreement.best, *agreement.rivals))


def _side(cluster: Cluster, numbering: Numbering) -> Disagreement:
    spans = [Evidence(r.hit, r.sentence) for r in cluster.by_source() if r.sentence is not None]
    return Disagreement(cluster.label, tuple(dict.fromkeys(numbering.cite(e, "supported") for e in spans)))


def _answered(
    engine: Engine,
    asked: Question,
    options: AskOptions,
    agreement: Agreement,
    kept: Sequence[Sentence],
    numbering: Numbering,
    disagreements: tuple[Disagreement, ...],
    clock: _Clock,
) -> Answer:
    return Answer(
        question=asked.text,
        status="answered",
        reason="",
        answer=" ".join(with_marks(s.text, s.citations) for s in kept),
        short=agreement.best.label if agreement.best and asked.kind != "reason" else "",
        confidence=round(agreement.confidence, 4),
        sentences=tuple(kept),
        citations=numbering.all,
        disagreements=disagreements,
        model=engine.record(options.seed),
        fingerprint=engine.index.fingerprint,
        timings_ms=clock.laps(),
    )


def _refusal(
    engine: Engine, asked: Question, options: AskOptions, hits: tuple[Hit, ...], clock: _Clock, reason: Reason, words: str
) -> Answer:
    return engine.steps.finish(
        Answer(
            question=asked.text,
            status="refused",
            reason=f"{reason}: {words}",
            answer="",
            short="",
            confidence=0.0,
            sentences=(),
            citations=(),
            disagreements=(),
            model=engine.record(options.seed),
            fingerprint=engine.index.fingerprint,
            timings_ms=clock.laps(),
            nearest=hits[:3],
        )
    )


class _Clock:
    """Milliseconds of each step, in order."""

    def __init__(self) -> None:
        self._start = self._last = time.perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self._laps[name] = round(1000 * (now - self._last), 1)
        self._last = now

    def laps(self) -> dict[str, float]:
        return {**self._laps, "total": round(1000 * (time.perf_counter() - self._start), 1)}
