"""One step of training over fp32 copies, across processes, and what is kept of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    import torch

AVERAGE = 0.99


class Optimizer:
    """AdamW over fp32 copies of the bf16 adapter, and a running average of them, which is what is exported."""

    def __init__(self, model: Any, rate: float) -> None:
        import torch

        self.live = {name: p for name, p in model.named_parameters() if p.requires_grad}
        self.master = {name: p.detach().float().clone() for name, p in self.live.items()}
        self.average = {name: p.clone() for name, p in self.master.items()}
        self.adam = torch.optim.AdamW(list(self.master.values()), lr=rate, betas=(0.9, 0.98), weight_decay=0.01)
        self.gradient: dict[torch.Tensor, torch.Tensor] = {}
        self.steps = 0

    def step(self, rate: float) -> None:
        import torch

        for name, live in self.live.items():
            self.master[name].grad = self.gradient.pop(live, None)
        torch.nn.utils.clip_grad_norm_(list(self.master.values()), 1.0)
        for group in self.adam.param_groups:
            group["lr"] = rate
        self.adam.step()
        self.steps += 1
        decay = min(AVERAGE, self.steps / (self.steps + 10))
        for name, value in self.master.items():
            self.live[name].data.copy_(value)
            self.average[name].mul_(decay).add_(value, alpha=1 - decay)

    def show(self, values: dict[str, torch.Tensor]) -> None:
        """Put master or averaged values into the model."""
        for name, value in values.items():
            self.live[name].data.copy_(value)

    def state(self) -> dict[str, Any]:
        return {"master": self.master, "average": self.average, "adam": self.adam.state_dict(), "steps": self.steps}

    def restore(self, state: dict[str, Any]) -> None:
        for name, value in state["master"].items():
            self.master[name].copy_(value)
            self.average[name].copy_(state["average"][name])
        self.adam.load_state_dict(state["adam"])
        self.steps = state["steps"]
        self.show(self.master)


def together(optimizer: Optimizer, totals: torch.Tensor, ranks: int) -> torch.Tensor:
    """Add gradients and totals over ranks, and bring the gradients to the mean over answers."""
    import torch

    flat = torch.cat([p.grad.float().flatten() for p in optimizer.live.values() if p.grad is not None] + [totals])
    if ranks > 1:
        torch.distributed.all_reduce(flat)
    totals = flat[-3:].clone()
    flat.mul_(16 / totals[1])
    offset = 0
    for live in optimizer.live.values():
        if live.grad is not None:
            optimizer.gradient[live] = flat[offset : offset + live.numel()].view_as(live)
            offset += live.numel()
            live.grad = None
    return totals


def save(path: Path, optimizer: Optimizer, elapsed: float) -> None:
    """Write a checkpoint whole or not at all."""
    import torch

    torch.save(optimizer.state() | {"elapsed": elapsed}, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)
