"""Trains the span reader: where in a passage the answer to a question stands, or that it stands nowhere.
`span_export` makes the file that ships.
"""

from __future__ import annotations

import argparse
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from training import ranks, rerank_model, span_data
from training.data import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.span_data import Example

MAX_TOKENS = 384
STEP_TOKENS = 8_000
"""Of all ranks together."""
DROPPED = 0.1
"""Of the states behind each layer."""


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


def load(start: Path | None) -> tuple[Any, Any]:
    """Encoder with two outputs a token, and its tokenizer."""
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    folder = start or rerank_model.base()
    model = AutoModelForTokenClassification.from_pretrained(folder, num_labels=2, ignore_mismatched_sizes=True)
    tokenizer = AutoTokenizer.from_pretrained(folder).backend_tokenizer
    tokenizer.no_padding()
    tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
    return model, tokenizer


def scores(model: Any, batch: Sequence[Any], dropped: float = 0.0) -> list[torch.Tensor]:
    """Of each pair the logits of first and last token, float32, shape (tokens, 2); those of the question are out of
    the question."""
    x, bounds = rerank_model.states(model.bert, batch, dropped)
    flat = model.classifier(x.float())
    found = []
    for one, (start, end) in zip(batch, bounds, strict=True):
        closed = torch.tensor(
            [kind == 0 or bool(special) for kind, special in zip(one.type_ids, one.special_tokens_mask, strict=True)]
        )
        closed[0] = False
        found.append(flat[start:end].masked_fill(closed[:, None], -1e4))
    return found


def loss_of(model: Any, batch: Sequence[Example], dropped: float = DROPPED) -> torch.Tensor:
    """Sum over the examples of minus the log of the probability that all right spans have together."""
    total = torch.zeros(())
    for logits, one in zip(scores(model, [e.encoding for e in batch], dropped), batch, strict=True):
        first, last = torch.log_softmax(logits, 0).unbind(1)
        spans = torch.tensor(one.spans)
        total = total - torch.logsumexp(first[spans[:, 0]] + last[spans[:, 1]], 0)
    return total


def train(plan: Plan, rank: int = 0) -> list[float]:
    """Run one rank; rank 0 writes the averaged weights into the plan's folder. Returns the loss of each step."""
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    plan.folder.mkdir(parents=True, exist_ok=True)
    model, tokenizer = load(plan.start)
    model.bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    torch.manual_seed(plan.seed * 100 + rank)
    losses = _loop(plan, model, span_data.examples(tokenizer, f"{plan.seed}-{rank}"), rank)
    if not rank:
        model.save_pretrained(plan.folder)
        tokenizer.save(str(plan.folder / "tokenizer.json"))
    return losses


def _loop(plan: Plan, model: Any, source: Iterator[Example], rank: int) -> list[float]:
    live = [p for p in model.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(live, lr=plan.rate, weight_decay=0.01, betas=(0.9, 0.98), fused=True)
    average = [p.detach().clone() for p in live]
    losses: list[float] = []
    start = time.monotonic()
    while (part := _agreed((time.monotonic() - start) / (60 * plan.minutes), plan.ranks)) < 1:
        batch: list[Example] = []
        while sum(len(e.encoding.ids) for e in batch) < STEP_TOKENS // plan.ranks:
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


def run(plan: Plan) -> None:
    """All ranks of a plan, each in its own process."""
    ranks.run(train, plan)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=36)
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, default=ROOT / "training" / "runs" / "reranker")
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "spans")
    parser.add_argument("--ranks", type=int, default=os.cpu_count() or 2)
    asked = parser.parse_args()
    run(Plan(asked.minutes, asked.folder, asked.start, asked.rate, asked.seed, asked.ranks))


if __name__ == "__main__":
    main()
