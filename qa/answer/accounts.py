"""Other accounts: amounts and times that other sources give in sentences that tell of the same thing.

A reader that was taught to refuse also refuses the second account of a matter when it is worded otherwise. So here
nearness of meaning proposes, and two others only have to leave it open: the reader must not be certain that the passage
says nothing, and the checker must find that the sentence bears the claim (``agree``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING

from qa.answer.counting import PARTITIVE, amount_of, things_of
from qa.answer.instructions import plain_sentences
from qa.answer.locate import text_of
from qa.answer.occasion import differ, parted
from qa.answer.quantities import Quantity, quantities, same_value
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.types import Hit, Span

if TYPE_CHECKING:
    from qa.models.seams import Embedder

NEAR = 0.8
"""Cosines of a sentence with the question and with the best answer's sentence, together, from which both tell of one
thing. With the checker's word 28 of 35 second accounts of numbers passed, and 1 of 16 numbers of other things."""
LEAST = 0.01
"""Probability that a passage holds an answer, below which the reader is certain that it holds none."""
VERY_NEAR = 1.2
"""Nearness from which that does not count: the sentence is the other's in other words."""
_TIMES = ("date", "clock", "ordinal")
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day(?:$| (?:morning|afternoon|evening|night))", re.I)
_OF_THE = re.compile(r"\bof (?:the|its|their|his|her|those|these)\s+$", re.I)

Nearness = Callable[[Sequence[str]], Sequence[float]]
"""Of sentences: how near each is to the question and to the best answer's sentence, from -2 to 2."""


def nearness(embedder: Embedder, question: Question, best: Reading) -> Nearness:
    """Sums of the two cosines, by the embedder that searches."""

    def near(sentences: Sequence[str]) -> list[float]:
        if not sentences:
            return []
        vectors = embedder.encode([" ".join(text.split()) for text in (question.text, best.evidence, *sentences)])
        return [float(sum(pair)) for pair in vectors[2:] @ vectors[:2].T]

    return near


def accounts(question: Question, best: Reading, readings: Sequence[Reading], near: Nearness) -> list[Reading]:
    """Readings of other values in sentences near to the best one's, from passages of other independent sources;
    nearest first."""
    values = _values(question, best)
    others = [r for r in readings if r.hit.source.group != best.hit.source.group]
    found = [r for reading in others if values for r in _others(question, best, values, reading)]
    shares = zip(found, near([r.evidence for r in found]), strict=True)
    told = [(r, share) for r, share in shares if share >= (NEAR if r.answerable >= LEAST else VERY_NEAR)]
    return [r for r, _ in sorted(told, key=lambda pair: -pair[1]) if not parted(question, best, r)]


def _values(question: Question, best: Reading) -> list[Quantity]:
    if question.kind != "time":
        told = amount_of(question, best)
        return [told] if told else []
    return [q for q in quantities(best.text, best.hit.source.date) if q.kind in _TIMES]


def _others(question: Question, best: Reading, values: Sequence[Quantity], reading: Reading) -> Iterator[Reading]:
    """Of each sentence that gives none of the values the one amount or time that could be another of them."""
    alike = partial(_same_time, values) if question.kind == "time" else partial(_same_amount, question, best, values[0])
    for sentence in plain_sentences(reading.hit.passage):
        text = text_of(reading.hit.passage, sentence)
        given = quantities(text, reading.hit.source.date)
        if any(same_value(value, one) for value in values for one in given):
            continue
        fitting = [q for q in given if alike(q, text)]
        if len(fitting) == 1 and all(differ(value, fitting[0]) for value in values):
            yield _reading(reading.hit, fitting[0], sentence, reading.answerable)


def _same_time(values: Sequence[Quantity], other: Quantity, _text: str) -> bool:
    """Whether a time is of the same kind, and a day told as those are: no hour contradicts a day, and a bare weekday no
    date, as nobody knows which week it is of."""
    return any(other.kind == value.kind and _is_weekday(other) == _is_weekday(value) for value in values)


def _is_weekday(time: Quantity) -> bool:
    return _WEEKDAY.match(time.text) is not None


def _same_amount(question: Question, best: Reading, value: Quantity, other: Quantity, text: str) -> bool:
    """Whether an amount counts or measures the same, so far as what stands behind it tells; both as a part, or both as
    a whole."""
    if _OF_THE.search(text[: other.span.start]) or _is_part(text, other) != _is_part(best.evidence, value):
        return False
    counts = {value.kind, other.kind} <= {"number", "vague"}
    things = things_of(text, other)
    shared = bool(things & things_of(best.evidence, value)) or (counts and bool(things & question.counted))
    return (counts and shared) or (value.kind == other.kind and (shared or value.kind == "percent"))


def _is_part(text: str, amount: Quantity) -> bool:
    """Whether an amount is told as a part, which contradicts no whole: "ninety of the people", but not "scores of its
    people"."""
    return amount.kind != "vague" and PARTITIVE.match(text, amount.span.end) is not None


def _reading(hit: Hit, value: Quantity, sentence: Span, answerable: float) -> Reading:
    span = Span(sentence.start + value.span.start, sentence.start + value.span.end)
    return Reading(hit, text_of(hit.passage, span), span, sentence, answerable, certainty=0.5)
