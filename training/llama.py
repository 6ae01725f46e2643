"""The base model with an adapter merged into it, over rows of packed groups: what a GPU trains.

Needs torch, numpy and gguf and nothing of the product. Each step merges the adapter into a bf16 copy of the base, as
the product does: on a GPU one product of whole matrices is faster than three of thin ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from training.adapter_file import matrices
from training.layout import ALPHA, RANK, straight

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from training.rows import Batch

LINEAR = {
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
"""The adapted matrices, by GGUF's names and by transformers'."""
LEFT_OUT = -1e4
"""What a mask adds to a score."""


@dataclass(frozen=True, slots=True)
class Base:
    """A llama's frozen weights: ``linear`` by GGUF's names, each (layers, out, in), and norms (layers, width)."""

    embedding: torch.Tensor
    norm: torch.Tensor
    norm_in: torch.Tensor
    norm_mlp: torch.Tensor
    linear: Mapping[str, torch.Tensor]
    heads: int
    kin: int
    epsilon: float
    theta: float


def base_of(path: Path, device: str) -> Base:
    """Out of a GGUF file, de-quantised; embeddings in bf16, matrices in fp32, since they are rounded once merged."""
    from gguf import GGUFReader
    from gguf.quants import dequantize

    reader = GGUFReader(path)
    found = {t.name: (t.data, t.tensor_type) for t in reader.tensors}

    def full(name: str) -> NDArray[np.float32]:
        return np.array(dequantize(*found[name]), np.float32)

    def number(name: str) -> float:
        return float(reader.fields[f"llama.{name}"].contents())

    layers = int(number("block_count"))

    def stacked(name: str) -> torch.Tensor:
        each = [straight(f"blk.{n}.{name}.weight", full(f"blk.{n}.{name}.weight")) for n in range(layers)]
        return torch.from_numpy(np.stack(each))

    return Base(
        torch.from_numpy(full("token_embd.weight")).to(device, torch.bfloat16),
        torch.from_numpy(full("output_norm.weight")).to(device),
        stacked("attn_norm").to(device),
        stacked("ffn_norm").to(device),
        {name: stacked(name).to(device) for name in LINEAR},
        int(number("attention.head_count")),
        int(number("attention.head_count_kv")),
        number("attention.layer_norm_rms_epsilon"),
        number("rope.freq_base"),
    )


def random_base(device: str, layers: int = 30, width: int = 576, inner: int = 1536, words: int = 49152) -> Base:
    """Of the same shape without any knowledge, to try the program with."""
    kin, heads = 3, 9
    sizes = dict.fromkeys(LINEAR, (width, width))
    sizes |= {"attn_k": (width // heads * kin, width), "attn_v": (width // heads * kin, width)}
    sizes |= {"ffn_gate": (inner, width), "ffn_up": (inner, width), "ffn_down": (width, inner)}
    matrices = {n: torch.randn(layers, *s, device=device) * 0.02 for n, s in sizes.items()}
    ones = torch.ones(layers, width, device=device)
    table = (torch.randn(words, width, device=device) * 0.02).bfloat16()
    return Base(table, ones[0], ones, ones, matrices, heads, kin, 1e-5, 1e5)


Adapter = dict[str, torch.Tensor]
"""By GGUF's name and side, as `attn_q.a` of shape (layers, r, in) and `attn_q.b` of shape (layers, out, r)."""


def fresh(base: Base, rank: int = RANK) -> Adapter:
    """Of no effect yet."""
    made = {}
    for name, matrix in base.linear.items():
        layers, out, into = matrix.shape
        bound = 1 / math.sqrt(into)
        made[f"{name}.a"] = torch.empty(layers, rank, into, device=matrix.device).uniform_(-bound, bound)
        made[f"{name}.b"] = torch.zeros(layers, out, rank, device=matrix.device)
    return made


def adapter_of(path: Path, base: Base) -> Adapter:
    """Out of a GGUF adapter; where that is of a lower rank, what is new has no effect yet. Raises ``ValueError`` where
    its scale is another."""
    found = matrices(path)
    made = fresh(base)
    for name in LINEAR:
        for number in range(len(base.norm_in)):
            key = f"blk.{number}.{name}.weight"
            a, b = found[f"{key}.lora_a"], straight(key, found[f"{key}.lora_b"])
            made[f"{name}.a"][number, : len(a)] = torch.from_numpy(a)
            made[f"{name}.b"][number, :, : b.shape[1]] = torch.from_numpy(b)
    return made


def parameters_of(adapter: Adapter) -> dict[str, torch.Tensor]:
    """The adapter by the names that peft and `training.export_gguf` know, f16 on the processor."""
    found = {}
    for key, values in adapter.items():
        name, side = key.split(".")
        for number, value in enumerate(values):
            place = f"base_model.model.model.layers.{number}.{LINEAR[name]}.lora_{side.upper()}.default.weight"
            found[place] = value.detach().half().cpu().clone()
    return found


def merged(base: Base, adapter: Adapter) -> list[tuple[torch.Tensor, ...]]:
    """Of each layer: q, k and v in one; output; gate and up in one; down."""
    kind = base.embedding.dtype
    scale = ALPHA / RANK

    def whole(name: str) -> torch.Tensor:
        low = torch.bmm(adapter[f"{name}.b"], adapter[f"{name}.a"])
        return torch.add(base.linear[name], low, alpha=scale).to(kind)

    qkv = torch.cat([whole("attn_q"), whole("attn_k"), whole("attn_v")], 1)
    gate_up = torch.cat([whole("ffn_gate"), whole("ffn_up")], 1)
    stacks = (qkv, whole("attn_output"), gate_up, whole("ffn_down"))
    return list(zip(*(stack.unbind(0) for stack in stacks), strict=True))


def normed(x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
    """Rows of root-mean-square one times the weight."""
    wide = x.float()
    return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + epsilon) * weight).to(x.dtype)


def turned(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary positions on (rows, heads, length, size), whose halves are the pairs' two parts."""
    left, right = x.float().chunk(2, -1)
    return torch.cat([left * cos - right * sin, right * cos + left * sin], -1).to(x.dtype)


def layer(
    x: torch.Tensor,
    norms: tuple[torch.Tensor, torch.Tensor],
    weights: tuple[torch.Tensor, ...],
    places: tuple[torch.Tensor, torch.Tensor, torch.Tensor],
    shape: tuple[int, int, float],
    dropped: float,
) -> torch.Tensor:
    """One layer on (rows, length, width); ``places`` are cosines, sines and the mask's bias, ``shape`` heads, heads of
    keys and epsilon; a share of what each half adds is ``dropped``."""
    (qkv, out, gate_up, down), (cos, sin, bias), (heads, kin, epsilon) = weights, places, shape
    rows, length, width = x.shape
    size = width // heads
    mixed = functional.linear(normed(x, norms[0], epsilon), qkv)
    parts = mixed.view(rows, length, heads + 2 * kin, size).transpose(1, 2)
    q, k, v = parts.split([heads, kin, kin], 1)
    k = turned(k, cos, sin).repeat_interleave(heads // kin, 1)
    v = v.repeat_interleave(heads // kin, 1)
    seen = functional.scaled_dot_product_attention(turned(q, cos, sin), k, v, attn_mask=bias.expand(-1, heads, -1, -1))
    added = functional.linear(seen.transpose(1, 2).reshape(rows, length, width), out)
    x = x + functional.dropout(added, dropped, training=dropped > 0)
    gate, up = functional.linear(normed(x, norms[1], epsilon), gate_up).chunk(2, -1)
    added = functional.linear(functional.silu(gate) * up, down)
    return x + functional.dropout(added, dropped, training=dropped > 0)


class Llama:
    """The base with merged weights, over rows of packed groups."""

    def __init__(self, base: Base, *, compiled: bool) -> None:
        self.base = base
        self.layer: Any = torch.compile(layer, dynamic=False) if compiled else layer
        size = len(base.norm) // base.heads
        self.turns = base.theta ** -(torch.arange(0, size, 2, device=base.norm.device).float() / size)

    def states(self, weights: Sequence[tuple[torch.Tensor, ...]], batch: Batch, dropped: float = 0.0) -> torch.Tensor:
        """Behind the last layer, (rows * length, width)."""
        base = self.base
        angles = batch.positions.float()[:, None, :, None] * self.turns
        bias = torch.where(visible(batch), 0.0, LEFT_OUT)[:, None].to(base.embedding.dtype)
        places = (angles.cos(), angles.sin(), bias)
        shape = (base.heads, base.kin, base.epsilon)
        x = functional.embedding(batch.ids, base.embedding)
        for number, own in enumerate(weights):
            x = self.layer(x, (base.norm_in[number], base.norm_mlp[number]), own, places, shape, dropped)
        return x.flatten(0, 1)

    def logits(self, x: torch.Tensor, places: torch.Tensor) -> torch.Tensor:
        """(k, vocabulary) fp32 at k of the states."""
        return functional.linear(normed(x[places], self.base.norm, self.base.epsilon), self.base.embedding).float()


def visible(batch: Batch) -> torch.Tensor:
    """(rows, length, length): whether the token of the second place sees that of the third. As `training.pack`: its own
    group's prefix and its own branch, up to itself, and of the passage all."""
    length = batch.ids.shape[1]
    own, branch, whole = batch.group, batch.branch, batch.whole
    same = own[:, :, None] == own[:, None, :]
    open_ = (branch[:, None, :] == 0) | (branch[:, :, None] == branch[:, None, :])
    before = open_ & torch.ones(length, length, dtype=torch.bool, device=own.device).tril()
    return same & (before | (whole[:, :, None] & whole[:, None, :]))


def loss_of(logits: torch.Tensor, batch: Batch) -> torch.Tensor:
    """Mean over answers of their tokens' losses divided by the root of the answer's length."""
    token_loss = functional.cross_entropy(logits, batch.labels, reduction="none")
    lengths = torch.bincount(batch.example, minlength=batch.answers).clamp(min=1).float()
    return (token_loss / lengths[batch.example].sqrt()).sum() / batch.answers
