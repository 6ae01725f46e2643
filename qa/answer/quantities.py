"""Numbers, percentages, money, measures, dates and vague amounts in text, brought to one form so that code can compare
them.

Everything here is deterministic and knows English only. A quantity keeps its place, so that an error can point at it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal

from qa.answer import portions
from qa.answer.numerals import (
    AMOUNT,
    CENTURIES,
    CLOCK,
    CURRENCIES,
    DATE,
    DAYS,
    FRACTION,
    MONTHS,
    ONES,
    ORDINAL,
    ORDINALS,
    SCALES,
    SHARE,
    TIMES,
    VAGUE_RE,
)
from qa.answer.quantity import Day, Kind, Quantity, agrees, same_value
from qa.answer.units import BEFORE, OF_A_NAME, bound_after, bound_of, following, measure, noun_of, value_of
from qa.answer.words import FUNCTION_WORDS, stem
from qa.types import Span

__all__ = ["Quantity", "agrees", "is_currency", "quantities", "same_value"]


def quantities(text: str, anchor: str = "") -> list[Quantity]:
    """All quantities of ``text`` in order, without overlaps. ``anchor`` is the ISO day of the document, to which
    weekdays are resolved."""
    folded = _same_length_fold(text)
    found: list[Quantity] = []
    taken = bytearray(len(text))
    for quantity in _candidates(text, folded, anchor):
        span = quantity.span
        if not any(taken[span.start : span.end]):
            taken[span.start : span.end] = b"\1" * (span.end - span.start)
            found.append(quantity)
    return sorted(found, key=lambda q: q.span)


def _candidates(text: str, folded: str, anchor: str) -> Iterator[Quantity]:
    """What each pattern finds; of those that overlap, the first counts."""
    for match in DATE.finditer(folded):
        if date_ := _date(match, text, anchor):
            yield date_
    yield from (portions.share(match, text, folded) for match in SHARE.finditer(folded))
    yield from (_clock(match, text) for match in CLOCK.finditer(folded))
    yield from filter(None, (portions.fraction(match, text, folded) for match in FRACTION.finditer(folded)))
    yield from (_ordinal(match, text, folded) for match in ORDINAL.finditer(folded))
    yield from (portions.times(match, text) for match in TIMES.finditer(folded))
    yield from (portions.vague(match, folded) for match in VAGUE_RE.finditer(folded))
    for match in AMOUNT.finditer(folded):
        if amount := _amount(match, text, folded):
            yield amount


def _same_length_fold(text: str) -> str:
    # Offsets must stay those of the text, so only foldings that keep the length are made.
    return "".join(
        low if len(low := c.lower()) == 1 else c
        for c in text.replace("’", "'").replace("\u00a0", " ").replace("–", "-").replace("\n", " ")
    )


def _date(match: re.Match[str], text: str, anchor: str) -> Quantity | None:
    g = match.groupdict()
    span = Span(match.start(), match.end())
    day: Day
    if g["iso"]:
        parts = [int(p) for p in g["iso"].split("-")]
        day = (parts[0], parts[1], parts[2] if len(parts) > 2 else None)
    elif g["nine"]:
        day = (None, 9, 11)
    elif g["wd"]:
        day = _weekday(g["wd"], anchor)
    elif g["dec"] or g["cent"]:
        first, years = (
            (int(g["dec"]), 100 if g["dec"].endswith("00") else 10) if g["dec"] else (_century(g["cent"]), 100)
        )
        return Quantity(
            "date", Decimal(0), Decimal(0), text[span.start : span.end], span, day=(first, None, None), years=years
        )
    elif g["y5"]:
        if _counts_things(following(text, match.end())):
            return None
        day = (int(g["y5"]), None, None)
    else:
        n = next(i for i in "12346" if g[f"m{i}"])
        if n == "6" and not text[span.start].isupper():
            return None
        year, number = g.get(f"y{n}"), g.get(f"d{n}")
        day = (int(year) if year else None, _month(g[f"m{n}"]), int(number) if number else None)
    if not (1 <= (day[1] or 1) <= 12 and 1 <= (day[2] or 1) <= 31):
        return None
    return Quantity("date", Decimal(0), Decimal(0), text[span.start : span.end], span, unit=g["wd"] or "", day=day)


def _century(name: str) -> int:
    """The first year of a named or numbered century."""
    number = CENTURIES.get(name) or int(re.match(r"\d+", name).group())  # type: ignore[union-attr]
    return 100 * (number - 1)


def _month(name: str) -> int:
    return MONTHS[name[:4] if name.startswith("sept") else name[:3]]


def _counts_things(after: str) -> bool:
    """Whether a bare four-digit number is followed by a plural noun: then it counts things and is not a year."""
    match = re.match(r"\s+(?:[a-z]+\s)?([a-z]{2,}[^siu\W]s)\b", after)
    return (
        match is not None
        and match.group(1) not in FUNCTION_WORDS
        and not after.startswith((" elections", " games", " olympics"))
    )


def _weekday(name: str, anchor: str) -> Day:
    try:
        base = date.fromisoformat(anchor)
    except ValueError:
        return (None, None, None)
    # News names the last such day up to its own date.
    day = base - timedelta(days=(base.weekday() - DAYS[name]) % 7)
    return (day.year, day.month, day.day)


def _clock(match: re.Match[str], text: str) -> Quantity:
    """A time of day in minutes; whether it is before or after noon, where that is said, in its unit."""
    g = match.groupdict()
    if g["name"]:
        minutes, half = (0 if g["name"] == "midnight" else 720), "24"
    else:
        hour = g["h"] or g["h2"] or g["h3"]
        number = int(hour) if hour.isdigit() else ONES[hour]
        half = g["half"] or g["half2"] or ("24" if g["h2"] else "")
        minutes = 60 * (number % 12 + (12 if half == "p" else 0) if half != "24" else number) + int(
            g["m"] or g["m2"] or 0
        )
    span = Span(match.start(), match.end())
    value = Decimal(minutes)
    return Quantity("clock", value, value, text[span.start : span.end], span, unit="" if not half else "day")


def _ordinal(match: re.Match[str], text: str, folded: str) -> Quantity:
    span = Span(match.start(), match.end())
    value = Decimal(ORDINALS[match["w"]])
    unit = noun_of(following(folded, span.end))
    return Quantity("ordinal", value, value, text[span.start : span.end], span, unit=unit, written=value)


def _amount(match: re.Match[str], text: str, folded: str) -> Quantity | None:
    value = value_of(match["num"])
    if value is None or OF_A_NAME.search(folded[: match.start("num")][-12:]):
        return None
    scale = match["scale"] or ""
    span = Span(match.start("cur") if match["cur"] else match.start("num"), match.end())
    after = following(folded, span.end)
    if scale in ("m", "b", "k") and not match["cur"] and scale != "k":
        # "5 m" is metres unless money stands before it.
        span, after, scale = Span(span.start, match.end("num")), following(folded, match.end("num")), ""
    value *= SCALES.get(scale, 1)
    written = value
    bound = bound_of(folded[max(0, span.start - BEFORE) : span.start]) or bound_after(after)
    kind: Kind = "number"
    unit = noun_of(after)
    if match["ord"]:
        kind = "ordinal"
    elif match["pct"]:
        kind, unit = "percent", ""
    elif match["cur"] or (unit.split(" ")[0] if unit else "") in _CURRENCY_STEMS:
        kind, unit = "money", CURRENCIES[match["cur"]] if match["cur"] else _CURRENCY_STEMS[unit.split(" ")[0]]
    elif unit and (size := measure(after)):
        kind, unit, value = "measure", size[0], value * size[1]
        if bound == "min" and unit in ("months", "duration") and _OVER.search(folded[: span.start]):
            bound = "least"  # over ten years: in the course of them, or more
    if kind == "number" and match["num"] in ("one", "zero"):
        return None  # "one of them", "no one": more often a pronoun than a count.
    words = text[span.start : span.end].strip()
    return Quantity(kind, value, value, words, span, unit=unit, bound=bound, written=written)


_OVER = re.compile(r"\bover(?: the)? $")


def is_currency(word: str) -> bool:
    """Whether the word names a currency: crowns, euros."""
    return stem(word.lower()) in _CURRENCY_STEMS


_CURRENCY_STEMS = {stem(name): code for name, code in CURRENCIES.items() if name.isalpha()}
