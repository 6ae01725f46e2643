"""Step four: sentences with the spans they rest on. Unchecked: nothing written here reaches a reader before step
five."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answer.agree import Agreement
from qa.answer.clusters import Cluster
from qa.answer.locate import text_of
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.answer.statements import statement
from qa.answer.words import content
from qa.corpus import sentences
from qa.models.seams import Request
from qa.resources import prompt
from qa.types import Cancel, Hit, Passage, Span, Token, never

if TYPE_CHECKING:
    from qa.answer.engine import Engine

MAX_SOURCES = 4
"""Cited for one sentence: more than a reader checks, fewer than hide the answer."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One span of one document that a sentence may cite."""

    hit: Hit
    span: Span

    @property
    def text(self) -> str:
        """The span's characters."""
        return text_of(self.hit.passage, self.span)

    @property
    def passage(self) -> Passage:
        """The passage that holds the span."""
        return self.hit.passage


@dataclass(frozen=True, slots=True)
class Draft:
    """One sentence before checking."""

    text: str
    evidence: tuple[Evidence, ...]
    fallback: Evidence | None
    """The source's own sentence, which replaces the draft when checking fails; None when the draft already is one."""


def write(engine: Engine, question: Question, agreement: Agreement, cancel: Cancel = never) -> Iterator[Draft | Token]:
    """Drafts for the best cluster. A capable generator writes prose, told as it comes; otherwise the evidence's own
    words are kept. Raises what the generator raises."""
    best = agreement.best
    if best is None:
        return
    drafts: list[Draft] = []
    if engine.generator.info.writes_prose:
        drafts = yield from _prose(engine, question, best, cancel)
    yield from drafts or _own_words(question, best)


def _evidence(reading: Reading) -> Evidence:
    if reading.sentence is None:
        raise ValueError("a reading without an answer has no evidence")
    return Evidence(reading.hit, reading.sentence)


def _own_words(question: Question, best: Cluster) -> list[Draft]:
    """One sentence: the question's own words with the value, where several sources give it; else the best source's
    sentence."""
    readings = best.by_source()[:MAX_SOURCES]
    first = _evidence(readings[0])
    claim = _short_claim(question, best)
    if claim and len(readings) > 1:
        return [Draft(claim, tuple(_evidence(r) for r in readings), first)]
    return [Draft(tidy(first.text), (first,), None)]


def _short_claim(question: Question, best: Cluster) -> str:
    """`100 Marines were sent.` Only for forms of question whose statement is sound grammar."""
    if question.kind == "number" and re.match(
        r"how many \w+(?: \w+){0,3} (?:is|are|was|were|has|have|had) ", question.text.strip(), re.I
    ):
        return statement(question.text, best.label)
    if (
        question.kind == "person"
        and re.match(r"who (?:is|was|\w+ed)\b ", question.text.strip(), re.I)
        and re.match(r"[A-Z]", best.label)
    ):
        return statement(question.text, best.label)
    return ""


def tidy(sentence: str) -> str:
    """A source's sentence as it is shown in an answer: one line, without a list mark."""
    return re.sub(r"^(?:[-*•●▪–]|\d{1,2}[.)])\s+", "", " ".join(sentence.split()))


def _prose(engine: Engine, question: Question, best: Cluster, cancel: Cancel) -> Generator[Token, None, list[Draft]]:
    """What the generator writes from numbered evidence, cut into sentences; marks that point nowhere are dropped with
    their sentence."""
    evidence = [_evidence(r) for r in best.by_source()[:MAX_SOURCES]]
    task = prompt("write")
    listed = "\n".join(f"[{n}] {' '.join(e.text.split())}" for n, e in enumerate(evidence, 1))
    request = Request(task.system, task.fill(question=question.text, evidence=listed), max_tokens=160)
    text = ""
    for piece in engine.generator.stream(request, cancel):
        text += piece
        yield Token(piece)
    return [d for span in sentences.split(text) if (d := _marked(text[span.start : span.end], evidence))]


_MARK = re.compile(r"\s*\[(\d{1,2}(?:\s*,\s*\d{1,2})*)\]")


def _marked(sentence: str, evidence: Sequence[Evidence]) -> Draft | None:
    numbers = [int(n) for group in _MARK.findall(sentence) for n in group.split(",")]
    bare = " ".join(_MARK.sub("", sentence).split())
    if not content(bare) or any(not 1 <= n <= len(evidence) for n in numbers):
        return None
    cited = tuple(evidence[n - 1] for n in dict.fromkeys(numbers)) or tuple(evidence)
    return Draft(bare, cited, cited[0])
