"""Whether a word names a place and another its people, by their endings: Moravia and Moravian, Barbados and Barbadian.
The countries of the news stand in `words`, with what no ending tells."""

from __future__ import annotations

from functools import lru_cache

from qa.answer.words import fold, is_demonym, word_spans

_OF_PEOPLE = ("ians", "ian", "ans", "an", "ese", "ish", "is", "i")
_OF_PLACES = ("", "ia", "a", "o", "os", "us", "es", "y")
_SHORTEST = 5
"""Letters that both must begin with: Maria and Marian are no land and its people."""


def related(word: str, text: str) -> bool:
    """Whether a capitalised word of the text is the place of that lower-case word's people, or the reverse."""
    if is_demonym(word):
        return False
    people, places = _both(text)
    return bool(_cut(word, _OF_PEOPLE) & places or _cut(word, _OF_PLACES) & people)


@lru_cache(maxsize=1024)
def _both(text: str) -> tuple[frozenset[str], frozenset[str]]:
    found = {fold(word).removesuffix("'s") for word, _ in word_spans(text) if word[0].isupper()}
    words = [word for word in found if not is_demonym(word)]
    people, places = (frozenset[str]().union(*(_cut(w, ends) for w in words)) for ends in (_OF_PEOPLE, _OF_PLACES))
    return people, places


def _cut(word: str, endings: tuple[str, ...]) -> frozenset[str]:
    return frozenset(kept for end in endings if word.endswith(end) and len(kept := word.removesuffix(end)) >= _SHORTEST)
