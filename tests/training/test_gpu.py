"""What a GPU is fed with, and its model, against the ones for processors; all on the processor, in fp32."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from training.layout import tensor_of
from training.pack import Tokens, pack

if TYPE_CHECKING:
    from pathlib import Path

    from training.llama import Base
    from training.shards import Grouped

torch = pytest.importorskip("torch")

TOKENS = [
    Tokens(2, [5, 6, 7, 8, 9], [([10, 11], [12, 13]), ([14], [15]), ([16, 17, 18], [19, 20, 21])]),
    Tokens(1, [30, 31], [([32, 33], [34])]),
    Tokens(3, list(range(40, 80)), [([90], [91, 92])]),
]


@pytest.fixture
def groups(tmp_path: Path) -> list[Grouped]:
    from training import shards

    shards.write(tmp_path / "some.npz", TOKENS, 10**6)
    return shards.read(tmp_path / "some.npz")


@pytest.fixture
def base() -> Base:
    from training.llama import random_base

    torch.manual_seed(3)
    made = random_base("cpu", layers=2, width=72, inner=80, words=96)
    return replace(made, embedding=made.embedding.float() * 20, linear={n: m * 10 for n, m in made.linear.items()})


def adapter(base: Base) -> dict[str, Any]:
    from training.llama import fresh

    return {name: torch.randn_like(value) * 0.1 for name, value in fresh(base).items()}


def test_groups_come_back_from_their_shard(groups: list[Grouped]) -> None:
    back = [Tokens(g.opening, g.prefix.tolist(), [(q.tolist(), a.tolist()) for q, a in g.branches]) for g in groups]
    assert back == TOKENS


def test_a_shard_ends_once_it_has_the_tokens(tmp_path: Path) -> None:
    from training import shards

    assert shards.write(tmp_path / "some.npz", TOKENS, len(TOKENS[0]) + 1) == (2, len(TOKENS[0]) + len(TOKENS[1]))


def test_rows_hold_every_group_once_and_no_more_than_fits(groups: list[Grouped]) -> None:
    from training.rows import LENGTH, filled, size

    many = groups * 40
    rows = list(filled(iter(many), waiting=10))
    assert all(sum(map(size, row)) <= LENGTH for row in rows)
    assert sorted(id(g) for row in rows for g in row) == sorted(map(id, many))
    assert len(rows) < len(many) / 5


def test_a_row_is_what_the_pack_is(groups: list[Grouped]) -> None:
    from training.llama import visible
    from training.pack import IGNORED
    from training.rows import batch_of

    row = batch_of([groups])
    wanted = pack(TOKENS)
    count = len(wanted.ids)
    assert row.used == count
    assert row.answers == wanted.answers
    assert torch.equal(row.ids[0, :count], wanted.ids)
    assert torch.equal(row.positions[0, :count], wanted.positions)
    assert torch.equal(visible(row)[0, :count, :count], wanted.mask)
    assert torch.equal(row.places, (wanted.labels != IGNORED).nonzero()[:, 0] - 1)
    assert torch.equal(row.labels, wanted.labels[wanted.labels != IGNORED])
    assert torch.equal(row.example, wanted.example[wanted.labels != IGNORED])
    assert visible(row)[0].diagonal().all()


def test_logits_are_those_of_transformers_with_the_adapter_merged(groups: list[Grouped], base: Base) -> None:
    transformers = pytest.importorskip("transformers")
    from training.llama import LINEAR, Llama, merged
    from training.rows import batch_of

    config = transformers.LlamaConfig(
        vocab_size=96,
        hidden_size=72,
        intermediate_size=80,
        num_hidden_layers=2,
        num_attention_heads=9,
        num_key_value_heads=3,
        rms_norm_eps=base.epsilon,
        rope_parameters={"rope_type": "default", "rope_theta": base.theta},
        attn_implementation="eager",
        tie_word_embeddings=True,
    )
    theirs = transformers.LlamaForCausalLM(config)
    low = adapter(base)
    theirs.model.embed_tokens.weight.data.copy_(base.embedding)
    for number, layer in enumerate(theirs.model.layers):
        for name, place in LINEAR.items():
            whole = base.linear[name][number] + 2 * low[f"{name}.b"][number] @ low[f"{name}.a"][number]
            layer.get_submodule(place).weight.data.copy_(whole)
    batch, wanted = batch_of([groups]), pack(TOKENS)
    bias = torch.zeros(wanted.mask.shape).masked_fill(~wanted.mask, torch.finfo(torch.float32).min)[None, None]
    with torch.no_grad():
        model = Llama(base, compiled=False)
        ours = model.logits(model.states(merged(base, low), batch), batch.places)
        found = theirs(
            input_ids=wanted.ids[None], position_ids=wanted.positions[None], attention_mask=bias, use_cache=False
        ).logits[0]
    assert torch.allclose(ours, found[batch.places], atol=1e-3)
    assert ours.std() > 0.1


def test_training_lowers_the_loss_and_leaves_an_adapter(groups: list[Grouped], base: Base, tmp_path: Path) -> None:
    from training import gpu, llama
    from training.learner import Learner
    from training.rows import batch_of

    batch = batch_of([groups])
    model = llama.Llama(base, compiled=False)

    def loss(values: dict[str, Any]) -> Any:
        return llama.loss_of(model.logits(model.states(llama.merged(base, values), batch), batch.places), batch)

    low = llama.fresh(base)
    before = float(loss(low))
    learner = Learner(low, 5e-3)
    for _ in range(12):
        loss(learner.live).backward()
        learner.step(5e-3)
    assert loss(learner.live).item() < before - 0.5
    gpu.save(tmp_path, learner.average)
    stored = torch.load(tmp_path / "state.pt", weights_only=True)["average"]
    assert len(stored) == 2 * len(llama.LINEAR) * 2
    name = "base_model.model.model.layers.1.mlp.down_proj.lora_B.default.weight"
    assert tensor_of(name) == ("blk.1.ffn_down.weight", "b")
    assert torch.allclose(stored[name].float(), learner.average["ffn_down.b"][1], atol=1e-3)


def test_an_exported_adapter_is_the_start_of_the_next_training(tmp_path: Path) -> None:
    pytest.importorskip("gguf")
    from training import llama
    from training.export_gguf import write

    base = llama.random_base("cpu", layers=2, words=8)
    low = adapter(base)
    write(llama.parameters_of(low), tmp_path / "reader.gguf")
    back = llama.adapter_of(tmp_path / "reader.gguf", base)
    assert back.keys() == low.keys()
    assert all(torch.allclose(back[name], low[name], atol=1e-3) for name in low)


def test_a_start_of_a_lower_rank_has_the_same_effect(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("gguf")
    from training import export_gguf, llama
    from training.layout import ALPHA, RANK

    base = llama.random_base("cpu", layers=2, words=8)
    low = {name: torch.randn_like(value) * 0.1 for name, value in llama.fresh(base, rank=RANK // 2).items()}
    monkeypatch.setattr(export_gguf, "ALPHA", ALPHA / 2)
    export_gguf.write(llama.parameters_of(low), tmp_path / "reader.gguf")
    back = llama.adapter_of(tmp_path / "reader.gguf", base)
    assert back["attn_q.a"].shape[1] == RANK
    for name in llama.LINEAR:
        before, now = (torch.bmm(values[f"{name}.b"], values[f"{name}.a"]) for values in (low, back))
        assert torch.allclose(before, now, atol=1e-2)


def test_sources_have_their_shares(groups: list[Grouped]) -> None:
    from training.rows import mixed, size

    stream = mixed({"a": groups[:1], "b": groups[2:]}, {"a": 0.25, "b": 0.75}, np.random.default_rng(0))
    used = [0, 0]
    for _ in range(400):
        one = next(stream)
        used[one is groups[2]] += size(one)
    assert used[1] / sum(used) == pytest.approx(0.75, abs=0.02)


def test_the_look_at_a_development_set_counts_whole_answers(groups: list[Grouped], base: Base) -> None:
    from training import gpu, llama

    found = gpu.measured(llama.Llama(base, compiled=False), llama.fresh(base), {"some": groups}, 2)
    assert found["some"]["right"] == 0.0
    assert found["some"]["loss"] > 1
