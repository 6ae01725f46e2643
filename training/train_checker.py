"""LoRA training of the checker, on top of the reader: premise and claim are read with each other in view."""

from __future__ import annotations

import argparse
import os
import random
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.base_model import CHECKER_RANK, base_folder, load_model
from training.data import ROOT, pairs
from training.export_gguf import READER
from training.lora import Course, Plan, answer_logits, run
from training.pack import Group, Pack, Tokens, load_tokenizer, pack, tokenize_apart

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.fast import Fast

PACK_TOKENS, STEP_TOKENS = 420, 2800
RATE = 1e-3
SHARES = {"licensed": 0.56, "answers": 0.2, "swaps": 0.17, "news_claims": 0.07}
"""Of the claims, by source."""
CLAIMS = 3
"""Of one premise, of all that a source has for it."""
WAITING = 400
"""Claims among which the order is mixed."""
WATCHED_SETS = ("healthver", "climate-fever")
WATCHED = 120
"""Pairs of each development set on which the training is watched."""


def claims(seed: str, tokenizer: Any) -> Iterator[Tokens]:
    """One claim each with its premise, without end, in an order mixed over a few hundred."""
    from training.mixture import turns

    rng = random.Random(f"{seed}-checker")
    waiting: list[Tokens] = []
    for group in turns(seed, SHARES, lambda group: min(CLAIMS, len(group.branches))):
        chosen = rng.sample(group.branches, min(CLAIMS, len(group.branches)))
        alone = (tokenize_apart(Group(group.task, group.context, (branch,)), tokenizer) for branch in chosen)
        waiting += filter(None, alone)
        while len(waiting) > WAITING:
            yield waiting.pop(rng.randrange(len(waiting)))


def joined(stream: Iterator[Tokens], limit: int = PACK_TOKENS) -> Iterator[Pack]:
    """Claims under one copy of the instructions, which are the same for all, while they fit."""
    waiting: Tokens | None = None
    for one in stream:
        if waiting is not None and len(waiting) + len(one) - len(one.prefix) > limit:
            yield pack([waiting])
            waiting = None
        if waiting is None:
            waiting = Tokens(one.opening, one.prefix, [])
        waiting.branches.extend(one.branches)
        waiting.seen.extend(one.seen)


def source(seed: str, tokenizer: Any) -> Iterator[Pack]:
    """Packs without end."""
    return joined(claims(seed, tokenizer))


def development() -> list[Group]:
    """Pairs of two development sets, half of them supported; none of the samples that are reported."""
    from training.checking import public

    found = []
    for origin in WATCHED_SETS:
        reported = {(pair.premise, pair.claim) for pair in public(origin, 300)}
        rest = [p for p in pairs("entail_dev", origin) if len(p.premise) < 900 and (p.premise, p.claim) not in reported]
        for supported in (True, False):
            chosen = random.Random(0).sample([p for p in rest if p.supported is supported], WATCHED // 2)
            found += [
                Group("support", {"premise": p.premise}, ((p.claim, "yes" if supported else "no"),)) for p in chosen
            ]
    return found


def development_packs(tokenizer: Any) -> list[Pack]:
    """One pair a pack, the sets in turn."""
    return [pack([found]) for group in development() if (found := tokenize_apart(group, tokenizer))]


def measure(model: Fast, dev: list[Pack], ranks: int = 1) -> dict[str, float]:
    """Area under the curve of "yes" against "no", and the share of pairs on the right side."""
    import numpy as np
    import torch

    from training.score import area

    found: list[tuple[float, float]] = []
    tokenizer = load_tokenizer(base_folder())
    yes, no = (tokenizer(word, add_special_tokens=False)["input_ids"][0] for word in ("yes", "no"))
    for one in dev:
        logits, labels, _ = answer_logits(model, [one])
        found.append((float(labels[0] == yes), float(logits[0, yes] - logits[0, no])))
    if ranks > 1:
        parts: list[Any] = [None] * ranks
        torch.distributed.all_gather_object(parts, found)
        found = [pair for part in parts for pair in part]
    labels, margins = (np.array(column) for column in zip(*found, strict=True))
    return {"area": round(area(margins, labels), 4), "right": round(float(((margins > 0) == (labels == 1)).mean()), 3)}


def course(reader: Path = READER.target) -> Course:
    """On top of a reader's adapter."""
    return Course(partial(load_model, read=reader, rank=CHECKER_RANK), source, development_packs, measure)


def plan(minutes: float, folder: Path, seed: int, ranks: int, reader: Path = READER.target) -> Plan:
    """With this training's own rate and step."""
    return Plan(course(reader), minutes, folder, RATE, seed, ranks=ranks, evaluate_every=12.0, step_tokens=STEP_TOKENS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=55)
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "checker")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ranks", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    run(plan(options.minutes, options.folder, options.seed, options.ranks))


if __name__ == "__main__":
    main()
