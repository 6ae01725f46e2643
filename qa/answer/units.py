"""What stands around an amount: its number, its unit, its bound."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation

from qa.answer.numerals import BOUND_RES, MEASURES, ONES, SCALES, TENS, UNIT_RE
from qa.answer.quantity import Bound
from qa.answer.words import FUNCTION_WORDS, fold, stem

BEFORE = 24
"""Characters before an amount in which its bound stands ("no fewer than")."""
_AHEAD = 160
"""Characters after an amount in which its unit stands."""
OF_A_NAME = re.compile(r"(?<!-t)[a-z]-$")
"""Before a number that belongs to a name: COVID-19, but not 220-to-212."""


def following(text: str, at: int) -> str:
    """What stands after a place, as far as a unit may."""
    return text[at : at + _AHEAD]


def value_of(number: str) -> Decimal | None:
    """A number in digits or words; None for what is no number."""
    if number[0].isdigit():
        try:
            return Decimal(number.replace(",", ""))
        except InvalidOperation:
            return None
    return _worded(re.split(r"[ -]|, ?", number))


def _worded(parts: list[str]) -> Decimal:
    total = current = Decimal(0)
    for part in parts:
        if part in ONES or part in TENS:
            current += ONES.get(part, TENS.get(part, 0))
        elif part == "half":
            current = current + Decimal("0.5")
        elif part in ("hundred", "dozen"):
            current = (current or Decimal(1)) * SCALES[part]
        elif part in SCALES:
            total, current = total + (current or Decimal(1)) * SCALES[part], Decimal(0)
    return total + current


def bound_of(before: str) -> Bound:
    """The bound that stands before an amount ("at least")."""
    return next((bound for bound, pattern in BOUND_RES if pattern.search(before)), "")


def bound_after(after: str) -> Bound:
    """Of "100 or more people"."""
    match = re.match(r"\s(?:\w+\s)?or (more|fewer|less)\b", after)
    return "" if match is None else "least" if match.group(1) == "more" else "max"


def noun_of(after: str) -> str:
    """Stems of the up to three words that follow a number, joined by spaces."""
    match = UNIT_RE.match(after)
    if not match:
        return ""
    kept: list[str] = []
    for word in match.group(1).split():
        if word.strip(".,") in FUNCTION_WORDS:
            break
        kept.append(stem(re.sub(r"[^\w/²°]", "", fold(word))))
        if word[-1] in ".,;:":
            break
    return " ".join(kept)


def measure(after: str) -> tuple[str, Decimal] | None:
    """Kind and size in its base of the unit that a text begins with; None where it begins with none."""
    word = re.match(r"[\s-]*([a-z°²/]+)", after)
    if not word:
        return None
    name = word.group(1)
    for form in (
        name,
        name.removesuffix("s"),
        name.removesuffix("es"),
        {"inches": "inch", "centuries": "century", "feet": "feet"}.get(name, ""),
    ):
        if form in MEASURES:
            return MEASURES[form]
    return None
