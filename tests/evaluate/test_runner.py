"""Running suites: every case once, in any order, resumed after an interruption, the same twice."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest

from qa.errors import ExitCode, InputError, QAError
from qa.evaluate.cases import Case
from qa.evaluate.outcome import Subject, drain
from qa.evaluate.reports import json_report
from qa.evaluate.runner import EvalOptions, evaluate

from .sample import CASES, GOOD, answered, citation, factory, refused, write_suite


def test_a_good_product_passes(tmp_path: Path) -> None:
    result = evaluate([write_suite(tmp_path)], {"": factory()})
    run = result.runs[0]
    assert [(case.case.id, case.observed.failures) for case in run.cases] == [(c["id"], ()) for c in CASES]
    assert result.exit_code == ExitCode.OK
    values = {value.name: value.value for value in run.values()}
    assert values["answer.correct"] == 1.0
    assert values["retrieval.recall@1"] == pytest.approx(1 / 3)
    assert values["retrieval.recall@3"] == 1.0
    assert values["conflict.recall"] == 1.0
    assert values["abstention.coverage"] == 0.75
    assert values["abstention.ece"] == pytest.approx(0.1)


def test_a_product_that_answers_everything_falls_short(tmp_path: Path) -> None:
    sunk = answered(
        "How many ferries sank?", "40", "They carried 40 cars.", citation(1, "a.md", "They carried 40 cars")
    )
    result = evaluate([write_suite(tmp_path)], {"": factory(GOOD | {"sunk": sunk})})
    assert result.exit_code == ExitCode.FELL_SHORT
    assert [v.metric for v in result.verdicts if not v.ok] == ["abstention.rejection_recall"]
    assert "answered an unanswerable question with '40'" in result.runs[0].cases[2].observed.failures


def test_the_order_of_cases_does_not_matter_and_two_runs_are_equal_to_the_byte(tmp_path: Path) -> None:
    shuffled = list(CASES)
    random.Random(3).shuffle(shuffled)
    once = evaluate([write_suite(tmp_path)], {"": factory()})
    again = evaluate([write_suite(tmp_path)], {"": factory()})
    other = evaluate([write_suite(tmp_path, shuffled)], {"": factory()})
    assert json_report.text(once) == json_report.text(again)
    assert once.runs[0].values() == other.runs[0].values()
    assert once.runs[0].fingerprint == other.runs[0].fingerprint


def test_an_interruption_keeps_what_is_finished(tmp_path: Path) -> None:
    path, state = write_suite(tmp_path), tmp_path / "reports/state.jsonl"

    def stop(case: Case) -> None:
        if case.id == "sunk":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate([path], {"": factory(trouble=stop)}, EvalOptions(state=state))
    with state.open("a") as file:
        file.write('{"key": "cut sho')
    asked: list[str] = []
    result = evaluate([path], {"": factory(asked=asked)}, EvalOptions(state=state))
    assert asked == ["sunk", "ferries"]
    assert json_report.text(result) == json_report.text(evaluate([path], {"": factory()}))
    assert not state.exists()


def test_a_state_of_other_models_is_not_used(tmp_path: Path) -> None:
    path, state = write_suite(tmp_path), tmp_path / "state.jsonl"

    def stop(case: Case) -> None:
        if case.id == "ferries":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        evaluate([path], {"": factory(trouble=stop)}, EvalOptions(state=state))
    asked: list[str] = []
    plain = factory(asked=asked)

    def other(folder: Path, suite: object) -> Subject:
        return replace(plain(folder, suite), models={"generator": "another"})  # type: ignore[arg-type]

    evaluate([path], {"": other}, EvalOptions(state=state))
    assert asked == [case["id"] for case in CASES]


def test_limit_kinds_and_fail_fast(tmp_path: Path) -> None:
    path = write_suite(tmp_path)
    asked: list[str] = []
    evaluate([path], {"": factory(asked=asked)}, EvalOptions(limit=2))
    evaluate([path], {"": factory(asked=asked)}, EvalOptions(only=("conflict",)))
    assert asked == ["cars", "captain", "ferries"]
    asked.clear()
    wrong = factory(GOOD | {"captain": refused("Who is the captain?")}, asked)
    result = evaluate([path], {"": wrong}, EvalOptions(fail_fast=True))
    assert asked == ["cars", "captain"]
    assert result.notes == ("stopped at the first failure, captain",)
    with pytest.raises(InputError, match="no case is left"):
        evaluate([path], {"": factory()}, EvalOptions(only=("nothing",)))


def test_a_choice_of_cases_is_not_judged_by_what_it_left_out(tmp_path: Path) -> None:
    result = evaluate([write_suite(tmp_path)], {"": factory()}, EvalOptions(only=("number",)))
    assert [verdict.metric for verdict in result.verdicts] == ["answer.correct"]
    assert result.exit_code == ExitCode.OK


def test_several_models_stand_side_by_side(tmp_path: Path) -> None:
    bad = factory(GOOD | {"captain": refused("Who is the captain?")})
    result = evaluate([write_suite(tmp_path)], {"A": factory(), "B": bad})
    assert [run.name for run in result.runs] == ["ferries · A", "ferries · B"]
    assert [len([c for c in run.cases if not c.passed]) for run in result.runs] == [0, 1]


def test_evidence_that_the_document_does_not_hold_is_named_before_any_question(tmp_path: Path) -> None:
    case = CASES[0] | {"evidence": [{"document": "a.md", "quote": "They carried 41 cars"}]}
    asked: list[str] = []
    with pytest.raises(InputError, match=r"ferries\.jsonl:1: evidence: a\.md does not hold"):
        evaluate([write_suite(tmp_path, [case])], {"": factory(asked=asked)})
    assert asked == []


def test_a_failure_of_the_product_is_not_a_wrong_answer(tmp_path: Path) -> None:
    def fail(case: Case) -> None:
        raise QAError("the model is gone")

    with pytest.raises(QAError, match="the model is gone"):
        evaluate([write_suite(tmp_path)], {"": factory(trouble=fail)})
    with pytest.raises(QAError, match="ended without an answer"):
        drain(())


def test_two_suites_of_one_name_are_refused(tmp_path: Path) -> None:
    path = write_suite(tmp_path)
    with pytest.raises(InputError, match="two suites"):
        evaluate([path, path], {"": factory()})


def test_progress_counts_all_suites_and_models(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    options = EvalOptions(progress=lambda done, total, case: seen.append((done, total)))
    evaluate([write_suite(tmp_path)], {"A": factory(), "B": factory()}, options)
    assert seen == [(n, 8) for n in range(1, 9)]
