"""Trains the reader on a GPU: minutes instead of hours, from groups in tokens that `training.shards` made. A bare
machine with torch, numpy and gguf can run it.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from training import shards
from training.learner import Learner
from training.llama import Llama, adapter_of, base_of, fresh, loss_of, merged, parameters_of, random_base
from training.rows import LENGTH, batches_of, stream
from training.score import area

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from training.llama import Adapter

SHARES = {
    "written": 0.27,
    "written_yesno": 0.07,
    "written_claims": 0.12,
    "written_answers": 0.05,
    "squad": 0.13,
    "qed": 0.12,
    "qamr": 0.01,
    "boolq": 0.05,
    "news": 0.02,
    "news_claims": 0.01,
    "licensed": 0.09,
    "swaps": 0.04,
    "answers": 0.02,
}
"""Of all tokens, by source."""
TOLD = 100
"""Steps between two lines."""
LAST_LOOK = 0.95
"""From this part of a run on the next look is the end's."""
WARM = 80
"""Steps until the full rate."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``seconds`` of wall time set the schedule."""

    seconds: float
    folder: Path
    out: Path
    rate: float = 1.2e-3
    seed: int = 0
    rows: int = 32
    dropped: float = 0.05
    shares: Mapping[str, float] = field(default_factory=lambda: SHARES)
    decay: float = 0.02
    workers: int = 6
    looks: int = 5
    """At the development shards, the last at the end."""
    kept: float = 0.6
    """From this part of the run on each look's weights are kept as well."""


def train(plan: Plan, model: Llama, adapter: Adapter) -> Adapter:
    """Returns the averaged adapter, which is also saved; each look's figures are printed."""
    learner = Learner(adapter, plan.rate, plan.decay)
    source = iter(stream(plan.folder, plan.shares, plan.rows, plan.seed, plan.workers))
    dev = development(plan.folder)
    device = str(learner.values[0].device)
    print(f"before, dev {json.dumps(measured(model, learner.average, dev, plan.rows))}", flush=True)
    start = looked = time.monotonic()
    tokens, losses = 0, torch.zeros((), device=device)
    while (part := (time.monotonic() - start) / plan.seconds) < 1:
        batch = next(source).to(device)
        logits = model.logits(model.states(merged(model.base, learner.live), batch, plan.dropped), batch.places)
        loss = loss_of(logits, batch)
        loss.backward()
        learner.step(plan.rate * min(1.0, (learner.steps + 1) / WARM) * (1 - part))
        tokens += batch.used
        losses += loss.detach()
        if learner.steps % TOLD == 0:
            told = f"{learner.steps} loss {losses.item() / TOLD:.4f} part {part:.3f} tokens {tokens}"
            print(f"{told} {tokens / (time.monotonic() - start):.0f}/s", flush=True)
            losses.zero_()
        if time.monotonic() - looked > plan.seconds / plan.looks and part < LAST_LOOK:
            looked = time.monotonic()
            print(f"{learner.steps} dev {json.dumps(measured(model, learner.average, dev, plan.rows))}", flush=True)
            if part >= plan.kept:
                save(plan.out / f"at{round(part * 100)}", learner.average)
    save(plan.out / "end", learner.average)
    found = measured(model, learner.average, dev, plan.rows)
    print(f"{learner.steps} end, {tokens} tokens, dev {json.dumps(found)}", flush=True)
    return learner.average


def save(folder: Path, adapter: Adapter) -> None:
    """As `training.export_gguf` reads it."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save({"average": parameters_of(adapter)}, folder / "state.pt")


def development(folder: Path) -> dict[str, list[shards.Grouped]]:
    """The groups of the shards whose names begin with `dev_`."""
    return {path.stem.removeprefix("dev_"): shards.read(path) for path in sorted(folder.glob("dev_*.npz"))}


def measured(
    model: Llama, adapter: Adapter, dev: Mapping[str, Sequence[shards.Grouped]], rows: int
) -> dict[str, dict[str, float]]:
    """Of each development shard: share of answers whose tokens are all the first choice, mean loss, and how well the
    most frequent first token's probability tells whether it is the answer's: its area under the curve."""
    with torch.no_grad():
        weights = merged(model.base, adapter)
        return {name: _measured(model, weights, groups, rows) for name, groups in dev.items()}


def _measured(
    model: Llama, weights: Sequence[tuple[torch.Tensor, ...]], groups: Sequence[shards.Grouped], rows: int
) -> dict[str, float]:
    device = str(model.base.norm.device)
    right, loss, firsts, chances = [], [], [], []
    for batch in (b.to(device) for b in batches_of(groups, rows)):
        logits = torch.log_softmax(model.logits(model.states(weights, batch), batch.places), -1)
        sure = logits.gather(1, batch.labels[:, None])[:, 0]
        zeros = torch.zeros(batch.answers, device=device)
        right.append(zeros.index_add(0, batch.example, (logits.argmax(-1) != batch.labels).float()) == 0)
        loss.append(-zeros.index_add(0, batch.example, sure))
        begin = torch.ones_like(batch.example, dtype=torch.bool)
        begin[1:] = batch.example[1:] != batch.example[:-1]
        firsts.append(batch.labels[begin])
        chances.append(logits[begin])
    first = torch.cat(firsts)
    common = first.mode().values
    scores = torch.cat([each[:, common] for each in chances])
    return {
        "right": round(float(torch.cat(right).float().mean()), 3),
        "loss": round(float(torch.cat(loss).mean()), 3),
        "auc": round(area(scores.double().cpu().numpy(), (first == common).double().cpu().numpy()), 4),
    }


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=480)
    parser.add_argument("--base", type=Path, help="the base model's GGUF; weights by chance without, for a trial")
    parser.add_argument("--start", type=Path, help="a GGUF adapter to begin with; a fresh one without")
    parser.add_argument("--folder", type=Path, default=shards.FOLDER, help="of the shards")
    parser.add_argument("--out", type=Path, required=True, help="a folder for the weights")
    parser.add_argument("--rate", type=float, default=1.2e-3)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rows", type=int, default=32, help=f"a step, each of {LENGTH} tokens")
    parser.add_argument("--looks", type=int, default=5)
    parser.add_argument("--dropped", type=float, default=0.05, help="share of what each half layer adds")
    parser.add_argument("--share", action="append", default=[], help="SOURCE=SHARE in place of the usual one")
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--plain", action="store_true", help="without torch.compile")
    options = parser.parse_args(given)
    torch.manual_seed(options.seed)
    torch.set_float32_matmul_precision("high")
    torch.backends.cuda.enable_cudnn_sdp(enabled=False)
    base = base_of(options.base, options.device) if options.base else random_base(options.device)
    adapter = adapter_of(options.start, base) if options.start else fresh(base)
    other = {name: float(share) for name, _, share in (each.partition("=") for each in options.share)}
    plan = Plan(
        options.seconds,
        options.folder,
        options.out,
        options.rate,
        options.seed,
        options.rows,
        options.dropped,
        {**SHARES, **other},
        looks=options.looks,
    )
    train(plan, Llama(base, compiled=options.device == "cuda" and not options.plain), adapter)


if __name__ == "__main__":
    main()
