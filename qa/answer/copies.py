"""Claims that are a sentence of the source word for word but for one edit, which makes it another statement.

A "not" put in or left out, two names that changed places, another number, "all" for "most".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation

from qa.answer.clauses import sentences
from qa.answer.numerals import ONES, TENS
from qa.answer.roles import is_symmetric
from qa.answer.words import FUNCTION_WORDS

_NEGATORS = frozenset(("not", "never", "no"))
_LEAST = 4
"""Words that a copy has at least; shorter claims are like many sentences by chance."""
_LONGEST_NAME = 5
"""Words of a name that changed places with another."""
_WORD = re.compile(r"[^\W_]+(?:[-'’.,][^\W_]+)*|[,;:()]")
_PLAIN = {**{word: value for word, value in ONES.items() if value != 1}, **TENS}
"""Less "one", which is more often a pronoun."""
_SOME = 2
_SCALES: tuple[dict[str, int], ...] = (
    {"none": 0, "neither": 0, "few": 1, "some": 2, "several": 2, "many": 3, "most": 4, "all": 5, "every": 5, "each": 5,
     "both": 5},
    {"rarely": 1, "seldom": 1, "sometimes": 2, "often": 3, "usually": 4, "always": 5},
)  # fmt: skip
"""Parts and frequencies by size; below ``_SOME`` they deny rather than assert."""
_ROUNDED = re.compile(
    r"\b(?:about|around|approximately|roughly|some|nearly|almost|over|than|least|most|to|under|above|below|estimated)$"
)
_CONTRACTED = re.compile(r"\b(\w+)n[’']t\b")
_JOINS = frozenset(("and", "or", "nor", "with", "between", "both", "as", "well", "the", "of", "de", "van", "von"))


def denies_copy(claim: str, premise: str) -> bool:
    """Whether the claim is a stretch of a sentence of the premise but for a word of denial."""
    words, denials = _without_negators(words_of(claim))
    if len(words) < _LEAST:
        return False
    given = [_without_negators(words_of(sentence)) for sentence in sentences(premise)]
    told = [
        frozenset(m - at for m in marks if at <= m < at + len(words))
        for others, marks in given
        for at in _places(words, others)
    ]
    # A denial right before a stretch of a sentence need not belong to it.
    return bool(told) and denials not in told and denials not in [found - {0} for found in told]


def exchanges_names(claim: str, premise: str) -> bool:
    """Whether the claim is a sentence of the premise, or a stretch of one, in which two names or numbers changed
    places: not where both only stand in a list, or on the sides of a verb that works both ways."""
    words = words_of(claim)
    if len(words) < _LEAST:
        return False
    stretches = [
        others[at : at + len(words)]
        for others in map(words_of, sentences(premise))
        for at in range(len(others) - len(words) + 1)
    ]
    return words not in stretches and any(_exchanged(words, other) for other in stretches)


def changes_amount(claim: str, premise: str) -> bool:
    """Whether the claim is a stretch of a sentence of the premise but for one number, which is not the other rounded
    where both are called so, or for one "most" or "often", for which it says more or the opposite.

    Arithmetic does not save it: "kept three legions in five bases" is no reading of "kept eight legions in five bases".
    """
    words = [w.lower() for w in words_of(claim)]
    found = list(_substitutions(words, premise)) if len(words) >= _LEAST else []
    if not all(len(places) for places, _ in found):
        return False  # it stands there unchanged too
    single = [(words[: places[0]], words[places[0]], given[0]) for places, given in found if len(places) == 1]
    return any(_other_amount(*change) for change in single) and not any(_same_number(*c[1:]) for c in single)


def _substitutions(words: Sequence[str], premise: str) -> Iterator[tuple[list[int], list[str]]]:
    """For each stretch of the premise that differs in at most one word: where, and what stands there."""
    for sentence in sentences(premise):
        others = [w.lower() for w in words_of(sentence)]
        for at in range(len(others) - len(words) + 1):
            places = [i for i, word in enumerate(words) if word != others[at + i]]
            if len(places) <= 1:
                yield places, [others[at + i] for i in places]


def _other_amount(before: Sequence[str], new: str, old: str) -> bool:
    if _number(new) is not None and _number(old) is not None:
        rounded = _ROUNDED.search(" ".join(before[-2:])) is not None
        return _number(new) != _number(old) and not (rounded and _rounds(new, old))
    for scale in _SCALES:
        if new in scale and old in scale:
            low = {scale[new] < _SOME, scale[old] < _SOME}
            return len(low) > 1 or (low == {False} and scale[new] > scale[old])
    return False


def _rounds(new: str, old: str) -> bool:
    """Whether the one number is the other, near and told with fewer figures: "over 400" for "over 412"."""
    given, exact = _number(new), _number(old)
    if given is None or exact is None:
        return False
    return abs(given - exact) <= exact / 10 and _figures(given) < _figures(exact)


def _figures(number: Decimal) -> int:
    return len(number.normalize().as_tuple().digits)


def _same_number(new: str, old: str) -> bool:
    return _number(new) is not None and _number(new) == _number(old)


def _number(word: str) -> Decimal | None:
    """The value of a number in digits or of a plain number word."""
    if word in _PLAIN:
        return Decimal(_PLAIN[word])
    try:
        return Decimal(word.replace(",", "")) if word[0].isdigit() else None
    except InvalidOperation:
        return None


def words_of(text: str) -> list[str]:
    """Words and marks of a text, a contracted "not" written out."""
    return _WORD.findall(_CONTRACTED.sub(r"\1 not", text))


def _without_negators(words: Sequence[str]) -> tuple[list[str], frozenset[int]]:
    """The other words in lower case, and before which of them a word of denial stands."""
    kept: list[str] = []
    marks: set[int] = set()
    for word in words:
        if word.lower() in _NEGATORS:
            marks ^= {len(kept)}
        else:
            kept.append(word.lower())
    return kept, frozenset(marks)


def _places(words: Sequence[str], others: Sequence[str]) -> list[int]:
    return [at for at in range(len(others) - len(words) + 1) if others[at : at + len(words)] == words]


def _exchanged(words: Sequence[str], other: Sequence[str]) -> bool:
    if sorted(words) != sorted(other):
        return False
    differ = [i for i, (a, b) in enumerate(zip(words, other, strict=True)) if a != b]
    mine, theirs = (list(side[differ[0] : differ[-1] + 1]) for side in (words, other))
    for first in range(1, min(_LONGEST_NAME, len(mine) - 1) + 1):
        for second in range(1, min(_LONGEST_NAME, len(mine) - first) + 1):
            a, between, b = theirs[:first], theirs[first : len(theirs) - second], theirs[len(theirs) - second :]
            if mine == b + between + a and is_name(a) and is_name(b):
                return not works_both_ways(between)
    return False


def is_name(words: Sequence[str]) -> bool:
    """Whether all words are capitalised or numbers, joining words apart."""
    return (
        all(w[0].isupper() or w[0].isdigit() or w in _JOINS for w in words) and words[0].lower() not in FUNCTION_WORDS
    )


def works_both_ways(between: Sequence[str]) -> bool:
    """Whether the words between two names join equals: a list, or a verb whose sides may change."""
    small = [w.lower() for w in between if w[0].isalnum() and not (w[0].isupper() or w in _JOINS)]
    return all(w in FUNCTION_WORDS or is_symmetric(w) for w in small) and not {"from", "to", "by"} & set(small)
