"""The trained reranker as int8 ONNX, its layers fused, and the proof that it still says what torch says."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from training import pair_export
from training.data import passages
from training.rerank_data import full
from training.rerank_model import MAX_TOKENS


def export(folder: Path, target: Path) -> None:
    """Write `reranker.onnx`, `reranker.json` and the tokenizer into ``target``."""
    from transformers import AutoModelForSequenceClassification

    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
    pair_export.write(model, folder, target, "reranker", MAX_TOKENS)


def compare(folder: Path, weights: Path, count: int = 60) -> dict[str, float]:
    """Torch in float32 against the file, on development questions with 8 passages each."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from qa.models.pairs import CrossEncoder

    everything = passages("qa_dev", "squad2")[: count * 3 : 3]
    texts = [full(p) for p in everything]
    facts = json.loads((weights / "reranker.json").read_text(encoding="utf-8"))
    shipped = CrossEncoder(weights / "reranker.onnx", facts, weights / pair_export.TOKENIZER)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    differences, same = [], []
    for start, passage in enumerate(everything[:count]):
        asked = passage.questions[0].text
        read = [texts[(start + step) % len(texts)] for step in range(8)]
        encoded = tokenizer(
            [asked] * 8, read, truncation=True, max_length=MAX_TOKENS, padding=True, return_tensors="pt"
        )
        with torch.inference_mode():
            expected = torch.sigmoid(model(**encoded).logits.flatten()).numpy()
        found = np.asarray(shipped.score(asked, read))
        differences.append(float(np.abs(found - expected).mean()))
        same.append(float(found.argmax() == expected.argmax()))
    return {"mean_difference": float(np.mean(differences)), "same_best": float(np.mean(same))}


if __name__ == "__main__":
    pair_export.main(__doc__, "reranker", export, compare)
