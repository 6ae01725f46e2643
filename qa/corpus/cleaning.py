"""One form for all text: what a person sees, and nothing that hides from one. Idempotent; linear."""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile(r"\r\n|[\r\v\f\x85\u2028]")
_ESCAPES = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b\n]{0,2000}(?:\x07|\x1b\\)?|[ -/]?[0-~])")
"""Terminal sequences whole, since without their first character their rest would read as text."""
_SPACES = "\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_INVISIBLE = [
    *range(0x20),
    *range(0x7F, 0xA0),
    0xAD,  # soft hyphen
    0x61C,
    0x180E,
    0x200B,
    0x200E,
    0x200F,
    *range(0x202A, 0x202F),  # bidirectional overrides: text that reads otherwise than it is stored
    *range(0x2060, 0x2070),
    0xFEFF,
    *range(0xFFF9, 0xFFFC),
    0xFFFE,
    0xFFFF,
    *range(0xD800, 0xE000),  # lone surrogates: no UTF-8 for them
    *range(0xE0000, 0xE0080),  # tags: a whole ASCII alphabet that no one sees
]
_TABLE: dict[int, str | None] = {
    **dict.fromkeys(_INVISIBLE),
    **dict.fromkeys(map(ord, _SPACES), " "),
    ord("\u2029"): "\n\n",
    ord("\n"): "\n",
    ord("\t"): "\t",
}
_ASCII_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_JOINED = "\u0600-\u1fff\u2c00-\ud7ff\uf900-\ufdff\ufe70-\ufefc\U0001f000-\U0001ffff\u2190-\u2bff\ufe0f"
_JOINERS = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]+|[\u200c\u200d]+(?![{_JOINED}])")
"""Joiners shape Arabic, Indic scripts and emoji; between other letters they only hide."""
_BLANK_LINES = re.compile(r"\n{3,}")


def clean(text: str) -> str:
    """``text`` with line ends as ``\\n``, plain spaces, NFC, no invisible character, at most one blank line in a row.

    White space at the ends of lines and of the text goes; tabs inside a line stay.
    """
    text = _LINE_ENDS.sub("\n", text)
    if not text.isascii() or _ASCII_CONTROL.search(text):
        text = _visible(_ESCAPES.sub("", text))
    text = "\n".join(line.rstrip() for line in text.split("\n"))
    return _BLANK_LINES.sub("\n\n", text).strip()


def _visible(text: str) -> str:
    """Removing a character can bring two together that compose: repeated until nothing changes, mostly once."""
    while True:
        after = unicodedata.normalize("NFC", _JOINERS.sub("", text.translate(_TABLE)))
        if after == text:
            return after
        text = after


def one_line(text: str, limit: int = 200) -> str:
    """``text`` cleaned, on one line, cut at a blank within ``limit`` characters: for titles, names and messages."""
    line = " ".join(clean(text[: 8 * limit]).split())
    return line if len(line) <= limit else line[: limit - 1].rsplit(" ", 1)[0] + "…"
