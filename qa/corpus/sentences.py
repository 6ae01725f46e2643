"""Sentences with exact offsets: the library `sentencex` for the language, and rules for what it does not see.

Its boundaries are code-point offsets. It is given one paragraph at a time, as a copy of the same length in which all
white space is blanks: it panics on white space of several bytes, and a line break in a wrapped paragraph means nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, cast

from qa.corpus.blocks import blocks
from qa.types import Span

MAX_SENTENCE = 1200
"""Characters. Longer ones are cut at a clause or a blank, so that a window always has something to hold."""
_CHUNK = 4000
"""Characters given to the library at once. Its time is quadratic on runs of quotes; a file may be one line."""
_LONG_QUOTE = 240
"""Characters from which a quotation of several sentences is divided; a shorter one reads better whole."""

_BLANKS = re.compile(r"[^\S ]")
_UNSAFE = re.compile(r"[\ud800-\udfff\x00-\x1f\x7f-\x9f]")
_QUOTES = re.compile(r"[\"“”„‟«»]")
_WORD_END = re.compile(r"\s+|$")
_CLOSERS = re.compile(r"(?:[\"'”’»)\]]+|\[\d{1,3}\])+(?=\s|$)")
_OPENERS = re.compile(r"\s[\"'“‘«(\[]+$")
_QUOTE_END = re.compile(r"[.!?…][\"'”’»)]+$")
_OPEN_ABBREVIATION = re.compile(
    r"(?:^|[\s(\"“‘'\[])(?:Mr|Mrs|Ms|Messrs|Dr|Prof|Gen|Brig|Lt|Col|Maj|Capt|Cpt|Cmdr|Sgt|Cpl|Pvt|Adm|Sen|Sens|Rep|Reps|Gov|Pres|Hon|"
    r"Rev|Fr|St|Ste|Mt|Ft|Bn|Regt|Div|vs|v|approx|ca|cf|viz|Figs?|Eqs?|Sec|Art|Vol|No|Nos|pp|e\.g|i\.e)\.$"
)
_SHORT_WORD = re.compile(r"(?:^|[\s(\"“‘'\[.])[A-Za-z]{1,5}\.$")
_LOWER_WORD = re.compile(r"[a-z][a-z'’]*(?:[\s,.;:!?)-]|$)")
_CLOCK = re.compile(r"\b[apAP]\.?[mM]\.$")
_ZONE = re.compile(r"(?:[ECMPA][SD]?T|GMT|UTC|BST|CET|Eastern|Central|Pacific|Mountain|Greenwich|local|Baghdad time)\b")
_AFTER_BRACKET = re.compile(r"[a-z]{3}[.!?][\"'”’]?\)\s+(?=[\"“‘(]?[A-Z])")
_CLAUSE = re.compile(r"[;:,–—)]\s")


def split(text: str) -> list[Span]:
    """Sentences of ``text`` as spans, in order, disjoint, never empty, without white space at either end.

    Every letter and digit lies in one of them, except the marker of a list item. Takes time linear in the length.
    """
    return [span for block in blocks(text) for span in _of_block(text, block)]


def _of_block(text: str, block: Span) -> Iterator[Span]:
    for chunk in _chunks(text, block):
        for sentence in _sentences(text, chunk):
            yield from _cut(text, sentence)


def _chunks(text: str, block: Span) -> Iterator[Span]:
    """Long paragraphs in pieces, divided behind what is most likely a full stop, else at a blank."""
    start = block.start
    while block.end - start > _CHUNK:
        half, limit = start + _CHUNK // 2, start + _CHUNK
        stops = (text.rfind(stop, half, limit) for stop in (".\n", ". ", " "))
        end = next((at + 1 for at in stops if at > 0), limit)
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, block.end)


def _sentences(text: str, block: Span) -> Iterator[Span]:
    copy = _UNSAFE.sub("\ufffd", _BLANKS.sub(" ", text[block.start : block.end]))
    for span in _joined(text, _brackets(text, _library(text, copy, block))):
        if span.end - span.start > _LONG_QUOTE and _QUOTES.search(text, span.start, span.end):
            bare = _QUOTES.sub(" ", copy[span.start - block.start : span.end - block.start])
            yield from _joined(text, _library(text, bare, span, quoted=True))
        else:
            yield span


def _library(text: str, copy: str, block: Span, quoted: bool = False) -> Iterator[Span]:
    """The library's sentences in ``copy``, for the block; ``quoted``: each takes up where the last ended."""
    offset, end = block.start, 0
    for found in _boundaries(copy):
        start, stop = found["start_index"], found["end_index"]
        yield from _trimmed(text, offset + (end if quoted else start), offset + stop)
        end = stop
    yield from _trimmed(text, offset + end, block.end)


def _boundaries(copy: str) -> Sequence[Mapping[str, Any]]:
    """What the library finds. Where it panics all the same (no ``Exception``), the copy stays in one piece."""
    if not any(char.isalnum() for char in copy):
        return ()
    import sentencex

    try:
        return cast(Sequence[Mapping[str, Any]], sentencex.get_sentence_boundaries("en", copy))
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        return ()


def _brackets(text: str, spans: Iterator[Span]) -> Iterator[Span]:
    """Divide after a sentence in round brackets, where the library goes on."""
    for span in spans:
        start = span.start
        for match in _AFTER_BRACKET.finditer(text, span.start, span.end):
            yield from _trimmed(text, start, match.end())
            start = match.end()
        yield from _trimmed(text, start, span.end)


def _joined(text: str, spans: Iterator[Span]) -> Iterator[Span]:
    """Undo divisions behind an abbreviation, and give closing quotes and footnote marks to the sentence before them."""
    held: Span | None = None
    for found in spans:
        if held is None:
            held = found
            continue
        closers = _CLOSERS.match(text, found.start, found.end)
        if closers:
            held = Span(held.start, closers.end())
        span = next(_trimmed(text, closers.end(), found.end), None) if closers else found
        if span is None:
            continue
        if not closers and _goes_on(text, held, span):
            held = Span(held.start, span.end)
            continue
        opener = _OPENERS.search(text[max(held.start, held.end - 4) : held.end])
        shift = opener.end() - opener.start() - 1 if opener and not text[held.end : span.start].strip() else 0
        yield from _trimmed(text, held.start, held.end - shift)
        held = Span(held.end - shift if shift else span.start, span.end)
    if held is not None:
        yield held


def _goes_on(text: str, before: Span, after: Span) -> bool:
    tail = text[max(before.start, before.end - 12) : before.end]
    head = text[after.start : min(after.end, after.start + 24)]
    if _OPEN_ABBREVIATION.search(tail):
        return not tail.endswith("No.") or head[0].isdigit()
    if (_SHORT_WORD.search(tail) or _QUOTE_END.search(tail)) and _LOWER_WORD.match(head):
        return True
    return bool(_CLOCK.search(tail) and _ZONE.match(head))


def _cut(text: str, span: Span) -> Iterator[Span]:
    start = span.start
    while span.end - start > MAX_SENTENCE:
        end = _cut_at(text, start, start + MAX_SENTENCE)
        yield from _trimmed(text, start, end)
        start = end
    yield from _trimmed(text, start, span.end)


def _cut_at(text: str, start: int, limit: int) -> int:
    """Behind the last clause mark in the second half of the range, else behind its last blank, else at its end."""
    half = start + (limit - start) // 2
    ends = [match.end() for match in _CLAUSE.finditer(text, half, limit)]
    if ends:
        return ends[-1]
    blanks = [match.end() for match in re.finditer(r"\s", text[half:limit])]
    return half + blanks[-1] if blanks else limit


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    """The range without white space at its ends, or nothing."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start < end:
        yield Span(start, end)
