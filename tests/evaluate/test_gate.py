"""Thresholds and the baseline: noise holds, a loss fails, another suite or corpus is incomparable, no number fails."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from qa.errors import ExitCode, InputError
from qa.evaluate import gate
from qa.evaluate.cases import Bound
from qa.evaluate.measures import Row, available, difference, measure
from qa.evaluate.runner import EvalOptions, evaluate

from .sample import CASES, GOOD, factory, refused, write_suite


def rows(right: int, wrong: int, metric: str = "answer.correct") -> list[Row]:
    return [Row(f"{n:03}", {metric: float(n < right)}, 0.9, n < right) for n in range(right + wrong)]


def test_a_threshold_holds_or_not() -> None:
    held, short = (
        gate.thresholds({"answer.correct": Bound(min=0.9)}, rows(9, 1)),
        gate.thresholds({"answer.correct": Bound(min=0.9)}, rows(8, 2)),
    )
    assert [v.ok for v in (*held, *short)] == [True, False]
    assert short[0].text == "answer.correct is 0.800, wanted at least 0.9"
    assert not gate.thresholds({"answer.correct": Bound(max=0.5)}, rows(8, 2))[0].ok


def test_a_metric_without_any_case_fails() -> None:
    verdict = gate.thresholds({"answer.yes_no": Bound(min=0.0)}, rows(8, 2))[0]
    assert not verdict.ok
    assert math.isnan(verdict.value)


def test_the_mean_and_its_interval() -> None:
    value = measure("answer.correct", rows(80, 20))
    assert (value.value, value.count) == (0.8, 100)
    assert 0.70 < value.low < 0.75
    assert 0.85 < value.high < 0.90
    assert measure("answer.correct", list(reversed(rows(80, 20)))) == value
    assert math.isnan(measure("answer.correct", []).value)


def test_curves_are_measured_over_answered_cases_only() -> None:
    judged = [Row("a", {}, 0.9, True), Row("b", {}, None), Row("c", {}, 0.5, False)]
    assert measure("abstention.aurc", judged).value == 0.25
    assert measure("abstention.aurc", judged).count == 2
    assert "abstention.ece" in available(judged)
    assert math.isnan(measure("abstention.ece", [Row("b", {}, None)]).value)


def test_paired_differences_know_what_unpaired_ones_do_not() -> None:
    before = rows(60, 40)
    after = [
        Row(row.id, {"answer.correct": 0.0 if row.id in ("001", "002", "003") else row.scores["answer.correct"]})
        for row in before
    ]
    change, low, high = difference("answer.correct", before, after)
    assert change == pytest.approx(-0.03)
    assert -0.08 < low < high <= 0.0
    with pytest.raises(ValueError, match="same cases"):
        difference("answer.correct", before, after[1:])


def _baseline(tmp_path: Path) -> tuple[Path, Path]:
    """A suite of forty cases like ``captain`` and its baseline, all right."""
    many = [CASES[1] | {"id": f"captain-{n:02}"} for n in range(40)]
    path, stored = write_suite(tmp_path, many, head=""), tmp_path / "ferries.baseline.json"
    evaluate([path], {"": factory(_answers())}, EvalOptions(baseline=stored, update_baseline=True))
    return path, stored


def _answers(refusing: int = 0) -> dict[str, object]:
    return {f"captain-{n:02}": refused("Who?") if n < refusing else GOOD["captain"] for n in range(40)}


def test_noise_holds_and_a_real_loss_regresses(tmp_path: Path) -> None:
    path, stored = _baseline(tmp_path)
    same = evaluate([path], {"": factory(_answers())}, EvalOptions(baseline=stored))
    noise = evaluate([path], {"": factory(_answers(1))}, EvalOptions(baseline=stored))
    loss = evaluate([path], {"": factory(_answers(9))}, EvalOptions(baseline=stored))
    assert [one.exit_code for one in (same, noise, loss)] == [ExitCode.OK, ExitCode.OK, ExitCode.FELL_SHORT]
    regressed = {v.metric for v in loss.verdicts if v.comparison == "regressed"}
    assert {"answer.correct", "abstention.over_refusal", "passed"} <= regressed
    assert {v.comparison for v in same.verdicts} == {"held"}


def test_a_gain_is_called_improved(tmp_path: Path) -> None:
    path, stored = _baseline(tmp_path)
    evaluate([path], {"": factory(_answers(20))}, EvalOptions(baseline=stored, update_baseline=True))
    result = evaluate([path], {"": factory(_answers())}, EvalOptions(baseline=stored))
    assert "improved" in {v.comparison for v in result.verdicts}
    assert result.exit_code == ExitCode.OK


def test_a_tolerance_allows_a_loss(tmp_path: Path) -> None:
    path, stored = _baseline(tmp_path)
    bounds = "\n".join(
        f'"{name}" = {{ tolerance = 0.5 }}' for name in ("answer.correct", "answer.exact", "answer.f1", "passed")
    )
    bounds += '\n"abstention.over_refusal" = { tolerance = 0.5 }\n'
    path.with_suffix(".toml").write_text(f'name = "ferries"\ncorpus = "docs"\n[thresholds]\n{bounds}', encoding="utf-8")
    result = evaluate([path], {"": factory(_answers(9))}, EvalOptions(baseline=stored))
    assert result.exit_code == ExitCode.OK


def test_a_number_that_is_lost_is_a_regression(tmp_path: Path) -> None:
    path, stored = _baseline(tmp_path)
    result = evaluate([path], {"": factory(_answers(40))}, EvalOptions(baseline=stored))
    lost = [v for v in result.verdicts if math.isnan(v.value)]
    assert "citation.quote_exact" in {v.metric for v in lost}
    assert all(v.comparison == "regressed" and not v.ok for v in lost)


@pytest.mark.parametrize("what", ["suite", "corpus", "name"])
def test_another_suite_or_corpus_is_incomparable(tmp_path: Path, what: str) -> None:
    path, stored = _baseline(tmp_path)
    if what == "suite":
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(lines[1:]), encoding="utf-8")
    elif what == "corpus":
        (tmp_path / "docs/new.md").write_text("new", encoding="utf-8")
    else:
        path.with_suffix(".toml").write_text('name = "boats"\ncorpus = "docs"\n', encoding="utf-8")
    result = evaluate([path], {"": factory(_answers(30))}, EvalOptions(baseline=stored))
    assert [v.comparison for v in result.verdicts] == ["incomparable"]
    assert result.exit_code == ExitCode.ERROR


def test_part_of_a_suite_compares_on_the_cases_it_asked(tmp_path: Path) -> None:
    path, stored = _baseline(tmp_path)
    result = evaluate([path], {"": factory(_answers())}, EvalOptions(baseline=stored, limit=5))
    assert result.exit_code == ExitCode.OK
    with pytest.raises(InputError, match="5 of 40 cases"):
        evaluate([path], {"": factory(_answers())}, EvalOptions(baseline=stored, limit=5, update_baseline=True))


def test_a_baseline_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    path = write_suite(tmp_path)
    asked: list[str] = []
    for text in (None, "{", '{"format": 9}', '{"format": 1, "suites": {"a": {}}}'):
        stored = tmp_path / "b.json"
        if text is not None:
            stored.write_text(text, encoding="utf-8")
        with pytest.raises(InputError, match=r"b\.json"):
            evaluate([path], {"": factory(asked=asked)}, EvalOptions(baseline=stored))
    assert asked == []


def test_a_baseline_is_written_alike_twice_and_keeps_other_suites(tmp_path: Path) -> None:
    _, stored = _baseline(tmp_path)
    before = stored.read_bytes()
    _baseline(tmp_path)
    assert stored.read_bytes() == before
    other = write_suite(tmp_path, name="boats")
    evaluate([other], {"": factory()}, EvalOptions(baseline=stored, update_baseline=True))
    assert sorted(json.loads(stored.read_text(encoding="utf-8"))["suites"]) == ["boats", "ferries"]
