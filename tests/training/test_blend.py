"""Several adapters as one: what it adds is the mean of what they add."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from training.layout import ALPHA, RANK

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

torch = pytest.importorskip("torch")

A = "base_model.model.model.layers.0.mlp.down_proj.lora_A.default.weight"
B = A.replace(".lora_A.", ".lora_B.")


def adapter(seed: int, rank: int) -> dict[str, Any]:
    torch.manual_seed(seed)
    return {A: torch.randn(rank, 40), B: torch.randn(30, rank)}


def test_it_adds_the_weighted_mean_where_the_rank_holds_it() -> None:
    from training.blend import blended

    one, two = adapter(1, 3), adapter(2, 4)
    found = blended([one, two], [0.75, 0.25], rank=7)
    assert found[A].shape == (7, 40)
    assert torch.allclose(found[B] @ found[A], 0.75 * one[B] @ one[A] + 0.25 * two[B] @ two[A], atol=1e-4)


def test_of_a_higher_rank_the_most_is_kept() -> None:
    from training.blend import blended

    one, two = adapter(1, 3), adapter(2, 4)
    whole = (one[B] @ one[A] + two[B] @ two[A]) / 2
    found = blended([one, two], [0.5, 0.5], rank=4)
    values = torch.linalg.svdvals(whole)
    assert float((found[B] @ found[A] - whole).norm()) == pytest.approx(float(values[4:].norm()), rel=1e-3)


def test_a_file_takes_part_if_its_scale_is_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gguf")
    from training import export_gguf
    from training.blend import state_of

    small = adapter(1, RANK // 2)
    monkeypatch.setattr(export_gguf, "ALPHA", ALPHA / 2)
    export_gguf.write(small, tmp_path / "same.gguf")
    back = state_of(tmp_path / "same.gguf", [A, B])
    assert torch.allclose(back[A], small[A], atol=1e-2)
    monkeypatch.setattr(export_gguf, "ALPHA", ALPHA)
    export_gguf.write(small, tmp_path / "other.gguf")
    with pytest.raises(ValueError, match="times what it has"):
        state_of(tmp_path / "other.gguf", [A, B])
    with pytest.raises(ValueError, match="times what it has"):
        export_gguf.write(small, tmp_path / "joined.gguf", rest=tmp_path / "other.gguf")
    assert not (tmp_path / "joined.gguf").exists()


class Model(torch.nn.Module):
    """As much of an adapted model as its values need."""

    def __init__(self, rank: int) -> None:
        super().__init__()
        self.values = {A: torch.nn.Parameter(torch.randn(rank, 40)), B: torch.nn.Parameter(torch.zeros(30, rank))}

    def named_parameters(self, *_args: object, **_options: object) -> Iterator[tuple[str, torch.nn.Parameter]]:
        return iter(self.values.items())


def test_a_start_of_a_lower_rank_has_its_effect_and_the_new_part_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("gguf")
    from training import export_gguf
    from training.base_model import show

    small = adapter(1, RANK // 2)
    monkeypatch.setattr(export_gguf, "ALPHA", ALPHA / 2)
    export_gguf.write(small, tmp_path / "same.gguf")
    model = Model(RANK)
    show(model, tmp_path / "same.gguf")
    effect = (model.values[B] @ model.values[A]).detach()
    assert torch.allclose(effect, small[B] @ small[A], atol=0.1)
    assert effect.abs().mean() > 1
    monkeypatch.setattr(export_gguf, "ALPHA", ALPHA)
    export_gguf.write(small, tmp_path / "other.gguf")
    with pytest.raises(ValueError, match="times what it has"):
        show(model, tmp_path / "other.gguf")
