"""Sentences of several sources brought together into facts: what the sources say, who says it, and where they
differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from qa.answer.names import names
from qa.answer.quantities import quantities, same_value
from qa.answer.words import content
from qa.answer.write import Evidence
from qa.models.seams import Embedder, Vectors

SAME_FACT = 0.62
"""Cosine of two sentences of different sources from which they tell the same fact; with a shared name or number,
``SAME_FACT_ANCHORED``."""
SAME_FACT_ANCHORED = 0.5
SAME_WORDS = 0.4
"""Cosine from which two sentences tell the same fact when the shorter one's content words are mostly the other's."""
SAME_SHARE = 0.6
"""What "mostly" is; at least three words."""
SHARED_BONUS = 0.5
"""By which every further independent source raises a fact."""
ON_TOPIC = 0.55
FARTHEST = 0.2
"""Cosine to the topic below which a sentence has nothing to do with it."""
REDUNDANT = 0.72
"""Cosine from which a further fact adds nothing to a chosen one."""
_DANGLING = re.compile(
    r"^(?:he|she|it|they|his|her|its|their|this|that|these|those|there|such|but|and|so|yet|also|however|meanwhile|instead|then|others?|both|another)\b",
    re.I,
)
_LONGEST = 55
_SHORTEST = 4


@dataclass(frozen=True, slots=True)
class Fact:
    """Sentences that tell the same, the one that stands for them first."""

    members: tuple[Evidence, ...]
    centrality: float
    """Mean cosine of its first sentence to all sentences of the corpus."""
    vector: Vectors

    @property
    def sources(self) -> tuple[str, ...]:
        """Groups of the independent sources that tell it."""
        return tuple(dict.fromkeys(e.hit.source.group for e in self.members))


_DEMONSTRATIVE = re.compile(
    r"\b(?:in|at|after|before|during|of|by|from|on|to|with) (?:that|this|these|those|such)\b", re.I
)
_PRONOUN = re.compile(r"\b(?:he|she|him|her|his|hers|they|them|their|it|its)\b", re.I)


def _hangs(text: str) -> bool:
    """Whether a sentence points back: it opens with a pronoun or the like, or has one before any name or noun that it
    could stand for."""
    pronoun = _PRONOUN.search(text)
    before = text[: pronoun.start()] if pronoun else ""
    early = pronoun is not None and not names(before + " .") and len(before.split()) < 8
    if early and pronoun is not None and pronoun.group().casefold() in _THINGS:
        early = not content(before)
    return bool(_DANGLING.match(text) or _DEMONSTRATIVE.search(text)) or early


_THINGS = frozenset("they them their it its".split())
"""Pronouns for which any noun before them will do; a "he" wants a name."""


def tellable(text: str) -> bool:
    """Whether a sentence can stand alone in a summary: of fair length, a statement, not hanging on the one before
    it."""
    length = len(text.split())
    return (
        _SHORTEST <= length <= _LONGEST
        and text.rstrip()[-1:] in ".”\"'’)"
        and "?" not in text
        and not _hangs(text)
        and len(content(text)) >= _LEAST_CONTENT
    )


_LEAST_CONTENT = 2


@dataclass(frozen=True, slots=True)
class Material:
    """Sentences to summarize, compared with each other."""

    candidates: tuple[Evidence, ...]
    vectors: Vectors
    """Shape (sentences, dimension)."""
    likeness: Vectors
    """Cosines, shape (sentences, sentences)."""


def compare(embedder: Embedder, candidates: Sequence[Evidence]) -> Material:
    """Embed the sentences; all at once, so the caller bounds their number."""
    if not candidates:
        empty: Vectors = np.zeros((0, embedder.info.dimension), dtype=np.float32)
        return Material((), empty, empty @ empty.T)
    vectors = embedder.encode([" ".join(e.text.split()) for e in candidates])
    return Material(tuple(candidates), vectors, vectors @ vectors.T)


def narrow(embedder: Embedder, material: Material, topic: str) -> Material:
    """What is on the topic: sentences at least ``ON_TOPIC`` times as near to it as the nearest, and not far from it
    altogether."""
    if not material.candidates:
        return material
    aim = material.vectors @ embedder.encode([topic])[0]
    near = np.flatnonzero(aim >= max(FARTHEST, ON_TOPIC * float(aim.max())))
    kept = tuple(material.candidates[int(i)] for i in near)
    return Material(kept, material.vectors[near], material.likeness[np.ix_(near, near)])


def gather(embedder: Embedder, material: Material, topic: str = "") -> list[Fact]:
    """Facts by falling rank: independent sources first, then centrality (nearness to the topic where one is given)."""
    candidates, vectors, likeness = material.candidates, material.vectors, material.likeness
    if not candidates:
        return []
    texts = [e.text for e in candidates]
    aim = (vectors @ embedder.encode([topic])[0]) if topic else _consensus(material)
    facts = [_fact(group, candidates, vectors, likeness, aim) for group in _groups(candidates, texts, likeness, aim)]
    return sorted(facts, key=lambda f: -f.centrality * (1 + SHARED_BONUS * (len(f.sources) - 1)))


def _consensus(material: Material) -> Vectors:
    """For each sentence, how near the nearest sentence of every other independent source is, on average: what all
    tell stands before what one tells at length."""
    groups = np.array([e.hit.source.group for e in material.candidates])
    others = [material.likeness[:, groups == g].max(axis=1) * (groups != g) for g in np.unique(groups)]
    total: Vectors = np.sum(others, axis=0) / max(1, len(others) - 1)
    return total if len(others) > 1 else material.likeness.mean(axis=1)


def _groups(candidates: Sequence[Evidence], texts: Sequence[str], likeness: Vectors, aim: Vectors) -> list[list[int]]:
    anchors = [_anchors(t) for t in texts]
    groups: list[list[int]] = []
    for i in sorted(range(len(texts)), key=lambda k: -float(aim[k])):
        best = max(groups, key=lambda g: float(likeness[i, g[0]]), default=None)
        if best is not None and _same(i, best[0], likeness, anchors, candidates):
            best.append(i)
        else:
            groups.append([i])
    return groups


def _same(i: int, j: int, likeness: Vectors, anchors: Sequence[frozenset[str]], candidates: Sequence[Evidence]) -> bool:
    a, b = candidates[i], candidates[j]
    if a.hit.source.group == b.hit.source.group or _other_amounts(a.text, b.text):
        needed = REDUNDANT
    elif _same_words(a.text, b.text):
        needed = SAME_WORDS
    else:
        needed = SAME_FACT_ANCHORED if anchors[i] & anchors[j] else SAME_FACT
    return float(likeness[i, j]) >= needed


def _same_words(a: str, b: str) -> bool:
    left, right = set(content(a)), set(content(b))
    shared = len(left & right)
    return shared >= 3 and shared >= SAME_SHARE * min(len(left), len(right))


def _other_amounts(a: str, b: str) -> bool:
    """Whether both give amounts of one thing and share none: an insured value and a reward are two facts."""
    left, right = ([q for q in quantities(t) if q.kind in _AMOUNTS] for t in (a, b))
    alike = any(x.kind == y.kind and set(x.unit.split()[:2]) & set(y.unit.split()[:2]) for x in left for y in right)
    return alike and not any(same_value(x, y) for x in left for y in right)


_AMOUNTS = ("number", "money", "percent", "measure")


def _anchors(text: str) -> frozenset[str]:
    return frozenset(q.key for q in quantities(text) if q.kind != "date") | frozenset(
        n.casefold() for n in names(text) if len(n.split()) > 1
    )


def _fact(
    group: Sequence[int], candidates: Sequence[Evidence], vectors: Vectors, likeness: Vectors, aim: Vectors
) -> Fact:
    def standing(i: int) -> tuple[bool, float]:
        length = len(candidates[i].text.split())
        return (
            tellable(candidates[i].text),
            float(likeness[i, list(group)].mean()) + float(aim[i]) - 0.004 * abs(length - 22),
        )

    order = sorted(group, key=standing, reverse=True)
    centre: Vectors = np.asarray(vectors[order[0]], dtype=np.float32)
    return Fact(tuple(candidates[i] for i in order), float(aim[order[0]]), centre)
