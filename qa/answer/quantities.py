"""Numbers, percentages, money, measures, dates and vague amounts in text, brought to one form so that code can compare
them.

Everything here is deterministic and knows English only. A quantity keeps its place, so that an error can point at it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Literal

from qa.answer.words import FUNCTION_WORDS, fold, stem
from qa.types import Span

Kind = Literal["number", "percent", "money", "measure", "date", "vague", "ordinal"]
Bound = Literal["", "about", "min", "max"]

_ONES = {
    w: i
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {w: 10 * i for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12,
           "k": 1_000, "m": 10**6, "mn": 10**6, "bn": 10**9, "b": 10**9, "tn": 10**12}  # fmt: skip
_VAGUE = {
    "dozens": (24, 99), "scores": (40, 199), "hundreds": (200, 999), "thousands": (2_000, 99_999), "tens of thousands": (20_000, 99_999),
    "hundreds of thousands": (200_000, 999_999), "millions": (2 * 10**6, 999 * 10**6), "billions": (2 * 10**9, 999 * 10**9),
    "several": (3, 20), "a handful": (2, 9), "a few": (2, 9), "a couple": (2, 2), "numerous": (5, 10**9), "many": (3, 10**9),
    "a small contingent": (2, 500), "a small group": (2, 50), "a small number": (2, 50),
}  # fmt: skip
_MONTHS = {m: i for i, m in enumerate(
    "january february march april may june july august september october november december".split(), 1)}  # fmt: skip
_MONTHS |= {m[:3]: i for m, i in _MONTHS.items()} | {"sept": 9}
_DAYS = {d: i for i, d in enumerate("monday tuesday wednesday thursday friday saturday sunday".split())}
_CURRENCIES = {"$": "usd", "us$": "usd", "dollar": "usd", "dollars": "usd", "usd": "usd", "€": "eur", "euro": "eur", "euros": "eur",
               "eur": "eur", "£": "gbp", "pound": "gbp", "pounds": "gbp", "gbp": "gbp", "¥": "jpy", "yen": "jpy", "cents": "cent"}  # fmt: skip
_MEASURES: dict[str, tuple[str, Decimal]] = {
    name: (kind, Decimal(factor))
    for kind, table in {
        "length": {"mm millimetre millimeter": "0.001", "cm centimetre centimeter": "0.01", "m metre meter": "1", "km kilometre kilometer": "1000",
                   "inch": "0.0254", "ft foot feet": "0.3048", "yd yard": "0.9144", "mi mile": "1609.344"},
        "mass": {"mg milligram": "0.000001", "g gram": "0.001", "kg kilogram": "1", "tonne": "1000", "lb pound-weight": "0.45359237", "oz ounce": "0.0283495"},
        "area": {"acre": "4046.86", "hectare ha": "10000", "m² sqm": "1", "km²": "1000000"},
        "volume": {"ml millilitre milliliter": "0.001", "l litre liter": "1", "gallon": "3.78541", "barrel": "158.987"},
        "duration": {"second sec": "1", "minute min": "60", "hour hr": "3600", "day": "86400", "week": "604800"},
        "months": {"month": "1", "year yr": "12", "decade": "120", "century": "1200"},
        "temperature-c": {"°c celsius": "1"},
        "temperature-f": {"°f fahrenheit": "1"},
        "speed": {"km/h kph": "1", "mph": "1.609344", "knot": "1.852"},
    }.items()
    for names, factor in table.items()
    for name in names.split()
}  # fmt: skip

_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER_WORD = "|".join([*_ONES, *_TENS, "hundred", "thousand", "million", "billion", "trillion", "dozen"])
_WORDED = rf"(?:(?:half\ a|a)[ -](?:hundred|thousand|million|billion|dozen)|{_NUMBER_WORD})(?:(?:,?\ and\ (?:a\ )?|[ -])(?:{_NUMBER_WORD}))*"
_MONTH = r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DATE = re.compile(
    rf"""\b(?:(?P<iso>\d{{4}}-\d{{2}}(?:-\d{{2}})?)
    |(?P<d1>\d{{1,2}})(?:st|nd|rd|th)?\ (?:of\ )?(?P<m1>{_MONTH})(?:,?\ (?P<y1>\d{{4}}))?
    |(?P<m2>{_MONTH})\ (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?\b(?!,\d)(?:,?\ (?P<y2>\d{{4}}))?
    |(?P<m3>{_MONTH}),?\ (?:of\ )?(?P<y3>\d{{4}})
    |(?P<m4>jan(?:uary)|feb(?:ruary)|apr(?:il)|june|july|aug(?:ust)|sept(?:ember)|oct(?:ober)|nov(?:ember)|dec(?:ember))
    |(?P<wd>{_DAY})
    |(?P<y5>(?:1[0-9]|20)\d\d)(?!\.\d|,\d|\s?(?:%|per)))(?=\W|s\b|$)""",
    re.VERBOSE,
)
_AMOUNT = re.compile(
    rf"""(?P<cur>us\$|[$€£¥])?\s?(?<![\w.,])(?P<num>{_NUM}|(?<![-])\b(?:{_WORDED})\b)
    (?P<ord>st|nd|rd|th)?(?![\w])?
    (?:(?:\ |-)?(?P<scale>hundred|thousand|million|billion|trillion|dozen|bn|mn|tn|k|m|b)\b)?
    (?:[\ -]?(?P<pct>%|per\ ?cent\b|percentage\ points?\b))?""",
    re.VERBOSE,
)
_PARTS = {
    "half": 2,
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "sixth": 6,
    "seventh": 7,
    "eighth": 8,
    "ninth": 9,
    "tenth": 10,
    "hundredth": 100,
}
_SMALL = "|".join([*_ONES, "\\d{1,3}"])
_FRACTION = re.compile(
    rf"""\b(?:(?P<whole>half)(?=\s+(?:of|the|its|their|his|her|all|a\s+(?!million|billion|dozen|hundred|thousand)))
    |(?P<top>a|{_SMALL})[ -](?P<part>half|third|quarter|fourth|fifth|sixth|seventh|eighth|ninth|tenth|hundredth)s?(?=\s+of\b|[.,;]|\s+less|\s+more|\s+(?:were|was|are|is|have|had|said)\b)
    |(?P<n>{_SMALL})(?:\ out\ of(?:\ every)?|\ in(?:\ every)?)\ (?P<m>ten|five|four|three|two|twenty|hundred|100|10|5|4|3|2|20|six|eight|6|8))\b""",
    re.VERBOSE,
)
_TIMES = re.compile(r"\b(?P<w>twice|doubled?|thrice|tripled?)\b")
_VAGUE_RE = re.compile(
    r"\b(" + "|".join(sorted(map(re.escape, _VAGUE), key=len, reverse=True)) + r")\b(?! (?:times|of the (?:time|same)))"
)
_BOUNDS: tuple[tuple[Bound, str], ...] = (
    (
        "about",
        r"about|around|approximately|roughly|some|nearly|almost|an estimated|estimated|close to|circa|up to about|just under|just over|approx\.?",
    ),
    ("min", r"more than|over|at least|no fewer than|no less than|above|exceeding|upwards of|a minimum of|greater than"),
    ("max", r"less than|fewer than|under|at most|up to|no more than|below|a maximum of|as many as"),
)
_BOUND_RES = tuple((b, re.compile(rf"(?:\b(?:{p}))(?: a| an| the)?\s*[$€£¥]?$")) for b, p in _BOUNDS)
_UNIT_RE = re.compile(r"[\s-]*(?:of (?:the |its |their )?)?((?:[^\W\d_][\w'’./²°-]*\s+){0,3}[^\W\d_°][\w'’./²-]*)")


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
    day: tuple[int | None, int | None, int | None] = (None, None, None)
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


def quantities(text: str, anchor: str = "") -> list[Quantity]:
    """All quantities of ``text`` in order, without overlaps. ``anchor`` is the ISO day of the document, to which
    weekdays are resolved."""
    folded = _same_length_fold(text)
    found: list[Quantity] = []
    for match in _DATE.finditer(folded):
        _add(found, _date(match, text, anchor))
    for match in _FRACTION.finditer(folded):
        _add(found, _fraction(match, text))
    for match in _TIMES.finditer(folded):
        _add(found, _times(match, text))
    for match in _VAGUE_RE.finditer(folded):
        _add(found, _vague(match, text, folded))
    for match in _AMOUNT.finditer(folded):
        _add(found, _amount(match, text, folded))
    return sorted(found, key=lambda q: q.span)


def _same_length_fold(text: str) -> str:
    # Offsets must stay those of the text, so only foldings that keep the length are made.
    return "".join(
        low if len(low := c.lower()) == 1 else c
        for c in text.replace("’", "'").replace("\u00a0", " ").replace("–", "-").replace("\n", " ")
    )


def _add(found: list[Quantity], quantity: Quantity | None) -> None:
    if quantity and not any(quantity.span.overlaps(other.span) for other in found):
        found.append(quantity)


def _date(match: re.Match[str], text: str, anchor: str) -> Quantity | None:
    g = match.groupdict()
    span = Span(match.start(), match.end())
    if g["iso"]:
        parts = [int(p) for p in g["iso"].split("-")]
        day = (parts[0], parts[1], parts[2] if len(parts) > 2 else None)
    elif g["wd"]:
        day = _weekday(g["wd"], anchor)
    elif g["y5"]:
        if _counts_things(text[match.end() :]):
            return None
        day = (int(g["y5"]), None, None)
    else:
        n = next(i for i in "1234" if g[f"m{i}"])
        year, number = g.get(f"y{n}"), g.get(f"d{n}")
        day = (int(year) if year else None, _MONTHS[g[f"m{n}"].rstrip(".")[:4].rstrip(".") if g[f"m{n}"].startswith("sept") else g[f"m{n}"][:3]],
               int(number) if number else None)  # fmt: skip
    if not (1 <= (day[1] or 1) <= 12 and 1 <= (day[2] or 1) <= 31):
        return None
    return Quantity("date", Decimal(0), Decimal(0), text[span.start : span.end], span, unit=g["wd"] or "", day=day)


def _counts_things(after: str) -> bool:
    """Whether a bare four-digit number is followed by a plural noun: then it counts things and is not a year."""
    match = re.match(r"\s+(?:[a-z]+\s)?([a-z]{2,}[^siu\W]s)\b", after)
    return (
        match is not None
        and match.group(1) not in FUNCTION_WORDS
        and not after.startswith((" elections", " games", " olympics"))
    )


def _weekday(name: str, anchor: str) -> tuple[int | None, int | None, int | None]:
    try:
        base = Date.fromisoformat(anchor)
    except ValueError:
        return (None, None, None)
    # News names the last such day up to its own date.
    day = base - timedelta(days=(base.weekday() - _DAYS[name]) % 7)
    return (day.year, day.month, day.day)


def _fraction(match: re.Match[str], text: str) -> Quantity:
    """A part of a whole, as percent."""
    if match["whole"]:
        share = Decimal(50)
    elif match["part"]:
        share = (
            100 * (Decimal(1) if match["top"] == "a" else _value(match["top"]) or Decimal(1)) / _PARTS[match["part"]]
        )
    else:
        share = 100 * (_value(match["n"]) or Decimal(1)) / (_value(match["m"]) or Decimal(1))
    span = Span(match.start(), match.end())
    return Quantity("percent", share, share, text[span.start : span.end], span)


def _times(match: re.Match[str], text: str) -> Quantity:
    value = Decimal(3 if match["w"].startswith("t") and match["w"] != "twice" else 2)
    span = Span(match.start(), match.end())
    return Quantity("number", value, value, text[span.start : span.end], span, unit="time")


def _vague(match: re.Match[str], text: str, folded: str) -> Quantity:
    low, high = _VAGUE[match.group(1)]
    span = Span(match.start(), match.end())
    return Quantity(
        "vague", Decimal(low), Decimal(high), match.group(1), span, unit=_noun(folded[span.end :]), bound=""
    )


def _amount(match: re.Match[str], text: str, folded: str) -> Quantity | None:
    value = _value(match["num"])
    if value is None:
        return None
    scale = match["scale"] or ""
    span = Span(match.start("cur") if match["cur"] else match.start("num"), match.end())
    after = folded[span.end :]
    if scale in ("m", "b", "k") and not match["cur"] and scale != "k":
        # "5 m" is metres unless money stands before it.
        span, after, scale = Span(span.start, match.end("num")), folded[match.end("num") :], ""
    value *= _SCALES.get(scale, 1)
    bound = _bound(folded[: span.start])
    kind: Kind = "number"
    unit = _noun(after)
    if match["ord"]:
        kind = "ordinal"
    elif match["pct"]:
        kind, unit = "percent", ""
    elif match["cur"] or (unit.split(" ")[0] if unit else "") in _CURRENCY_STEMS:
        kind, unit = "money", _CURRENCIES[match["cur"]] if match["cur"] else _CURRENCY_STEMS[unit.split(" ")[0]]
    elif unit and (measure := _measure(after)):
        kind, unit, value = "measure", measure[0], value * measure[1]
    if kind == "number" and match["num"] in ("one", "zero"):
        return None  # "one of them", "no one": more often a pronoun than a count.
    return Quantity(kind, value, value, text[span.start : span.end].strip(), span, unit=unit, bound=bound)


_CURRENCY_STEMS = {stem(name): code for name, code in _CURRENCIES.items() if name.isalpha()}


def _value(number: str) -> Decimal | None:
    if number[0].isdigit():
        try:
            return Decimal(number.replace(",", ""))
        except InvalidOperation:
            return None
    return _worded(re.split(r"[ -]|, ?", number))


def _worded(parts: list[str]) -> Decimal:
    total = current = Decimal(0)
    for part in parts:
        if part in _ONES or part in _TENS:
            current += _ONES.get(part, _TENS.get(part, 0))
        elif part == "half":
            current = Decimal("0.5")
        elif part in ("hundred", "dozen"):
            current = (current or 1) * _SCALES[part]
        elif part in _SCALES:
            total, current = total + (current or 1) * _SCALES[part], Decimal(0)
    return total + current


def _bound(before: str) -> Bound:
    tail = before[-24:]
    return next((bound for bound, pattern in _BOUND_RES if pattern.search(tail)), "")


def _noun(after: str) -> str:
    match = _UNIT_RE.match(after)
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


def _measure(after: str) -> tuple[str, Decimal] | None:
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
        if form in _MEASURES:
            return _MEASURES[form]
    return None


def agrees(claim: Quantity, given: Quantity) -> bool:
    """Whether ``given`` (from a source) bears out ``claim``: the same value, or one inside the claim's bound or
    vagueness."""
    if claim.kind == "date" or given.kind == "date":
        return claim.kind == given.kind and _same_day(claim, given)
    if not _comparable(claim, given):
        return False
    if claim.bound == "min" and given.kind != "vague":
        return given.low > claim.low or (given.low == claim.low and given.bound == "min")
    if claim.bound == "max" and given.kind != "vague":
        return given.low <= claim.low
    if claim.kind == "vague":
        return claim.text == given.text if given.kind == "vague" else claim.low <= given.low <= claim.high
    if given.kind == "vague":
        return False
    if claim.kind == "percent" and abs(claim.low - given.low) < Decimal("0.5"):
        return True  # a third is 33 percent
    if claim.bound == "about" or given.bound == "about":
        return abs(claim.low - given.low) <= Decimal("0.05") * max(claim.low, given.low)
    return claim.low == given.low


def _comparable(a: Quantity, b: Quantity) -> bool:
    if {a.kind, b.kind} <= {"number", "vague"} or {a.kind, b.kind} == {"number", "ordinal"}:
        return True
    return a.kind == b.kind and (a.kind not in ("money", "measure") or a.unit == b.unit)


def _same_day(claim: Quantity, given: Quantity) -> bool:
    if claim.unit and claim.unit == given.unit:
        return True
    pairs = [(c, g) for c, g in zip(claim.day, given.day, strict=True) if c is not None]
    return bool(pairs) and all(c == g for c, g in pairs)
