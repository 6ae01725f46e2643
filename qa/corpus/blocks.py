"""Where a text breaks whatever its punctuation: blank lines, list items, headings, table rows. Linear in its length."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from qa.types import Span

_LINE = re.compile(r"[^\n]+")
_BULLET = re.compile(
    r"[-*+·–—]\s+(?=\S)|[•‣▪●◦]\s*(?=\S)|(?:\(?(?:\d{1,3}|[a-z]|[ivx]{1,5})\)|(?:\d{1,3}|[ivx]{1,5})\.)\s+(?=\S)"
)
_GLYPH = "-*+•‣▪●◦·"
_ENDS = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")
_OPEN_END = re.compile(
    r"(?:^|\s)(?:(?:Mr|Mrs|Ms|Dr|Prof|Gen|Lt|Col|Maj|Capt|Sgt|Adm|Sen|Rep|Gov|St|No)\."
    r"|(?:the|a|an|of|and|or|in|to|for|by|with|on|at|from))$"
)
"""Ends of a line behind which a sentence cannot stop."""
_FIRST_WORD = re.compile(r"\S+")
_WRAPPED_BELOW = 120
"""Longest line, in characters, of a text that is wrapped by hand or by a page; above it a line is a paragraph."""


class _Line(NamedTuple):
    start: int
    end: int
    text: str
    body: int
    """Where the line's words start: behind the marker of a list item."""


def blocks(text: str) -> list[Span]:
    """Spans that no sentence may cross, in order, without surrounding white space and without list markers.

    A line break inside a paragraph that is wrapped does not divide; a blank line, a list item, a table row and a line
    that ends well before the paragraph's width do.
    """
    found: list[Span] = []
    for paragraph in _paragraphs(text):
        found.extend(_divide(paragraph))
    return found


def _paragraphs(text: str) -> Iterator[list[_Line]]:
    """Runs of lines without a blank line between them."""
    lines = (_line(match) for match in _LINE.finditer(text))
    state = {"end": -2, "run": 0}

    def run_of(line: _Line) -> int:
        if text.count("\n", max(state["end"], 0), line.start) > 1:
            state["run"] += 1
        state["end"] = line.end
        return state["run"]

    for _, group in groupby((line for line in lines if line.text), key=run_of):
        yield list(group)


def _line(match: re.Match[str]) -> _Line:
    raw = match.group()
    text = raw.strip()
    start = match.start() + len(raw) - len(raw.lstrip())
    return _Line(start, start + len(text), text, start)


def _divide(lines: Sequence[_Line]) -> Iterator[Span]:
    longest = max(len(line.text) for line in lines)
    width = max(longest, 48 if len(lines) <= 3 else 24)
    before: _Line | None = None
    start = end = -1
    for plain in lines:
        line = _marked(plain, before)
        if before is None or line.body > line.start or not _continues(before, line, width):
            if start >= 0:
                yield Span(start, end)
            start = line.body
        end = line.end
        before = line
    yield Span(start, end)


def _marked(line: _Line, before: _Line | None) -> _Line:
    """The line with its list marker found. A number or a dash inside running text is none."""
    match = _BULLET.match(line.text)
    if match is None:
        return line
    sure = (
        line.text[0] in _GLYPH or before is None or before.body > before.start or bool(_ENDS.search(before.text[-8:]))
    )
    return line._replace(body=line.start + match.end()) if sure else line


def _continues(before: _Line, line: _Line, width: int) -> bool:
    """Whether the line break between the two is only where the paragraph was wrapped."""
    if " | " in line.text or " | " in before.text or "\t" in line.text.strip():
        return False
    lower = line.text[0].islower()
    if width > _WRAPPED_BELOW:
        return lower and not _ENDS.search(before.text[-8:])
    word = _FIRST_WORD.match(line.text)
    room = len(before.text) + 1 + (word.end() if word else 0)
    open_end = before.text.endswith((",", "-", "–", "—")) or _OPEN_END.search(before.text[-8:]) is not None
    return lower or open_end or room > 0.8 * width
