"""Sentences of several sources brought together into facts: what the sources say, who says it, and where they
differ."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from qa.answer.names import names
from qa.answer.negation import reverses
from qa.answer.quantities import Quantity, agrees, quantities
from qa.answer.words import content, coverage
from qa.answer.write import Evidence
from qa.models.seams import Embedder, Vectors

SAME_FACT = 0.62
"""Cosine of two sentences of different sources from which they tell the same fact; with a shared name or number,
``SAME_FACT_ANCHORED``."""
SAME_FACT_ANCHORED = 0.5
REDUNDANT = 0.72
"""Cosine from which a further fact adds nothing to a chosen one."""
_DANGLING = re.compile(
    r"^(?:he|she|it|they|his|her|its|their|this|that|these|those|there|such|but|and|so|yet|also|however|meanwhile|instead|then|others?|both|another)\b",
    re.I,
)
_LONGEST = 55
_SHORTEST = 5


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


def tellable(text: str) -> bool:
    """Whether a sentence can stand alone in a summary: of fair length, a statement, not hanging on the one before
    it."""
    length = len(text.split())
    return (
        _SHORTEST <= length <= _LONGEST
        and text.rstrip()[-1:] in ".”\"'’)"
        and "?" not in text
        and not _DANGLING.match(text)
        and len(content(text)) >= 4
    )


def gather(embedder: Embedder, candidates: Sequence[Evidence], topic: str = "") -> list[Fact]:
    """Facts by falling rank: independent sources first, then centrality (nearness to the topic where one is given)."""
    if not candidates:
        return []
    texts = [" ".join(e.text.split()) for e in candidates]
    vectors = embedder.encode(texts)
    likeness = vectors @ vectors.T
    aim = (vectors @ embedder.encode([topic])[0]) if topic else likeness.mean(axis=1)
    facts = [_fact(group, candidates, vectors, likeness, aim) for group in _groups(candidates, texts, likeness, aim)]
    return sorted(
        facts, key=lambda f: (-len(f.sources) if not topic else 0, -f.centrality * (1 + 0.25 * (len(f.sources) - 1)))
    )


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
    needed = SAME_FACT_ANCHORED if anchors[i] & anchors[j] else SAME_FACT
    if candidates[i].hit.source.group == candidates[j].hit.source.group:
        needed = REDUNDANT
    return float(likeness[i, j]) >= needed


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


@dataclass(frozen=True, slots=True)
class Clash:
    """Two or more values that different sources give for one thing."""

    values: tuple[tuple[str, Evidence], ...]


def clashes(facts: Sequence[Fact]) -> list[Clash]:
    """Disagreements inside facts: other numbers of the same counted thing, or one sentence denying another. High
    precision before recall."""
    found: list[Clash] = []
    for fact in facts:
        pairs = [p for p in combinations(fact.members, 2) if p[0].hit.source.group != p[1].hit.source.group]
        for a, b in pairs:
            clash = _numbers_clash(a, b) or _denial(a, b)
            if clash and not any({e.span for _, e in clash.values} <= {e.span for _, e in old.values} for old in found):
                found.append(clash)
    return _merged(found)


def _numbers_clash(a: Evidence, b: Evidence) -> Clash | None:
    left, right = _counts(a), _counts(b)
    for x in left:
        rivals = [y for y in right if _same_thing(x, y)]
        if (
            rivals
            and not any(agrees(x, y) or agrees(y, x) for y in rivals)
            and not any(agrees(z, y) for z in left for y in rivals)
        ):
            return Clash(((_value(x, a), a), (_value(rivals[0], b), b)))
    return None


def _counts(evidence: Evidence) -> list[Quantity]:
    return [
        q
        for q in quantities(evidence.text, evidence.hit.source.date)
        if q.kind in ("number", "vague", "percent", "money") and (q.unit or q.kind in ("percent", "money"))
    ]


def _same_thing(x: Quantity, y: Quantity) -> bool:
    if x.kind in ("percent", "money") or y.kind in ("percent", "money"):
        return x.kind == y.kind and x.unit == y.unit
    return x.unit.split()[:1] == y.unit.split()[:1]


def _value(quantity: Quantity, evidence: Evidence) -> str:
    tail = evidence.text[quantity.span.end :].split()
    return f"{quantity.text} {tail[0].strip('.,;:') if tail and quantity.kind in ('number', 'vague') else ''}".strip()


def _denial(a: Evidence, b: Evidence) -> Clash | None:
    if coverage(a.text, b.text) < 0.4 and coverage(b.text, a.text) < 0.4:
        return None
    if not reverses(a.text, b.text):
        return None
    return Clash(((" ".join(a.text.split()), a), (" ".join(b.text.split()), b)))


def _merged(found: Sequence[Clash]) -> list[Clash]:
    """Clashes over one value joined, so that three sources with three numbers make one block."""
    merged: list[dict[str, Evidence]] = []
    for clash in found:
        values = {value.casefold(): (value, evidence) for value, evidence in clash.values}
        home = next((m for m in merged if m.keys() & values.keys()), None)
        if home is None:
            merged.append({value: evidence for value, evidence in clash.values})
        else:
            for value, evidence in clash.values:
                home.setdefault(value, evidence)
    return [Clash(tuple(m.items())) for m in merged]
