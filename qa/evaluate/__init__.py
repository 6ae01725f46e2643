"""Suites of questions through the product's own path, scored by pure functions, gated by thresholds and a baseline.

``run`` is the whole of it; ``reports`` holds the writers. What a suite looks like stands in ``cases``, the metrics
in ``measures``.
"""

from qa.evaluate.product import EngineFactory, run
from qa.evaluate.result import CaseResult, EvalResult, SuiteRun, Verdict
from qa.evaluate.runner import EvalOptions

__all__ = ["CaseResult", "EngineFactory", "EvalOptions", "EvalResult", "SuiteRun", "Verdict", "run"]
