"""Numbers read out of passages: of the right thing, or moved to it, or marked down."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import replace

from qa.answer.instructions import plain_sentences
from qa.answer.locate import sentence_of, text_of
from qa.answer.quantities import Quantity, quantities
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.answer.words import content, fold
from qa.types import Span

_MONEY = re.compile(
    r"\b(?:cost|price|fine|salary|wage|fee|budget|how much money"
    r"|how much (?:did|does|do|was|were|is|are|has|have|will|would) .*\b"
    r"(?:pay|paid|spend|spent|earn|earned|cost|worth|fined|owe|owed|charge|charged|donate|donated|invest|invested))\b"
)
_POPULATION = re.compile(r"\bpopulation of\b")
_AGE_BEFORE = re.compile(r"(?:[,(]|\b(?:aged?|age of|is|was|turns|turned|turning|be|being|at))\s*$", re.I)
_SHARE = re.compile(r"\bwhat (?:\w+ )?(?:share(?! price)|percentage|percent|proportion)\b")
_EXTENT = re.compile(
    r"\b(?:how (?:long|old|tall|high|far|deep|wide|heavy)|height|length|depth|width|weight|distance)\b"
)
_UNNAMED = ("those", "these", "them", "whom")
OF_PART = 3
"""Content words behind "of the" that may name what a part is of: "12 of the 30 fire doors"."""
UNIT = 2
"""Content words beside an amount, at most, in an answer that is an amount and nothing else: "euros a share"."""
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
    return next((q for q in inside if q.kind not in ("date", "ordinal")), None)


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

    "Two gunships and a small contingent of Marines" does not say "two" to "how many Marines". Only when the sentence,
    or else the whole passage, has exactly one such amount.
    """
    if question.kind != "number" or not question.counted or reading.sentence is None:
        return reading
    taken = answer_quantity(reading)
    if taken is not None and (not taken.unit or question.counted & set(taken.unit.split())):
        return reading
    passage = reading.hit.passage
    own = amounts_of(question.counted, reading.evidence, reading.sentence.start)
    everywhere = own or [
        span for s in plain_sentences(passage) for span in amounts_of(question.counted, text_of(passage, s), s.start)
    ]
    if len(everywhere) != 1:
        return reading
    span = everywhere[0]
    return replace(reading, text=text_of(passage, span), span=span, sentence=sentence_of(passage, span))


def measures_what_is_asked(question: Question, reading: Reading) -> bool:
    """Whether the reading's amount is of the dimension that the question names: nothing costs "three sailors", and no
    town has a population of "11 kilometres"."""
    amount, asked = answer_quantity(reading), fold(question.text)
    if amount is None:
        return False
    counts = amount.kind == "number" and bool(amount.unit)
    if _POPULATION.search(asked):
        return amount.kind not in ("measure", "money", "percent", "clock")
    if "how many" not in asked and not question.counted and _MONEY.search(asked):
        return amount.kind not in ("measure", "clock") and not counts
    if _SHARE.search(asked) and amount.kind in ("money", "measure", "clock"):
        return False
    if "how old" in asked and amount.kind == "number":
        return _is_age(reading.evidence, amount)
    return not (_EXTENT.search(asked) and amount.kind in ("money", "percent", "clock"))


def _is_age(text: str, amount: Quantity) -> bool:
    """Whether a bare number may be somebody's or something's years: "Draven, 41, said", "aged 41", "she is 41"; not the
    eight of "a team of eight"."""
    return not amount.unit and _AGE_BEFORE.search(text[: amount.span.start]) is not None


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
