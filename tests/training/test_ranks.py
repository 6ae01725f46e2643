"""Processes that train together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

torch = pytest.importorskip("torch")

from training import ranks  # noqa: E402


@dataclass(frozen=True)
class Plan:
    folder: Path
    ranks: int


def add_up(plan: Plan, rank: int) -> None:
    """Leaves the sum over all ranks of one plus each rank's number."""
    value = torch.tensor([rank + 1.0])
    if plan.ranks > 1:
        torch.distributed.all_reduce(value)
    (plan.folder / str(rank)).write_text(str(value.item()))


@pytest.mark.parametrize(("count", "total"), [(1, "1.0"), (2, "3.0")])
def test_every_rank_trains_and_they_meet(tmp_path, count, total):
    folder = tmp_path / "new"
    ranks.run(add_up, Plan(folder, count))
    ranks.run(add_up, Plan(folder, count))
    assert [(folder / str(rank)).read_text() for rank in range(count)] == [total] * count
