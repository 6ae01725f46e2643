"""Amounts that are told without a number: "a year" to how long, "every week" to how often, "none" to how many."""

from __future__ import annotations

import re

_SPELL = r"(?:second|minute|hour|night|day|weekend|week|fortnight|month|year|decade|generation|century)"
_SPELLS = rf"(?:{_SPELL}s?|centuries|millennia|millennium)"
_LASTING = re.compile(
    rf"\b{_SPELLS}\b|\b{_SPELL}-?long\b|^(?:since|until|till|from)\b"
    r"|\b(?:indefinite(?:ly)?|permanent(?:ly)?|perpetual(?:ly)?|for ?ever|eternal|overnight|life|lifetime|lifelong)\b"
)
_REPEATED = re.compile(
    r"\b(?:once|twice|thrice|hourly|daily|nightly|weekly|fortnightly|monthly|quarterly|yearly|annual(?:ly)?|biennial(?:ly)?"
    r"|every|each|per|regular(?:ly)?|rare(?:ly)?|seldom|never|always|frequent(?:ly)?|sometimes|constant(?:ly)?)\b"
)
_NONE = re.compile(r"^(?:no|nothing|not (?:a|one|any)|neither|never)\b")
"""Beside "none" and "nobody", which are amounts by themselves (`counting`), as "one" is."""
_SOME = re.compile(
    r"^(?:about |nearly |almost |more than |over |less than )?(?:both|all|a pair|a couple|half|most|once)\b"
)
_FREE = re.compile(r"\bfree\b")
_EXTENT = re.compile(
    r"\b(?:an?|half an?) (?:inch|foot|yard|mile|metre|meter|kilometre|kilometer|acre|hectare|block)\b"
    r"|\bthe size of\b|\bas \w+ as\b|\b(?:larger|smaller|bigger|taller|shorter|longer|deeper|higher|lower|wider) than\b"
)
_DECADE_OF_LIFE = re.compile(
    r"\bin (?:his|her|their|its) (?:(?:early|mid|late)[- ])?"
    r"(?:\d0s|teens|twenties|thirties|forties|fifties|sixties|seventies|eighties|nineties)\b"
)
_TOLD: tuple[tuple[re.Pattern[str], tuple[re.Pattern[str], ...]], ...] = (
    (re.compile(r"\bhow often\b"), (_REPEATED,)),
    (re.compile(r"\bhow long\b|\blength of time\b"), (_LASTING,)),
    (re.compile(r"\bhow old\b"), (_LASTING, _DECADE_OF_LIFE)),
    (re.compile(r"\bhow many\b|\bnumber of\b"), (_NONE, _SOME)),
    (re.compile(r"\bhow much\b|\bcost\b|\bprice\b"), (_NONE, _SOME, _FREE)),
    (re.compile(r"\b(?:how (?:far|high|tall|deep|wide|big|large)|size)\b"), (_EXTENT,)),
)
"""What is asked, and how that may be told."""


def told_without_number(asked: str, answer: str) -> bool:
    """Whether an answer without a number tells an amount of what is asked; both folded."""
    return any(form.search(answer) is not None for question, forms in _TOLD if question.search(asked) for form in forms)
