"""What re-creates the weights: which run begins with which weights, and what of each ships."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

pytest.importorskip("torch")

if TYPE_CHECKING:
    from training.lora import Plan

READER = Path("weights") / "reader.gguf"


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[Plan]:
    """The reader's runs in their order; none is trained."""
    from training import export_gguf, lora, run

    plans: list[Plan] = []
    monkeypatch.setattr(lora, "run", plans.append)
    monkeypatch.setattr(export_gguf, "averaged", lambda folder: folder)
    monkeypatch.setattr(export_gguf, "write", lambda *_: None)
    monkeypatch.setattr(run, "RUNS", Path("runs"))
    return plans


@pytest.fixture
def shipped(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, float]]:
    """The shares of each mean that was written to the reader's place."""
    from training import blend

    means: list[dict[str, float]] = []

    def main(words: list[str]) -> None:
        assert words[words.index("--target") + 1] == str(READER)
        parts = (word.rsplit("=", 1) for word in words[: words.index("--target")])
        means.append({place: float(share) for place, share in parts})

    monkeypatch.setattr(blend, "main", main)
    return means


def start_of(plan: Plan) -> Path:
    """The weights that a run begins with."""
    return cast("Path", cast("partial[object]", plan.course.model).keywords["start"])


def mixture_of(plan: Plan) -> str:
    return cast("str", cast("partial[object]", plan.course.source).keywords["shares"])


def test_a_second_run_begins_where_the_first_ended(ran: list[Plan], shipped: list[dict[str, float]]) -> None:
    from training import run

    run.retold(78, 5, 2, READER)
    first, second = ran
    assert (mixture_of(first), mixture_of(second)) == ("judge", "accounts")
    assert start_of(first) == READER
    assert start_of(second) == first.folder / "end.gguf"
    assert (first.minutes, second.minutes) == pytest.approx((44, 34))
    assert first.seed != second.seed
    assert shipped == [{str(second.folder): 0.5, str(READER): 0.5}]


def test_both_rounds_of_debate_ship_beside_their_start(ran: list[Plan], shipped: list[dict[str, float]]) -> None:
    from training import run

    run.debated(87, 0, 2, READER)
    queries, debate = ran
    assert sum(shipped[0].values()) == pytest.approx(1)
    assert set(shipped[0]) == {str(queries.folder), str(debate.folder), str(READER)}


def test_a_mixture_once_more_has_a_folder_of_its_own(ran: list[Plan], shipped: list[dict[str, float]]) -> None:
    """A run in the folder of the one before would go on from its checkpoint instead of from the weights that ship."""
    from training import run

    run.debated(87, 0, 2, READER)
    run.once_more("queries", 62, 0.25, 0, 2, READER)
    assert len({plan.folder for plan in ran}) == 3
    assert shipped[-1] == {str(ran[-1].folder): 0.25, str(READER): 0.75}
