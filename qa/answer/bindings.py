"""Which of a sentence's values belong together: "the first in 1931 and the second in 1954" binds 1954 to the second.

Every value of a claim may stand in its source, and the claim still be false, when it joins what the source keeps apart.
Only plain patterns decide: two values of each of two kinds in turn, or two verbs each with its own date or place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, permutations

from qa.answer.clauses import sentences
from qa.answer.edits import are_opposites
from qa.answer.numerals import DAYS, MONTHS, ONES, TENS
from qa.answer.words import FUNCTION_WORDS, stem

_TOKEN = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?|[^\W\d_]+(?:['’-][^\W\d_]+)*|[,;:()–—]")
_ORDINALS = frozenset("first second third fourth fifth sixth seventh eighth ninth tenth last former latter".split())
_NUMBERS = {**{word: value for word, value in ONES.items() if word not in ("zero", "one")}, **TENS}
_BORDERS = frozenset((",", ";", ":", "(", ")", "–", "—", "and", "or", "but", "while", "whereas", "though", "although"))
"""Stand between what is bound and what is bound otherwise."""
_PREPOSITIONS = frozenset("in on at by from to of for with since until near as".split())
_DENIALS = frozenset(("not", "no", "never", "nor", "without"))
_YEARS = range(1000, 2101)
_LONGEST = 150
"""Words and marks of a sentence: a longer one has no plain pattern, and looking for one takes time."""
_CROSSING = tuple(
    (one, other)
    for one, other in permutations(("name", "year", "date", "number", "ordinal"), 2)
    if {one, other} != {"name", "ordinal"}
)
"""Kinds that bind each other; "the second of Rome" may be anybody's second."""


@dataclass(frozen=True, slots=True)
class Value:
    """A name, date, year, ordinal or number in a text."""

    kind: str
    key: str
    """What makes it equal to another of its kind."""
    start: int
    """Of its first token."""
    end: int
    """Behind its last token."""


def unbinds(claim: str, premise: str) -> bool:
    """Whether the claim joins two values that its sentence of the premise binds to others, or a date or place to a word
    that has another: not where another sentence has both."""
    return _everywhere(_joined_wrongly, claim, premise)


def turns_joint(claim: str, premise: str) -> bool:
    """Whether the claim joins a date or place to the opposite of the word to which the premise joins it: "open on
    Mondays" for "closed on Mondays and open on all other days"."""
    return _everywhere(_turned, claim, premise)


def _everywhere(holds: Callable[[_Text, _Text], bool], claim: str, premise: str) -> bool:
    told = _read(claim)
    if _DENIALS & {token.lower() for token in told.tokens}:
        return False  # what it denies it does not join
    read = [_read(sentence) for sentence in sentences(premise)]
    if max((len(text.tokens) for text in (told, *read)), default=0) > _LONGEST:
        return False
    found = [holds(told, source) for source in read if _shares(told, source)]
    return any(found) and all(found)


@dataclass(frozen=True, slots=True)
class _Text:
    tokens: tuple[str, ...]
    values: tuple[Value, ...]

    def of(self, kind: str) -> list[Value]:
        """The values of one kind, in order."""
        return [value for value in self.values if value.kind == kind]

    def keys(self, kind: str) -> set[str]:
        """What they are equal by."""
        return {value.key for value in self.values if value.kind == kind}

    def governor(self, value: Value) -> tuple[str, str]:
        """Stem of the word to which a preposition joins the value, and that: "raised", "in" of "was raised in Geneva";
        both empty without."""
        at = value.start - 1
        while at >= 0 and self.tokens[at].lower() in ("the", "about", "around"):
            at -= 1
        if at < 1 or self.tokens[at].lower() not in _PREPOSITIONS:
            return "", ""
        word = self.tokens[at - 1].lower()
        # "The second in 1954" is told in short: what is said of the second stands before it.
        short = any(value.start < at <= value.end for value in self.values)
        plain = word[0].isalpha() and word not in FUNCTION_WORDS and not short
        return (stem(word), self.tokens[at].lower()) if plain else ("", "")


def _joined_wrongly(claim: _Text, source: _Text) -> bool:
    crossed = any(_crossed(claim, source, *pair) for pair in _CROSSING)
    return crossed or _governed_otherwise(claim, source) or _turned_round(claim, source)


def _turned_round(claim: _Text, source: _Text) -> bool:
    """Whether the claim has "from 240 to 310" or "20 of 14" where the source has it the other way round."""
    there = set(_spans(source))
    return any((how, b, a) in there and (how, a, b) not in there for how, a, b in _spans(claim))


def _spans(text: _Text) -> Iterator[tuple[str, str, str]]:
    """The word that makes two values of one kind a pair, "from" or "of", and both of them."""
    for kind in {value.kind for value in text.values}:
        for a, b in pairwise(text.of(kind)):
            words = [token.lower() for token in text.tokens[a.end : b.start]]
            if text.tokens[a.start - 1 : a.start] in (("from",), ("From",)) and "to" in words:
                yield "from", a.key, b.key
            elif [word for word in words if word not in ("the", "its", "their", "all")] == ["of"]:
                yield "of", a.key, b.key


def _crossed(claim: _Text, source: _Text, first: str, second: str) -> bool:
    """Of two kinds: the source has two values of each, in turn and apart, and the claim one of each that are no
    pair."""
    values = [v for v in source.values if v.kind in (first, second)]
    if [v.kind for v in values] != [first, second] * 2 or len({(v.kind, v.key) for v in values}) < len(values):
        return False
    if not _apart(source.tokens[values[1].end : values[2].start]):
        return False
    mine = {kind: claim.keys(kind) | _opening(claim, source, kind) for kind in (first, second)}
    (a, b), (c, d) = ((v.key for v in values[at : at + 2]) for at in (0, 2))
    return mine in ({first: {a}, second: {d}}, {first: {c}, second: {b}})


def _opening(claim: _Text, source: _Text, kind: str) -> set[str]:
    """The claim's first word, which by its capital alone is no name, where the source knows it as one."""
    word = claim.tokens[0].lower().removesuffix("'s") if claim.tokens else ""
    return {word} & source.keys("name") if kind == "name" else set()


def _apart(between: Sequence[str]) -> bool:
    return any(token.lower() in _BORDERS for token in between) or [token.lower() for token in between] == ["to"]


def _governed_otherwise(claim: _Text, source: _Text) -> bool:
    """A date or place that the source joins to one word and the claim, in the same way, to another, which in the source
    has its own."""
    for value, word, by, _ in _moved(claim, source):
        there = (v for v in source.values if v.kind == value.kind and v.key != value.key)
        if {v.key for v in there if source.governor(v) == (word, by)} - claim.keys(value.kind):
            return True
    return False


def _turned(claim: _Text, source: _Text) -> bool:
    return any(are_opposites(word, other) for _, word, _, own in _moved(claim, source) for other in own)


def _moved(claim: _Text, source: _Text) -> Iterator[tuple[Value, str, str, set[str]]]:
    """The claim's values that it joins to another word than the source, by the same preposition: the value, word and
    preposition of the claim, and the words of the source."""
    for value in claim.values:
        word, by = claim.governor(value)
        there = [source.governor(v) for v in source.values if (v.kind, v.key) == (value.kind, value.key)]
        own = {other for other, how in there if other and how == by}
        if word and own and word not in own:
            yield value, word, by, own


def _shares(claim: _Text, source: _Text) -> bool:
    """Whether the sentence has every value of the claim."""
    told = {(v.kind, v.key) for v in claim.values}
    return bool(told) and told <= {(v.kind, v.key) for v in source.values}


@lru_cache(maxsize=4096)
def _read(text: str) -> _Text:
    tokens = tuple(_TOKEN.findall(text))
    return _Text(tokens, tuple(_values(tokens)))


def _values(tokens: Sequence[str]) -> Iterator[Value]:
    at = 0
    while at < len(tokens):
        value = _date(tokens, at) or _number(tokens, at) or _name(tokens, at)
        if value is not None:
            yield value
        at = value.end if value else at + 1


def _date(tokens: Sequence[str], at: int) -> Value | None:
    word = tokens[at].lower()
    after = tokens[at + 1] if at + 1 < len(tokens) else ""
    if word in MONTHS and tokens[at][0].isupper():
        day = after if re.fullmatch(r"\d{1,2}", after) else ""
        return Value("date", f"{MONTHS[word]} {day}".strip(), at, at + 1 + bool(day))
    if re.fullmatch(r"\d{1,2}", word) and after[:1].isupper() and after.lower() in MONTHS:
        return Value("date", f"{MONTHS[after.lower()]} {int(word)}", at, at + 2)
    singular = word.removesuffix("s")
    if singular in DAYS and tokens[at][0].isupper():
        return Value("date", singular, at, at + 1)
    return None


def _number(tokens: Sequence[str], at: int) -> Value | None:
    word = tokens[at].lower()
    if word in _ORDINALS:
        return Value("ordinal", word, at, at + 1)
    if word in _NUMBERS:
        return Value("number", str(_NUMBERS[word]), at, at + 1)
    if not word[0].isdigit():
        return None
    plain = word.replace(",", "")
    year = len(plain) == len(word) == 4 and plain.isdigit() and int(plain) in _YEARS
    return Value("year" if year else "number", plain, at, at + 1)


def _name(tokens: Sequence[str], at: int) -> Value | None:
    """A run of capitalised words, equal by its last: at the start of a text one alone is none, nor is a "The"."""
    end = at
    while end < len(tokens) and tokens[end][0].isupper() and _date(tokens, end) is None:
        end += 1
    if end == at or (at == 0 and (end == 1 or tokens[0].lower() in FUNCTION_WORDS)):
        return None
    return Value("name", tokens[end - 1].lower(), at, end)
