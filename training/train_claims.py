"""Trains a cross-encoder to say whether a premise bears a claim: what the checker is measured against, not shipped.

`python -m training.train_claims`, then `python -m training.compare_claims`.
"""

from __future__ import annotations

import argparse
import os
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from torch.nn import functional

from training import encoders, groups, mixture, ranks, rerank_model, sources, unpack
from training.answers import answer_claims
from training.data import ROOT, Passage, passages, shuffled
from training.encoders import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from tokenizers import Encoding, Tokenizer

    from training.pack import Group

MAX_TOKENS, CUT = 256, "only_first"
"""Too long a premise is cut, the claim is not."""
SHARES = {"licensed": 0.42, "swaps": 0.35, "answers": 0.18, "news_claims": 0.05}
"""Of all tokens, by source."""
WAITING = 400
"""Pairs from which the next is drawn, so that the claims of one premise do not come in a row."""
DROPPED = 0.1
"""Of the states behind each layer."""
RUN = ROOT / "training" / "runs" / "claims"
START = ROOT / "qa" / "weights" / "spans.onnx"
"""The span reader has learnt to look from one text into the other; from the embedder's weights the loss did not fall in
350 steps."""


@dataclass(frozen=True, slots=True)
class Example:
    """Premise and claim in tokens, and whether the one bears the other."""

    encoding: Encoding
    borne: bool


def _answers(rng: random.Random) -> Iterator[Group]:
    """As in the checker's own data, without what the span reader points at."""
    everything: list[Passage] = [*sources.squads(), *passages("qa_train", "qed", "qamr")]
    while True:
        for passage in shuffled(everything, rng):
            if (found := answer_claims(passage, rng)) and found[1]:
                yield groups.claim_group(found[0], found[1], rng)


def _claims(seed: str) -> Iterator[tuple[str, str, bool]]:
    """(premise, claim, whether the one bears the other)."""
    for group in mixture.turns(seed, SHARES, mixture.size, {"answers": _answers}):
        for claim, word in group.branches:
            yield group.context["premise"], claim, word == groups.answer_word(supported=True)


def examples(tokenizer: Tokenizer, seed: str) -> Iterator[Example]:
    """Without end, from one seed."""
    for premise, claim, borne in mixture.apart(_claims(seed), WAITING, random.Random(seed)):
        yield Example(tokenizer.encode(premise, claim), borne)


def loss_of(model: Any, batch: Sequence[Example], dropped: float = DROPPED) -> torch.Tensor:
    """Sum of the cross-entropies."""
    aims = torch.tensor([float(e.borne) for e in batch])
    said = rerank_model.logits(model, [e.encoding for e in batch], dropped)
    return functional.binary_cross_entropy_with_logits(said, aims, reduction="sum")


def train(plan: Plan, rank: int = 0) -> list[float]:
    """Run one rank; rank 0 writes the averaged weights into the plan's folder. Returns the loss of each step."""
    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    plan.folder.mkdir(parents=True, exist_ok=True)
    model, wrapped = rerank_model.load()
    tokenizer = rerank_model.tokenizer_of(wrapped, MAX_TOKENS, CUT)
    if plan.start:
        unpack.restore(model.bert, plan.start)
    model.bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    torch.manual_seed(plan.seed * 100 + rank)
    losses = encoders.loop(plan, model, examples(tokenizer, f"{plan.seed}-{rank}"), loss_of, rank)
    if not rank:
        model.save_pretrained(plan.folder)
    return losses


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--folder", type=Path, default=RUN)
    parser.add_argument("--start", type=Path, default=START, help="a shipped int8 file")
    parser.add_argument("--ranks", type=int, default=os.cpu_count() or 2)
    asked = parser.parse_args()
    ranks.run(train, Plan(asked.minutes, asked.folder, asked.start, asked.rate, asked.seed, asked.ranks, tokens=4_000))


if __name__ == "__main__":
    main()
