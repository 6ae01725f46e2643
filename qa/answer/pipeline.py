"""The only way in: a question to events, the last of which carries the checked answer."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from qa.answer.agree import Agreement
from qa.answer.check import Checked
from qa.answer.cite import Numbering, unmarked, with_marks
from qa.answer.clusters import Cluster
from qa.answer.engine import DEFAULTS, AskOptions, Engine
from qa.answer.instructions import plain_sentences
from qa.answer.question import Question, parse
from qa.answer.read import Reading
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
    Token,
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


def ask(engine: Engine, question: str, options: AskOptions = DEFAULTS, cancel: Cancel = never) -> Iterator[Event]:
    """Search, read, agree, write, check.

    Yields ``Retrieved``, ``Token`` while a generator writes, then ``Drafted`` and ``Verified`` for each sentence, then
    ``Done``. A cancelled run ends with a refusal that says so, or with what was verified by then. Raises
    ``UsageError`` for an empty or overlong question, and whatever models and index raise.
    """
    run = _Run(engine, parse(_usable(question)), options, _Clock())
    hits = tuple(engine.steps.search(engine, run.asked.text, options))
    run.clock.lap("search")
    yield Retrieved(hits)
    if not hits:
        yield Done(run.refusal(hits, Reason.NO_EVIDENCE, "no passage of the index matches the question."))
        return
    readings = engine.steps.read(engine, run.asked, hits, cancel)
    run.clock.lap("read")
    run = replace(run, notes=_notes(engine, readings))
    agreement = engine.steps.agree(engine, run.asked, readings)
    run.clock.lap("agree")
    if agreement.best is None or agreement.confidence < engine.calibration.cut(options.risk) or cancel():
        yield Done(run.refusal(hits, *_why(agreement, cancel), confidence=agreement.confidence))
        return
    yield from _answer(run, hits, agreement, cancel)


def _usable(question: str) -> str:
    text = " ".join(question.split())
    if not text:
        raise UsageError("the question is empty", 'ask one: qa ask "how many Marines were sent?"')
    if len(text) > MAX_QUESTION:
        raise UsageError(
            f"the question has {len(text):,} characters, at most {MAX_QUESTION:,} are read",
            "to check a long text use: qa verify FILE",
        )
    return text


def _notes(engine: Engine, readings: Sequence[Reading]) -> tuple[str, ...]:
    """Notes on what was found but not read, and on the generator that read the rest."""
    notes = []
    if left := sum(r.unread for r in readings):
        context = engine.generator.info.context
        notes.append(
            f"read {len(readings) - left} of {len(readings)} passages: "
            f"the others do not fit the model's context of {context} tokens"
        )
    speaking = dict.fromkeys(r.hit.source.path for r in readings if _speaks(r.hit))
    told = "has sentences that speak to the program that reads it; they were left out"
    notes += [f"{path} {told}" for path in speaking]
    return engine.notes(*notes)


def _speaks(hit: Hit) -> bool:
    return len(plain_sentences(hit.passage)) < len(hit.passage.sentences)


def _why(agreement: Agreement, cancel: Cancel) -> tuple[Reason, str]:
    if cancel():
        return Reason.NO_EVIDENCE, "stopped before an answer was checked."
    if agreement.best is None:
        return Reason.NO_EVIDENCE, "the documents do not say."
    return Reason.LOW_SUPPORT, "the nearest passages do not support an answer well enough."


def _answer(run: _Run, hits: tuple[Hit, ...], agreement: Agreement, cancel: Cancel) -> Iterator[Event]:
    engine = run.engine
    drafts: list[Draft] = []
    for written in engine.steps.write(engine, run.asked, agreement, cancel):
        if isinstance(written, Token):
            yield written
        else:
            drafts.append(written)
    run.clock.lap("write")
    provisional = Numbering()
    for index, draft in enumerate(drafts):
        yield Drafted(index, _drafted(draft, provisional), provisional.all)
    checked = list(engine.steps.check(engine, run.asked, drafts, hits))
    run.clock.lap("check")
    numbering = Numbering()
    kept: list[Sentence] = []
    for index, result in enumerate(checked):
        sentence = None if result.dropped else _sentence(result, numbering, agreement)
        if sentence:
            kept.append(sentence)
        yield Verified(index, sentence, numbering.all, result.reasons)
    if kept:
        yield Done(run.answered(agreement, kept, numbering))
        return
    reason = next((r for c in checked for r in c.reasons), Reason.LOW_SUPPORT)
    yield Done(
        run.refusal(hits, reason, "nothing that could be written passed the check.", confidence=agreement.confidence)
    )


def _drafted(draft: Draft, numbering: Numbering) -> Sentence:
    numbers = tuple(numbering.cite(e, "unsupported") for e in draft.evidence)
    return Sentence(unmarked(draft.text), numbers, "unsupported")


def _sentence(result: Checked, numbering: Numbering, agreement: Agreement) -> Sentence:
    numbers = tuple(numbering.cite(e, result.verdict) for e in result.evidence)
    conflict = (Reason.CONFLICT,) if agreement.rivals and Reason.CONFLICT not in result.reasons else ()
    return Sentence(unmarked(result.text), numbers, result.verdict, (*result.reasons, *conflict), result.support)


def _disagreements(agreement: Agreement, numbering: Numbering) -> tuple[Disagreement, ...]:
    """The winner and its rivals side by side, each with a span for every independent source; empty without rivals."""
    if not agreement.rivals or agreement.best is None:
        return ()
    return tuple(_side(cluster, numbering) for cluster in (agreement.best, *agreement.rivals))


def _side(cluster: Cluster, numbering: Numbering) -> Disagreement:
    spans = [Evidence(r.hit, r.sentence) for r in cluster.by_source() if r.sentence is not None]
    return Disagreement(_line(cluster.label), tuple(sorted({numbering.cite(e, "supported") for e in spans})))


def _line(value: str) -> str:
    """A value in one line, however its document breaks it."""
    return " ".join(value.split())


@dataclass(frozen=True, slots=True)
class _Run:
    """One question on its way."""

    engine: Engine
    asked: Question
    options: AskOptions
    clock: _Clock
    notes: tuple[str, ...] = ()

    def answered(self, agreement: Agreement, kept: Sequence[Sentence], numbering: Numbering) -> Answer:
        disagreements = _disagreements(agreement, numbering)
        answer = Answer(
            question=self.asked.typed,
            status="answered",
            reason="",
            answer=" ".join(with_marks(s.text, s.citations) for s in kept),
            short=_line(agreement.best.label) if agreement.best and self.asked.kind != "reason" else "",
            confidence=round(agreement.confidence, 4),
            sentences=tuple(kept),
            citations=numbering.all,
            disagreements=disagreements,
            model=self.engine.record(self.options.seed),
            fingerprint=self.engine.index.fingerprint,
            timings_ms=self.clock.laps(),
            notes=self.notes,
        )
        return self.engine.steps.finish(mark_stale(self.engine, answer))

    def refusal(self, hits: tuple[Hit, ...], reason: Reason, words: str, confidence: float = 0.0) -> Answer:
        answer = Answer(
            question=self.asked.typed,
            status="refused",
            reason=f"{reason}: {words}",
            answer="",
            short="",
            confidence=round(confidence, 4),
            sentences=(),
            citations=(),
            disagreements=(),
            model=self.engine.record(self.options.seed),
            fingerprint=self.engine.index.fingerprint,
            timings_ms=self.clock.laps(),
            nearest=hits[:3],
            notes=self.notes,
        )
        return self.engine.steps.finish(answer)


def mark_stale(engine: Engine, answer: Answer) -> Answer:
    """The answer with STALE_SOURCE on every sentence that cites a document whose file changed since it was indexed, and
    a note that names it."""
    cited = tuple(dict.fromkeys(c.document for c in answer.citations))
    stale = set(engine.index.stale(cited))
    if not stale:
        return answer
    old = {c.n for c in answer.citations if c.document in stale}
    sentences = tuple(
        replace(s, reasons=(*s.reasons, Reason.STALE_SOURCE)) if old & set(s.citations) else s for s in answer.sentences
    )
    notes = tuple(
        f"{path} changed on disk since it was indexed: run qa index {path}" for path in cited if path in stale
    )
    return replace(answer, sentences=sentences, notes=(*answer.notes, *notes))


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
