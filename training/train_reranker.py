"""Trains the reranker: the probability that a passage answers a question. `rerank_export` makes the file that ships."""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.nn import functional

from training import rerank_data, rerank_model, unpack
from training.data import ROOT
from training.rerank_data import Example, Floats

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ANCHOR = 0.3
"""Weight of keeping, among passages that do not answer, the order of the embedder's cosines."""
SHARPNESS = 14.0
"""From a difference of cosines to one of logits: .07 is one unit."""
DOUBT = 0.7
"""Taken off the logit of a wrong passage that holds the answer's words, as if it were half a passage."""
SOFT = 0.3
"""Aim for the passage on the topic of an unanswerable question."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``minutes`` of wall time set the learning-rate schedule."""

    minutes: float
    folder: Path
    rate: float = 1e-4
    seed: int = 0
    questions: int = 10
    """A step."""
    start: Path | None = None
    """Another run's folder, or a shipped encoder to begin with, such as the span reader's; the embedder's weights
    without."""
    written: bool = False
    """Whether it learns from what was written as well."""


def embedder(model: Any, tokenizer: Any) -> Callable[[Sequence[str]], Floats]:
    """Texts to the vectors of the untrained weights."""

    def embed(texts: Sequence[str]) -> Floats:
        found = np.empty((len(texts), 384), np.float32)
        for start in range(0, len(texts), 64):
            found[start : start + 64] = rerank_model.vectors(
                model, tokenizer.encode_batch(list(texts[start : start + 64]))
            )
        return found

    return embed


def loss_of(model: Any, tokenizer: Any, batch: Sequence[Example]) -> torch.Tensor:
    """Mean over the examples: cross-entropy of each pair, softmax of the right passage, and the anchor."""
    pairs = tokenizer.encode_batch([(e.question, text) for e in batch for text in e.texts])
    logits = rerank_model.logits(model, pairs)
    bounds = np.cumsum([0, *[len(e.texts) for e in batch]])
    return torch.stack([one(logits[a:b], e) for (a, b), e in zip(pairwise(bounds), batch, strict=True)]).mean()


def one(logits: torch.Tensor, example: Example) -> torch.Tensor:
    """The loss of one example; ``logits`` of its passages."""
    teacher = torch.tensor(example.similar) * SHARPNESS
    if example.kind == "topic":
        return 2 * ANCHOR * _kl(teacher, logits)
    answers = example.kind == "question"
    doubtful = torch.tensor(example.doubtful)
    aims = torch.zeros_like(logits)
    aims[0] = 1.0 if answers else SOFT
    each = functional.binary_cross_entropy_with_logits(logits, aims, reduction="none")
    pointwise = each[0] + each[~doubtful][1:].mean() if len(each[~doubtful]) > 1 else each[0]
    ranked = -torch.log_softmax(logits - DOUBT * doubtful, 0)[0]
    anchor = _kl(teacher[1:], logits[1:]) if len(logits) > 2 else logits.sum() * 0
    return 0.5 * pointwise + (1.0 if answers else 0.4) * ranked + ANCHOR * anchor


def _kl(teacher: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    return functional.kl_div(torch.log_softmax(logits, 0), torch.softmax(teacher, 0), reduction="sum")


def train(plan: Plan) -> list[float]:
    """Train, write the model into the plan's folder, return the loss of each step."""
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    plan.folder.mkdir(parents=True, exist_ok=True)
    packed = plan.start is not None and plan.start.suffix == ".onnx"
    model, wrapped = rerank_model.load(None if packed else plan.start)
    if plan.start is not None and packed:
        unpack.restore(model.bert, plan.start)
    model.train()
    tokenizer = rerank_model.tokenizer_of(wrapped)
    teacher = embedder(rerank_model.load()[0], tokenizer)
    model.bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    kept, held = rerank_data.split()
    learnt = rerank_data.with_written(kept, held, plan.seed) if plan.written else kept
    source = rerank_data.examples(learnt, teacher, plan.seed, plan.folder / f"near-{plan.seed}.npz")
    losses = _loop(plan, model, tokenizer, source)
    model.save_pretrained(plan.folder)
    wrapped.save_pretrained(plan.folder)
    return losses


def _loop(plan: Plan, model: Any, tokenizer: Any, source: Iterator[Example]) -> list[float]:
    parameters = [p for p in model.parameters() if p.requires_grad]
    adam = torch.optim.AdamW(parameters, lr=plan.rate, weight_decay=0.01, fused=True)
    losses: list[float] = []
    batch = [next(source) for _ in range(plan.questions)]
    start = time.monotonic()
    while (part := (time.monotonic() - start) / (60 * plan.minutes)) < 1:
        loss = loss_of(model, tokenizer, batch)
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        if not torch.isfinite(norm):
            raise FloatingPointError(f"step {len(losses)}: loss {loss.item()}, {batch}")
        for group in adam.param_groups:
            group["lr"] = plan.rate * min(1.0, (len(losses) + 1) / 40) * max(0.02, 1 - part)
        adam.step()
        adam.zero_grad()
        losses.append(loss.item())
        batch = [next(source) for _ in range(plan.questions)]
        if len(losses) % 20 == 0:
            print(f"{len(losses)} loss {np.mean(losses[-20:]):.3f} min {part * plan.minutes:.1f}", flush=True)
    return losses


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=25)
    parser.add_argument("--rate", type=float, default=1e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "reranker")
    parser.add_argument("--start", type=Path, help="another run's folder, or a shipped encoder")
    parser.add_argument("--written", action="store_true", help="learn from what was written as well")
    asked = parser.parse_args()
    plan = Plan(asked.minutes, asked.folder, asked.rate, asked.seed, start=asked.start, written=asked.written)
    train(plan)


if __name__ == "__main__":
    main()
