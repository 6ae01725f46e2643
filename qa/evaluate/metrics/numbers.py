"""Numbers in text, in digits and in words, for the metrics alone: a second reading, independent of the product's."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.evaluate.metrics.text import content, plain, words

TOLERANCE = 1e-6
"""Relative: equal but for rounding."""
LOOSE = 0.05
"""Relative: allowed where either side says *about*, *nearly*, *more than* and the like."""

_UNITS = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen"
)
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_SMALL = {word: value for value, word in enumerate(_UNITS.split("|"))}
_SMALL |= {word: 10 * value for value, word in enumerate(_TENS.split("|"), 2)}
_ORDINALS = {
    word: value
    for value, word in enumerate(
        re.findall(r"[a-z]+", "first second third fourth fifth sixth seventh eighth ninth tenth"), 1
    )
}
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12, "dozen": 12}
_SUFFIXES = {"k": 1_000, "m": 10**6, "bn": 10**9}
_WORDS = "|".join([*_SMALL, *_ORDINALS, *_SCALES])
_SCALE = "|".join(_SCALES)
_DIGITS = re.compile(
    rf"(?<![\w.,])(\d{{1,3}}(?:,\d{{3}})+|\d+)(\.\d+)?(?:(k|m|bn)\b|(?:st|nd|rd|th|s)\b)?(?:[ -]({_SCALE})\b)?", re.I
)
_SPELLED = re.compile(rf"\b(?:an?[ -](?=(?:{_SCALE})\b))?(?:{_WORDS})(?:(?:[ -]|,? and )(?:{_WORDS}))*\b", re.I)
_HEDGE = (
    "about|around|roughly|nearly|almost|approximately|some|over|under|more than|less than|at least|up to"
    "|an estimated|close to"
)
_ABOUT = re.compile(rf"\b(?:{_HEDGE})\s+[$€£]?$", re.I)


@dataclass(frozen=True, slots=True)
class Number:
    """A number in a text."""

    value: float
    about: bool = False
    """Whether the text says that it is not exact."""
    percent: bool = False


def _spelled(phrase: str) -> float | None:
    total, current, seen = 0.0, 0.0, False
    for word in re.findall(r"[a-z]+", phrase.lower()):
        if word in _SMALL or word in _ORDINALS:
            current += _SMALL.get(word, _ORDINALS.get(word, 0))
            seen = True
        elif word in ("hundred", "dozen"):
            current, seen = (current or 1) * _SCALES[word], True
        elif word in _SCALES:
            total, current, seen = total + (current or 1) * _SCALES[word], 0.0, True
    return total + current if seen else None


def _digits(match: re.Match[str]) -> float:
    whole, fraction, suffix, scale = match.groups()
    value = float(whole.replace(",", "") + (fraction or ""))
    return value * _SUFFIXES.get((suffix or "").lower(), 1) * _SCALES.get((scale or "").lower(), 1)


def numbers(text: str) -> list[Number]:
    """All numbers of a text in reading order; a lone *one* or *second* is left out, as it seldom counts anything.

    >>> [n.value for n in numbers("100 Marines, one hundred and five, $1.5 million, a dozen, twenty-five, 5,000")]
    [100.0, 105.0, 1500000.0, 12.0, 25.0, 5000.0]
    >>> numbers("about 30%")
    [Number(value=30.0, about=True, percent=True)]
    >>> numbers("no one came in the second car")
    []
    """
    text = plain(text)
    found: list[tuple[int, Number]] = []
    taken: list[tuple[int, int]] = []
    for match in [*_DIGITS.finditer(text), *_SPELLED.finditer(text)]:
        start, end = match.span()
        if match.group().lower() in ("one", "second") or any(start < stop and begin < end for begin, stop in taken):
            continue
        value = _digits(match) if match.re is _DIGITS else _spelled(match.group())
        if value is not None:
            percent = bool(re.match(r"\s*(%|per ?cent\b)", text[end:]))
            found.append((start, Number(value, bool(_ABOUT.search(text[:start])), percent)))
            taken.append((start, end))
    return [number for _, number in sorted(found, key=lambda pair: pair[0])]


def same_number(one: Number, other: Number, loose: float = LOOSE) -> bool:
    """Equal within ``TOLERANCE``, or within ``loose`` where either is approximate; percentages match percentages only.

    >>> same_number(Number(100), Number(100.0)), same_number(Number(100), Number(104, about=True))
    (True, True)
    >>> same_number(Number(100), Number(104))
    False
    """
    allowed = loose if one.about or other.about else TOLERANCE
    return one.percent == other.percent and math.isclose(one.value, other.value, rel_tol=allowed, abs_tol=1e-9)


def numeric_match(predicted: str, golds: Sequence[str]) -> float | None:
    """1 when some gold answer's numbers all stand in the prediction, else 0; None when no gold answer holds a number.

    >>> numeric_match("one hundred Marines", ["100"]), numeric_match("750", ["100"]), numeric_match("x", ["Baghdad"])
    (1.0, 0.0, None)
    """
    wanted = [found for gold in golds if (found := numbers(gold))]
    if not wanted:
        return None
    given = numbers(predicted)
    return float(any(all(any(same_number(n, g) for g in given) for n in gold) for gold in wanted))


def missing_numbers(text: str, sources: Iterable[str]) -> list[Number]:
    """The numbers of ``text`` that none of the sources gives; approximate words do not excuse another value.

    >>> [n.value for n in missing_numbers("100 Marines and 750 soldiers", ["one hundred Marines"])]
    [750.0]
    """
    known = [number for source in sources for number in numbers(source)]
    return [n for n in numbers(text) if not any(same_number(n, k, TOLERANCE) for k in known)]


def content_besides(text: str) -> set[str]:
    """The content words of a text that are no numbers.

    >>> sorted(content_besides("one hundred 5 Marines"))
    ['marin']
    """
    return content(" ".join(word for word in words(text) if word not in _SCALES and not numbers(word)))
