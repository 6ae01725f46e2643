"""Whether what was read is of the kind that its question asks for."""

from __future__ import annotations

import re

from qa.answer.counting import answer_quantity, measures_what_is_asked
from qa.answer.deciding import decides
from qa.answer.names import only_describes
from qa.answer.offices import held
from qa.answer.quantities import Quantity, quantities
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.answer.words import fold

_TIMES = ("date", "clock", "ordinal", "vague")
"""Kinds of quantities that may say when, beside durations and what is counted until then ("after 20 laps")."""
_DURATIONS = ("duration", "months")
_SIZES = ("measure", "money", "percent")
_DAY = re.compile(r"\b(?:what|which) (?:year|date|month|day)\b")
_WHEN = re.compile(
    r"(?:about |around |only |not |just |shortly |soon |long |immediately )?"
    r"(?:when|while|once|if|as|after|before|until|till|since|during|within|in|on|at|by|between|from|over|under|towards?"
    r"|early|mid|late|circa|c\.|ad)\b"
)
"""How an answer begins that says when in more than a date: "in eleven months", "once losses exceed 50,000"."""
_AT_WHAT_TIME = re.compile(r"(?<!within )(?<!over )(?<!during )(?<!\bin )\bwhat time\b(?! of (?:the )?year\b)")
_YEAR = re.compile(r"\d{3,4}$")
_CLOCK = re.compile(r"\d{1,2}(?:[.:]\d\d)?$")
_HOUR = re.compile(
    r"(?:[01]?\d|2[0-3])[.:][0-5]\d$"
    r"|(?:half(?: |-| - )past|(?:a )?quarter (?:past|to)|(?:ten|twenty) (?:past|to)) \w+"
)
_STAGE = re.compile(r"(?:the )?(?:season|series|episode|chapter|book|age|year|day|week|grade)\b")
"""What a story, a childhood or a pregnancy is counted in."""
_ERA = re.compile(r"\b(?:ad|bc|ce|bce|bp)\b")
_RANKED = re.compile(r"\b(?:rank|ranks|ranked|stand|stands|stood|finish|finished|place|placed|come|came|lie|lying)\b")


def fits(question: Question, reading: Reading) -> bool:
    """Whether the reading may be an answer to the question at all."""
    return not only_describes(question.text, reading.text) and _of_kind(question, reading)


def _of_kind(question: Question, reading: Reading) -> bool:
    match question.kind:
        case "number":
            return measures_what_is_asked(question, reading)
        case "yesno":
            return decides(question, reading)
        case "time":
            return _says_when(fold(question.text), reading)
        case "person" if not held(question.text, reading.evidence, reading.text):
            return False
        case "person" | "place":
            return not _is_amount(reading.text) or (question.kind == "place" and _is_rank(question, reading))
        case _:
            return True


def _is_amount(text: str) -> bool:
    """Whether the text is an amount or a date and nothing else."""
    return any(len(q.text) >= len(text.strip()) for q in quantities(text))


def _is_rank(question: Question, reading: Reading) -> bool:
    """Whether a number is the place that is asked for: "Where does it rank?" "Third"."""
    told = quantities(reading.text)
    return bool(_RANKED.search(fold(question.text))) and all(q.kind in ("ordinal", "number") for q in told)


def _says_when(asked: str, reading: Reading) -> bool:
    """Whether the answer may say when: it holds no quantity, one that may, or begins as such an answer does."""
    told, text = quantities(reading.text, reading.hit.source.date), fold(reading.text).strip()
    if not told or (not _DAY.search(asked) and (_WHEN.match(text) or _STAGE.match(text))):
        return True
    own = answer_quantity(reading)
    if own is not None and own.kind in _SIZES and own.unit not in _DURATIONS:
        return False  # the 182 of "a 182-metre freighter"
    return (not _DAY.search(asked) and _HOUR.match(text) is not None) or any(_may_be_time(q, asked, text) for q in told)


def _may_be_time(told: Quantity, asked: str, text: str) -> bool:
    if told.kind == "number" and (_ERA.search(text) or (not told.unit and _YEAR.match(told.text))):
        return not _AT_WHAT_TIME.search(asked) or _CLOCK.match(told.text) is not None
    if _AT_WHAT_TIME.search(asked):
        return told.kind == "clock" or (told.kind == "number" and _CLOCK.match(told.text) is not None)
    if _DAY.search(asked):
        return told.kind in ("date", "ordinal")
    if told.kind in ("measure", "number"):
        return told.unit in _DURATIONS or (told.kind == "number" and bool(told.unit))
    return told.kind in _TIMES
