"""Abstention: when the product answers, is it right; when it refuses, should it; does its confidence mean what it
says."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """One answered question: the stated confidence and whether the answer was right. An answer to an unanswerable
    question is wrong."""

    confidence: float
    correct: bool


def risk_coverage(answered: Sequence[Judged], asked: int) -> list[tuple[float, float]]:
    """Points (coverage, risk): the k most confident answers over all questions asked, and the share of wrong ones
    among them.

    Answers of equal confidence enter together, so that their order cannot matter.

    >>> risk_coverage([Judged(0.9, True), Judged(0.5, False), Judged(0.7, True)], asked=4)
    [(0.25, 0.0), (0.5, 0.0), (0.75, 0.3333333333333333)]
    """
    points: list[tuple[float, float]] = []
    ordered = sorted(answered, key=lambda one: -one.confidence)
    wrong = 0
    for place, one in enumerate(ordered, 1):
        wrong += not one.correct
        if place == len(ordered) or ordered[place].confidence != one.confidence:
            points.append((place / asked, wrong / place))
    return points


def aurc(answered: Sequence[Judged]) -> float:
    """Area under the risk-coverage curve over the answered questions: the mean risk of every confidence prefix. 0
    is best, NaN without answers.

    >>> round(aurc([Judged(0.9, True), Judged(0.7, True), Judged(0.5, False)]), 4)  # (0 + 0 + 1/3) / 3
    0.1111
    """
    total, before = 0.0, 0.0
    for coverage, risk in risk_coverage(answered, len(answered)) if answered else []:
        total += (coverage - before) * risk
        before = coverage
    return total if answered else math.nan


@dataclass(frozen=True, slots=True)
class Bin:
    """Answers whose confidence lies in one tenth: how many, their mean confidence, the share that is right."""

    count: int
    confidence: float
    accuracy: float


def bins(answered: Sequence[Judged], count: int = 10) -> list[Bin]:
    """Equal-width bins of confidence, empty ones left out.

    >>> bins([Judged(0.95, True), Judged(0.91, False), Judged(0.15, False)], 10)
    [Bin(count=1, confidence=0.15, accuracy=0.0), Bin(count=2, confidence=0.93, accuracy=0.5)]
    """
    groups: dict[int, list[Judged]] = {}
    for one in answered:
        groups.setdefault(min(count - 1, int(one.confidence * count)), []).append(one)
    return [_bin(groups[key]) for key in sorted(groups)]


def _bin(group: Sequence[Judged]) -> Bin:
    confidence = round(sum(one.confidence for one in group) / len(group), 6)
    return Bin(len(group), confidence, sum(one.correct for one in group) / len(group))


def ece(answered: Sequence[Judged], count: int = 10) -> float:
    """Expected calibration error: mean distance of confidence from accuracy over the bins, weighted by their
    counts. NaN without answers.

    >>> round(ece([Judged(0.95, True), Judged(0.91, False), Judged(0.15, False)]), 4)  # (2 * |.93 - .5| + 1 * .15) / 3
    0.3367
    """
    if not answered:
        return math.nan
    return sum(one.count * abs(one.confidence - one.accuracy) for one in bins(answered, count)) / len(answered)
