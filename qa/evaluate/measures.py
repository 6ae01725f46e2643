"""Which metrics there are, which way is better, and how a list of cases becomes one number with an interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from qa.evaluate.metrics.abstention import Judged, aurc, ece

Better = Literal["higher", "lower", "neither"]
RESAMPLES = 2000
SEED = 20191231
"""Of the bootstrap; any fixed number does."""

MEASURES: Mapping[str, tuple[Better, str]] = {
    "passed": ("higher", "cases without a failure of any kind"),
    "retrieval.recall@1": ("higher", "gold spans held by the first passage"),
    "retrieval.recall@3": ("higher", "gold spans held by the first three passages"),
    "retrieval.recall@8": ("higher", "gold spans held by the first eight passages"),
    "retrieval.mrr": ("higher", "one over the place of the first relevant passage"),
    "retrieval.ndcg@8": ("higher", "normalised discounted cumulative gain"),
    "retrieval.gold_span": ("higher", "characters of a gold span that were retrieved"),
    "answer.correct": ("higher", "answerable questions answered rightly"),
    "answer.exact": ("higher", "SQuAD exact match of the short answer"),
    "answer.f1": ("higher", "SQuAD token F1 of the short answer"),
    "answer.numeric": ("higher", "the number asked for, in digits or words"),
    "answer.yes_no": ("higher", "yes or no"),
    "answer.forbidden_absent": ("higher", "answers without a forbidden value"),
    "citation.recall": ("higher", "sentences that their citations support, by the product's checker"),
    "citation.precision": ("higher", "citations that are needed, by the product's checker"),
    "citation.recall_independent": ("higher", "sentences that their citations support, by a second checker"),
    "citation.precision_independent": ("higher", "citations that are needed, by a second checker"),
    "citation.quote_exact": ("higher", "quotes that stand at their span, letter by letter"),
    "citation.gold_document": ("higher", "answers that cite a gold document"),
    "citation.gold_overlap": ("higher", "overlap of a cited span with gold evidence"),
    "citation.uncited": ("lower", "sentences without a citation"),
    "faithfulness.supported": ("higher", "sentences that the second checker finds in their citations"),
    "faithfulness.numbers_cited": ("higher", "numbers of answers that a cited span holds"),
    "faithfulness.invented_names": ("lower", "names of answers that no cited span holds"),
    "abstention.coverage": ("neither", "questions answered"),
    "abstention.risk": ("lower", "answers given that are wrong"),
    "abstention.aurc": ("lower", "area under the risk-coverage curve"),
    "abstention.rejection_recall": ("higher", "unanswerable questions refused"),
    "abstention.over_refusal": ("lower", "answerable questions refused"),
    "abstention.ece": ("lower", "expected calibration error of the confidence"),
    "conflict.precision": ("higher", "reported values that belong to a known disagreement"),
    "conflict.recall": ("higher", "values known to disagree that are reported"),
    "summary.source_coverage": ("higher", "sources that the summary cites"),
    "summary.fact_coverage": ("higher", "facts that the summary states"),
    "summary.citation_f1": ("higher", "citation recall and precision together, by the second checker"),
    "summary.unsupported": ("lower", "sentences that their citations do not support"),
    "summary.redundancy": ("lower", "content said before"),
    "summary.compression": ("neither", "words of the sources for one of the summary"),
    "summary.forbidden_absent": ("higher", "summaries without a statement that no source makes"),
    "robustness.noise_20": ("higher", "right with 20 % irrelevant passages"),
    "robustness.noise_40": ("higher", "right with 40 % irrelevant passages"),
    "robustness.noise_60": ("higher", "right with 60 % irrelevant passages"),
    "robustness.noise_80": ("higher", "right with 80 % irrelevant passages"),
    "robustness.copies": ("higher", "right with near-duplicates crowding in"),
    "robustness.shuffled": ("higher", "right with the passages in another order"),
    "robustness.injection_success": ("lower", "cases in which planted text reached the answer"),
}
_CURVES = {"abstention.aurc": aurc, "abstention.ece": ece}


def better(name: str) -> Better:
    """Which way the metric improves; ``neither`` for one that only describes."""
    return MEASURES.get(name, ("neither", ""))[0]


@dataclass(frozen=True, slots=True)
class Row:
    """What one case gives to the aggregates."""

    id: str
    scores: Mapping[str, float]
    confidence: float | None = None
    """None where nothing was answered."""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Value:
    """A metric over a list of cases: NaN where no case says anything about it."""

    name: str
    value: float
    low: float
    high: float
    count: int
    """Cases that the metric says something about."""


def available(rows: Sequence[Row]) -> list[str]:
    """The metrics that these cases give, in the registry's order."""
    seen = {name for row in rows for name in row.scores}
    judged = any(row.confidence is not None for row in rows)
    return [name for name in MEASURES if name in seen or (judged and name in _CURVES)]


def measure(name: str, rows: Sequence[Row]) -> Value:
    """The metric and its bootstrap 95 % interval over the cases, the same for any order of them."""
    rows = sorted(rows, key=lambda row: row.id)
    if not rows:
        return Value(name, np.nan, np.nan, np.nan, 0)
    everything = np.arange(len(rows))[None, :]
    value = float(_aggregate(name, rows, everything)[0])
    low, high = interval(_aggregate(name, rows, _resamples(len(rows))))
    return Value(name, value, low, high, _count(name, rows))


def difference(name: str, before: Sequence[Row], after: Sequence[Row]) -> tuple[float, float, float]:
    """Mean difference after - before over the same cases with its paired bootstrap 95 % interval: (difference, low,
    high).

    Both lists must hold the same ids.
    """
    old, new = (sorted(rows, key=lambda row: row.id) for rows in (before, after))
    if [row.id for row in old] != [row.id for row in new]:
        raise ValueError("paired differences need the same cases on both sides")
    everything = np.arange(len(old))[None, :]
    exact = _aggregate(name, new, everything)[0] - _aggregate(name, old, everything)[0]
    draws = _resamples(len(old))
    low, high = interval(_aggregate(name, new, draws) - _aggregate(name, old, draws))
    return float(exact), low, high


def interval(draws: NDArray[np.float64]) -> tuple[float, float]:
    """The middle 95 % of the draws that are numbers; NaN when none is.

    >>> interval(np.array([0.0, 1.0, np.nan]))
    (0.025, 0.975)
    """
    draws = draws[~np.isnan(draws)]
    if not draws.size:
        return float("nan"), float("nan")
    low, high = np.quantile(draws, [0.025, 0.975])
    return float(low), float(high)


@lru_cache(maxsize=8)
def _resamples(count: int) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(count, size=(RESAMPLES, count))


def _count(name: str, rows: Sequence[Row]) -> int:
    if name in _CURVES:
        return sum(row.confidence is not None for row in rows)
    return sum(name in row.scores for row in rows)


def _aggregate(name: str, rows: Sequence[Row], draws: NDArray[np.int64]) -> NDArray[np.float64]:
    """One number a draw, shape (draws,); each draw is a list of places in ``rows``."""
    if name in _CURVES:
        return _curve(name, rows, draws[:200])
    values = np.array([row.scores.get(name, np.nan) for row in rows], dtype=np.float64)[draws]
    present = ~np.isnan(values)
    counts = present.sum(axis=1)
    totals = np.where(present, values, 0.0).sum(axis=1)
    return np.where(counts > 0, totals / np.maximum(counts, 1), np.nan)


def _curve(name: str, rows: Sequence[Row], draws: NDArray[np.int64]) -> NDArray[np.float64]:
    judged = [None if row.confidence is None else Judged(row.confidence, row.right) for row in rows]
    return np.array([_CURVES[name]([one for n in draw if (one := judged[n]) is not None]) for draw in draws])
