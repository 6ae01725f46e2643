"""The loop in which an encoder of pairs is trained on examples without end, in several processes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tokenizers import Encoding


@dataclass(frozen=True, slots=True)
class Plan:
    """``minutes`` of wall time set the learning-rate schedule."""

    minutes: float
    folder: Path
    start: Path | None = None
    """Weights to begin with; the embedder's without."""
    rate: float = 2.5e-4
    seed: int = 0
    ranks: int = 1
    warm: int = 60
    """Steps until the full rate."""
    tokens: int = 8_000
    """A step, of all ranks together."""


class Example(Protocol):
    """What one pair teaches."""

    @property
    def encoding(self) -> Encoding:
        """The pair in tokens."""
        ...


E = TypeVar("E", bound=Example)


def loop(
    plan: Plan, model: Any, source: Iterator[E], loss_of: Callable[[Any, list[E]], torch.Tensor], rank: int
) -> list[float]:
    """Train one rank until the plan's time is over; the model then holds the running average of its weights.

    ``loss_of`` gives the sum over a batch. Returns the mean loss of each step.
    """
    live = [p for p in model.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(live, lr=plan.rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    average = [p.detach().clone() for p in live]
    losses: list[float] = []
    start = time.monotonic()
    while (part := _agreed((time.monotonic() - start) / (60 * plan.minutes), plan.ranks)) < 1:
        batch: list[E] = []
        while sum(len(e.encoding.ids) for e in batch) < plan.tokens // plan.ranks:
            batch.append(next(source))
        loss = loss_of(model, batch)
        loss.backward()
        losses.append(_joined(live, loss.item(), len(batch), plan.ranks))
        torch.nn.utils.clip_grad_norm_(live, 1.0)
        for group in adam.param_groups:
            group["lr"] = plan.rate * min(1.0, (len(losses) + 1) / plan.warm) * max(0.01, 1 - part)
        adam.step()
        adam.zero_grad()
        decay = min(0.99, len(losses) / (len(losses) + 10))
        torch._foreach_lerp_(average, [p.detach() for p in live], 1 - decay)
        if len(losses) % 50 == 0 and not rank:
            print(f"{len(losses)} loss {sum(losses[-50:]) / 50:.3f} min {part * plan.minutes:.1f}", flush=True)
    for p, value in zip(live, average, strict=True):
        p.data.copy_(value)
    return losses


def _agreed(value: float, ranks: int) -> float:
    shared = torch.tensor([value])
    if ranks > 1:
        torch.distributed.broadcast(shared, 0)
    return float(shared)


def _joined(live: list[torch.Tensor], loss: float, count: int, ranks: int) -> float:
    """Gradients as the mean over the examples of all ranks; returns the mean loss."""
    held = [p for p in live if p.grad is not None]
    flat = torch.cat([*(p.grad.flatten() for p in held if p.grad is not None), torch.tensor([loss, float(count)])])
    if ranks > 1:
        torch.distributed.all_reduce(flat)
    flat[:-1] /= flat[-1].clone()
    offset = 0
    for p in held:
        p.grad = flat[offset : offset + p.numel()].view_as(p)
        offset += p.numel()
    return float(flat[-2])
