"""The gate: thresholds from the suite's head, and a stored run to compare with. A metric that is no number fails."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.errors import InputError
from qa.evaluate.cases import Bound
from qa.evaluate.measures import MEASURES, Row, available, better, difference, measure
from qa.evaluate.result import Comparison, SuiteRun, Verdict

FORMAT = 1
UPDATE = "write it again with: qa eval SUITE --baseline FILE --update-baseline"


def thresholds(bounds: Mapping[str, Bound], rows: Sequence[Row]) -> list[Verdict]:
    """One verdict a threshold."""
    return [_threshold(name, bound, measure(name, rows).value) for name, bound in bounds.items()]


def _threshold(name: str, bound: Bound, value: float) -> Verdict:
    if math.isnan(value):
        return Verdict(name, value, False, f"{name} could not be measured: no case says anything about it")
    wanted = [f"at least {bound.min:g}"] if bound.min is not None else []
    wanted += [f"at most {bound.max:g}"] if bound.max is not None else []
    # A threshold is written with two or three digits; the mean of floats must not fall short of it in the sixteenth.
    low = -math.inf if bound.min is None else bound.min - 1e-9
    high = math.inf if bound.max is None else bound.max + 1e-9
    ok = low <= value <= high
    return Verdict(name, value, ok, f"{name} is {value:.3f}, wanted {' and '.join(wanted) or 'a number'}")


@dataclass(frozen=True, slots=True)
class Baseline:
    """One suite of a stored run."""

    suite: str
    corpus: str
    rows: tuple[Row, ...]


def compare(run: SuiteRun, baseline: Baseline | None) -> list[Verdict]:
    """One verdict a metric that has a better and a worse side, over the cases that both runs asked."""
    if baseline is None:
        return [_incomparable("the baseline holds no such suite")]
    if (run.fingerprint.suite, run.fingerprint.corpus) != (baseline.suite, baseline.corpus):
        changed = "suite" if run.fingerprint.suite != baseline.suite else "corpus"
        return [_incomparable(f"the {changed} is not the one of the baseline")]
    before, after = {row.id: row for row in baseline.rows}, {row.id: row for row in run.rows}
    shared = sorted(before.keys() & after.keys())
    old, new = [before[one] for one in shared], [after[one] for one in shared]
    names = [name for name in available([*old, *new]) if better(name) != "neither"]
    return [_compared(name, run.bounds.get(name, Bound()).tolerance, old, new) for name in names]


def _incomparable(why: str) -> Verdict:
    return Verdict("baseline", math.nan, False, f"incomparable: {why} ({UPDATE})", "incomparable")


def _compared(name: str, tolerance: float, old: Sequence[Row], new: Sequence[Row]) -> Verdict:
    was, now = measure(name, old).value, measure(name, new).value
    if math.isnan(now):
        return Verdict(name, now, False, f"{name} was {was:.3f} and is no number now", "regressed")
    if math.isnan(was):
        return Verdict(name, now, True, f"{name} is {now:.3f}; the baseline has none", "held")
    change, low, high = difference(name, old, new)
    comparison = _judge(low, high, tolerance, better(name) == "lower")
    text = f"{name} {comparison}: {was:.3f} → {now:.3f} ({change:+.3f}, 95 % interval {low:+.3f} to {high:+.3f})"
    return Verdict(name, now, comparison != "regressed", text, comparison, low, high)


ROUNDING = 1e-5
"""A baseline keeps six decimals: an equal score may differ from itself by half of the last."""


def _judge(low: float, high: float, tolerance: float, lower_is_better: bool) -> Comparison:
    """A loss counts when the whole interval lies beyond the tolerance, so that noise does not fail and a real loss
    does.

    >>> _judge(-0.20, -0.02, 0.0, False), _judge(-0.20, 0.02, 0.0, False), _judge(0.01, 0.2, 0.0, False)
    ('regressed', 'held', 'improved')
    >>> _judge(0.01, 0.2, 0.0, True), _judge(-0.20, -0.02, 0.05, False)
    ('regressed', 'held')
    >>> _judge(-4e-7, -1e-7, 0.0, False)
    'held'
    """
    if lower_is_better:
        low, high = -high, -low
    if high < -tolerance - ROUNDING:
        return "regressed"
    return "improved" if low > ROUNDING else "held"


def load(path: Path) -> dict[str, Baseline]:
    """The suites of a stored run by name. Raises ``InputError``."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data["format"] != FORMAT:
            raise InputError(f"the baseline {path} has format {data['format']}, this version reads {FORMAT}", UPDATE)
        return {name: _suite(entry) for name, entry in data["suites"].items()}
    except FileNotFoundError as error:
        raise InputError(f"there is no baseline {path}", UPDATE) from error
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(f"the baseline {path} cannot be read: {error}", UPDATE) from error


def _suite(entry: Mapping[str, Any]) -> Baseline:
    rows = tuple(
        Row(one, {k: float(v) for k, v in row["scores"].items()}, row["confidence"], bool(row["right"]))
        for one, row in entry["cases"].items()
    )
    return Baseline(str(entry["suite"]), str(entry["corpus"]), rows)


def save(path: Path, runs: Sequence[SuiteRun]) -> None:
    """Write a baseline, whole or not at all; suites of an older one that were not run are kept.

    Raises ``InputError`` for a run that did not ask every case: a baseline with gaps would hide losses.
    """
    partial = next((run for run in runs if len(run.cases) < run.total), None)
    if partial:
        asked = f"{len(partial.cases)} of {partial.total} cases"
        raise InputError(f"the baseline {path} was not written: {partial.name} asked {asked}", "run the whole suite")
    suites = json.loads(path.read_text(encoding="utf-8"))["suites"] if path.is_file() else {}
    suites |= {run.name: dict(_entry(run)) for run in runs}
    text = json.dumps({"format": FORMAT, "suites": suites}, indent=1, ensure_ascii=False, sort_keys=True) + "\n"
    temporary = path.with_suffix(path.suffix + ".tmp")
    temporary.write_text(text, encoding="utf-8")
    temporary.replace(path)


def _entry(run: SuiteRun) -> Iterator[tuple[str, Any]]:
    yield "suite", run.fingerprint.suite
    yield "corpus", run.fingerprint.corpus
    yield "prompts", run.fingerprint.prompts
    yield "models", dict(run.fingerprint.models)
    yield "code", run.fingerprint.code
    yield "metrics", {value.name: round(value.value, 6) for value in run.values()}
    yield "cases", {row.id: _row(row) for row in run.rows}


def _row(row: Row) -> dict[str, Any]:
    scores = {name: round(value, 6) for name, value in row.scores.items() if name in MEASURES}
    return {"scores": scores, "confidence": row.confidence, "right": row.right}
