"""Reciprocal rank fusion (Cormack, Clarke and Büttcher, 2009): lists whose scores cannot be compared are joined by
place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

K = 60
"""Flattens the difference between the first places; the paper's value. On NFCorpus dev queries 10 and 60 differ by less
than 0.002 nDCG@10."""

LIFT = 0.3
"""How many lists a reranker that is sure stands for: enough to lift from the eleventh place in both to the first."""

Ranked = Sequence[tuple[int, float]]
"""(passage id, score), best first."""


def fuse(lists: Mapping[str, Ranked]) -> list[tuple[int, float]]:
    """(passage id, sum of 1 / (K + place) over the lists that hold it), best first, ties by id. All lists weigh the
    same."""
    scores: dict[int, float] = {}
    for ranked in lists.values():
        for place, (number, _) in enumerate(ranked, start=1):
            scores[number] = scores.get(number, 0.0) + 1.0 / (K + place)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))


def lift(fused: Ranked, reranked: Ranked, weight: float = LIFT) -> list[tuple[int, float]]:
    """Fused scores, each raised by what a first place in ``weight`` lists gives times the probability in
    ``reranked``; best first, ties by id."""
    scores = dict(fused)
    for number, probability in reranked:
        scores[number] += weight * probability / (K + 1)
    return sorted(scores.items(), key=lambda item: (-item[1], item[0]))
