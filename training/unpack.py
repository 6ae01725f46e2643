"""The encoder out of a shipped int8 file, as a start for another training."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

if TYPE_CHECKING:
    from pathlib import Path

LAYERS = 6
_EMBEDDINGS = ("position_embeddings.weight", "token_type_embeddings.weight", "LayerNorm.weight", "LayerNorm.bias")
_EXACT = (
    *(f"attention.output.{name}" for name in ("dense.bias", "LayerNorm.weight", "LayerNorm.bias")),
    "intermediate.dense.bias",
    *(f"output.{name}" for name in ("dense.bias", "LayerNorm.weight", "LayerNorm.bias")),
)


def restore(bert: Any, path: Path) -> None:
    """The layers of the file, as exact as its eight bits, into a model that holds the embedder's word embeddings, which
    no training here changes.
    """
    import onnx
    from onnx import numpy_helper

    stored = {i.name: numpy_helper.to_array(i) for i in onnx.load(path).graph.initializer}
    dense = products(stored)
    found: dict[str, Any] = {f"embeddings.{n}": full(stored, f"model.bert.embeddings.{n}") for n in _EMBEDDINGS}
    for number in range(LAYERS):
        place = f"encoder.layer.{number}."
        found |= {place + name: stored[f"model.bert.{place}{name}"] for name in _EXACT}
        heads = np.split(full(stored, f"Attention_{number}_qkv_weight"), 3, axis=1)
        biases = np.split(stored[f"Attention_{number}_qkv_bias"], 3)
        for name, weight, bias in zip(("query", "key", "value"), heads, biases, strict=True):
            found[f"{place}attention.self.{name}.weight"] = weight.T
            found[f"{place}attention.self.{name}.bias"] = bias
        names = ("attention.output.dense", "intermediate.dense", "output.dense")
        for name, key in zip(names, dense[3 * number : 3 * number + 3], strict=True):
            found[f"{place}{name}.weight"] = full(stored, key).T
    state = {name: torch.from_numpy(np.array(value, np.float32)) for name, value in found.items()}
    missing, unexpected = bert.load_state_dict(state, strict=False)
    assert not unexpected
    assert all(name.startswith(("embeddings.word", "embeddings.position_ids", "pooler")) for name in missing), missing


def restore_head(linear: Any, path: Path) -> None:
    """The outputs of a span reader's file, behind its layers."""
    import onnx
    from onnx import numpy_helper

    stored = {i.name: numpy_helper.to_array(i) for i in onnx.load(path).graph.initializer}
    linear.weight.data.copy_(torch.from_numpy(full(stored, products(stored)[3 * LAYERS]).T.copy()))
    linear.bias.data.copy_(torch.from_numpy(stored["model.classifier.bias"].copy()))


def products(stored: dict[str, Any]) -> list[str]:
    """The names of the weights that plain matrix products have, in the order of the graph."""
    found = (re.fullmatch(r"(onnx::MatMul_(\d+))_quantized", name) for name in stored)
    return [m.group(1) for m in sorted((m for m in found if m), key=lambda m: int(m.group(2)))]


def full(stored: dict[str, Any], name: str) -> Any:
    """A weight of the file in float32, by its name before it had eight bits."""
    whole = stored[f"{name}_quantized"].astype(np.float32) - stored[f"{name}_zero_point"].astype(np.float32)
    return whole * stored[f"{name}_scale"]
