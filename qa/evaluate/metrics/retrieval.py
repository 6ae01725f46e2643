"""Retrieval: was the gold evidence among the passages that were read, and how high."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from qa.evaluate.metrics.text import same_document

FOUND = 0.5
"""Share of the gold span's characters that a passage must hold to count as relevant."""


@dataclass(frozen=True, slots=True)
class Located:
    """Characters ``start`` to ``end`` (exclusive) of a document."""

    document: str
    start: int
    end: int


def overlap(gold: Located, other: Located) -> float:
    """Share of the gold span's characters that the other span holds.

    >>> overlap(Located("a", 10, 20), Located("a", 15, 40)), overlap(Located("a", 10, 20), Located("b", 10, 20))
    (0.5, 0.0)
    """
    if not same_document(gold.document, other.document):
        return 0.0
    shared = min(gold.end, other.end) - max(gold.start, other.start)
    return max(0, shared) / max(1, gold.end - gold.start)


def intersection_over_union(gold: Located, other: Located) -> float:
    """Characters in both over characters in either.

    >>> intersection_over_union(Located("a", 0, 10), Located("a", 5, 15))
    0.3333333333333333
    """
    shared = overlap(gold, other) * (gold.end - gold.start)
    return shared / max(1.0, (gold.end - gold.start) + (other.end - other.start) - shared)


Place = Sequence[Located]
"""One place of a ranked list: a passage and the near-copies that it stands for."""


def relevant(gold: Sequence[Located], ranked: Sequence[Place]) -> list[set[int]]:
    """For each place of the list, which gold spans it holds.

    >>> relevant([Located("a", 0, 10)], [[Located("b", 0, 9)], [Located("a", 0, 90)]])
    [set(), {0}]
    """
    return [
        {n for n, span in enumerate(gold) if any(overlap(span, part) >= FOUND for part in place)} for place in ranked
    ]


def recall_at(k: int, gold: Sequence[Located], ranked: Sequence[Place]) -> float:
    """Share of the gold spans held by the first ``k`` places. NaN without gold.

    >>> gold = [Located("a", 0, 10), Located("b", 0, 10)]
    >>> ranked = [[Located("a", 0, 50)], [Located("b", 0, 50)]]
    >>> recall_at(1, gold, ranked), recall_at(2, gold, ranked)
    (0.5, 1.0)
    """
    found: set[int] = set().union(*relevant(gold, ranked[:k]))
    return len(found) / len(gold) if gold else math.nan


def reciprocal_rank(gold: Sequence[Located], ranked: Sequence[Place]) -> float:
    """One over the place of the first relevant passage; 0 when there is none.

    >>> reciprocal_rank([Located("a", 0, 10)], [[Located("b", 0, 9)], [Located("a", 0, 90)]])
    0.5
    """
    return next((1 / place for place, found in enumerate(relevant(gold, ranked), 1) if found), 0.0)


def ndcg_at(k: int, gold: Sequence[Located], ranked: Sequence[Place]) -> float:
    """Normalised discounted cumulative gain with gain 1 for a passage that holds a gold span not held above it. NaN
    without gold.

    >>> gold = [Located("a", 0, 10), Located("b", 0, 10)]
    >>> ranked = [[Located("c", 0, 9)], [Located("a", 0, 90)], [Located("b", 0, 90)]]
    >>> round(ndcg_at(8, gold, ranked), 4)  # (1/log2 3 + 1/2) / (1 + 1/log2 3)
    0.6934
    """
    if not gold:
        return math.nan
    seen: set[int] = set()
    gained = 0.0
    for place, found in enumerate(relevant(gold, ranked[:k]), 1):
        gained += bool(found - seen) / math.log2(place + 1)
        seen |= found
    ideal = sum(1 / math.log2(place + 1) for place in range(1, min(k, len(gold)) + 1))
    return min(1.0, gained / ideal)


def gold_span(gold: Sequence[Located], ranked: Sequence[Place]) -> float:
    """The largest share of one gold span's characters that was retrieved in one passage.

    >>> gold_span([Located("a", 0, 10)], [[Located("a", 4, 90)]])
    0.6
    """
    return max((overlap(span, part) for span in gold for place in ranked for part in place), default=0.0)
