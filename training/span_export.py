"""The trained span reader as int8 ONNX, and the proof that it still points where torch points."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from training import pair_export
from training.data import passages
from training.rerank_data import full
from training.train_spans import MAX_TOKENS, load, scores


def export(folder: Path, target: Path) -> None:
    """Write `spans.onnx`, `spans.json` and the tokenizer into ``target``."""
    from transformers import AutoModelForTokenClassification

    model = AutoModelForTokenClassification.from_pretrained(folder, attn_implementation="eager").eval()
    pair_export.write(model, folder, target, "spans", MAX_TOKENS)


def compare(folder: Path, weights: Path, count: int = 200) -> dict[str, float]:
    """Torch (bf16, as trained) against the file on development questions: share with the same best place, and the mean
    difference of its log-probability.
    """
    import torch

    from qa.models.pairs import SpanReader, sighting

    asked = [(q.text, full(p)) for p in passages("qa_dev", "squad2") for q in p.questions][:: 1773 // count][:count]
    facts = json.loads((weights / "spans.json").read_text(encoding="utf-8"))
    shipped = SpanReader(weights / "spans.onnx", facts, weights / pair_export.TOKENIZER)
    model, tokenizer = load(folder)
    same, apart = [], []
    for question, text in asked:
        encoded = tokenizer.encode(question, text)
        with torch.inference_mode():
            expected = sighting(encoded, scores(model, [encoded])[0].numpy())
        (found,) = shipped.sight(question, [text])
        (best,) = expected.best(1)
        same.append(float(found.best(1) == [best]))
        apart.append(abs(found.likelihood(*best) - expected.likelihood(*best)))
    return {"same_best": float(np.mean(same)), "mean_difference": float(np.mean(apart))}


if __name__ == "__main__":
    pair_export.main(__doc__, "spans", export, compare)
