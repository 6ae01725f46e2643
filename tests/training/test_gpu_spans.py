"""The span reader on a GPU: its pairs, its loss against the one for processors, and what it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa.resources import REFUSAL, weights
from training.span_data import example

if TYPE_CHECKING:
    from pathlib import Path

    from training.span_data import Example

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")

TEXT = "There were 100 men, 100 of 1000, and nobody counted the mules that came with them."


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    from tokenizers import Tokenizer

    path = weights("pairs.tokenizer.json")
    assert path is not None
    tokens = Tokenizer.from_file(str(path))
    asked = (("how many men", TEXT, "100"), ("who came", TEXT, REFUSAL), ("who", "Two men came.", "Two men"))
    found = [example(tokens, *one) for one in asked]
    return [one for one in found if one is not None]


@pytest.fixture(scope="module")
def model() -> Any:
    pytest.importorskip("onnx")
    from training.gpu_spans import model_of

    path = weights("spans.onnx")
    assert path is not None
    return model_of(path).eval()


def test_pairs_come_back_from_their_shard(examples: list[Example], tmp_path: Path) -> None:
    from training import span_shards

    span_shards.write(tmp_path / "some.npz", examples, 10)
    back = span_shards.read(tmp_path / "some.npz")
    assert [pair.ids.tolist() for pair in back] == [one.encoding.ids for one in examples]
    assert [pair.spans for pair in back] == [one.spans for one in examples]
    assert [pair.asked for pair in back] == [one.encoding.type_ids.index(1) for one in examples]
    assert len(back) == 3
    assert len(back[0].spans) == 2


def test_the_loss_is_that_of_the_training_for_processors(
    examples: list[Example], model: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from training import gpu_spans, rerank_model, span_shards, train_spans

    span_shards.write(tmp_path / "some.npz", examples, 10)
    batch = gpu_spans.batch_of(span_shards.read(tmp_path / "some.npz"))
    monkeypatch.setattr(rerank_model, "NUMBERS", torch.float32)
    with torch.no_grad():
        ours = gpu_spans.loss_of(model, batch)
        theirs = train_spans.loss_of(model, examples, 0.0) / len(examples)
    assert float(ours) == pytest.approx(float(theirs), abs=0.05)
    assert batch.closed[0, 0].item() is False
    assert batch.closed[0, 1].item() is True


def test_the_likeliest_span_does_not_end_before_it_begins() -> None:
    from training.gpu_spans import likeliest

    first, last = torch.full((6,), -5.0), torch.full((6,), -5.0)
    first[4], last[2], last[5] = 0.0, 0.0, -1.0
    assert likeliest(first, last) == (4, 5)


def test_the_halves_are_united_to_the_model_that_was_saved(model: Any, tmp_path: Path) -> None:
    from training import gpu_spans, train_spans

    gpu_spans.save(model, tmp_path)
    gpu_spans.unite(tmp_path, tmp_path / "whole")
    back, _ = train_spans.load(tmp_path / "whole")
    wanted = model.state_dict()
    for name, value in back.state_dict().items():
        if "word_embeddings" not in name:
            assert torch.allclose(value, wanted[name], atol=2e-3), name


def test_a_share_of_the_new_weights_stands_beside_the_start(model: Any, tmp_path: Path) -> None:
    from training import gpu_spans, train_spans

    start = weights("spans.onnx")
    other = model.state_dict()
    name = "classifier.bias"
    kept = other[name].clone()
    try:
        other[name] += 1.0
        gpu_spans.save(model, tmp_path)
    finally:
        other[name].copy_(kept)
    gpu_spans.unite(tmp_path, tmp_path / "half", start, 0.5)
    back, _ = train_spans.load(tmp_path / "half")
    assert torch.allclose(back.state_dict()[name], kept + 0.5, atol=2e-3)
