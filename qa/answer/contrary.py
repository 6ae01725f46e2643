"""Contradictions that code finds beside what the model read: another amount of the same thing, or a plain denial.

A reader gives one answer a passage, so it misses the second account in it, and a source whose passage it refused.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answer.counting import SHARED, amounts_of, answer_quantity
from qa.answer.instructions import plain_sentences
from qa.answer.locate import text_of
from qa.answer.negation import reverses
from qa.answer.quantities import same_value
from qa.answer.question import Question, assertion
from qa.answer.read import Reading
from qa.answer.words import content, coverage
from qa.types import Hit, Span

ABOUT = 0.75
"""Share of a yes/no question's content that a sentence (with its document's title) must have to deny it."""


def contrary(question: Question, best: Reading, hits: Sequence[Hit]) -> list[Reading]:
    """Readings of other independent sources that contradict the best one; each is certain enough to be shown."""
    others = [hit for hit in hits if hit.source.group != best.hit.source.group or question.kind == "yesno"]
    if question.kind == "number" and question.counted:
        return [r for hit in others for r in _other_amounts(question, best, hit)]
    if question.kind == "yesno" and best.text == "yes":
        return [r for hit in others for r in _denials(question, hit)]
    return []


def _other_amounts(question: Question, best: Reading, hit: Hit) -> Iterator[Reading]:
    """Sentences that count the thing and share with the best one what it is about."""
    known = set(content(best.evidence)) | set(question.content)
    value = answer_quantity(best)
    for sentence in plain_sentences(hit.passage):
        text = text_of(hit.passage, sentence)
        spans = amounts_of(question.counted[-1], text, sentence.start)
        if value is None or len(spans) != 1 or len(known & set(content(text))) < SHARED:
            continue
        reading = _reading(hit, text_of(hit.passage, spans[0]), spans[0], sentence)
        found = answer_quantity(reading)
        if found is not None and not same_value(value, found):
            yield reading


def _denials(question: Question, hit: Hit) -> Iterator[Reading]:
    claim = assertion(question.text)
    for sentence in plain_sentences(hit.passage):
        text = text_of(hit.passage, sentence)
        if coverage(claim, f"{text} {hit.source.title}") >= ABOUT and reverses(claim, text):
            yield _reading(hit, "no", sentence, sentence)


def _reading(hit: Hit, text: str, span: Span, sentence: Span) -> Reading:
    return Reading(hit, text, span, sentence, answerable=0.5, certainty=0.5)
