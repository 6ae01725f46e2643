"""Pure scoring: answer overlap, balanced accuracy, area under the curve, bootstrap intervals."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def normal(text: str) -> list[str]:
    """SQuAD's normal form: lower case, no punctuation, no articles, as words."""
    kept = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", kept).split()


def exact(reply: str, accepted: Sequence[str]) -> float:
    """1 when the reply equals an accepted answer in normal form."""
    return float(any(normal(reply) == normal(a) for a in accepted))


def overlap(reply: str, accepted: Sequence[str]) -> float:
    """Best F1 of words over the accepted answers."""
    return max((_f1(normal(reply), normal(a)) for a in accepted), default=0.0)


def _f1(got: list[str], wanted: list[str]) -> float:
    common = sum((Counter(got) & Counter(wanted)).values())
    return 2 * common / (len(got) + len(wanted)) if common else float(got == wanted)


def balanced(scores: Array, labels: Array, threshold: float) -> float:
    """Mean of the shares of positives at or above, and negatives below, the threshold."""
    positive = labels == 1
    return float(((scores[positive] >= threshold).mean() + (scores[~positive] < threshold).mean()) / 2)


def area(scores: Array, labels: Array) -> float:
    """Area under the ROC curve, ties counted half."""
    order = np.argsort(scores, kind="stable")
    _, inverse, counts = np.unique(scores[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = np.empty(len(scores))
    ranks[order] = (ends - (counts - 1) / 2)[inverse]
    n = int((labels == 1).sum())
    return float((ranks[labels == 1].sum() - n * (n + 1) / 2) / (n * (len(labels) - n)))


def interval(
    statistic: Callable[[NDArray[np.intp]], float], count: int, rounds: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """95 % percentile bootstrap over ``count`` rows; ``statistic`` takes row numbers."""
    rng = np.random.default_rng(seed)
    found = [statistic(rng.integers(0, count, count)) for _ in range(rounds)]
    low, high = np.nanpercentile(found, (2.5, 97.5))
    return float(low), float(high)


def mean_with_interval(values: Sequence[float]) -> str:
    """`mean [low, high] n`."""
    array = np.asarray(values, dtype=np.float64)
    if not len(array):
        return "no rows"
    low, high = interval(lambda rows: float(array[rows].mean()), len(array))
    return f"{array.mean():.3f} [{low:.3f}, {high:.3f}] n={len(array)}"
