"""LoRA training of the reader and checker: one adapter, three tasks, two cores. Goes on from its checkpoint
after an interruption.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import time
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training import ranks
from training.base_model import base_folder, load_model
from training.data import ROOT
from training.optimize import Optimizer, save, together
from training.pack import IGNORED, Pack, Tokens, load_tokenizer, pack, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import torch

    from training.fast import Fast

PACK_TOKENS, STEP_TOKENS = 420, 1600


@dataclass(frozen=True, slots=True)
class Plan:
    """What one run needs; ``minutes`` is wall time and sets the learning-rate schedule."""

    minutes: float
    folder: Path
    rate: float = 1e-3
    seed: int = 0
    threads: int = 2
    ranks: int = 1
    evaluate_every: float = 10.0


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


def packs(stream: Iterator[Tokens], limit: int = PACK_TOKENS) -> Iterator[Pack]:
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
    from training.mixture import mixture

    torch.set_num_threads(1 if plan.ranks > 1 else plan.threads)
    plan.folder.mkdir(parents=True, exist_ok=True)
    adapted, tokenizer = load_model(plan.seed), load_tokenizer(base_folder())
    model, optimizer = Fast(adapted), Optimizer(adapted, plan.rate)
    checkpoint, before = plan.folder / "state.pt", 0.0
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        optimizer.restore(state)
        before = state["elapsed"]
    seed = f"{plan.seed}-{rank}-{optimizer.steps}"
    source = packs(t for g in mixture(seed) if (t := tokenize(g, tokenizer)))
    dev = development_packs(tokenizer)[rank :: plan.ranks] if plan.evaluate_every else []
    clock = Clock(plan, before)
    losses: list[float] = []
    note = partial(print, flush=True)
    while (part := clock.fraction()) < 1:
        totals = accumulate(model, source, STEP_TOKENS // plan.ranks)
        totals = together(optimizer, totals, plan.ranks)
        optimizer.step(plan.rate * min(1.0, (optimizer.steps + 1) / 20) * (1 - part))
        losses.append(float(totals[0] / totals[1]))
        clock.tokens += int(totals[2])
        if optimizer.steps % 25 == 0 and not rank:
            note(f"{optimizer.steps} loss {sum(losses[-25:]) / 25:.3f} {clock}")
        if clock.due(dev=False) and not rank:
            save(checkpoint, optimizer, part * plan.minutes * 60)
        if dev and clock.due(dev=True):
            found = measure(model, optimizer, dev, plan.ranks)
            if not rank:
                note(f"{optimizer.steps} dev {json.dumps(found)} {clock}")
    if not rank:
        save(checkpoint, optimizer, plan.minutes * 60)
    if dev:
        found = measure(model, optimizer, dev, plan.ranks)
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


def development_packs(tokenizer: Any) -> list[Pack]:
    """The fixed development sample, one group a pack."""
    from training.mixture import development

    return [pack([t]) for g in development() if (t := tokenize(g, tokenizer))]


def measure(model: Fast, optimizer: Optimizer, dev: list[Pack], ranks: int = 1) -> dict[str, float]:
    """Share of development answers whose every token is the model's first choice, by kind of answer (averaged
    weights).
    """
    import torch

    refusal = load_tokenizer(base_folder())("not found<|im_end|>", add_special_tokens=False)["input_ids"]
    hits = torch.zeros(len(KINDS), 2)
    optimizer.show(optimizer.average)
    with torch.no_grad():
        for batch in dev:
            logits, labels, example = answer_logits(model, [batch])
            right = logits.argmax(-1) == labels
            for number in range(batch.answers):
                chosen = example == number
                gold = labels[chosen].tolist()
                kind = 0 if gold == refusal else 1 if len(gold) == 2 else 2
                hits[kind] += torch.tensor([float(right[chosen].all()), 1.0])
    optimizer.show(optimizer.master)
    if ranks > 1:
        torch.distributed.all_reduce(hits)
    return {kind: round(float(h / max(1.0, float(n))), 3) for kind, (h, n) in zip(KINDS, hits, strict=True)}


KINDS = ("refusal", "yes or no", "span")


def run(plan: Plan) -> None:
    """All ranks of a plan, each in its own process."""
    base_folder()
    ranks.run(train, plan)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=80)
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ranks", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    run(Plan(options.minutes, options.folder, seed=options.seed, ranks=options.ranks))


if __name__ == "__main__":
    main()
