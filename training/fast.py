"""Fused adapter, norm and rotation steps: on two cores half of a plain step goes into small element-wise passes."""

from __future__ import annotations

import types
from typing import Any

import torch
from torch.autograd import Function


class AdaptedLinear(Function):
    """``x W' + s (x A') B'`` with the low-rank products accumulated in place; no gradient for W."""

    @staticmethod
    def forward(
        ctx: Any, x: torch.Tensor, weight: torch.Tensor, a: torch.Tensor, b: torch.Tensor, scale: float
    ) -> torch.Tensor:
        flat = x.reshape(-1, x.shape[-1])
        low = (flat @ a.t()).mul_(scale)
        out = flat @ weight.t()
        out.addmm_(low, b.t())
        ctx.save_for_backward(flat, low, weight, a, b)
        ctx.scale = scale
        return out.view(*x.shape[:-1], out.shape[-1])

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        flat, low, weight, a, b = ctx.saved_tensors
        grad = grads[0].reshape(-1, grads[0].shape[-1])
        grad_low = (grad @ b).mul_(ctx.scale)
        grad_x = grad @ weight
        grad_x.addmm_(grad_low, a)
        grad_a, grad_b = grad_low.t() @ flat, grad.t() @ low
        return grad_x.view(*grads[0].shape[:-1], flat.shape[-1]), None, grad_a, grad_b, None


class Norm(Function):
    """Root-mean-square norm with a frozen weight, in fp32 inside."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
        wide = x.float()
        inverse = torch.rsqrt(
            torch.linalg.vector_norm(wide, dim=-1, keepdim=True).square_().div_(x.shape[-1]).add_(epsilon)
        )
        unit = wide.mul_(inverse).to(x.dtype)
        ctx.save_for_backward(unit, inverse, weight)
        return unit * weight

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        unit, inverse, weight = ctx.saved_tensors
        grad = (grads[0] * weight).float()
        wide = unit.float()
        mean = torch.linalg.vecdot(grad, wide).unsqueeze(-1).div_(wide.shape[-1])
        return grad.addcmul_(wide, mean, value=-1).mul_(inverse).to(unit.dtype), None, None


class Rotation(Function):
    """Rotary positions on the last dimension, whose halves are the pairs' two parts."""

    @staticmethod
    def forward(ctx: Any, x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor) -> torch.Tensor:
        ctx.save_for_backward(cos, sin)
        return _rotate(x, cos, sin, 1)

    @staticmethod
    def backward(ctx: Any, *grads: torch.Tensor) -> tuple[torch.Tensor | None, ...]:
        cos, sin = ctx.saved_tensors
        return _rotate(grads[0], cos, sin, -1), None, None


def _rotate(x: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, sign: int) -> torch.Tensor:
    half = x.shape[-1] // 2
    out = x * cos
    out[..., :half].addcmul_(x[..., half:], sin[..., :half], value=-sign)
    out[..., half:].addcmul_(x[..., :half], sin[..., half:], value=sign)
    return out


def _rotary(
    q: torch.Tensor, k: torch.Tensor, cos: torch.Tensor, sin: torch.Tensor, *_: Any, **__: Any
) -> tuple[Any, Any]:
    cos, sin = cos.unsqueeze(1), sin.unsqueeze(1)
    return Rotation.apply(q, cos, sin), Rotation.apply(k, cos, sin)


def _adapted(self: Any, x: torch.Tensor, *_: Any, **__: Any) -> Any:
    a, b = self.lora_A["default"].weight, self.lora_B["default"].weight
    return AdaptedLinear.apply(x, self.base_layer.weight, a, b, self.scaling["default"])


def _norm(self: Any, x: torch.Tensor) -> Any:
    return Norm.apply(x, self.weight, self.variance_epsilon)


def fuse(model: Any) -> Any:
    """Put the fused steps into a LoRA model of a llama; parameters and their names stay as they are."""
    from transformers.models.llama import modeling_llama

    modeling_llama.apply_rotary_pos_emb = _rotary
    for module in model.modules():
        if hasattr(module, "lora_A"):
            module.forward = types.MethodType(_adapted, module)
        elif isinstance(module, modeling_llama.LlamaRMSNorm):
            module.forward = types.MethodType(_norm, module)
    return model
