"""What a text file says of itself: a `---` block of `key: value` lines at its top, dates, a title of last resort."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

_BLOCK = re.compile(r"\A---[ \t]*\n((?:[^\n]*\n){0,64}?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)")
_PAIR = re.compile(r"([A-Za-z][\w -]{0,40}?)[ \t]*:(?:[ \t]+(.*))?\Z")
_ALIASES = {"source": "publisher", "site": "publisher", "published": "date", "publish_date": "date", "pubdate": "date"}
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:[T ]\d{1,2}:\d{2}.*)?\Z")
_DAY_FIRST = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})\Z")
_MONTH_FIRST = re.compile(r"([A-Za-z]{3,9})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\Z")
_MONTH_YEAR = re.compile(r"([A-Za-z]{3,9})\.?,?\s+(\d{4})\Z")
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?[.,]*\s+", re.IGNORECASE)


def front_matter(text: str) -> tuple[Mapping[str, str], str]:
    """The fields (lower-case keys) of the block at the top, and the text without it.

    A block that is not made of `key: value` lines, comments and indented continuations is text and stays.
    """
    match = _BLOCK.match(text)
    if match is None:
        return {}, text
    fields: dict[str, str] = {}
    for line in match.group(1).splitlines():
        if not line.strip() or line[0] in " \t#-":
            continue
        pair = _PAIR.match(line)
        if pair is None:
            return {}, text
        key = pair.group(1).lower()
        fields.setdefault(_ALIASES.get(key, key), _unquoted(pair.group(2) or ""))
    return (fields, text[match.end() :]) if fields else ({}, text)


def _unquoted(value: str) -> str:
    value = value.strip()
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value


def iso_date(value: str) -> str:
    """``value`` as ISO 8601 (a day, a month or a year), or an empty string when it is not surely one date."""
    value = _WEEKDAY.sub("", value.strip()[:60], count=1)
    if match := _ISO.match(value):
        return _checked(match.group(1), match.group(2), match.group(3))
    if match := _DAY_FIRST.match(value):
        return _checked(match.group(3), _month(match.group(2)), match.group(1))
    if match := _MONTH_FIRST.match(value):
        return _checked(match.group(3), _month(match.group(1)), match.group(2))
    if match := _MONTH_YEAR.match(value):
        return _checked(match.group(2), _month(match.group(1)), None)
    return ""


def _month(name: str) -> str:
    """Its number, or 0 where the word names no month."""
    key = name.lower()
    return str(next((i + 1 for i, month in enumerate(_MONTHS) if key in (month, month[:3], month[:4])), 0))


def _checked(year: str, month: str | None, day: str | None) -> str:
    try:
        found = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return ""
    return found.isoformat()[: 10 if day else 7 if month else 4]


def first_line_title(text: str) -> str:
    """The first line where it can be a title (at most 120 characters, no full stop), else an empty string."""
    line = text.lstrip().split("\n", 1)[0].strip()
    fits = len(line) <= 120 and not line.endswith((".", ",", ";", ":")) and any(char.isalnum() for char in line)
    return line if fits else ""
