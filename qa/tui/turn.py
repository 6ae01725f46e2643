"""One turn of a conversation as it is shown: a frozen state, and pure functions that carry it from event to event."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from qa.answer.followup import Turn
from qa.types import (
    Answer,
    Citation,
    Done,
    Drafted,
    Event,
    Hit,
    ModelRecord,
    Reason,
    Retrieved,
    Sentence,
    Token,
    Verdict,
    Verified,
)

Kind = Literal["ask", "summarize", "verify"]
Phase = Literal["queued", "running", "done", "stopped", "failed"]
FINAL: frozenset[Phase] = frozenset({"done", "stopped", "failed"})


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence as shown: a draft until it has a verdict."""

    text: str
    citations: tuple[int, ...] = ()
    verdict: Verdict | None = None
    """None: not checked yet."""
    reasons: tuple[Reason, ...] = ()
    dropped: bool = False
    """Checked, found wanting, and not part of the answer; shown struck out until the answer is done."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a citation, or a passage that came near, stands in a document."""

    n: int
    document: str
    title: str
    publisher: str
    date: str
    page: int | None
    start: int
    end: int
    quote: str
    verdict: Verdict | None = None
    """None: a passage that was found, not a citation."""

    @property
    def label(self) -> str:
        """How a person names the source."""
        return self.publisher or self.title or self.document


@dataclass(frozen=True, slots=True)
class TurnState:
    """All that is shown of one turn."""

    question: str
    kind: Kind = "ask"
    asked: str = ""
    """The question that was put to the documents, when it is not ``question`` itself."""
    phase: Phase = "queued"
    found: tuple[Place, ...] = ()
    """Passages that the search found; of a refusal, those that came nearest."""
    writing: str = ""
    """What the model has written beyond the last whole sentence."""
    lines: tuple[Line, ...] = ()
    citations: tuple[Citation, ...] = ()
    answer: Answer | None = None
    error: str = ""
    dropped: int = 0
    """Sentences that checking took out."""
    searched: int = 0
    """Documents in the index when it was asked."""
    id: int = 0
    """Given by the sessions store; 0 before."""

    @property
    def refused(self) -> bool:
        """Whether the documents do not say."""
        return self.answer is not None and self.answer.status == "refused"

    @property
    def places(self) -> tuple[Place, ...]:
        """What the turn's ``[n]`` open: its citations, or the nearest passages of a refusal."""
        if self.citations or not self.refused:
            return tuple(cited(citation) for citation in self.citations)
        return self.found

    def place(self, n: int) -> Place | None:
        """What ``[n]`` opens, or None."""
        return next((place for place in self.places if place.n == n), None)


def cited(citation: Citation) -> Place:
    """The place that a citation points to."""
    c = citation
    return Place(c.n, c.document, c.title, c.publisher, c.date, c.page, c.start, c.end, c.quote, c.verdict)


def found(hits: Sequence[Hit]) -> tuple[Place, ...]:
    """Retrieved passages as places, numbered from 1."""
    return tuple(_found(n, hit) for n, hit in enumerate(hits, 1))


def _found(n: int, hit: Hit) -> Place:
    passage, source = hit.passage, hit.source
    title, publisher, date = source.title, source.publisher, source.date
    return Place(n, passage.document, title, publisher, date, passage.page, passage.start, passage.end, passage.text)


def advance(state: TurnState, event: Event) -> TurnState:
    """The state after one event of the pipeline."""
    match event:
        case Retrieved(hits):
            return replace(state, found=found(hits))
        case Token(text):
            return replace(state, writing=state.writing + text)
        case Drafted(index, sentence, citations):
            lines = _put(state.lines, index, Line(sentence.text, sentence.citations))
            return replace(state, lines=lines, citations=citations, writing="")
        case Verified(index, sentence, citations, reasons):
            return _verified(state, index, sentence, citations, reasons)
        case Done(answer):
            return done(state, answer)


def _verified(
    state: TurnState,
    index: int,
    sentence: Sentence | None,
    citations: tuple[Citation, ...],
    reasons: tuple[Reason, ...],
) -> TurnState:
    if sentence is None:
        draft = state.lines[index] if index < len(state.lines) else Line("")
        line = replace(draft, verdict="unsupported", reasons=reasons, dropped=True)
    else:
        line = _checked(sentence)
    lines = _put(state.lines, index, line)
    return replace(state, lines=lines, citations=citations, dropped=sum(line.dropped for line in lines))


def _checked(sentence: Sentence) -> Line:
    return Line(sentence.text, sentence.citations, sentence.verdict, sentence.reasons)


def _put(lines: tuple[Line, ...], index: int, line: Line) -> tuple[Line, ...]:
    padded = lines + (Line(""),) * (index + 1 - len(lines))
    return (*padded[:index], line, *padded[index + 1 :])


def done(state: TurnState, answer: Answer) -> TurnState:
    """The state when the answer stands: what it holds replaces everything shown before."""
    return replace(
        state,
        phase="done",
        writing="",
        answer=answer,
        lines=tuple(_checked(sentence) for sentence in answer.sentences),
        citations=answer.citations,
        found=found(answer.nearest) or state.found,
    )


def stopped(state: TurnState) -> TurnState:
    """The state when the user stops the answer: verified sentences stay, drafts go."""
    lines = tuple(line for line in state.lines if line.verdict and not line.dropped)
    used = {n for line in lines for n in line.citations}
    citations = tuple(citation for citation in state.citations if citation.n in used)
    answer = partial_answer(state, lines, citations) if lines else None
    return replace(state, phase="stopped", writing="", lines=lines, citations=citations, answer=answer)


def failed(state: TurnState, error: str) -> TurnState:
    """The state when making the answer failed: what was verified stays, above the error."""
    return replace(stopped(state), phase="failed", error=error)


def partial_answer(state: TurnState, lines: Sequence[Line], citations: tuple[Citation, ...]) -> Answer:
    """The verified sentences of an answer that was not finished, as an answer of their own."""
    sentences = tuple(
        Sentence(line.text, line.citations, line.verdict or "unsupported", line.reasons) for line in lines
    )
    text = " ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in sentences)
    model = ModelRecord("", "", "", "", "", 0)
    return Answer(
        question=state.asked or state.question,
        status="answered",
        reason="",
        answer=text,
        short="",
        confidence=0.0,
        sentences=sentences,
        citations=citations,
        disagreements=(),
        model=model,
        fingerprint="",
        notes=("stopped before it was finished",),
    )


def history(states: Sequence[TurnState]) -> tuple[Turn, ...]:
    """The turns that a follow-up question may lean on, oldest first."""
    return tuple(Turn(s.asked or s.question, _said(s)) for s in states if s.kind != "verify" and s.phase in FINAL)


def _said(state: TurnState) -> str:
    return "" if state.refused else " ".join(line.text for line in state.lines if not line.dropped)
