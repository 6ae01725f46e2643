"""One amount or date, and whether a source's bears out a claim's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from qa.types import Span

Kind = Literal["number", "percent", "money", "measure", "date", "vague", "ordinal"]
Bound = Literal["", "about", "min", "max"]
Day = tuple[int | None, int | None, int | None]
"""Year, month, day of the month, as far as known."""


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
    if claim.kind == "vague" or given.kind == "vague":
        return _vaguely(claim, given)
    if claim.bound == "min":
        return given.low > claim.low or (given.low == claim.low and given.bound == "min")
    if claim.bound == "max":
        return given.low <= claim.low
    return _nearly(claim, given)


def _nearly(claim: Quantity, given: Quantity) -> bool:
    apart = abs(claim.low - given.low)
    if claim.kind == "percent" and apart < Decimal("0.5"):
        return True  # a third is 33 percent
    about = "about" in (claim.bound, given.bound)
    return apart <= (Decimal("0.05") * max(claim.low, given.low) if about else 0)


def _vaguely(claim: Quantity, given: Quantity) -> bool:
    if claim.kind != "vague":
        return False
    return claim.text == given.text if given.kind == "vague" else claim.low <= given.low <= claim.high


def _comparable(a: Quantity, b: Quantity) -> bool:
    if {a.kind, b.kind} <= {"number", "vague"} or {a.kind, b.kind} == {"number", "ordinal"}:
        return True
    return a.kind == b.kind and (a.kind not in ("money", "measure") or a.unit == b.unit)


def _same_day(claim: Quantity, given: Quantity) -> bool:
    if claim.unit and claim.unit == given.unit:
        return True
    pairs = [(c, g) for c, g in zip(claim.day, given.day, strict=True) if c is not None]
    return bool(pairs) and all(c == g for c, g in pairs)


def same_value(a: Quantity, b: Quantity) -> bool:
    """Whether two sources give one value. A number bears out a vague amount, but "scores" does not say "100": a reader
    wants to see both."""
    return (a.kind == "vague") == (b.kind == "vague") and (agrees(a, b) or agrees(b, a))
