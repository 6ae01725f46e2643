"""What goes on learning on a GPU: AdamW over some weights, and a running average of them, which is what ships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

AVERAGE = 0.995
"""Of the average kept at each step, after the first few hundred."""
SHORT = 10
"""Steps over which the first averages reach back."""


class Learner:
    """The live weights by name, and their average."""

    def __init__(self, weights: Mapping[str, torch.Tensor], rate: float, decay: float = 0.01) -> None:
        self.live = {name: value.requires_grad_() for name, value in weights.items()}
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
        share = 1 - min(AVERAGE, self.steps / (self.steps + SHORT))
        torch._foreach_lerp_(list(self.average.values()), [value.detach() for value in self.values], share)
