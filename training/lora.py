"""LoRA training on two cores: the loop that the reader's and the asker's training share. It goes on from its checkpoint
after an interruption.
"""

from __future__ import annotations

import itertools
import json
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from training import ranks
from training.base_model import base_folder
from training.optimize import Optimizer, save, together
from training.pack import IGNORED, Pack, Tokens, load_tokenizer, pack

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    import torch

    from training.fast import Fast

STEP_TOKENS = 1600


@dataclass(frozen=True, slots=True)
class Course:
    """What is learnt. Functions of modules, since each process is handed them."""

    model: Callable[[int], Any]
    """From a seed, the frozen model with a fresh adapter."""
    source: Callable[[str, Any], Iterator[Pack]]
    """From a seed and the tokenizer, packs without end."""
    development: Callable[[Any], list[Pack]]
    """With the tokenizer, the fixed sample on which it is measured."""
    measure: Callable[[Fast, list[Pack], int], dict[str, float]]
    """The model on this rank's part of the sample, as one figure of all ranks."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run needs; ``minutes`` is wall time and sets the learning-rate schedule."""

    course: Course
    minutes: float
    folder: Path
    rate: float = 1e-3
    seed: int = 0
    threads: int = 2
    ranks: int = 1
    evaluate_every: float = 10.0
    step_tokens: int = STEP_TOKENS


def answer_logits(model: Fast, batch: Sequence[Pack]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Of the k answer tokens in packs laid one after another: logits (k, vocabulary), labels, and the number of the
    answer each belongs to.
    """
    import torch

    starts = [0, *itertools.accumulate(len(p.ids) for p in batch)]
    counts = [0, *itertools.accumulate(p.answers for p in batch)]
    places = [(p.labels != IGNORED).nonzero()[:, 0] for p in batch]
    rows = torch.cat([each + start for each, start in zip(places, starts, strict=False)])
    labels = torch.cat([p.labels[each] for p, each in zip(batch, places, strict=True)])
    example = torch.cat([p.example[each] + n for p, each, n in zip(batch, places, counts, strict=False)])
    return model.logits(batch, rows - 1), labels, example


def answer_loss(model: Fast, batch: Sequence[Pack]) -> tuple[torch.Tensor, int]:
    """Sum over answers of the token losses divided by the root of the answer's length, and the number of answers."""
    import torch

    logits, labels, example = answer_logits(model, batch)
    token_loss = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    lengths = torch.bincount(example).clamp(min=1).float()
    return (token_loss / lengths[example].sqrt()).sum(), len(lengths)


def packs(stream: Iterator[Tokens], limit: int) -> Iterator[Pack]:
    """Consecutive groups joined while they fit."""
    waiting: list[Tokens] = []
    for tokens in stream:
        if waiting and sum(map(len, waiting)) + len(tokens) > limit:
            yield pack(waiting)
            waiting = []
        waiting.append(tokens)


def train(plan: Plan, rank: int = 0) -> list[float]:
    """Run one rank of the plan; returns the loss of each step. Rank 0 leaves ``state.pt`` in the plan's folder.

    Ranks hold one thread each and meet once a step: threads that meet in every small operation lose most of their time
    as soon as anything else wants a core.
    """
    import torch

    from training.fast import Fast

    torch.set_num_threads(1 if plan.ranks > 1 else plan.threads)
    plan.folder.mkdir(parents=True, exist_ok=True)
    adapted, tokenizer = plan.course.model(plan.seed), load_tokenizer(base_folder())
    model, optimizer = Fast(adapted), Optimizer(adapted, plan.rate)
    checkpoint, before = plan.folder / "state.pt", 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        optimizer.restore(state)
        before = state["elapsed"]
    seed = f"{plan.seed}-{rank}-{optimizer.steps}"
    source = plan.course.source(seed, tokenizer)
    dev = plan.course.development(tokenizer)[rank :: plan.ranks] if plan.evaluate_every else []
    clock = Clock(plan, before)
    losses: list[float] = []
    note = partial(print, flush=True)
    while (part := clock.fraction()) < 1:
        totals = accumulate(model, source, plan.step_tokens // plan.ranks)
        totals = together(optimizer, totals, plan.ranks)
        optimizer.step(plan.rate * min(1.0, (optimizer.steps + 1) / 20) * (1 - part))
        losses.append(float(totals[0] / totals[1]))
        clock.tokens += int(totals[2])
        if optimizer.steps % 25 == 0 and not rank:
            note(f"{optimizer.steps} loss {sum(losses[-25:]) / 25:.3f} {clock}")
        if clock.due(dev=False) and not rank:
            save(checkpoint, optimizer, part * plan.minutes * 60)
        if dev and clock.due(dev=True):
            found = measured(plan, model, optimizer, dev)
            if not rank:
                note(f"{optimizer.steps} dev {json.dumps(found)} {clock}")
    if not rank:
        save(checkpoint, optimizer, plan.minutes * 60)
    if dev:
        found = measured(plan, model, optimizer, dev)
        if not rank:
            note(f"end dev {json.dumps(found)}")
    return losses


class Clock:
    """Wall time of a run, agreed between ranks: each reads the first rank's."""

    def __init__(self, plan: Plan, before: float) -> None:
        self.plan, self.start, self.tokens = plan, time.monotonic() - before, 0
        self.before, self.now = before, before
        self.next = {True: before + plan.evaluate_every * 60, False: before + 60}

    def fraction(self) -> float:
        import torch

        now = torch.tensor([time.monotonic() - self.start])
        if self.plan.ranks > 1:
            torch.distributed.broadcast(now, 0)
        self.now = float(now)
        return self.now / (self.plan.minutes * 60)

    def due(self, *, dev: bool) -> bool:
        """Whether it is time to evaluate (or to save); moves the time on."""
        if self.now < self.next[dev]:
            return False
        self.next[dev] = self.now + (self.plan.evaluate_every * 60 if dev else 60)
        return True

    def __str__(self) -> str:
        speed = self.tokens / max(1.0, self.now - self.before)
        return f"min {self.now / 60:.1f} tokens {self.tokens} tok/s {speed:.0f}"


def accumulate(model: Fast, source: Iterator[Pack], wanted: int) -> torch.Tensor:
    """Gradients over packs until ``wanted`` tokens; returns (sum of losses, answers, tokens)."""
    import torch

    batch: list[Pack] = []
    while sum(len(p.ids) for p in batch) < wanted:
        batch.append(next(source))
    loss, answers = answer_loss(model, batch)
    (loss / 16).backward()
    return torch.tensor([loss.item(), answers, sum(len(p.ids) for p in batch)])


def measured(plan: Plan, model: Fast, optimizer: Optimizer, dev: list[Pack]) -> dict[str, float]:
    """The averaged weights, on all ranks' parts of the sample."""
    import torch

    optimizer.show(optimizer.average)
    with torch.no_grad():
        found = plan.course.measure(model, dev, plan.ranks)
    optimizer.show(optimizer.master)
    return found


def run(plan: Plan) -> None:
    """All ranks of a plan, each in its own process."""
    base_folder()
    ranks.run(train, plan)
