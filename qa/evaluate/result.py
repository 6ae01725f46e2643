"""What an evaluation gives: per suite and model the cases, the metrics and the verdicts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from qa.errors import ExitCode
from qa.evaluate.cases import Bound, Case, Head
from qa.evaluate.fingerprint import Fingerprint
from qa.evaluate.measures import Row, Value, available, measure
from qa.evaluate.observe import Observed
from qa.evaluate.outcome import Outcome

Comparison = Literal["regressed", "held", "improved", "incomparable"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case, asked and measured."""

    case: Case
    outcome: Outcome
    observed: Observed
    ms: float
    """Wall time of the question; not part of what is compared or reported per case."""

    @property
    def passed(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.observed.failures

    @property
    def row(self) -> Row:
        """What it gives to the aggregates."""
        answer = self.outcome.answer
        judged = answer.status == "answered" and "abstention.coverage" in self.observed.scores
        confidence = answer.confidence if judged else None
        return Row(self.case.id, self.observed.scores, confidence, self.observed.right)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A metric against its threshold or against the baseline."""

    metric: str
    value: float
    ok: bool
    text: str
    """For a person: what was found and what was wanted."""
    comparison: Comparison | None = None
    """None for a threshold."""
    low: float = float("nan")
    high: float = float("nan")
    """Of the difference to the baseline."""


@dataclass(frozen=True, slots=True)
class SuiteRun:
    """One suite asked of one model."""

    suite: str
    label: str
    """Of the model; empty when only one was asked."""
    head: Head
    fingerprint: Fingerprint
    cases: tuple[CaseResult, ...]
    total: int
    """Cases of the suite; more than were asked after ``--limit``, ``--only`` or ``--fail-fast``."""
    verdicts: tuple[Verdict, ...] = ()

    @property
    def rows(self) -> list[Row]:
        """One a case."""
        return [one.row for one in self.cases]

    @property
    def name(self) -> str:
        """Suite, and model where there are several."""
        return f"{self.suite} · {self.label}" if self.label else self.suite

    def values(self) -> list[Value]:
        """The metrics that the head asks for, else all that the cases give."""
        rows = self.rows
        names: Sequence[str] = self.head.metrics or available(rows)
        return [measure(name, rows) for name in names]

    @property
    def bounds(self) -> dict[str, Bound]:
        """Thresholds by metric."""
        return self.head.thresholds


@dataclass(frozen=True, slots=True)
class EvalResult:
    """All suites and models of one evaluation."""

    runs: tuple[SuiteRun, ...]
    notes: tuple[str, ...] = ()
    """What a reader must know: a baseline that could not be compared, a run cut short."""

    @property
    def verdicts(self) -> list[Verdict]:
        """Of all runs."""
        return [verdict for run in self.runs for verdict in run.verdicts]

    @property
    def exit_code(self) -> int:
        """0 when everything holds, 6 when something fell short, 1 when the baseline could not be compared."""
        if any(not one.ok and one.comparison != "incomparable" for one in self.verdicts):
            return ExitCode.FELL_SHORT
        if any(one.comparison == "incomparable" for one in self.verdicts):
            return ExitCode.ERROR
        return ExitCode.OK
