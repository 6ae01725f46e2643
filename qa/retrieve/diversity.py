"""Room for independent evidence: near-copies become one hit, and no source takes more than its share."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qa.corpus.copies import similar
from qa.types import Hit

COPY = 0.8
"""Share of a passage that stands in another one word for word, from which it is a copy."""

COPY_IN_GROUP = 0.6
"""The same where the documents are known to be near-copies: their passages may be cut at other places."""


def pick(hits: Iterable[Hit], k: int, per_source: int) -> list[Hit]:
    """At most ``k`` hits of a ranked list, in its order: near-copies collapsed, at most ``per_source`` a source.

    Documents that are near-copies of each other share one source's room. When that leaves places free, they are filled
    with what the cap held back.
    """
    chosen: list[Hit] = []
    held_back: list[Hit] = []
    taken: Counter[str] = Counter()
    for hit in hits:
        place = _original(hit, chosen)
        if place is not None:
            chosen[place] = _with_copy(chosen[place], hit)
        elif taken[hit.source.group] >= per_source:
            held_back.append(hit)
        elif len(chosen) < k:
            chosen.append(hit)
            taken[hit.source.group] += 1
    chosen = _fill(chosen, held_back, k)
    return sorted(chosen, key=lambda hit: (-hit.score, hit.passage.id))


def _fill(chosen: list[Hit], held_back: Sequence[Hit], k: int) -> list[Hit]:
    for hit in held_back:
        if len(chosen) >= k:
            break
        place = _original(hit, chosen)
        if place is None:
            chosen.append(hit)
        else:
            chosen[place] = _with_copy(chosen[place], hit)
    return chosen


def _original(hit: Hit, chosen: Sequence[Hit]) -> int | None:
    """The place of the chosen hit that this one repeats."""
    for place, other in enumerate(chosen):
        if is_copy(hit, other):
            return place
    return None


def is_copy(hit: Hit, other: Hit) -> bool:
    """Whether ``hit`` adds next to nothing to ``other``: most of its words stand there. A longer passage is no copy of
    a short one."""
    mine, theirs = hit.passage.text, other.passage.text
    if hit.source.path == other.source.path:
        return mine == theirs  # windows of one document overlap on purpose
    enough = COPY_IN_GROUP if hit.source.group == other.source.group else COPY
    most = min(len(mine), len(theirs)) / len(mine)
    return most >= enough and similar(mine, theirs) * most >= enough


def _with_copy(hit: Hit, copy: Hit) -> Hit:
    known = {hit.source.path, *(source.path for source in hit.copies)}
    return hit if copy.source.path in known else replace(hit, copies=(*hit.copies, copy.source))
