"""One amount or date, and whether a source's bears out a claim's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qa.types import Span

Kind = Literal["number", "percent", "money", "measure", "date", "vague", "ordinal", "clock"]
Bound = Literal["", "about", "almost", "least", "min", "max", "below"]
"""`least` and `max` hold their own value, `min` (more than) and `below` (less than) do not."""
Day = tuple[int | None, int | None, int | None]
"""Year, month, day of the month, as far as known."""


ALMOST, ABOUT, NEAR = Decimal("0.15"), Decimal("0.1"), Decimal("0.05")
"""Share by which a rounded number may be off: "nearly 1,000" of 900, "about 20" of 18, and where neither is rounder."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """One amount or date in a text."""

    kind: Kind
    low: Decimal
    """Value in the base unit of its kind; of a vague amount, its least reading. Dates hold 0."""
    high: Decimal
    text: str
    span: Span
    unit: str = ""
    """Currency code, kind of measure, or the stems of the up to three words that follow a number, joined by spaces."""
    bound: Bound = ""
    day: Day = (None, None, None)
    """Of a date: year, month, day of the month, as far as given or inferred."""
    years: int = 1
    """Of a date: how many years it spans, from its year on; 10 for a decade, 100 for a century."""
    written: Decimal = Decimal(0)
    """The number as it stands, before its unit is brought to a base; 0 of a date."""

    @property
    def key(self) -> str:
        """Equal for equal values however they are written; for clustering answers."""
        if self.kind == "date":
            return "date:" + "-".join("?" if part is None else str(part) for part in self.day)
        if self.kind == "vague":
            return f"vague:{self.text}"
        unit = self.unit if self.kind in ("money", "measure") else ""
        return f"{self.kind}:{self.low.normalize()}:{unit}"


def agrees(claim: Quantity, given: Quantity) -> bool:
    """Whether ``given`` (from a source) bears out ``claim``: the same value, or one inside the claim's bound or
    vagueness."""
    if claim.kind == "date" or given.kind == "date":
        return claim.kind == given.kind and _same_day(claim, given)
    if not _comparable(claim, given):
        return False
    if claim.kind == "clock":
        return (claim.low - given.low) % (720 if "" in (claim.unit, given.unit) else 1440) == 0
    if claim.kind == "vague" or given.kind == "vague":
        return _vaguely(claim, given)
    return _rounded(claim, given) or _within(claim, given)


def _within(claim: Quantity, given: Quantity) -> bool:
    """Whether the given value keeps the claim's bound, or equals it where it has none."""
    open_below, open_above = given.bound in ("below", "max"), given.bound in ("min", "least")
    match claim.bound:
        case "min":
            held = not open_below and (given.low > claim.low or (given.low == claim.low and given.bound == "min"))
        case "least":
            held = given.low >= claim.low and not open_below
        case "max" | "below" if open_below:
            held = given.low == claim.low  # "within 90 days" does not tell of "within 30 days"
        case "max":
            held = given.low <= claim.low and not open_above
        case "below":
            held = given.low < claim.low and not open_above
        case _:
            held = claim.low == given.low and not (claim.bound == "" and given.bound == "below")
    return held


def _rounded(claim: Quantity, given: Quantity) -> bool:
    """Whether one is the other made round, where one of them says that it is not exact."""
    apart, larger = abs(claim.low - given.low), max(claim.low, given.low)
    if claim.kind == "percent" and apart < Decimal("0.5") and claim.bound not in ("min", "below"):
        return True  # a third is 33 percent
    if claim.bound == "almost":
        rounder = claim.kind == "percent" or _digits(claim) <= _digits(given)
        return given.low <= claim.low and apart <= ALMOST * larger and rounder
    if claim.bound == "about":
        return apart <= (ABOUT if _digits(claim) <= _digits(given) else NEAR) * larger
    return given.bound in ("about", "almost") and claim.bound == "" and apart <= NEAR * larger


def _digits(quantity: Quantity) -> int:
    """How many digits carry the value: 1 of 2,000, 4 of 1,840."""
    return len(quantity.low.normalize().as_tuple().digits)


def _vaguely(claim: Quantity, given: Quantity) -> bool:
    if claim.kind != "vague":
        return False
    return claim.low <= given.low and given.high <= claim.high


def _comparable(a: Quantity, b: Quantity) -> bool:
    if {a.kind, b.kind} <= {"number", "vague"} or {a.kind, b.kind} == {"number", "ordinal"}:
        return True
    return a.kind == b.kind and (a.kind not in ("money", "measure") or a.unit == b.unit)


def _same_day(claim: Quantity, given: Quantity) -> bool:
    if claim.unit and claim.unit == given.unit:
        return True
    if claim.years > 1 and given.day[0] and claim.day[0]:
        return claim.day[0] <= given.day[0] < claim.day[0] + claim.years and given.years <= claim.years
    pairs = [(c, g) for c, g in zip(claim.day, given.day, strict=True) if c is not None]
    return bool(pairs) and all(c == g for c, g in pairs)


def same_value(a: Quantity, b: Quantity) -> bool:
    """Whether two sources give one value. A number bears out a vague amount, but "scores" does not say "100", and
    "many" not "several": a reader wants to see both."""
    if a.kind == b.kind == "vague":
        return (a.low, a.high) == (b.low, b.high)
    return (a.kind == "vague") == (b.kind == "vague") and (agrees(a, b) or agrees(b, a))
