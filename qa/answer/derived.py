"""Amounts that follow from two others: sums, differences, shares, the rest of a whole, spans of time told in other
units."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import combinations

from qa.answer.quantity import Bound, Quantity


def derived(wanted: Quantity, given: Sequence[Quantity]) -> Iterator[Quantity]:
    """What follows from the given amounts and is of the kind that is wanted."""
    if wanted.kind == "percent":
        counts = [g for g in given if g.kind == "number"]
        for a, b in combinations(counts, 2):
            low, high = sorted((a.low, b.low))
            if 0 < low < high:
                yield _as(wanted, 100 * low / high, "about" if wanted.bound == "" else "")
    yield from _told_otherwise(wanted, given)
    alike = [
        g for g in given if g.kind in (wanted.kind, "number", "vague") and g.unit != "time" and _one_unit(g, wanted)
    ]
    for a, b in combinations(alike, 2):
        x, y = _value(a, wanted), _value(b, wanted)
        yield _as(wanted, x + y)
        yield _as(wanted, abs(x - y))
    if wanted.kind == "measure" and wanted.unit == "months":
        years = sorted({Decimal(g.day[0]) for g in given if g.kind == "date" and g.day[0]})
        yield from (_as(wanted, 12 * (b - a)) for a, b in combinations(years, 2))


def rest_of(wanted: Quantity, given: Sequence[Quantity]) -> Iterator[Quantity]:
    """Where a share is wanted, what each given share leaves of the whole."""
    if wanted.kind == "percent":
        shares = (g for g in given if g.kind == "percent" and g.low < 100)
        yield from (_as(wanted, 100 - g.low, _TURNED.get(g.bound, g.bound)) for g in shares)


_TURNED: dict[Bound, Bound] = {"min": "below", "below": "min", "least": "max", "max": "least", "almost": "about"}
"""What is said of the rest, where that is said of a part."""


def _told_otherwise(wanted: Quantity, given: Sequence[Quantity]) -> Iterator[Quantity]:
    """Those that came before the eighth; a span of time in other units, and the days between two dates."""
    if wanted.kind == "number" and wanted.unit != "time":
        yield from (_as(wanted, g.low - 1) for g in given if g.kind == "ordinal" and g.low > 2)
    if wanted.kind == "measure" and wanted.unit in _DAYS:
        others = [g for g in given if g.kind == "measure" and g.unit in _DAYS and g.unit != wanted.unit]
        days = sorted(found for g in given if g.kind == "date" and (found := _day_number(g)) is not None)
        spans = [g.low * _DAYS[g.unit] for g in others] + [Decimal(b - a) for a, b in combinations(days, 2)]
        yield from (_as(wanted, found / _DAYS[wanted.unit], "about") for found in spans)
        if wanted.unit == "months":  # twelve weeks, three months
            yield from (_as(wanted, g.low / _FOUR_WEEKS) for g in others if g.low % _FOUR_WEEKS == 0)
    if wanted.kind == "date" and wanted.day[0] and wanted.day[1] is None:
        yield from _years_apart(wanted, given)


_DAYS = {"duration": Decimal(1) / 86400, "months": Decimal("30.44")}
"""In one second, in one month."""


_FOUR_WEEKS = Decimal(4 * 604_800)


def _years_apart(wanted: Quantity, given: Sequence[Quantity]) -> Iterator[Quantity]:
    """The year so many years after or before one that is given: "two years later" beside 1933."""
    years = {g.day[0] for g in given if g.kind == "date" and g.day[0]}
    spans = {int(g.low) // 12 for g in given if g.kind == "measure" and g.unit == "months" and g.low % 12 == 0}
    if any(wanted.day[0] in (year + span, year - span) for year in years for span in spans):
        yield wanted


def _day_number(given: Quantity) -> int | None:
    """A count of days for a date with its month; without a year, in the same one as others without."""
    year, month, day = given.day
    return None if month is None else round(365.25 * (year or 0) + 30.44 * (month - 1) + (day or 15))


def _one_unit(given: Quantity, wanted: Quantity) -> bool:
    if wanted.kind in ("money", "measure"):
        return given.unit == wanted.unit or (given.kind == "number" and not given.unit)
    return given.kind != "number" or wanted.kind in ("number", "vague")


def _value(given: Quantity, wanted: Quantity) -> Decimal:
    """A bare number beside one with a unit has that unit: the 50 of "from 50 to 80 euros"."""
    scale = wanted.low / wanted.written if wanted.kind == "measure" and wanted.written else Decimal(1)
    return given.low * scale if given.kind == "number" and wanted.kind == "measure" else given.low


def _as(wanted: Quantity, value: Decimal, bound: Bound = "") -> Quantity:
    kind = "number" if wanted.kind == "vague" else wanted.kind
    return Quantity(kind, value, value, "", wanted.span, unit=wanted.unit, bound=bound)
