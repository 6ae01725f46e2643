"""A trained model of text pairs as int8 ONNX, its layers fused."""

from __future__ import annotations

import argparse
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.data import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable

INPUTS = ("input_ids", "attention_mask", "token_type_ids")
TOKENIZER = "pairs.tokenizer.json"


def write(model: Any, folder: Path, target: Path, name: str, max_tokens: int) -> None:
    """`NAME.onnx` (weights int8 per channel), `NAME.json` and the tokenizer into ``target``; what lies between stays in
    ``folder``. Both models have the embedder's tokenizer.
    """
    from training.rerank_model import load

    tokenizer = load()[1]
    target.mkdir(parents=True, exist_ok=True)
    onnx = target / f"{name}.onnx"
    _graph(model, tokenizer, folder / "full.onnx")
    _quantize(folder / "full.onnx", folder / "fused.onnx", onnx)
    (target / TOKENIZER).write_text(_plain(tokenizer.backend_tokenizer), encoding="utf-8")
    facts = {
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
        "max_tokens": max_tokens,
        "pad_id": int(tokenizer.pad_token_id or 0),
        "tokenizer": f"{TOKENIZER}, that of all-MiniLM-L6-v2",
    }
    (target / f"{name}.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


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
        dynamic_axes={name: {0: "batch", 1: "sequence"} for name in (*INPUTS, "logits")},
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


def main(
    told: str | None,
    run: str,
    export: Callable[[Path, Path], None],
    compare: Callable[[Path, Path], dict[str, float]],
) -> None:
    """Export what a training run left, and print how the file compares with torch."""
    parser = argparse.ArgumentParser(description=told)
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / run)
    parser.add_argument("--weights", type=Path, default=ROOT / "qa" / "weights")
    asked = parser.parse_args()
    export(asked.folder, asked.weights)
    print(json.dumps(compare(asked.folder, asked.weights)))
