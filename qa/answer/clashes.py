"""Where sources contradict each other: other numbers of one counted thing, or one denying what another asserts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from qa.answer.counting import PARTITIVE
from qa.answer.facts import Material
from qa.answer.names import names
from qa.answer.negation import reverses
from qa.answer.occasion import differ, other_day
from qa.answer.quantities import Quantity, quantities, same_value
from qa.answer.words import content, stem, words
from qa.answer.write import Evidence

ALIKE = 0.45
"""Cosine below which two sentences are not taken to tell of one thing, whatever words they share."""
SHARED = 3
"""Content stems that two sentences must share, the counted thing included, before their numbers are compared."""
DENIAL_SHARE = 0.35
"""Of the shorter sentence's content stems, that the two must share before one can deny the other."""
MOST_PAIRS = 4_000
"""Compared at most, the most alike first: reading numbers out of every pair of a large corpus would take minutes."""


@dataclass(frozen=True, slots=True)
class Clash:
    """Two or more values that different sources give for one thing, each with the sentences that give it."""

    values: tuple[tuple[str, tuple[Evidence, ...]], ...]


@dataclass(frozen=True, slots=True)
class _Pair:
    values: tuple[tuple[str, Evidence], tuple[str, Evidence]]


def clashes(material: Material) -> list[Clash]:
    """High precision before recall: a pair must come from independent sources and be about the same by two measures."""
    return _merged(clash for a, b in _pairs(material) if (clash := _numbers(a, b) or _denial(a, b)))


def _pairs(material: Material) -> Iterator[tuple[Evidence, Evidence]]:
    rows, columns = np.nonzero(np.triu(material.likeness >= ALIKE, k=1))
    order = np.argsort(-material.likeness[rows, columns], kind="stable")[:MOST_PAIRS]
    for i, j in zip(rows[order], columns[order], strict=True):
        a, b = material.candidates[int(i)], material.candidates[int(j)]
        if a.hit.source.group != b.hit.source.group:
            yield a, b


def _numbers(a: Evidence, b: Evidence) -> _Pair | None:
    shared = set(content(a.text)) & set(content(b.text))
    if len(shared) < SHARED or other_day((a.text, a.hit.source.date), (b.text, b.hit.source.date)):
        return None
    left, right = _counts(a), _counts(b)
    for x in left:
        rivals = [y for y in right if _same_thing(x, y)]
        if rivals and all(differ(p, y) for p in left if _same_thing(p, x) for y in rivals):
            head = _head(x, rivals[0])
            return _Pair(((_value(x, head, a), a), (_value(rivals[0], head, b), b)))
    return None


def _counts(evidence: Evidence) -> list[Quantity]:
    """Amounts of things; not a part of them, which contradicts no whole ("two of the four thieves")."""
    text = evidence.text
    found = quantities(text, evidence.hit.source.date)
    kinds = ("number", "vague")
    return [q for q in found if q.kind in kinds and q.unit and not PARTITIVE.match(text[q.span.end :])]


def _same_thing(x: Quantity, y: Quantity) -> bool:
    """Whether the words after both numbers name one thing: "three masked thieves" and "four thieves"."""
    return bool(_head(x, y))


def _head(x: Quantity, y: Quantity) -> str:
    """The last of the two words after each number that both share: what they count, so far as rules find it."""
    others = y.unit.split()[:2]
    return next((word for word in reversed(x.unit.split()[:2]) if word in others), "")


def _value(quantity: Quantity, head: str, evidence: Evidence) -> str:
    """The amount with the words up to the counted noun: `scores of Marines`."""
    taken: list[str] = []
    for match in re.finditer(r"\S+", evidence.text[quantity.span.end :]):
        word = match.group().strip('.,;:"”')
        taken.append(word)
        if words(word) and stem(words(word)[-1]) == head:
            return " ".join([evidence.text[quantity.span.start : quantity.span.end], *taken])
        if len(taken) == 4:
            break
    return quantity.text


def _denial(a: Evidence, b: Evidence) -> _Pair | None:
    left, right = _plain(a.text), _plain(b.text)
    shared = len(left & right)
    if shared < SHARED or shared < DENIAL_SHARE * min(len(left), len(right)) or not reverses(a.text, b.text):
        return None
    return _Pair(((" ".join(a.text.split()), a), (" ".join(b.text.split()), b)))


def _plain(text: str) -> set[str]:
    """Content stems outside names: two sentences that name one task force need not tell one thing of it."""
    return set(content(text)) - set(content(" ".join(names(text))))


def _merged(found: Iterator[_Pair]) -> list[Clash]:
    """Pairs that share a sentence joined, so that three sources with three numbers make one clash."""
    merged: list[list[tuple[str, Evidence]]] = []
    for clash in found:
        home = next((m for m in merged if _shares(m, clash.values)), None)
        if home is None:
            merged.append(list(clash.values))
        else:
            home.extend(v for v in clash.values if not any(_same_place(v[1], old) for _, old in home))
    return [Clash(_by_value(values)) for values in merged]


def _by_value(values: Sequence[tuple[str, Evidence]]) -> tuple[tuple[str, tuple[Evidence, ...]], ...]:
    """Equal values under the wording that came first."""
    sides: list[tuple[str, list[Evidence]]] = []
    for value, evidence in values:
        side = next((s for s in sides if _equal(s[0], value)), None)
        if side is None:
            sides.append((value, [evidence]))
        else:
            side[1].append(evidence)
    return tuple((value, tuple(evidence)) for value, evidence in sides)


def _equal(a: str, b: str) -> bool:
    left, right = quantities(a), quantities(b)
    return len(left) == len(right) == 1 and same_value(left[0], right[0])


def _shares(home: Sequence[tuple[str, Evidence]], values: Sequence[tuple[str, Evidence]]) -> bool:
    return any(_same_place(e, old) for _, e in values for _, old in home)


def _same_place(a: Evidence, b: Evidence) -> bool:
    return a.passage.document == b.passage.document and a.span == b.span
