"""A LoRA step over a frozen llama, each layer one function with its own backward pass: on two cores most of a plain
step goes into small element-wise passes, and into attention's backward pass under a mask.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch.autograd import Function

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.pack import Pack

fused = functools.partial(torch.compile, dynamic=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """Numbers of the model that a layer needs; ``scale`` is the adapter's."""

    heads: int
    kin: int
    size: int
    epsilon: float
    scale: float


@dataclass(frozen=True, slots=True)
class Frozen:
    """One layer's frozen weights: (out, in), with q, k, v stacked, and gate and up."""

    norm_in: torch.Tensor
    qkv: torch.Tensor
    out: torch.Tensor
    norm_mlp: torch.Tensor
    gate_up: torch.Tensor
    down: torch.Tensor


@dataclass(frozen=True, slots=True)
class Places:
    """Where packs stand in the flat run of tokens: ``cos``, ``sin`` (n, 1, size); a (start, end, bias) each."""

    cos: torch.Tensor
    sin: torch.Tensor
    blocks: tuple[tuple[int, int, torch.Tensor], ...]


@fused
def normed(x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> tuple[torch.Tensor, torch.Tensor]:
    """Rows of root-mean-square one times the weight, and the fp32 factors that made them so."""
    wide = x.float()
    inverse = torch.rsqrt(wide.square().mean(-1, keepdim=True) + epsilon)
    return (wide * inverse * weight.float()).to(x.dtype), inverse


@fused
def normed_back(
    grad: torch.Tensor, x: torch.Tensor, weight: torch.Tensor, inverse: torch.Tensor, passed: torch.Tensor
) -> torch.Tensor:
    """Gradient at the rows before ``normed``, plus what passes beside it."""
    wide, unit = grad.float() * weight.float(), x.float() * inverse
    return ((wide - unit * (wide * unit).mean(-1, keepdim=True)) * inverse + passed.float()).to(x.dtype)


@fused
def rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
    """Rotary positions on (n, heads, size), whose halves are the pairs' two parts; a negative ``sin`` turns back."""
    half = x.shape[-1] // 2
    left, right = x[..., :half].float(), x[..., half:].float()
    cos, sin = cos[..., :half].float(), sin[..., :half].float()
    return torch.cat([left * cos - right * sin, right * cos + left * sin], -1).to(x.dtype)


@fused
def weighed(scores: torch.Tensor, bias: torch.Tensor) -> torch.Tensor:
    """Softmax over the last dimension of (heads, n, n) scores under a mask's bias (n, n)."""
    return torch.softmax(scores.float() + bias.float(), -1).to(scores.dtype)


@fused
def weighed_back(grad: torch.Tensor, weights: torch.Tensor) -> torch.Tensor:
    """Gradient at the scores."""
    wide, part = grad.float(), weights.float()
    return (part * (wide - (wide * part).sum(-1, keepdim=True))).to(grad.dtype)


@fused
def opened(mixed: torch.Tensor) -> torch.Tensor:
    """Sigmoid linear unit of the first half times the second half."""
    gate, up = mixed.float().chunk(2, -1)
    return (gate * torch.sigmoid(gate) * up).to(mixed.dtype)


@fused
def opened_back(grad: torch.Tensor, mixed: torch.Tensor) -> torch.Tensor:
    """Gradient at both halves."""
    wide = grad.float()
    gate, up = mixed.float().chunk(2, -1)
    share = torch.sigmoid(gate)
    left = wide * up * share * (1 + gate * (1 - share))
    return torch.cat([left, wide * gate * share], -1).to(mixed.dtype)


def grouped(x: torch.Tensor, kin: int) -> torch.Tensor:
    """(n, heads, size) to (kin, heads per kin * n, size): the heads that share a key stand one below the other."""
    n, heads, size = x.shape
    return x.view(n, kin, heads // kin, size).permute(1, 2, 0, 3).reshape(kin, heads // kin * n, size)


def ungrouped(x: torch.Tensor, n: int) -> torch.Tensor:
    """The way back from ``grouped``, as (n, heads * size)."""
    kin, rows, size = x.shape
    return x.view(kin, rows // n, n, size).permute(2, 0, 1, 3).reshape(n, kin * (rows // n) * size)


class Low:
    """The low-rank side of one or several stacked linear maps: ``x A' B' * scale`` added in place."""

    def __init__(self, parameters: Sequence[torch.Tensor], scale: float) -> None:
        self.a = torch.cat(list(parameters[0::2])) if len(parameters) > 2 else parameters[0]
        self.b = torch.block_diag(*parameters[1::2]) if len(parameters) > 2 else parameters[1]
        self.rows = [len(b) for b in parameters[1::2]]
        self.rank, self.scale = len(parameters[0]), scale

    def add(self, out: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
        """Adds to ``out``; returns what ``back`` needs."""
        low = (x @ self.a.t()).mul_(self.scale)
        out.addmm_(low, self.b.t())
        return low

    def back(self, grad: torch.Tensor, grad_x: torch.Tensor, x: torch.Tensor, low: torch.Tensor) -> list[torch.Tensor]:
        """Adds to the input's gradient in place; returns the parameters' gradients, A and B in turn."""
        grad_low = (grad @ self.b).mul_(self.scale)
        grad_x.addmm_(grad_low, self.a)
        found, row = [], 0
        grad_a = grad_low.t() @ x
        for number, count in enumerate(self.rows):
            part = slice(number * self.rank, (number + 1) * self.rank)
            found += [grad_a[part], (low[:, part].t() @ grad[:, row : row + count]).t()]
            row += count
        return found


class Attention(Function):
    """Norm, q/k/v, rotary positions, attention inside each pack, output map, and the sum with the input."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, frozen: Frozen, shape: Shape, places: Places, *adapter: torch.Tensor
    ) -> torch.Tensor:
        hidden, inverse = normed(x, frozen.norm_in, shape.epsilon)
        low_in, low_out = Low(adapter[:6], shape.scale), Low(adapter[6:], shape.scale)
        mixed = hidden @ frozen.qkv.t()
        kept_in = low_in.add(mixed, hidden)
        heads = mixed.view(len(x), -1, shape.size)
        turned = rotate(heads[:, : shape.heads + shape.kin], places.cos, places.sin)
        seen = torch.empty(len(x), shape.heads * shape.size, dtype=x.dtype)
        saved = []
        for start, end, bias in places.blocks:
            q = grouped(turned[start:end, : shape.heads], shape.kin).mul_(shape.size**-0.5)
            k = turned[start:end, shape.heads :].transpose(0, 1).contiguous()
            v = heads[start:end, shape.heads + shape.kin :].transpose(0, 1).contiguous()
            scores = torch.bmm(q, k.transpose(1, 2)).view(-1, end - start, end - start)
            weights = weighed(scores, bias).view(shape.kin, -1, end - start)
            seen[start:end] = ungrouped(torch.bmm(weights, v), end - start)
            saved.append((q, k, v, weights))
        out = seen @ frozen.out.t()
        kept_out = low_out.add(out, seen)
        ctx.save_for_backward(*adapter)
        ctx.kept = (frozen, shape, places, x, inverse, hidden, kept_in, seen, saved, kept_out)
        return out.add_(x)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        grad = grads[0]
        adapter = ctx.saved_tensors
        frozen, shape, places, x, inverse, hidden, kept_in, seen, saved, kept_out = ctx.kept
        ctx.kept = None
        low_in, low_out = Low(adapter[:6], shape.scale), Low(adapter[6:], shape.scale)
        grad_seen = grad @ frozen.out
        grads_out = low_out.back(grad, grad_seen, seen, kept_out)
        both = shape.heads + shape.kin
        grad_heads = torch.empty(len(grad), both + shape.kin, shape.size, dtype=grad.dtype)
        for (start, end, _), (q, k, v, weights) in zip(places.blocks, saved, strict=True):
            n = end - start
            above = grouped(grad_seen[start:end].view(n, shape.heads, shape.size), shape.kin)
            part = grad_heads[start:end]
            part[:, both:] = torch.bmm(weights.transpose(1, 2), above).transpose(0, 1)
            scores = weighed_back(torch.bmm(above, v.transpose(1, 2)), weights)
            part[:, : shape.heads] = ungrouped(torch.bmm(scores, k).mul_(shape.size**-0.5), n).view(n, -1, shape.size)
            part[:, shape.heads : both] = torch.bmm(scores.transpose(1, 2), q).transpose(0, 1)
        grad_heads[:, :both] = rotate(grad_heads[:, :both], places.cos, -places.sin)
        grad_mixed = grad_heads.view(len(grad), -1)
        grad_hidden = grad_mixed @ frozen.qkv
        grads_in = low_in.back(grad_mixed, grad_hidden, hidden, kept_in)
        grad_x = normed_back(grad_hidden, x, frozen.norm_in, inverse, grad)
        return grad_x, None, None, None, *grads_in, *grads_out


class Mlp(Function):
    """Norm, gate and up, down, and the sum with the input."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, frozen: Frozen, shape: Shape, *adapter: torch.Tensor) -> torch.Tensor:
        hidden, inverse = normed(x, frozen.norm_mlp, shape.epsilon)
        low_in, low_out = Low(adapter[:4], shape.scale), Low(adapter[4:], shape.scale)
        mixed = hidden @ frozen.gate_up.t()
        kept_in = low_in.add(mixed, hidden)
        inner = opened(mixed)
        out = inner @ frozen.down.t()
        kept_out = low_out.add(out, inner)
        ctx.save_for_backward(*adapter)
        ctx.kept = (frozen, shape, x, inverse, hidden, kept_in, mixed, inner, kept_out)
        return out.add_(x)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        grad = grads[0]
        adapter = ctx.saved_tensors
        frozen, shape, x, inverse, hidden, kept_in, mixed, inner, kept_out = ctx.kept
        ctx.kept = None
        low_in, low_out = Low(adapter[:4], shape.scale), Low(adapter[4:], shape.scale)
        grad_inner = grad @ frozen.down
        grads_out = low_out.back(grad, grad_inner, inner, kept_out)
        grad_mixed = opened_back(grad_inner, mixed)
        grad_hidden = grad_mixed @ frozen.gate_up
        grads_in = low_in.back(grad_mixed, grad_hidden, hidden, kept_in)
        grad_x = normed_back(grad_hidden, x, frozen.norm_mlp, inverse, grad)
        return grad_x, None, None, *grads_in, *grads_out


class Normed(Function):
    """The norm before the vocabulary, on the rows that have a loss."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
        out, inverse = normed(x, weight, epsilon)
        ctx.save_for_backward(x, inverse, weight)
        return out

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        x, inverse, weight = ctx.saved_tensors
        return normed_back(grads[0], x, weight, inverse, torch.zeros_like(x)), None, None


class Fast:
    """A peft LoRA model of a llama, seen as weights: gradients reach the adapter's own parameters."""

    def __init__(self, model: Any) -> None:
        inner = model.base_model.model
        config = inner.config
        first = inner.model.layers[0].self_attn.q_proj
        self.shape = Shape(
            config.num_attention_heads,
            config.num_key_value_heads,
            config.hidden_size // config.num_attention_heads,
            config.rms_norm_eps,
            first.scaling["default"],
        )
        self.embedding = inner.model.embed_tokens.weight
        self.head = inner.lm_head.weight
        self.norm = inner.model.norm.weight
        self.rotary = inner.model.rotary_emb
        self.layers = [_layer(layer) for layer in inner.model.layers]

    def places(self, packs: Sequence[Pack]) -> Places:
        """Rotary tables and masks of packs laid one after another."""
        kind = self.embedding.dtype
        positions = torch.cat([p.positions for p in packs])
        cos, sin = self.rotary(self.embedding[:1, None], positions[None])
        blocks, start = [], 0
        for each in packs:
            bias = torch.zeros(each.mask.shape, dtype=kind).masked_fill_(~each.mask, torch.finfo(kind).min)
            blocks.append((start, start + len(each.ids), bias))
            start += len(each.ids)
        return Places(cos[0, :, None], sin[0, :, None], tuple(blocks))

    def logits(self, packs: Sequence[Pack], rows: torch.Tensor) -> torch.Tensor:
        """(k, vocabulary) fp32, at k rows of the packs laid one after another."""
        places = self.places(packs)
        x = torch.nn.functional.embedding(torch.cat([p.ids for p in packs]), self.embedding)
        for frozen, attention, mlp in self.layers:
            # Below the first layer that learns nothing is kept for the way back.
            with torch.set_grad_enabled(x.requires_grad or attention[0].requires_grad):
                x = Attention.apply(x, frozen, self.shape, places, *attention)
                x = Mlp.apply(x, frozen, self.shape, *mlp)
        return (Normed.apply(x[rows], self.norm, self.shape.epsilon) @ self.head.t()).float()


def _layer(layer: Any) -> tuple[Frozen, list[torch.Tensor], list[torch.Tensor]]:
    def weight(*maps: Any) -> torch.Tensor:
        return torch.cat([m.base_layer.weight.detach() for m in maps]).contiguous()

    def adapter(*maps: Any) -> list[torch.Tensor]:
        return [p for m in maps for p in (m.lora_A["default"].weight, m.lora_B["default"].weight)]

    a, m = layer.self_attn, layer.mlp
    frozen = Frozen(
        layer.input_layernorm.weight.detach(),
        weight(a.q_proj, a.k_proj, a.v_proj),
        weight(a.o_proj),
        layer.post_attention_layernorm.weight.detach(),
        weight(m.gate_proj, m.up_proj),
        weight(m.down_proj),
    )
    return (
        frozen,
        adapter(a.q_proj, a.k_proj, a.v_proj, a.o_proj),
        adapter(m.gate_proj, m.up_proj, m.down_proj),
    )
