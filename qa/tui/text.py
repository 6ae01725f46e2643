"""Text of documents and models made fit for a terminal: every character is either shown as itself or left out.

Lengths are in characters unless a name says cells. Nothing here is markup, and nothing becomes markup later.
"""

from __future__ import annotations

import re

from qa.render.clean import joined

_CONTROL = {code: chr(0x2400 + code) for code in range(0x20) if code not in {0x09, 0x0A}}
_CONTROL |= {0x7F: "\u2421", 0x09: "    "}
_CONTROL |= dict.fromkeys(range(0x80, 0xA0), "\ufffd")
# Marks that reorder or hide what stands beside them, tag characters, and lone surrogates that no encoder takes.
_HIDDEN = (
    *(0xAD, 0x61C, 0x180E, 0xFEFF, 0x2028, 0x2029, 0xFE0E, 0xFE0F, 0x20E3),
    0x200B,
    *range(0x200E, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2060, 0x2070),
    *range(0xFFF9, 0xFFFC),
    *range(0xD800, 0xE000),
    *range(0xE0000, 0xE0080),
)
_TABLE: dict[int, str | None] = {**_CONTROL, **dict.fromkeys(_HIDDEN)}
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})[\u0300-\u036f\u0483-\u0489]+"
)


def literal(text: str) -> str:
    """The text with its lines kept: control characters made visible, overrides and hidden marks left out."""
    plain = text.replace("\r\n", "\n").translate(_TABLE)
    # Joined emoji are one picture in some terminals and several in others; apart they have one width everywhere.
    return _STACKED.sub(r"\1", joined(plain, pictures=False))


def one_line(text: str, limit: int = 0) -> str:
    """The text on one line; cut to ``limit`` characters with an ellipsis when ``limit`` is given and exceeded."""
    line = " ".join(literal(text[: limit * 4] if limit else text).split())
    return line if not limit or len(line) <= limit else line[: limit - 1].rstrip() + "…"


_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


def spoken_date(iso: str) -> str:
    """An ISO date, month or year as a person writes it (`31 December 2019`); anything else on one line as it is."""
    match = re.fullmatch(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?", iso)
    if not match:
        return one_line(iso, 40)
    year, month, day = match.groups()
    if not month or not 1 <= int(month) <= 12:
        return year
    return " ".join(filter(None, [str(int(day)) if day else "", _MONTHS[int(month) - 1], year]))
