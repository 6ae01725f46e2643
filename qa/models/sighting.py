"""What a span reader says of one text: how likely an answer begins and ends at each of its tokens."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_SPAN = 24
"""Tokens of an answer."""
UNSEEN = -20.0
"""Log-probability of a place that the reader did not see, such as one that was cut off."""

Logs = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Sighting:
    """Log-probabilities over the tokens of one text and "nowhere" together."""

    tokens: Sequence[tuple[int, int]]
    """First and behind-last character of each, ascending."""
    first: Logs
    """That the answer begins with the token; shape (len(tokens),)."""
    last: Logs
    """That it ends with the token; the same shape."""
    nowhere: float
    """That there is none."""

    def best(self, count: int) -> list[tuple[int, int]]:
        """The likeliest spans in characters, likeliest first; fewer where there are no more."""
        if not len(self.tokens):
            return []
        lengths = np.arange(len(self.tokens))[None, :] - np.arange(len(self.tokens))[:, None]
        scores = np.where((lengths >= 0) & (lengths < MAX_SPAN), self.first[:, None] + self.last[None, :], -np.inf)
        order = np.argsort(-scores, axis=None, kind="stable")[:count]
        spans = [np.unravel_index(int(place), scores.shape) for place in order if np.isfinite(scores.flat[place])]
        return [(self.tokens[int(a)][0], self.tokens[int(b)][1]) for a, b in spans]

    def likelihood(self, start: int, end: int) -> float:
        """Log-probability that exactly these characters are the answer; ``UNSEEN`` at least."""
        begins = [token[0] for token in self.tokens]
        a, b = bisect_right(begins, start) - 1, bisect_right(begins, end - 1) - 1
        if a < 0 or b < a or self.tokens[a][1] <= start or self.tokens[b][1] < end:
            return UNSEEN
        return max(UNSEEN, float(self.first[a] + self.last[b]))
