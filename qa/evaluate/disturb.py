"""Disturbed ranked lists: what the product reads is made worse in a known way, to see whether its answers hold."""

from __future__ import annotations

from collections.abc import Sequence

from qa.evaluate.metrics.robustness import crowded, noisy, shuffled
from qa.types import Hit

KINDS = ("noise_20", "noise_40", "noise_60", "noise_80", "copies", "shuffled")
COPIES = 4
"""How many near-duplicates of the best passage crowd in."""


def disturbed(kind: str, hits: Sequence[Hit], irrelevant: Sequence[Hit], seed: str) -> list[Hit]:
    """The ranked list, disturbed. ``irrelevant`` are passages that hold no evidence; they take the last places."""
    if kind == "copies":
        return crowded(hits, COPIES)
    if kind == "shuffled":
        return shuffled(hits, seed)
    share = int(kind.removeprefix("noise_")) / 100
    return noisy(hits, shuffled(irrelevant, seed), share)
