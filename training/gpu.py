"""Trains the reader on a GPU: minutes instead of hours, from groups in tokens that `training.shards` made.

Needs torch, numpy and gguf and nothing of the product, so that a bare machine can run it. Each step merges the adapter
into a bf16 copy of the base, as the product does: on a GPU one product of whole matrices is faster than three of thin
ones.
"""

from __future__ import annotations

import argparse
import json
import math
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from training import shards
from training.layout import ALPHA, RANK, straight
from training.rows import LENGTH, batches_of, stream

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
SHARES = {
    "written": 0.27,
    "written_yesno": 0.07,
    "written_claims": 0.12,
    "written_answers": 0.05,
    "squad": 0.13,
    "qed": 0.12,
    "qamr": 0.01,
    "boolq": 0.05,
    "news": 0.02,
    "news_claims": 0.01,
    "licensed": 0.09,
    "swaps": 0.04,
    "answers": 0.02,
}
"""Of all tokens, by source."""
TOLD = 100
"""Steps between two lines."""
LAST_LOOK = 0.95
"""From this part of a run on the next look is the end's."""
WARM = 80
"""Steps until the full rate."""
AVERAGE = 0.995
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
    """Out of a GGUF adapter; where that is of a lower rank, what is new has no effect yet."""
    from gguf import GGUFReader

    found = {t.name: np.array(t.data, np.float32) for t in GGUFReader(path).tensors}
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


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds`` of wall time set the schedule."""

    seconds: float
    folder: Path
    out: Path
    rate: float = 1.2e-3
    seed: int = 0
    rows: int = 32
    dropped: float = 0.05
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)
    decay: float = 0.02
    workers: int = 6
    looks: int = 5
    """At the development shards, the last at the end."""
    kept: float = 0.6
    """From this part of the run on each look's weights are kept as well."""


class Learner:
    """AdamW over an adapter, and a running average of it, which is what is exported."""

    def __init__(self, adapter: Adapter, rate: float, decay: float = 0.01) -> None:
        self.live = {name: value.requires_grad_() for name, value in adapter.items()}
        self.values = list(self.live.values())
        self.average = {name: value.detach().clone() for name, value in self.live.items()}
        self.adam = torch.optim.AdamW(self.values, lr=rate, betas=(0.9, 0.98), weight_decay=decay)
        self.steps = 0

    def step(self, rate: float) -> None:
        """With the gradients that there are."""
        torch.nn.utils.clip_grad_norm_(self.values, 1.0)
        for group in self.adam.param_groups:
            group["lr"] = rate
        self.adam.step()
        self.adam.zero_grad()
        self.steps += 1
        share = 1 - min(AVERAGE, self.steps / (self.steps + 10))
        torch._foreach_lerp_(list(self.average.values()), [value.detach() for value in self.values], share)


def train(plan: Plan, model: Llama, adapter: Adapter) -> Adapter:
    """Returns the averaged adapter, which is also saved; each look's figures are printed."""
    learner = Learner(adapter, plan.rate, plan.decay)
    source = iter(stream(plan.folder, plan.shares, plan.rows, plan.seed, plan.workers))
    dev = development(plan.folder)
    device = str(learner.values[0].device)
    print(f"before, dev {json.dumps(measured(model, learner.average, dev, plan.rows))}", flush=True)
    start = looked = time.monotonic()
    tokens, losses = 0, torch.zeros((), device=device)
    while (part := (time.monotonic() - start) / plan.seconds) < 1:
        batch = next(source).to(device)
        logits = model.logits(model.states(merged(model.base, learner.live), batch, plan.dropped), batch.places)
        loss = loss_of(logits, batch)
        loss.backward()
        learner.step(plan.rate * min(1.0, (learner.steps + 1) / WARM) * (1 - part))
        tokens += batch.used
        losses += loss.detach()
        if learner.steps % TOLD == 0:
            told = f"{learner.steps} loss {losses.item() / TOLD:.4f} part {part:.3f} tokens {tokens}"
            print(f"{told} {tokens / (time.monotonic() - start):.0f}/s", flush=True)
            losses.zero_()
        if time.monotonic() - looked > plan.seconds / plan.looks and part < LAST_LOOK:
            looked = time.monotonic()
            print(f"{learner.steps} dev {json.dumps(measured(model, learner.average, dev, plan.rows))}", flush=True)
            if part >= plan.kept:
                save(plan.out / f"at{round(part * 100)}", learner.average)
    save(plan.out / "end", learner.average)
    found = measured(model, learner.average, dev, plan.rows)
    print(f"{learner.steps} end, {tokens} tokens, dev {json.dumps(found)}", flush=True)
    return learner.average


def save(folder: Path, adapter: Adapter) -> None:
    """As `training.export_gguf` reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"average": parameters_of(adapter)}, folder / "state.pt")


def development(folder: Path) -> dict[str, list[shards.Grouped]]:
    """The groups of the shards whose names begin with `dev_`."""
    return {path.stem.removeprefix("dev_"): shards.read(path) for path in sorted(folder.glob("dev_*.npz"))}


def measured(
    model: Llama, adapter: Adapter, dev: Mapping[str, Sequence[shards.Grouped]], rows: int
) -> dict[str, dict[str, float]]:
    """Of each development shard: share of answers whose tokens are all the first choice, mean loss, and how well the
    most frequent first token's probability tells whether it is the answer's: its area under the curve."""
    with torch.no_grad():
        weights = merged(model.base, adapter)
        return {name: _measured(model, weights, groups, rows) for name, groups in dev.items()}


def _measured(
    model: Llama, weights: Sequence[tuple[torch.Tensor, ...]], groups: Sequence[shards.Grouped], rows: int
) -> dict[str, float]:
    device = str(model.base.norm.device)
    right, loss, firsts, chances = [], [], [], []
    for batch in (b.to(device) for b in batches_of(groups, rows)):
        logits = torch.log_softmax(model.logits(model.states(weights, batch), batch.places), -1)
        sure = logits.gather(1, batch.labels[:, None])[:, 0]
        zeros = torch.zeros(batch.answers, device=device)
        right.append(zeros.index_add(0, batch.example, (logits.argmax(-1) != batch.labels).float()) == 0)
        loss.append(-zeros.index_add(0, batch.example, sure))
        begin = torch.ones_like(batch.example, dtype=torch.bool)
        begin[1:] = batch.example[1:] != batch.example[:-1]
        firsts.append(batch.labels[begin])
        chances.append(logits[begin])
    first = torch.cat(firsts)
    common = first.mode().values
    scores = torch.cat([each[:, common] for each in chances])
    return {
        "right": round(float(torch.cat(right).float().mean()), 3),
        "loss": round(float(torch.cat(loss).mean()), 3),
        "auc": area(scores.cpu().numpy(), (first == common).cpu().numpy()),
    }


def area(scores: NDArray[np.float32], labels: NDArray[np.bool_]) -> float:
    """Under the curve; .5 where there is one kind only."""
    above, below = scores[labels], scores[~labels]
    if not len(above) or not len(below):
        return 0.5
    order = np.concatenate([above, below]).argsort().argsort()[: len(above)]
    return round(float((order.sum() - len(above) * (len(above) - 1) / 2) / (len(above) * len(below))), 4)


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=480)
    parser.add_argument("--base", type=Path, help="the base model's GGUF; weights by chance without, for a trial")
    parser.add_argument("--start", type=Path, help="a GGUF adapter to begin with; a fresh one without")
    parser.add_argument("--folder", type=Path, default=shards.FOLDER, help="of the shards")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the weights")
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=32, help=f"a step, each of {LENGTH} tokens")
    parser.add_argument("--looks", type=int, default=5)
    parser.add_argument("--dropped", type=float, default=0.05, help="share of what each half layer adds")
    parser.add_argument("--share", action="append", default=[], help="SOURCE=SHARE in place of the usual one")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--plain", action="store_true", help="without torch.compile")
    options = parser.parse_args(given)
    torch.manual_seed(options.seed)
    torch.set_float32_matmul_precision("high")
    torch.backends.cuda.enable_cudnn_sdp(enabled=False)
    base = base_of(options.base, options.device) if options.base else random_base(options.device)
    adapter = adapter_of(options.start, base) if options.start else fresh(base)
    other = {name: float(share) for name, _, share in (each.partition("=") for each in options.share)}
    plan = Plan(
        options.seconds,
        options.folder,
        options.out,
        options.rate,
        options.seed,
        options.rows,
        options.dropped,
        {**SHARES, **other},
        looks=options.looks,
    )
    train(plan, Llama(base, compiled=options.device == "cuda" and not options.plain), adapter)


if __name__ == "__main__":
    main()
