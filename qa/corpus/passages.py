"""Passages: windows of whole sentences that fit the embedder, counted by its own tokenizer."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from qa.corpus.cleaning import one_line
from qa.corpus.sentences import split
from qa.types import Document, Passage, Span

Count = Callable[[Sequence[str]], list[int]]

TARGET = 160
"""Tokens of one window. The reader takes one passage at a time and its cost is the prompt's length: short ones are
faster. Evidence is one to three sentences; the five to eight around them keep what `he` and `the group` refer to."""
SPECIAL = 3
"""Tokens besides title and passage: start, end, and one for whatever stands between the two."""
_PREFER_BREAK = 0.6
"""Of the target: from here on a window ends where a paragraph does."""
_OVERLAP = 0.25
"""Of the target: the longest sentence that is repeated at the start of the next window."""
_TITLE_LIMIT = 120
"""Characters of a title that go before the passage; a longer one would push the passage out."""
_BATCH = 2048


@dataclass(frozen=True, slots=True)
class _Unit:
    """A sentence with its tokens, up to the next sentence's start."""

    span: Span
    tokens: int
    paragraph: bool
    """Whether it begins a paragraph."""
    flows: bool
    """Whether it follows the sentence before it in the same paragraph."""


def embedding_text(title: str, passage_text: str) -> str:
    """What is embedded for a passage: its document's title as context, then its text. No span counts the title."""
    context = one_line(title, _TITLE_LIMIT)
    if not context or passage_text.startswith(context):
        return passage_text
    return f"{context}\n{passage_text}"


def windows(document: Document, count_tokens: Count, limit: int, target: int = TARGET) -> list[Passage]:
    """The document's passages in order; ``embedding_text`` of each takes at most ``limit`` tokens, special ones too.

    Every sentence is in at least one of them; inside a paragraph one sentence is repeated where a window ends. A
    sentence that does not fit alone is divided at blanks. A title never takes more than half of ``limit``: what a
    longer one pushes out, the embedder cuts off at the passage's end.
    """
    title = one_line(document.title, _TITLE_LIMIT)
    room = max(limit - SPECIAL - count_tokens([title])[0], limit // 2 - SPECIAL, 1)
    units = _units(document.text, split(document.text), count_tokens, room)
    found = [_passage(document, spans) for spans in _windows(units, min(target, room), room)]
    return list(_fitting(document, found, count_tokens, room))


def _units(text: str, sentences: list[Span], count_tokens: Count, room: int) -> list[_Unit]:
    spans = list(_divided(text, sentences, count_tokens, room))
    counts = _counts(text, [Span(a.start, b.start) for a, b in pairwise(spans)] + spans[-1:], count_tokens)
    units: list[_Unit] = []
    end = 0
    for span, tokens in zip(spans, counts, strict=True):
        gap = text[end : span.start]
        units.append(_Unit(span, tokens, "\n\n" in gap, end > 0 and _flows(text[end - 1], gap)))
        end = span.end
    return units


def _flows(last: str, gap: str) -> bool:
    """Whether what follows ``gap`` goes on in the same paragraph; a line without a stop is a list's or a table's."""
    return not gap.strip() and "\n\n" not in gap and ("\n" not in gap or not last.isalnum())


def _counts(text: str, spans: Sequence[Span], count_tokens: Count) -> list[int]:
    found: list[int] = []
    for at in range(0, len(spans), _BATCH):
        found.extend(count_tokens([text[span.start : span.end] for span in spans[at : at + _BATCH]]))
    return found


def _divided(text: str, sentences: list[Span], count_tokens: Count, room: int) -> Iterator[Span]:
    """Sentences, those that take more than ``room`` tokens in pieces."""
    for span, tokens in zip(sentences, _counts(text, sentences, count_tokens), strict=True):
        if tokens <= room:
            yield span
        else:
            yield from _pieces(text, span, count_tokens, room)


def _pieces(text: str, span: Span, count_tokens: Count, room: int) -> Iterator[Span]:
    """Halves at the blank nearest to the middle (at the middle where there is none), until each fits."""
    if span.end - span.start < 2 or count_tokens([text[span.start : span.end]])[0] <= room:
        yield span
        return
    middle = (span.start + span.end) // 2
    before = max(text.rfind(blank, span.start + 1, middle) for blank in " \n\t")
    after = min((at for blank in " \n\t" if (at := text.find(blank, middle, span.end - 1)) > 0), default=-1)
    at = min((place for place in (before, after) if place > 0), key=lambda place: abs(place - middle), default=middle)
    left, right = at, at
    while text[left - 1].isspace():
        left -= 1
    while text[right].isspace():
        right += 1
    yield from _pieces(text, Span(span.start, left), count_tokens, room)
    yield from _pieces(text, Span(right, span.end), count_tokens, room)


def _windows(units: Sequence[_Unit], target: int, room: int) -> Iterator[list[Span]]:
    held: list[_Unit] = []
    total = 0
    for unit in units:
        full = total + unit.tokens > target or (unit.paragraph and total >= _PREFER_BREAK * target)
        if held and full:
            closed, carried = _close(held, unit, target, room)
            yield [one.span for one in closed]
            held = carried
            total = sum(one.tokens for one in held)
        held.append(unit)
        total += unit.tokens
    if held:
        yield [one.span for one in held]


def _close(held: list[_Unit], unit: _Unit, target: int, room: int) -> tuple[list[_Unit], list[_Unit]]:
    """The window that ends here, and what the next begins with: the last sentence again where the paragraph goes on."""
    last = held[-1]
    if unit.flows and len(held) > 1 and last.tokens <= _OVERLAP * target and last.tokens + unit.tokens <= room:
        return held, [last]
    return held, []


def _passage(document: Document, spans: Sequence[Span]) -> Passage:
    start, end = spans[0].start, spans[-1].end
    page = bisect_right(document.pages, start) if document.pages else None
    return Passage(document.path, start, end, document.text[start:end], tuple(spans), page)


def _fitting(document: Document, passages: Sequence[Passage], count_tokens: Count, room: int) -> Iterator[Passage]:
    """Counted again as they stand, since tokens of parts need not add up; what is too long is halved at a sentence."""
    for at in range(0, len(passages), _BATCH):
        batch = passages[at : at + _BATCH]
        for passage, tokens in zip(batch, count_tokens([one.text for one in batch]), strict=True):
            if tokens <= room or len(passage.sentences) < 2:
                yield passage
            else:
                middle = len(passage.sentences) // 2
                halves = [
                    _passage(document, passage.sentences[:middle]),
                    _passage(document, passage.sentences[middle:]),
                ]
                yield from _fitting(document, halves, count_tokens, room)
