"""Fits the confidence model on questions whose answers are known, and draws the risk-coverage curve it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qa.answer.agree import Agreement
from qa.answer.confidence import FEATURES, PRIOR, Calibration
from qa.answer.engine import Engine
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.errors import InputError
from qa.evaluate.cases import Case
from qa.evaluate.metrics.answer import correct
from qa.evaluate.product import EngineFactory, run
from qa.evaluate.result import CaseResult
from qa.evaluate.runner import EvalOptions

PENALTY = 3.0
"""Of the squared differences from ``PRIOR``, bias excepted: a feature that hardly varies stays near it, such as the
agreement of sources where every question has one."""
LEAST = 20
"""Questions of each kind, answered rightly and wrongly, below which a fit says nothing."""
WORTH = 0.7
"""The confidence from which an answer is given. A wrong one counts as much as one and a half refusals, which a sure
judge of itself would give from .6; on sets that a fit does not know it is too sure by about a tenth.

Not the confidence at which fewest of the questions were decided wrongly: on a few hundred that is the lowest of many
equal places in a wide valley."""
SIGNS = tuple(-1.0 if name in ("unnamed", "place", "rival") else 1.0 for name in FEATURES)
"""Which way each feature speaks: a missing name, a late place and a strong rival against an answer, the rest for it."""
Matrix = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Seen:
    """One question: what the sources gave, and whether the answer they led to was right."""

    features: Mapping[str, float]
    """Empty when no passage was read to hold an answer: such a question is refused whatever the weights."""
    right: bool
    weight: float = 1.0
    """How much it counts: every suite counts the same, however many questions it has."""
    suite: str = ""
    expect: str = "answered"
    whole: bool = False
    """Whether all sides of a known disagreement were told."""
    disputed: bool = False
    """Whether another answer was told beside the best."""


def calibrate(suites: Sequence[Path], engines: EngineFactory, options: EvalOptions | None = None) -> Calibration:
    """Ask every question with refusing by confidence switched off, and fit.

    Raises ``InputError`` when fewer than ``LEAST`` answers are right or wrong.
    """
    seen = observe(suites, engines, options)
    names = ", ".join(path.stem for path in suites)
    return fit(seen, f"{names}: {len(seen)} questions")


def observe(suites: Sequence[Path], engines: EngineFactory, options: EvalOptions | None = None) -> list[Seen]:
    """One entry a case that was asked, in the suites' order. Every suite counts the same in all: a long one of hard
    questions must not decide how sure an answer about ordinary reports is."""
    agreements: dict[str, Agreement] = {}

    def watched(folder: Path) -> Engine:
        engine = engines(folder)
        inner = engine.steps.agree

        def agree(engine_: Engine, question: Question, readings: Sequence[Reading]) -> Agreement:
            agreements[question.typed] = inner(engine_, question, readings)
            return agreements[question.typed]

        always = replace(engine.calibration, threshold=0.0, curve=())
        return replace(engine, calibration=always, steps=replace(engine.steps, agree=agree))

    result = run(suites, watched, options)
    asked = [suite for suite in result.runs if suite.cases]
    found = []
    for suite in asked:
        weight = sum(len(each.cases) for each in asked) / (len(asked) * len(suite.cases))
        for one in suite.cases:
            agreement = agreements.get(" ".join(one.case.question.split()))
            found.append(_seen(one, agreement, weight, suite.suite))
    return found


def _seen(one: CaseResult, agreement: Agreement | None, weight: float, suite: str) -> Seen:
    best = agreement.best.label if agreement and agreement.best else ""
    right = is_right(one.case, best, passed=one.observed.right)
    features = agreement.features if agreement else {}
    disputed = bool(agreement and agreement.rivals)
    return Seen(features, right, weight, suite, one.case.expect, one.observed.right and disputed, disputed)


def is_right(case: Case, best: str, *, passed: bool) -> bool:
    """Whether the answer ``best`` is worth giving: of a known disagreement, whether it is one of its sides. That the
    others were not found beside it is no fault of its own."""
    return correct(best, "", case.answers) == 1.0 if case.expect == "conflict" and best else passed


def fit(seen: Sequence[Seen], fitted_on: str) -> Calibration:
    """Logistic regression by Newton's method; an answer is given from ``WORTH`` on."""
    rows = [one for one in seen if one.features]
    right = np.array([one.right for one in rows], dtype=np.float64)
    if min(right.sum(), len(right) - right.sum()) < LEAST:
        message = f"{int(right.sum())} of {len(right)} answers are right: too few of one kind to fit anything"
        raise InputError(message, f"give suites with at least {LEAST} right and {LEAST} wrong answers")
    inputs = np.array([[1.0, *(one.features[name] for name in FEATURES)] for one in rows])
    counts = np.array([one.weight for one in rows])
    weights = _signed(inputs, right, counts)
    calibration = Calibration(dict(zip(("bias", *FEATURES), map(float, weights), strict=True)), fitted_on=fitted_on)
    confidence = 1.0 / (1.0 + np.exp(-inputs @ weights))
    return replace(
        calibration, threshold=WORTH, curve=_curve(confidence, right, counts, sum(one.weight for one in seen))
    )


def _signed(inputs: Matrix, right: Matrix, counts: Matrix) -> Matrix:
    """Weights none of which contradicts its feature's meaning: those that do are left out and the rest fitted again.

    On a few hundred questions of one collection, agreement between sources may by chance go with wrong answers; on a
    user's documents it must not count against an answer.
    """
    prior = np.array([PRIOR[name] for name in ("bias", *FEATURES)])
    kept = list(range(inputs.shape[1]))
    while True:
        weights = np.zeros(inputs.shape[1])
        weights[kept] = _newton(inputs[:, kept], right, counts, prior[kept])
        wrong = [i for i in kept[1:] if weights[i] * SIGNS[i - 1] < 0]
        if not wrong:
            return weights
        kept = [i for i in kept if i not in wrong]


def _newton(inputs: Matrix, right: Matrix, counts: Matrix, prior: Matrix) -> Matrix:
    weights = np.zeros(inputs.shape[1])
    penalty = np.diag([0.0, *[PENALTY] * (inputs.shape[1] - 1)])
    for _ in range(50):
        p = 1.0 / (1.0 + np.exp(-inputs @ weights))
        gradient = inputs.T @ (counts * (p - right)) + penalty @ (weights - prior)
        curvature = (inputs * (counts * p * (1 - p))[:, None]).T @ inputs + penalty
        step = np.linalg.solve(curvature, gradient)
        weights = weights - step
        if float(np.abs(step).max()) < 1e-8:
            break
    return weights


def _curve(confidence: Matrix, right: Matrix, counts: Matrix, asked: float) -> tuple[tuple[float, float, float], ...]:
    """(threshold, share of wrong among the answers given, share of questions answered) at up to 50 thresholds."""
    points = []
    for threshold in np.unique(np.quantile(confidence, np.linspace(0, 0.98, 50)).round(4)):
        given = confidence >= threshold
        wrong = 1 - np.average(right[given], weights=counts[given])
        points.append((float(threshold), round(float(wrong), 4), round(float(counts[given].sum() / asked), 4)))
    return tuple(points)
