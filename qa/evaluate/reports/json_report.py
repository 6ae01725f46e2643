"""The report as JSON: everything that the other reports show, and all that another program needs to judge for
itself."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from typing import Any

from qa.evaluate.measures import Value, better
from qa.evaluate.metrics.abstention import Judged, bins, risk_coverage
from qa.evaluate.result import CaseResult, EvalResult, SuiteRun, Verdict
from qa.render.json import answer_to_json
from qa.types import Answer

FORMAT = 1


def text(result: EvalResult) -> str:
    """One JSON object and a line end. Numbers are rounded to six digits; one that is no number is null."""
    data = {
        "format": FORMAT,
        "exit_code": result.exit_code,
        "notes": list(result.notes),
        "runs": [_run(run) for run in result.runs],
    }
    return json.dumps(data, ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def judged(run: SuiteRun) -> list[Judged]:
    """The answered cases, for the curves."""
    return [Judged(row.confidence, row.right) for row in run.rows if row.confidence is not None]


def _run(run: SuiteRun) -> dict[str, Any]:
    answered = judged(run)
    return {
        "suite": run.suite,
        "model": run.label,
        "description": run.head.description,
        "fingerprint": asdict(run.fingerprint),
        "asked": len(run.cases),
        "cases_in_suite": run.total,
        "passed": sum(case.passed for case in run.cases),
        "metrics": {value.name: _value(value) for value in run.values()},
        "verdicts": [_verdict(verdict) for verdict in run.verdicts],
        "risk_coverage": [[_number(c), _number(r)] for c, r in risk_coverage(answered, len(run.cases))],
        "calibration": [[one.count, _number(one.confidence), _number(one.accuracy)] for one in bins(answered)],
        "cases": [_case(case) for case in run.cases],
    }


def _value(value: Value) -> dict[str, Any]:
    numbers = {"value": _number(value.value), "low": _number(value.low), "high": _number(value.high)}
    return numbers | {"cases": value.count, "better": better(value.name)}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    said = {"metric": verdict.metric, "ok": verdict.ok, "value": _number(verdict.value), "text": verdict.text}
    if verdict.comparison is None:
        return said
    return said | {"comparison": verdict.comparison, "low": _number(verdict.low), "high": _number(verdict.high)}


def _case(one: CaseResult) -> dict[str, Any]:
    return {
        "id": one.case.id,
        "question": one.case.question,
        "kind": one.case.kind,
        "expect": one.case.expect,
        "expected": list(one.case.answers),
        "passed": one.passed,
        "failures": list(one.observed.failures),
        "scores": {name: _number(value) for name, value in sorted(one.observed.scores.items())},
        "answer": _answer(one.outcome.answer),
        "read": [[hit.passage.document, hit.passage.start, hit.passage.end] for hit in one.outcome.hits],
    }


def _answer(answer: Answer) -> dict[str, Any]:
    data = answer_to_json(answer)
    for name in ("timings_ms", "index", "model"):
        data.pop(name, None)
    return data


def _number(value: float) -> float | None:
    return None if math.isnan(value) else round(value, 6)
