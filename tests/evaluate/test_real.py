"""With the real default models: the same answers twice, to the byte, whatever was asked before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.evaluate import EvalOptions, run
from qa.evaluate.reports import json_report
from qa.wiring.evaluation import engines

EVALS = Path(__file__).parents[2] / "evals"


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_two_runs_with_the_real_models_are_equal_to_the_byte(tmp_path: Path) -> None:
    lines = (EVALS / "seeds.jsonl").read_text(encoding="utf-8").splitlines()
    chosen = [line for line in lines if json.loads(line)["id"] in ("marines-01", "unanswerable-07")]
    head = f'name = "two"\ncorpus = {json.dumps(str(EVALS.parent / "seeds"))}\n'
    for name, order in (("one", chosen), ("other", list(reversed(chosen)))):
        (tmp_path / f"{name}.jsonl").write_text("\n".join(order), encoding="utf-8")
        (tmp_path / f"{name}.toml").write_text(head, encoding="utf-8")
    with engines(None, {"offline": True}, []) as factories:
        first = run([tmp_path / "one.jsonl"], factories, EvalOptions())
        again = run([tmp_path / "other.jsonl"], factories, EvalOptions())
    one, other = (json.loads(json_report.text(result))["runs"][0] for result in (first, again))
    assert {case["id"]: case for case in one["cases"]} == {case["id"]: case for case in other["cases"]}
    assert one["metrics"] == other["metrics"]
