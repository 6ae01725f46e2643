"""Contradictions that grammar finds beside what the model read: another doer of the same deed, or a plain denial.

A reader gives one answer a passage, so it misses the second account in it, and a source whose passage it refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answer.assertions import assertion, denial
from qa.answer.clauses import Predicate, clauses, sentences
from qa.answer.instructions import plain_sentences
from qa.answer.locate import text_of
from qa.answer.names import names
from qa.answer.negation import reverses
from qa.answer.occasion import parted
from qa.answer.opposites import POLE
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.answer.words import content, coverage
from qa.types import Hit, Span

ABOUT = 0.75
"""Share of a yes/no question's content that a sentence (with its document's title) must have to deny it."""
ABOUT_DENIED = 0.85
"""The same for a sentence that asserts it against a "no": any sentence that merely mentions all of it would do."""


def contrary(question: Question, best: Reading, hits: Sequence[Hit]) -> list[Reading]:
    """Readings of other independent sources that contradict the best one; each is certain enough to be shown."""
    others = [hit for hit in hits if hit.source.group != best.hit.source.group or question.kind == "yesno"]
    if question.kind == "person":
        found = [r for hit in others for r in _other_doers(question, best, hit)]
    elif question.kind == "yesno":
        found = [r for hit in others for r in _denials(question, best, hit)]
    else:
        found = []
    return [r for r in found if not parted(question, best, r)]


def _other_doers(question: Question, best: Reading, hit: Hit) -> Iterator[Reading]:
    """Sentences in which another name does to the same what the best reading's does."""
    label = set(content(best.text))
    deeds = [p for p in _verbs(best.evidence) if p.agents & label and p.root in question.content]
    for sentence in plain_sentences(hit.passage) if deeds else ():
        text = text_of(hit.passage, sentence)
        for name in names(text) if not label & set(content(text)) else ():
            stems = set(content(name))
            if not any(_same_deed_of(p, q, stems) for p in deeds for q in _verbs(text)):
                continue
            at = sentence.start + text.index(name) if name in text else -1
            if at >= 0:
                yield _reading(hit, name, Span(at, at + len(name)), sentence)


def _same_deed_of(p: Predicate, q: Predicate, name: set[str]) -> bool:
    return p.root == q.root and q.sign == p.sign and bool(q.agents & name) and bool(p.patients & q.patients)


def _verbs(text: str) -> list[Predicate]:
    return [p for s in sentences(text) for c in clauses(s) for p in c.predicates if p.kind == "verb"]


def _denials(question: Question, best: Reading, hit: Hit) -> Iterator[Reading]:
    """Sentences that deny what a "yes" asserts, or what a "no" denies."""
    asserted = assertion(question.text)
    claim, word = (asserted, "no") if best.text == "yes" else (denial(question.text), "yes")
    for sentence in plain_sentences(hit.passage):
        text = text_of(hit.passage, sentence)
        about = coverage(_unopposed(asserted, text), f"{text} {hit.source.title}")
        if about >= (ABOUT if word == "no" else ABOUT_DENIED) and reverses(claim, text):
            yield _reading(hit, word, sentence, sentence)


def _unopposed(claim: str, text: str) -> str:
    """The claim's words less those of which the text has the opposite: "closed" tells of what is "open"."""
    poles = {(name, -side) for name, side in (POLE[w] for w in content(text) if w in POLE)}
    return " ".join(w for w in content(claim) if POLE.get(w) not in poles)


def _reading(hit: Hit, text: str, span: Span, sentence: Span) -> Reading:
    return Reading(hit, text, span, sentence, answerable=0.5, certainty=0.5)
