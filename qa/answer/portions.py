"""Amounts told as a part or a multiple, or only in kind: half of the votes, a year and a half, twice, dozens."""

from __future__ import annotations

import re
from decimal import Decimal

from qa.answer.numerals import CURRENCIES, EVERY, PARTS, SCALES, SIZES, VAGUE
from qa.answer.quantity import Kind, Quantity
from qa.answer.units import BEFORE, OF_A_NAME, bound_of, following, measure, noun_of, value_of
from qa.types import Span

_OF_A = re.compile(r"\s+(?:of\s+)?an?\s+([a-z]+)")
_HALF = Decimal("0.5")
_AND_A = re.compile(r"\b(an?|one|two|three|four|five|six|\d{1,2})\s+([a-z]+)\s+and\s+$")


def share(match: re.Match[str], text: str, folded: str) -> Quantity:
    """A number told as a part of a round one: "a quarter of a million"."""
    value = Decimal(3 if match["top"] == "three" else 1) / 4 * SCALES[match["scale"]]
    span = Span(match.start(), match.end())
    bound = bound_of(folded[max(0, span.start - BEFORE) : span.start])
    unit = CURRENCIES[match["currency"]] if match["currency"] else noun_of(following(folded, span.end))
    kind: Kind = "money" if match["currency"] else "number"
    return Quantity(kind, value, value, text[span.start : span.end], span, unit=unit, bound=bound, written=value)


def fraction(match: re.Match[str], text: str, folded: str) -> Quantity | None:
    """A part of a whole, as percent; none where the part were more ("the top 10 in six countries"), or belongs to a
    name."""
    if match["whole"]:
        share = Decimal(50)
    elif match["part"]:
        share = (
            100 * (Decimal(1) if match["top"] == "a" else value_of(match["top"]) or Decimal(1)) / PARTS[match["part"]]
        )
    elif match["every"]:
        share = Decimal(100) / EVERY[match["every"]]
    else:
        top, whole = match["n"] or match["n2"], match["m"] or match["m2"]
        share = 100 * (value_of(top) or Decimal(1)) / (value_of(whole) or Decimal(1))
        if share > 100 or OF_A_NAME.search(folded[: match.start()][-12:]):
            return None
    if (match["whole"] or match["part"]) and (measured := _of_a_unit(match, share / 100, text, folded)):
        return measured
    span = Span(match.start(), match.end())
    bound = bound_of(folded[max(0, span.start - BEFORE) : span.start])
    return Quantity("percent", share, share, text[span.start : span.end], span, bound=bound)


def _of_a_unit(match: re.Match[str], part: Decimal, text: str, folded: str) -> Quantity | None:
    """That part of a unit ("a quarter of a century"), or some and a half ("a year and a half"); None for the part of
    anything else."""
    after = _OF_A.match(folded, match.end())
    before = _AND_A.search(folded[: match.start()][-BEFORE:]) if match["top"] == "a" and part == _HALF else None
    if after:
        start, end, name, count = match.start(), after.end(), after[1], part
    elif before:
        start, end, name = match.start() - len(before[0]), match.end(), before[2]
        count = part + (Decimal(1) if before[1].startswith("a") else value_of(before[1]) or Decimal(1))
    else:
        return None
    size = measure(name)
    if size is None:
        return None
    value = count * size[1]
    bound = bound_of(folded[max(0, start - BEFORE) : start])
    return Quantity("measure", value, value, text[start:end], Span(start, end), size[0], bound, written=count)


def times(match: re.Match[str], text: str) -> Quantity:
    """Twice, doubled, tripled."""
    value = Decimal(3 if match["w"].startswith("t") and match["w"] != "twice" else 2)
    span = Span(match.start(), match.end())
    return Quantity("number", value, value, text[span.start : span.end], span, unit="time")


def vague(match: re.Match[str], folded: str) -> Quantity:
    """An amount without a number, by its least and its greatest reading."""
    low, high = VAGUE.get(match.group(1)) or SIZES[match.group(1).split()[1]]
    span = Span(match.start(), match.end())
    return Quantity(
        "vague", Decimal(low), Decimal(high), match.group(1), span, unit=noun_of(following(folded, span.end)), bound=""
    )
