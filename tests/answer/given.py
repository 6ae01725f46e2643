"""Hits and readings of a few words, for tests that need no index."""

from qa.answer.locate import locate, sentence_of, text_of
from qa.answer.read import Reading
from qa.corpus.sentences import split
from qa.types import Hit, Passage, Source


def hit(path: str, text: str, title: str = "") -> Hit:
    """A document that is one passage, and a source of its own."""
    source = Source(path, title, "", "", "", len(text), 1, path)
    return Hit(Passage(path, 0, len(text), text, tuple(split(text))), source, 1.0)


def reading(found: Hit, answer: str) -> Reading:
    """The passage read to say so, with conviction."""
    span = locate(answer, found.passage)
    assert span is not None
    return Reading(found, text_of(found.passage, span), span, sentence_of(found.passage, span), 0.9, 0.9)
