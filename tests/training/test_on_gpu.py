"""The recipe for a GPU: what it makes is what it learns from, and without a GPU it says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

torch = pytest.importorskip("torch")


def test_every_source_that_is_learnt_from_is_made() -> None:
    from training import gpu, gpu_spans, on_gpu

    assert on_gpu.TOKENS.keys() == gpu.SHARES.keys()
    assert on_gpu.PAIRS.keys() == gpu_spans.SHARES.keys()
    assert sum(on_gpu.WEIGHTS) == pytest.approx(1)
    assert len(on_gpu.WEIGHTS) == len(on_gpu.RUNS) + 1
    assert on_gpu.given({"news": 1.5e6}) == ["news=1500000"]


def test_without_a_gpu_it_names_the_way_without_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from training import on_gpu

    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(RuntimeError, match=r"python -m training\.run"):
        on_gpu.run(tmp_path, tmp_path)
    assert not list(tmp_path.iterdir())
