"""Readings that give one answer, brought together, and how much each counts."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.counting import amount_of, answer_quantity, counts_what_is_asked
from qa.answer.occasion import differ
from qa.answer.quantities import is_currency, quantities, same_value
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.answer.words import content, coverage, fold

_IN_UNITS = re.compile(r"\bhow (?:long|often|far|much|deep|high|tall|wide|thick|fast|soon|heavy)\b")
"""Asks for what a number does not answer by itself: two nights, six times, 300 cubic metres."""
_PRONOUN = re.compile(r"\b(?:he|she|it|they|his|her|its|their|him|them)\b", re.I)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Readings that give the same answer, strongest first."""

    label: str
    readings: tuple[Reading, ...]
    score: float
    vague: bool = False
    """Whether the answer is an amount without a number ("scores"): it never outvotes a number."""

    @property
    def sources(self) -> int:
        """How many independent sources give it: near-copies count once."""
        return len({reading.hit.source.group for reading in self.readings})

    def by_source(self) -> list[Reading]:
        """The strongest reading of each independent source, strongest first."""
        seen: dict[str, Reading] = {}
        for reading in self.readings:
            seen.setdefault(reading.hit.source.group, reading)
        return list(seen.values())


def strength(question: Question, reading: Reading) -> float:
    """How much one reading counts: its probability, its place among the hits, and whether its sentence is about what
    was asked. What a number counts weighs little: of held-out readings that a reader was sure of, 72 of 86 that count
    another thing by their words were right, and 370 of 440 others."""
    share = about(question, reading)
    place = min((rank.place for rank in reading.hit.ranks.values()), default=1)
    return (
        reading.answerable
        * (0.4 + 0.6 * share)
        * (1.0 / (1.0 + 0.05 * (place - 1)))
        * math.sqrt(counts_what_is_asked(question, reading))
    )


def about(question: Question, reading: Reading) -> float:
    """Share of the question's content that the bearing sentence, or its document's title, has; and the sentence before
    it where a pronoun leans on that. What the checker holds of it where that is more: it reads other words, too."""
    leaned_on = reading.before if _PRONOUN.search(reading.evidence) else ""
    evidence = f"{leaned_on} {reading.evidence} {reading.hit.source.title}"
    share = coverage(" ".join(question.content), evidence) if question.content else 1.0
    return max(share, reading.borne or 0.0)


def clusters(question: Question, weighted: Sequence[tuple[Reading, float]]) -> list[Cluster]:
    """Weighted readings in groups of equal answers, in the order of their strongest."""
    groups: list[list[tuple[Reading, float]]] = []
    for item in sorted(weighted, key=lambda pair: -pair[1]):
        for group in groups:
            if same(question, group[0][0], item[0]):
                group.append(item)
                break
        else:
            groups.append([item])
    return [_cluster(question, group) for group in groups]


def _cluster(question: Question, group: Sequence[tuple[Reading, float]]) -> Cluster:
    by_source: dict[str, float] = {}
    for reading, weight in group:
        key = reading.hit.source.group
        by_source[key] = max(by_source.get(key, 0.0), weight)
    quantity = answer_quantity(group[0][0]) if question.kind == "number" else None
    return Cluster(
        _clearest(question, [r for r, _ in group]),
        tuple(r for r, _ in group),
        sum(by_source.values()),
        bool(quantity and quantity.kind == "vague"),
    )


def _clearest(question: Question, readings: Sequence[Reading]) -> str:
    """The strongest reading's value, in digits where any reading of the cluster has digits."""
    labels = [label(question, reading) for reading in readings]
    if question.kind != "number":
        return labels[0]
    return next((one for one in labels if one[:1].isdigit()), labels[0])


def label(question: Question, reading: Reading) -> str:
    """The bare value a person would say: the number alone where a count was asked, else the answer as read."""
    if question.kind == "number":
        quantity = answer_quantity(reading)
        bare = () if _IN_UNITS.search(fold(question.text)) else ("number", "vague")
        if quantity is not None and quantity.kind in ("percent", "money", *bare):
            return quantity.text if quantity.kind != "money" else _with_currency(quantity.text, reading.text)
    return reading.text.strip().strip(".,;:")


def _with_currency(amount: str, text: str) -> str:
    """A sum and the currency that stands behind it in the answer: "4 million crowns"."""
    currency = re.match(r" [^\W\d_]+", text.partition(amount)[2])
    return f"{amount}{currency.group()}" if currency and is_currency(currency.group().strip()) else amount


def same(question: Question, a: Reading, b: Reading) -> bool:
    """Whether two readings give one answer, however it is written."""
    if question.kind == "yesno":
        return a.text == b.text
    left, right = amount_of(question, a), amount_of(question, b)
    if left is not None and right is not None:
        return not differ(left, right)
    if question.kind == "number" and (left or right):
        return False
    if question.kind == "time":
        left_days, right_days = (quantities(r.text, r.hit.source.date) for r in (a, b))
        if left_days and right_days:
            return any(same_value(x, y) for x in left_days for y in right_days)
    return _same_words(a.text, b.text)


def _same_words(a: str, b: str) -> bool:
    left, right = set(content(a)), set(content(b))
    if not left or not right:
        return fold(a) == fold(b)
    return len(left & right) / min(len(left), len(right)) >= 0.6
