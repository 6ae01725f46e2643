"""LoRA training of the reader and checker: one adapter, three tasks, two cores."""

from __future__ import annotations

import argparse
import os
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.base_model import base_folder, load_model
from training.data import ROOT
from training.lora import Course, Plan, answer_logits, packs, run
from training.pack import Pack, load_tokenizer, pack, tokenize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.fast import Fast

PACK_TOKENS = 420
KINDS = ("refusal", "yes or no", "span")


def source(seed: str, tokenizer: Any, shares: str = "whole") -> Iterator[Pack]:
    """Groups of the mixture of that name, joined while they fit."""
    from training.mixture import SHARES, mixture

    return packs((t for g in mixture(seed, SHARES[shares]) if (t := tokenize(g, tokenizer))), PACK_TOKENS)


def development_packs(tokenizer: Any) -> list[Pack]:
    """The fixed development sample, one group a pack."""
    from training.mixture import development

    return [pack([t]) for g in development() if (t := tokenize(g, tokenizer))]


def measure(model: Fast, dev: list[Pack], ranks: int = 1) -> dict[str, float]:
    """Share of development answers whose every token is the model's first choice, by kind of answer."""
    import torch

    refusal = load_tokenizer(base_folder())("not found<|im_end|>", add_special_tokens=False)["input_ids"]
    hits = torch.zeros(len(KINDS), 2)
    for batch in dev:
        logits, labels, example = answer_logits(model, [batch])
        right = logits.argmax(-1) == labels
        for number in range(batch.answers):
            chosen = example == number
            gold = labels[chosen].tolist()
            kind = 0 if gold == refusal else 1 if len(gold) == 2 else 2
            hits[kind] += torch.tensor([float(right[chosen].all()), 1.0])
    if ranks > 1:
        torch.distributed.all_reduce(hits)
    return {kind: round(float(h / max(1.0, float(n))), 3) for kind, (h, n) in zip(KINDS, hits, strict=True)}


COURSE = Course(load_model, source, development_packs, measure)


def course(start: Path | None = None, first: int = 0, shares: str = "whole") -> Course:
    """From a fresh adapter, or from a GGUF adapter's values; layers before ``first`` stay as they are. ``shares``: the
    mixture, by name."""
    learnt = replace(COURSE, source=partial(source, shares=shares))
    return replace(learnt, model=partial(load_model, start=start, first=first)) if start else learnt


def main() -> None:
    from training.mixture import SHARES

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=80)
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--start", type=Path, help="a GGUF adapter to begin with; a fresh one without")
    parser.add_argument("--first", type=int, default=0, help="the first layer that goes on learning, from --start")
    parser.add_argument("--shares", choices=SHARES, default="whole", help="which mixture")
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "reader")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument(
        "--measured", type=float, default=10, help="minutes between two looks at the development sample"
    )
    parser.add_argument("--ranks", type=int, default=os.cpu_count() or 2)
    parser.add_argument("--threads", type=int, default=2, help="where there is one rank")
    options = parser.parse_args()
    learnt = course(options.start, options.first, options.shares)
    plan = Plan(learnt, options.minutes, options.folder, options.rate, options.seed, ranks=options.ranks)
    run(replace(plan, evaluate_every=options.measured, threads=options.threads))


if __name__ == "__main__":
    main()
