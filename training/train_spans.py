"""Trains the span reader: where in a passage the answer to a question stands, or that it stands nowhere.
`span_export` makes the file that ships.
"""

from __future__ import annotations

import argparse
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from training import encoders, ranks, rerank_model, span_data, unpack
from training.data import ROOT
from training.encoders import Plan

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.span_data import Example

MAX_TOKENS = 384
DROPPED = 0.1
"""Of the states behind each layer."""


def load(start: Path | None) -> tuple[Any, Any]:
    """Encoder with two outputs a token, and its tokenizer; from a folder of another run, or from a shipped file."""
    from transformers import AutoModelForTokenClassification, AutoTokenizer

    packed = start is not None and start.suffix == ".onnx"
    folder = rerank_model.base() if start is None or packed else start
    model = AutoModelForTokenClassification.from_pretrained(folder, num_labels=2, ignore_mismatched_sizes=True)
    if start is not None and packed:
        unpack.restore(model.bert, start)
        unpack.restore_head(model.classifier, start)
    return model, rerank_model.tokenizer_of(AutoTokenizer.from_pretrained(folder), MAX_TOKENS, "only_second")


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


def train(plan: Plan, rank: int = 0, shares: str = "written") -> list[float]:
    """Run one rank; rank 0 writes the averaged weights into the plan's folder. ``shares`` names a mixture of
    ``span_data``. Returns the loss of each step."""
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    plan.folder.mkdir(parents=True, exist_ok=True)
    model, tokenizer = load(plan.start)
    model.bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    torch.manual_seed(plan.seed * 100 + rank)
    source = span_data.examples(tokenizer, f"{plan.seed}-{rank}", span_data.SHARES[shares])
    losses = encoders.loop(plan, model, source, loss_of, rank)
    if not rank:
        model.save_pretrained(plan.folder)
        tokenizer.save(str(plan.folder / "tokenizer.json"))
    return losses


def run(plan: Plan, shares: str = "written") -> None:
    """All ranks of a plan, each in its own process."""
    ranks.run(partial(train, shares=shares), plan)


def mean(start: Path, end: Path, share: float, folder: Path) -> None:
    """Of two runs' weights, or a file's and a run's, the weighted mean, ``share`` of the second, into ``folder``: it
    forgets less."""
    (first, tokenizer), (second, _) = load(start), load(end)
    other = second.state_dict()
    mixed = {n: torch.lerp(v, other[n], share) if v.is_floating_point() else v for n, v in first.state_dict().items()}
    first.load_state_dict(mixed)
    folder.mkdir(parents=True, exist_ok=True)
    first.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=36)
    parser.add_argument("--rate", type=float, default=2.5e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--start", type=Path, default=ROOT / "training" / "runs" / "reranker")
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "spans")
    parser.add_argument("--ranks", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--shares", choices=span_data.SHARES, default="written", help="which mixture")
    parser.add_argument("--mean", type=float, help="instead of training: share of --folder's weights beside --start's")
    parser.add_argument("--target", type=Path, help="a folder for that mean")
    asked = parser.parse_args()
    if asked.mean is not None:
        mean(asked.start, asked.folder, asked.mean, asked.target or asked.folder)
    else:
        run(Plan(asked.minutes, asked.folder, asked.start, asked.rate, asked.seed, asked.ranks), asked.shares)


if __name__ == "__main__":
    main()
