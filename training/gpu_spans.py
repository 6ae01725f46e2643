"""Trains the span reader on a GPU, from pairs in tokens that `training.span_shards` made, beginning with a shipped
file. With `--weights FOLDER` it then puts what it left where `training.span_export` finds it.

Needs torch, transformers, onnx and numpy, and nothing of the product.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from training import span_shards, unpack
from training.learner import Learner
from training.score import area

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from training.span_shards import Pair

SHARES = {"written": 0.50, "squad": 0.20, "qed": 0.20, "qamr": 0.02, "news": 0.08}
"""Of all pairs, by source."""
PAIRS = 256
"""A step."""
SORTED = 16
"""Steps whose pairs are put side by side by length."""
WARM = 100
PLACES = 6
DROPPED = 0.1
BLEND = 0.5
"""Share of the new weights in what ships, beside those that a run began with."""
NOWHERE = ((0, 0),)
LONGEST = 40
"""Tokens of an answer."""
STRIDE = 32
"""Lengths are rounded up to a multiple, so that few shapes occur."""


def model_of(start: Path) -> Any:
    """The shipped file's layers and outputs over its own word embeddings."""
    import onnx
    from onnx import numpy_helper
    from transformers import BertConfig, BertForTokenClassification

    config = BertConfig(
        vocab_size=30522,
        hidden_size=384,
        num_hidden_layers=unpack.LAYERS,
        num_attention_heads=12,
        intermediate_size=1536,
        hidden_dropout_prob=DROPPED,
        attention_probs_dropout_prob=DROPPED,
        num_labels=2,
    )
    model = BertForTokenClassification(config)
    unpack.restore(model.bert, start)
    unpack.restore_head(model.classifier, start)
    stored = {i.name: numpy_helper.to_array(i) for i in onnx.load(start).graph.initializer}
    words = unpack.full(stored, "model.bert.embeddings.word_embeddings.weight")
    table = model.bert.embeddings.word_embeddings.weight
    table.data.copy_(torch.from_numpy(np.array(words, np.float32)))
    table.requires_grad_(requires_grad=False)
    return model


@dataclass(slots=True)
class Batch:
    """Of (pairs, length): ``ids``, ``types``, ``held`` (tokens that are no filling), ``closed`` (tokens at which no
    answer is); ``spans`` (pairs, PLACES, 2), of which ``real`` ones count."""

    ids: torch.Tensor
    types: torch.Tensor
    held: torch.Tensor
    closed: torch.Tensor
    spans: torch.Tensor
    real: torch.Tensor

    def to(self, device: str) -> Batch:
        """Itself on a device."""
        parts = (self.ids, self.types, self.held, self.closed, self.spans, self.real)
        return Batch(*(part.to(device, non_blocking=True) for part in parts))


def batch_of(pairs: Sequence[Pair]) -> Batch:
    """Pairs as one batch."""
    length = -(-max(len(p.ids) for p in pairs) // STRIDE) * STRIDE
    shape = (len(pairs), length)
    ids, types = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    held, closed = np.zeros(shape, np.bool_), np.ones(shape, np.bool_)
    spans, real = np.zeros((len(pairs), PLACES, 2), np.int64), np.zeros((len(pairs), PLACES), np.bool_)
    for row, pair in enumerate(pairs):
        end = len(pair.ids)
        ids[row, :end], types[row, pair.asked : end], held[row, :end] = pair.ids, 1, True
        closed[row, pair.asked : end - 1] = False
        closed[row, 0] = False
        spans[row, : len(pair.spans)], real[row, : len(pair.spans)] = pair.spans, True
    return Batch(*map(torch.from_numpy, (ids, types, held, closed, spans, real)))


def chances(model: Any, batch: Batch) -> torch.Tensor:
    """Log-probabilities of first and last token, (pairs, length, 2)."""
    with torch.autocast(batch.ids.device.type, torch.bfloat16):
        logits = model(input_ids=batch.ids, attention_mask=batch.held.long(), token_type_ids=batch.types).logits
    return torch.log_softmax(logits.float().masked_fill(batch.closed[:, :, None], -1e4), 1)


def loss_of(model: Any, batch: Batch) -> torch.Tensor:
    """Mean over the pairs of minus the log of the probability that all right spans have together."""
    found = chances(model, batch)
    rows = torch.arange(len(batch.ids), device=batch.ids.device)[:, None]
    both = found[rows, batch.spans[:, :, 0], 0] + found[rows, batch.spans[:, :, 1], 1]
    return -torch.logsumexp(both.masked_fill(~batch.real, -1e4), 1).mean()


class _Stream(IterableDataset[Batch]):
    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.seed = folder, seed

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        number = 0 if worker is None else worker.id
        count = 1 if worker is None else worker.num_workers
        rng = np.random.default_rng([self.seed, number])
        sources = {n: span_shards.read(self.folder / f"{n}.npz")[number::count] for n in SHARES}
        orders = {name: rng.permutation(len(pairs)).tolist() for name, pairs in sources.items()}
        names, shares = list(SHARES), list(SHARES.values())
        while True:
            drawn: list[Pair] = []
            for name in rng.choice(names, PAIRS * SORTED, p=shares):
                if not orders[name]:
                    orders[name] = rng.permutation(len(sources[name])).tolist()
                drawn.append(sources[name][orders[name].pop()])
            drawn.sort(key=lambda pair: len(pair.ids))
            for part in rng.permutation(SORTED):
                yield batch_of(drawn[part * PAIRS : (part + 1) * PAIRS])


def train(start: Path, folder: Path, out: Path, seconds: float, rate: float, seed: int, device: str) -> None:
    """Writes the averaged weights, f16, in two files."""
    torch.manual_seed(seed)
    model = model_of(start).to(device).train()
    learner = Learner({name: p for name, p in model.named_parameters() if p.requires_grad}, rate)
    workers = 6 if device == "cuda" else 1
    source = iter(DataLoader(_Stream(folder, seed), batch_size=None, num_workers=workers, prefetch_factor=16))
    dev = span_shards.read(folder / "dev_squad.npz")
    print(f"before {json.dumps(measured(model, dev, device))}", flush=True)
    began = looked = time.monotonic()
    losses = torch.zeros((), device=device)
    while (part := (time.monotonic() - began) / seconds) < 1:
        loss = loss_of(model, next(source).to(device))
        loss.backward()
        learner.step(rate * min(1.0, (learner.steps + 1) / WARM) * max(0.01, 1 - part))
        losses += loss.detach()
        if learner.steps % 100 == 0:
            print(f"{learner.steps} loss {losses.item() / 100:.4f} part {part:.3f}", flush=True)
            losses.zero_()
        if time.monotonic() - looked > seconds / 4 and part < 0.9:
            looked = time.monotonic()
            print(f"{learner.steps} live dev {json.dumps(measured(model, dev, device))}", flush=True)
    for name, value in learner.average.items():
        learner.live[name].data.copy_(value)
    save(model, out)
    print(f"{learner.steps} end dev {json.dumps(measured(model, dev, device))}", flush=True)


def measured(model: Any, dev: Sequence[Pair], device: str) -> dict[str, float]:
    """On pairs with an answer: share whose likeliest span is right; on all: the area under the curve of "nowhere"."""
    model.eval()
    right, nowhere, none = [], [], []
    with torch.no_grad():
        ordered = sorted(dev, key=lambda pair: len(pair.ids))
        for first in range(0, len(ordered), PAIRS):
            part = ordered[first : first + PAIRS]
            found = chances(model, batch_of(part).to(device)).cpu()
            for pair, (first_token, last_token) in zip(part, (each.unbind(1) for each in found), strict=True):
                none.append(pair.spans == NOWHERE)
                nowhere.append(float(first_token[0] + last_token[0]))
                if pair.spans != NOWHERE:
                    right.append(likeliest(first_token, last_token) in pair.spans)
    model.train()
    return {"right": round(float(np.mean(right)), 4), "auc": round(area(np.array(nowhere), np.array(none, float)), 4)}


def likeliest(first: torch.Tensor, last: torch.Tensor) -> tuple[int, int]:
    """The likeliest span of at most ``LONGEST`` tokens, "nowhere" aside."""
    both = first[1:, None] + last[None, 1:]
    near = torch.ones_like(both, dtype=torch.bool).triu().tril(LONGEST - 1)
    place = int(both.masked_fill(~near, -1e9).argmax())
    return 1 + place // both.shape[1], 1 + place % both.shape[1]


def save(model: Any, out: Path) -> None:
    """All but the word embeddings, in two halves."""
    state = {n: v.detach().half().cpu() for n, v in model.state_dict().items() if "word_embeddings" not in n}
    names = sorted(state)
    half = sum(name < f"bert.encoder.layer.{unpack.LAYERS // 2}" for name in names)
    out.mkdir(parents=True, exist_ok=True)
    for number, part in enumerate((names[:half], names[half:])):
        torch.save({name: state[name] for name in part}, out / f"spans{number}.pt")


def unite(parts: Path, folder: Path, start: Path | None = None, share: float = 1.0) -> None:
    """What ``save`` left as a folder that `training.span_export` reads, over the embedder's own word embeddings; with a
    ``share`` below 1 the weighted mean with the ``start``, which forgets less."""
    from training import train_spans

    model, tokenizer = train_spans.load(start)
    before = model.state_dict()
    state: dict[str, torch.Tensor] = {}
    for number in range(2):
        state |= torch.load(parts / f"spans{number}.pt", weights_only=True)
    mixed = {n: torch.lerp(before[n], v.float(), share) if v.is_floating_point() else v for n, v in state.items()}
    missing, unexpected = model.load_state_dict(mixed, strict=False)
    assert not unexpected, unexpected
    assert all("word_embeddings" in name or "position_ids" in name for name in missing), missing
    model.save_pretrained(folder)
    tokenizer.save(str(folder / "tokenizer.json"))


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--start", type=Path, default=Path("qa/weights/spans.onnx"))
    parser.add_argument("--folder", type=Path, default=Path(__file__).parent / "cache" / "span_shards")
    parser.add_argument("--out", type=Path, help="a folder for the weights")
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--device", default="cuda")
    parser.add_argument("--weights", type=Path, help="unite the halves that lie in --out into this folder instead")
    parser.add_argument("--blend", type=float, default=BLEND, help="share of the new weights beside the start's")
    options = parser.parse_args(given)
    if options.weights:
        unite(options.out, options.weights, options.start, options.blend)
    else:
        train(
            options.start,
            options.folder,
            options.out,
            options.seconds,
            options.rate,
            options.seed,
            options.device,
        )


if __name__ == "__main__":
    main()
