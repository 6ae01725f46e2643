"""The trained reranker as int8 ONNX, its layers fused, and the proof that it still says what torch says."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

from training.data import ROOT, passages
from training.rerank_data import full
from training.rerank_model import MAX_TOKENS

INPUTS = ("input_ids", "attention_mask", "token_type_ids")


def export(folder: Path, target: Path) -> None:
    """Write `reranker.onnx` (weights int8 per channel), `reranker.json` and the tokenizer into ``target``."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    target.mkdir(parents=True, exist_ok=True)
    onnx = target / "reranker.onnx"
    _graph(model, tokenizer, folder / "full.onnx")
    _quantize(folder / "full.onnx", folder / "fused.onnx", onnx)
    (target / "reranker.tokenizer.json").write_text(_plain(tokenizer.backend_tokenizer), encoding="utf-8")
    facts = {
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
        "max_tokens": MAX_TOKENS,
        "pad_id": int(tokenizer.pad_token_id or 0),
        "tokenizer": "reranker.tokenizer.json, that of all-MiniLM-L6-v2",
    }
    (target / "reranker.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def _plain(tokenizer: Any) -> str:
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return str(tokenizer.to_str())


def _graph(model: Any, tokenizer: Any, path: Path) -> None:
    import torch

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
            return self.model(input_ids=ids, attention_mask=mask, token_type_ids=types).logits

    encoded = tokenizer([("a question", "a passage that is longer"), ("b", "c")], padding=True, return_tensors="pt")
    model.requires_grad_(requires_grad=False)
    torch.onnx.export(
        Graph().eval(),
        tuple(encoded[name] for name in INPUTS),
        str(path),
        input_names=list(INPUTS),
        output_names=["logits"],
        dynamic_axes={name: {0: "batch", 1: "sequence"} for name in INPUTS},
        dynamo=False,
    )


def _quantize(full_graph: Path, fused: Path, target: Path) -> None:
    """Attention, its bias, normalisation and GELU as one operator each: half the time of the plain int8 graph."""
    import onnx

    from qa.models.onnx import library

    library()
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from onnxruntime.transformers import optimizer

    made = optimizer.optimize_model(str(full_graph), model_type="bert", num_heads=12, hidden_size=384, opt_level=0)
    made.save_model_to_file(str(fused))
    quantize_dynamic(
        fused,
        target,
        per_channel=True,
        reduce_range=True,
        weight_type=QuantType.QInt8,
        extra_options={"DefaultTensorType": onnx.TensorProto.FLOAT},
    )


def compare(folder: Path, weights: Path, count: int = 60) -> dict[str, float]:
    """Torch in float32 against the file, on development questions with 8 passages each."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    from qa.models.onnx import CrossEncoder

    everything = passages("qa_dev", "squad2")[: count * 3 : 3]
    texts = [full(p) for p in everything]
    facts = json.loads((weights / "reranker.json").read_text(encoding="utf-8"))
    shipped = CrossEncoder(weights / "reranker.onnx", facts, weights / "reranker.tokenizer.json")
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


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "reranker")
    parser.add_argument("--weights", type=Path, default=ROOT / "qa" / "weights")
    asked = parser.parse_args()
    export(asked.folder, asked.weights)
    print(json.dumps(compare(asked.folder, asked.weights)))


if __name__ == "__main__":
    main()
