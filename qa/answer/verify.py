"""Any text against the documents: for each sentence the spans that support it, or the nearest span and what it
contradicts."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answer.check import nearest_sentences, premise_of
from qa.answer.checks import Finding, judge
from qa.answer.cite import Numbering, unmarked, with_marks
from qa.answer.engine import DEFAULTS, AskOptions, Engine
from qa.answer.words import content
from qa.answer.write import Evidence, tidy
from qa.corpus import sentences as splitter
from qa.errors import InputError
from qa.types import Answer, Cancel, Done, Drafted, Event, Hit, Reason, Sentence, Span, Verified, never

_MARKS = re.compile(r"\s*\[\d{1,3}(?:\s*,\s*\d{1,3})*\]")
CANDIDATES = 6
"""Single sentences tried for one claim; the best three are tried again together with the sentence after them."""


def verify(engine: Engine, text: str, options: AskOptions = DEFAULTS, cancel: Cancel = never) -> Iterator[Event]:
    """Check every sentence of ``text``; citation marks like ``[1]`` in it are ignored.

    Yields ``Drafted`` and ``Verified`` a sentence, then ``Done``, whose answer holds the text's sentences with
    verdicts: of an unsupported one, the citation is the nearest span, marked unsupported. Raises ``InputError`` when
    the text has no sentence.
    """
    started = time.perf_counter()
    claims = _claims(text)
    if not claims:
        raise InputError("there is no sentence to verify", "give a file with text, or - for standard input")
    numbering = Numbering()
    done: list[Sentence] = []
    for index, claim in enumerate(claims):
        if cancel():
            break
        yield Drafted(index, Sentence(claim, (), "unsupported"), numbering.all)
        sentence = _verified(engine, claim, options, numbering)
        done.append(sentence)
        yield Verified(index, sentence, numbering.all, sentence.reasons)
    stopped = [f"stopped after {len(done)} of {len(claims)} sentences"] if len(done) < len(claims) else []
    elapsed = round(1000 * (time.perf_counter() - started), 1)
    yield Done(
        replace(_report(engine, options, done, numbering), timings_ms={"total": elapsed}, notes=engine.notes(*stopped))
    )


def _claims(text: str) -> list[str]:
    bare = _MARKS.sub("", text)
    claims = (unmarked(tidy(bare[s.start : s.end])) for s in splitter.split(bare))
    return [c for c in claims if content(c)]


def _verified(engine: Engine, claim: str, options: AskOptions, numbering: Numbering) -> Sentence:
    hits = tuple(engine.steps.search(engine, claim[:1000], options))
    evidence, finding = best_support(engine, claim, hits)
    if evidence is None:
        return Sentence(claim, (), "unsupported", (Reason.NO_EVIDENCE,))
    number = numbering.cite(evidence, finding.verdict)
    return Sentence(claim, (number,), finding.verdict, finding.reasons, finding.support)


def best_support(engine: Engine, claim: str, hits: Sequence[Hit]) -> tuple[Evidence | None, Finding]:
    """The span of the hits that supports the claim best; of equally poor ones the nearest in wording. None when no word
    is shared."""
    singles = nearest_sentences(claim, hits, limit=CANDIDATES)
    if not singles:
        return None, Finding("unsupported", (Reason.NO_EVIDENCE,))
    best = _best(engine, claim, singles)
    if best[1].verdict != "supported" and (wider := [w for e in singles[:3] for w in _wider(e)]):
        best = max(best, _best(engine, claim, wider), key=lambda pair: pair[1].rank)
    return best


def _best(engine: Engine, claim: str, evidence: Sequence[Evidence]) -> tuple[Evidence, Finding]:
    findings = judge(engine.checker, [(claim, premise_of(e)) for e in evidence])
    # max keeps the first of equals, and the candidates come nearest first.
    return max(zip(evidence, findings, strict=True), key=lambda pair: pair[1].rank)


def _wider(evidence: Evidence) -> list[Evidence]:
    """The sentence with the one before and the one after it."""
    spans = evidence.passage.sentences
    at = spans.index(evidence.span)
    return [
        Evidence(evidence.hit, Span(spans[a].start, spans[b].end))
        for a, b in ((at - 1, at), (at, at + 1))
        if a >= 0 and b < len(spans)
    ]


def _report(engine: Engine, options: AskOptions, done: Sequence[Sentence], numbering: Numbering) -> Answer:
    supported = sum(s.verdict == "supported" for s in done)
    return Answer(
        question="",
        status="answered",
        reason="",
        answer=" ".join(with_marks(s.text, s.citations) for s in done),
        short=f"{supported} of {len(done)} sentences supported",
        confidence=round(supported / max(1, len(done)), 4),
        sentences=tuple(done),
        citations=numbering.all,
        disagreements=(),
        model=engine.record(options.seed),
        fingerprint=engine.index.fingerprint,
    )
