"""Disagreements between sources: those that were reported, against those that exist."""

from __future__ import annotations

from collections.abc import Sequence

from qa.evaluate.metrics.answer import same_value


def recall(reported: Sequence[str], values: Sequence[str]) -> float | None:
    """Share of the values known to disagree that the answer reports; None when the sources agree.

    >>> recall(["100", "a small contingent"], ["one hundred", "scores", "small contingent"])
    0.6666666666666666
    >>> recall(["100"], []) is None
    True
    """
    return sum(any(same_value(one, value) for one in reported) for value in values) / len(values) if values else None


def precision(reported: Sequence[str], values: Sequence[str]) -> float | None:
    """Share of the reported values that belong to the known disagreement; 0 where there is none to report; None
    when nothing was reported.

    >>> precision(["100", "750"], ["100", "scores"]), precision(["100", "750"], []), precision([], ["100"])
    (0.5, 0.0, None)
    """
    if not reported:
        return None
    return sum(any(same_value(one, value) for value in values) for one in reported) / len(reported)
