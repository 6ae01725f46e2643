"""Of whom a sentence says something: "Mary Kerr, the sister of John Hale, founded the school" does not say it of Hale,
and "Anna Bell taught Peter Ross, who led the orchestra" not of Bell.

Only plain sentences decide: a name, an aside or a relative clause between commas, and a claim that says the same of
another name of the sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher

from qa.answer.clauses import sentences
from qa.answer.copies import words_of
from qa.answer.words import FUNCTION_WORDS

_NEAR = 0.85
"""Share of the claim's words behind its name that stand in the sentence in the same order."""
_LEAST = 2
"""Words that the claim has behind its name."""
_MOST = 120
"""Words of a claim or a sentence."""
_SENTENCES = 5
"""Of a claim; what has more is none."""
_RELATIVE = frozenset(("who", "which"))
_OPENERS = _RELATIVE | frozenset(("the", "a", "an", "whose", "then", "son", "daughter", "sister", "brother", "widow"))
"""First words of an aside; a name there would go on with a list."""


def misattributes(claim: str, premise: str) -> bool:
    """Whether some sentence of the claim says of a name what a sentence of the premise says of another, which has the
    claim's name in an aside or beside a relative clause: not where another sentence says it of the claim's."""
    given = [words for words in map(words_of, sentences(premise)) if len(words) <= _MOST]
    said = [part for words in given for part in _said(words)]
    for words in map(words_of, sentences(claim)[:_SENTENCES]):
        who, what = _opening(words)
        if not who or not _LEAST <= len(what) <= _MOST:
            continue
        alike = [(owner, others) for owner, others, told in said if _like(what, told)]
        if any(who & others - owner for owner, others in alike) and not any(who & owner for owner, _ in alike):
            return True
    return False


def _said(words: Sequence[str]) -> Iterator[tuple[set[str], set[str], list[str]]]:
    """What a sentence says of a name: that name's words, those of the names that it does not say it of, and what is
    said."""
    commas = [at for at, word in enumerate(words) if word == ","]
    everything = _names(words)
    who, rest = _opening(words[: commas[0]]) if len(commas) > 1 else (set(), [])
    if who and not rest and words[commas[0] + 1].lower() in _OPENERS:
        yield who, everything - who, list(words[commas[1] + 1 :])
    elif (plain := _opening(words))[0]:
        yield plain[0], set(), plain[1]
    for at in commas:
        if at + 1 < len(words) and words[at + 1] in _RELATIVE and (owner := _closing(words[:at])):
            end = next((other for other in commas if other > at), len(words))
            yield owner, everything - owner, list(words[at + 2 : end])


def _opening(words: Sequence[str]) -> tuple[set[str], list[str]]:
    """The name with which a text begins, and the rest; no name where it begins with a plain word."""
    end = 0
    while end < len(words) and _is_name(words[end]):
        end += 1
    return {word.lower() for word in words[:end]}, list(words[end:])


def _closing(words: Sequence[str]) -> set[str]:
    """The name with which a text ends."""
    start = len(words)
    while start and _is_name(words[start - 1]):
        start -= 1
    return {word.lower() for word in words[start:]}


def _names(words: Sequence[str]) -> set[str]:
    return {word.lower() for word in words if _is_name(word)}


def _is_name(word: str) -> bool:
    return word[0].isupper() and word.lower() not in FUNCTION_WORDS


def _like(what: Sequence[str], told: Sequence[str]) -> bool:
    """Whether the claim says it word for word, or nearly; its last words may be missing."""
    left, right = ([re.sub(r"\W", "", word.lower()) for word in side] for side in (what, told))
    if left[:1] != right[:1]:
        return False
    blocks = SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) >= _NEAR * len(left)
