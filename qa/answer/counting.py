"""Numbers read out of passages: of the right thing, or moved to it, or marked down."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace
from decimal import Decimal

from qa.answer.locate import text_of
from qa.answer.quantities import Quantity, quantities
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.answer.units import following, noun_of
from qa.answer.unnumbered import told_without_number
from qa.answer.words import content, fold
from qa.types import Span

_MONEY = re.compile(
    r"\b(?:cost|price|fine|salary|wage|fee|budget|how much money"
    r"|how much (?:did|does|do|was|were|is|are|has|have|will|would) .*\b"
    r"(?:pay|paid|spend|spent|earn|earned|cost|worth|fined|owe|owed|charge|charged|donate|donated|invest|invested))\b"
)
_POPULATION = re.compile(r"\bpopulation of\b")
_AGE_BEFORE = re.compile(r"(?:[,(]|\b(?:aged?|age of|is|was|turns|turned|turning|be|being|at))\s*$", re.I)
_AGED = re.compile(r"\b(?:aged?|(?:in )?ages?(?: of| from| between)?|turn(?:s|ed|ing)?)\s*$", re.I)
_OF_YEARS = re.compile(r"\ban? (?:[\w-]+ ){0,3}(?P<who>\w+) of\s*$", re.I)
_AND_OVER = re.compile(r"\s(?:and|or) (?:over|older|above|up|under|younger)\b", re.I)
_GROUPS = frozenset(
    """team group crew squad party family class staff panel jury band committee board force unit contingent detachment
    company convoy fleet choir cast audience congregation delegation army list set series total average maximum minimum
    majority minority number score vote""".split()
)
"""Of which a number behind "of" says how many they are: a man of thirty, a team of thirty."""
_BARRED: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (_POPULATION, ("measure", "money", "percent", "clock")),
    (re.compile(r"\bwhat (?:\w+ )?(?:share(?! price)|percentage|percent|proportion)\b"), ("money", "measure", "clock")),
    (re.compile(r"\bhow (?:far|deep)\b"), ("money", "clock")),
    (re.compile(r"\b(?:how (?:long|old|tall|wide|heavy)|height|length|depth|width|weight|distance)\b"),
     ("money", "percent", "clock")),
)  # fmt: skip
"""What is asked, and the kinds of amounts that tell nothing of it. How far something fell may be told as a share; how
high it is may be told of a fee."""
_DIMENSIONS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (re.compile(r"\bhow (?:old|often)\b"), ("duration", "months")),
    (re.compile(r"\bhow (?:tall|wide|deep|thick)\b|\b(?:height|width|depth) of\b"), ("length",)),
    (re.compile(r"\bhow (?:long|far)\b|\b(?:length|distance) (?:of|between|from)\b"), ("length", "duration", "months")),
    (re.compile(r"\bweight of\b"), ("mass",)),
)
"""What is asked, and the kinds of measures that may tell it: no embassy is 104 acres old."""
_UNNAMED = ("those", "these", "them", "whom")
OF_PART = 3
"""Content words behind "of the" that may name what a part is of: "12 of the 30 fire doors"."""
UNIT = 2
"""Content words beside an amount, at most, in an answer that is an amount and nothing else: "euros a share"."""
_ONE_OR_NONE = re.compile(
    r"(?:(?:only|just|exactly|at most|at least) )?(?:(?P<one>one|a single|single)|none|no one|nobody|zero|nil)(?![\w-])"
)
_SCALES = ("money", "measure", "percent")
PARTITIVE = re.compile(r"\s+of\s+(?:the|its|their|his|her|those|these|them|whom)\b", re.I)
"""Behind an amount of a part: "two of the four thieves"."""


def answer_quantity(reading: Reading) -> Quantity | None:
    """The first amount in the reading's span, with the unit that stands after it in the sentence; None when it holds
    none."""
    if reading.span is None or reading.sentence is None:
        return None
    start = reading.span.start - reading.sentence.start
    end = reading.span.end - reading.sentence.start
    inside = [
        q
        for q in quantities(reading.evidence, reading.hit.source.date)
        if start <= q.span.start < end or q.span.start <= start < q.span.end
    ]
    return next((q for q in inside if q.kind not in ("date", "ordinal")), None) or _one_or_none(reading, start)


def _one_or_none(reading: Reading, start: int) -> Quantity | None:
    """ "One" and "none" where they are the answer: elsewhere they are more often pronouns than counts."""
    told = _ONE_OR_NONE.match(fold(reading.text))
    if told is None:
        return None
    value, end = Decimal(told["one"] is not None), start + told.end()
    unit = noun_of(following(fold(reading.evidence), end))
    return Quantity("number", value, value, reading.text[: told.end()], Span(start, end), unit=unit, written=value)


def amount_of(question: Question, reading: Reading) -> Quantity | None:
    """The amount that the reading answers with; None where it is no such answer. A question of no known kind asks for
    a sum, a measure or a share where the answer is nothing else ("What fine did it get?")."""
    if question.kind == "number":
        return answer_quantity(reading)
    found = answer_quantity(reading) if question.kind == "other" else None
    if found is None or found.kind not in _SCALES:
        return None
    return found if len(content(reading.text.replace(found.text, " ", 1))) <= UNIT else None


def counted(question: Question, reading: Reading) -> Reading:
    """The reading moved to the amount that counts what is asked, where it took another thing's or none at all.

    "Two gunships and a small contingent of Marines" does not say "two" to "how many Marines". Only when the sentence
    has exactly one such amount: of four held-out readings that another sentence's amount would have replaced two were
    spoilt and none was mended.
    """
    if question.kind != "number" or not question.counted or reading.sentence is None:
        return reading
    taken = answer_quantity(reading)
    if taken is not None and (not taken.unit or question.counted & set(taken.unit.split())):
        return reading
    own = amounts_of(question.counted, reading.evidence, reading.sentence.start)
    if len(own) != 1:
        return reading
    return replace(reading, text=text_of(reading.hit.passage, own[0]), span=own[0])


def measures_what_is_asked(question: Question, reading: Reading) -> bool:
    """Whether the reading's amount is of the dimension that the question names: nothing costs "three sailors", and no
    town has a population of "11 kilometres"."""
    amount, asked, told = answer_quantity(reading), fold(question.text), fold(reading.text).strip()
    if amount is None:
        return told_without_number(asked, told)
    if "how many" not in asked and not question.counted and _MONEY.search(asked):
        return amount.kind not in ("measure", "clock") and not (amount.kind == "number" and amount.unit)
    if "how old" in asked and amount.kind == "number":
        return _is_age(reading.evidence, amount) or "year" in told or told_without_number(asked, told)
    if amount.kind == "measure":
        units = next((units for asks, units in _DIMENSIONS if asks.search(asked)), (amount.unit,))
        return amount.unit in units and not _barred(amount.kind, asked)
    return not _barred(amount.kind, asked)


def _barred(kind: str, asked: str) -> bool:
    """Whether an amount of this kind tells nothing of what is asked."""
    return kind in next((barred for asks, barred in _BARRED if asks.search(asked)), ())


def _is_age(text: str, amount: Quantity) -> bool:
    """Whether a bare number may be somebody's or something's years: "Draven, 41, said", "aged 41", "she is 41", "a man
    of 41", "41 and over"; not the eight of "a team of eight"."""
    before = text[: amount.span.start]
    if _AGED.search(before) or _AND_OVER.match(text, amount.span.end):
        return True
    of = _OF_YEARS.search(before)
    years = _AGE_BEFORE.search(before) or (of and of["who"].lower() not in _GROUPS)
    return not amount.unit and bool(years)


def amounts_of(heads: Set[str], text: str, offset: int) -> list[Span]:
    """Where the text, which begins at ``offset`` of its document, counts the thing with one of these stems."""
    found = [q.span for q in quantities(text) if heads & set(q.unit.split()) and q.kind in ("number", "vague")]
    return [Span(offset + span.start, offset + span.end) for span in found]


def things_of(text: str, told: Quantity) -> set[str]:
    """Stems of what an amount counts or measures; of a part, of what it is a part of, if that is named."""
    part = PARTITIVE.match(text, told.span.end)
    if told.unit or part is None or part.group().split()[-1].lower() in _UNNAMED:
        return set(told.unit.split())
    return set(content(text[part.end() :])[:OF_PART])


def counts_what_is_asked(question: Question, reading: Reading) -> float:
    """Small when the number counts another thing than the question does ("750 soldiers" for "how many Marines")."""
    if question.kind != "number" or not question.counted:
        return 1.0
    quantity = answer_quantity(reading)
    things = things_of(reading.evidence, quantity) if quantity else set()
    if not things or question.counted & things:
        return 1.0
    return 0.5 if question.counted & set(content(reading.evidence)) else 0.2
