"""The product's own path as the subject: the same twice, in any order, with its passages disturbed, with several
models."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from qa.evaluate import EvalOptions, product, run
from qa.evaluate.disturb import KINDS, disturbed
from qa.evaluate.reports import json_report
from qa.testing import ScriptedGenerator
from qa.types import Hit, Passage, Source

from .test_mutations import CASES, Bench, bench, know

__all__ = ["bench"]


def test_two_runs_are_equal_to_the_byte(bench: Bench) -> None:
    assert json_report.text(bench.judge()) == json_report.text(bench.judge())


def test_the_order_of_cases_changes_no_answer(bench: Bench, tmp_path: Path) -> None:
    lines = bench.suite.read_text(encoding="utf-8").splitlines()
    turned = bench.suite.with_name("turned.jsonl")
    turned.write_text("\n".join(reversed(lines)), encoding="utf-8")
    turned.with_suffix(".toml").write_text(
        bench.suite.with_suffix(".toml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    one, other = bench.judge().runs[0], replace(bench, suite=turned).judge().runs[0]
    assert {c.case.id: c.outcome for c in one.cases} == {c.case.id: c.outcome for c in other.cases}
    assert one.values() == other.values()


def test_disturbed_passages_are_asked_and_measured(bench: Bench) -> None:
    result = run([bench.suite], lambda folder: bench.engine, EvalOptions(robustness=2))
    values = {value.name: value for value in result.runs[0].values()}
    assert {f"robustness.{kind}" for kind in KINDS} <= set(values)
    assert {values[f"robustness.{kind}"].count for kind in KINDS} == {2}
    assert values["robustness.shuffled"].value == 1.0


def test_a_state_survives_only_the_same_models(bench: Bench, tmp_path: Path) -> None:
    subject = product.subject(bench.engine, "ask")
    other = product.subject(replace(bench.engine, reranker=None), "ask")
    assert subject.models != other.models
    assert subject.models["generator"] == "scripted"
    assert set(subject.models) == {"generator", "adapter", "embedder", "checker", "reranker", "locator", "calibration"}


def test_several_generators_on_one_suite(bench: Bench) -> None:
    mute = replace(bench.engine, generator=ScriptedGenerator(lambda request: "not found"))
    knowing = replace(bench.engine, generator=ScriptedGenerator(know))
    result = run([bench.suite], {"knowing": lambda folder: knowing, "mute": lambda folder: mute})
    data = json.loads(json_report.text(result))
    refused = [one["metrics"]["abstention.over_refusal"]["value"] for one in data["runs"]]
    assert [one["model"] for one in data["runs"]] == ["knowing", "mute"]
    assert refused == [0.0, 1.0]
    assert data["runs"][0]["asked"] == len(CASES)


def hit(name: str) -> Hit:
    return Hit(Passage(name, 0, 1, "x", ()), Source(name, "", "", "", "", 1, 1, name), 0.0)


def test_disturbances_keep_the_length_and_are_the_same_twice() -> None:
    hits, noise = [hit(f"a{n}") for n in range(5)], [hit(f"n{n}") for n in range(9)]
    for kind in KINDS:
        once = disturbed(kind, hits, noise, "case")
        assert once == disturbed(kind, hits, noise, "case")
        assert len(once) == 5
    assert sum(one in noise for one in disturbed("noise_80", hits, noise, "case")) == 4
    assert disturbed("copies", hits, noise, "case") == [hits[0]] * 5
