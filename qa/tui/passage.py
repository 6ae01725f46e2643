"""A cited span in its context: the window of a document's text around it."""

from __future__ import annotations

from dataclasses import dataclass

from qa.tui.text import literal
from qa.types import Document

AROUND = 1500
"""Characters of context on either side: two or three screens, drawn at once even from a book of megabytes."""


@dataclass(frozen=True, slots=True)
class Context:
    """Three pieces that follow each other in the document, made fit for the terminal."""

    before: str
    quoted: str
    after: str
    changed: bool = False
    """Whether the document no longer holds the quote there; then ``quoted`` is the quote and the rest is empty."""


def context(document: Document, start: int, end: int, quote: str = "", around: int = AROUND) -> Context:
    """The span and up to ``around`` characters on either side, cut between words; ``quote`` must stand at the span."""
    text = document.text
    if quote and text[start:end] != quote:
        return Context("", literal(quote), "", changed=True)
    first = _word_start(text, max(0, start - around), start)
    last = _word_end(text, min(len(text), end + around), end)
    return Context(
        ("… " if first else "") + literal(text[first:start]),
        literal(text[start:end]),
        literal(text[end:last]) + (" …" if last < len(text) else ""),
    )


def _word_start(text: str, place: int, limit: int) -> int:
    if not place:
        return 0
    space = text.find(" ", place, limit)
    return limit if space < 0 and limit - place < 40 else max(place, space + 1)


def _word_end(text: str, place: int, limit: int) -> int:
    if place == len(text):
        return place
    space = text.rfind(" ", limit, place)
    return place if space < 0 else space
