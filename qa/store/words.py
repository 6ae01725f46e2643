"""A question as an FTS5 query: its words, quoted, joined by OR. Nothing that a user types reaches FTS5's query
syntax."""

from __future__ import annotations

import re

MAX_TERMS = 64
"""Distinct words of a question that the lexical search uses, the first ones; a longer text costs time and adds
noise."""

MAX_CHARACTERS = 20_000
"""Of a question, looked at for words."""

_WORD = re.compile(r"\w+(?:[.,'’]\w+)*")
_STOP = frozenset(
    """a about after all also am an and any are as at be been being but by can could did do does for from had has have
    he her him his how i if in into is it its many me more most much my no not of on or other our over she should so
    some such than that the their them then there these they this those to up us was we were what when where which while
    who whom
    whose why will with would you your""".split()
)


def terms(question: str) -> list[str]:
    """Distinct words in order, without stop words unless there is nothing else; at most ``MAX_TERMS``.

    A word may hold points, commas and apostrophes between letters or digits ("U.S", "1,000"): FTS5 then looks for its
    parts side by side.
    """
    words = [_plain(match.group()) for match in _WORD.finditer(question[:MAX_CHARACTERS].casefold())]
    distinct = list(dict.fromkeys(words))
    useful = [word for word in distinct if word not in _STOP]
    return (useful or distinct)[:MAX_TERMS]


def _plain(word: str) -> str:
    return re.sub(r"['’]s$", "", word)


def phrase(term: str) -> str:
    """A term as FTS5 takes it: its parts side by side, nothing in it read as syntax."""
    return f'"{term}"'
