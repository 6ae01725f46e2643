"""Whether two readings that differ tell of one thing: values of another day, of another's doing, or of a part do not
contradict each other."""

from __future__ import annotations

import re

from qa.answer.names import names
from qa.answer.quantities import Quantity, agrees, quantities, same_value
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.answer.words import content, fold, is_demonym

_PHRASE = re.compile(r"[,;:()]\s|\b(?:and|but|while|whereas)\b")
_MAGNITUDES = frozenset(
    ("dozens", "hundreds", "thousands", "tens of thousands", "hundreds of thousands", "millions", "billions")
)
_REGIONS = re.compile(
    r"\b(?:province|state|region|county|country|district|island|republic|north|south|east|west)\b", re.I
)

_TIMES = frozenset(
    content(
        """Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April June July August
        September October November December day night morning evening week month year today yesterday"""
    )
)
"""Stems that say when, and are no places though "on" stands before them. Without "may": more often no month."""


def parted(question: Question, a: Reading, b: Reading) -> bool:
    """Whether the two may both be right: told of other days, of another name, or one inside the other."""
    ever = question.kind == "yesno" and any(_NEVER.search(r.evidence) for r in (a, b))
    days = ((r.evidence, r.hit.source.date) for r in (a, b))
    if question.kind != "time" and not ever and other_day(*days):
        return True
    if question.kind == "place" and _one_inside(a.text, b.text):
        return True
    if question.kind in ("number", "time") and not _comparable(question, a, b):
        return True
    if question.kind in ("number", "time") and (_elsewhere(question, a, b) or _elsewhere(question, b, a)):
        return True
    return question.kind != "yesno" and (_of_another(question, a) or _of_another(question, b))


def _comparable(question: Question, a: Reading, b: Reading) -> bool:
    """Whether both values are of one kind, so far as they tell it: no share contradicts a sum, and no hour a month."""
    kinds = [
        {q.kind for q in quantities(r.text, r.hit.source.date)} & (_SCALES if question.kind == "number" else _WHEN)
        for r in (a, b)
    ]
    return not all(kinds) or bool(kinds[0] & kinds[1])


_SCALES = frozenset(("money", "measure", "percent", "clock"))
_WHEN = frozenset(("clock", "date"))


def _elsewhere(question: Question, here: Reading, there: Reading) -> bool:
    """Whether the one tells of a name that was asked about, and the other of none of these, but of another place:
    "nine were hurt on the quay at Port Venn" and "31 in front of the Diet"."""
    asked = set(content(" ".join(question.names)))
    known = set(content(f"{question.text} {here.evidence}"))
    surroundings = set(content(f"{there.before} {there.evidence} {there.hit.source.title}"))
    places = set(content(" ".join(_PLACED.findall(there.evidence)))) - _TIMES
    return bool(asked & set(content(here.evidence)) and not asked & surroundings and places and not places & known)


_NEVER = re.compile(r"\bnever\b", re.I)
"""What denies for all days, whatever day stands beside it."""
_PLACED = re.compile(r"\b(?:in|at|on|near|off|outside) (?:the )?((?:[A-Z][\w'’-]*)(?: [A-Z][\w'’-]*)*)")


def other_day(a: tuple[str, str], b: tuple[str, str]) -> bool:
    """Whether two sentences, each with the ISO day of its document, have one date each, and not the same. One with
    several dates decides nothing: which of them belongs to the value is not known."""
    left, right = (
        [q for q in quantities(text, day) if q.kind == "date" and q.day != (None, None, None)] for text, day in (a, b)
    )
    return len(left) == len(right) == 1 and not (agrees(left[0], right[0]) or agrees(right[0], left[0]))


def _one_inside(a: str, b: str) -> bool:
    """Whether one place is a country or a region and the other is not: a town lies in it, as far as we know."""
    wide = [_wide(text) for text in (a, b)]
    return wide[0] != wide[1]


def _wide(place: str) -> bool:
    return bool(_REGIONS.search(place)) or any(is_demonym(word) for word in fold(place).split())


def _of_another(question: Question, reading: Reading) -> bool:
    """Whether the value stands in a phrase about another name than the one asked of, which stands elsewhere in its
    sentence: "Meyer got 4,120 votes and Harlan came first"."""
    if (
        not question.names
        or reading.span is None
        or reading.sentence is None
        or question.kind not in ("number", "time")
    ):
        return False
    text, at = reading.evidence, reading.span.start - reading.sentence.start
    start = max((m.end() for m in _PHRASE.finditer(text, 0, max(0, at))), default=0)
    end = next((m.start() for m in _PHRASE.finditer(text, at)), len(text))
    asked = set(content(" ".join(question.names)))
    here, named = set(content(text[start:end])), set(content(" ".join(names(f"the {text[start:end]}"))))
    return bool(asked & set(content(text))) and not asked & here and bool(named - asked)


def differ(a: Quantity, b: Quantity) -> bool:
    """Whether a reader would want to see both amounts: not when one rounds the other or is a magnitude around it."""
    if same_value(a, b):
        return False
    if (a.kind == "vague") == (b.kind == "vague"):
        return True
    vague, exact = (a, b) if a.kind == "vague" else (b, a)
    return vague.text not in _MAGNITUDES or not vague.low <= exact.low <= vague.high
