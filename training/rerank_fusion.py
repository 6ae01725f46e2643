"""Chooses how much the reranker says beside dense and lexical search: on held-out training articles, never on the
questions it is measured with.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.retrieval import Text, build
from qa.models.embedder import load_embedder
from qa.models.pairs import CrossEncoder
from qa.retrieve.fusion import K, fuse
from qa.store import Index
from training.data import ROOT, Passage
from training.pair_export import TOKENIZER
from training.rerank_data import full, split
from training.score import mean_with_interval

if TYPE_CHECKING:
    from qa.models.seams import Embedder

POOL = 64
READ = 16
"""Candidates that the reranker reads."""


@dataclass(frozen=True, slots=True)
class Row:
    """A question's best candidates: score of the two lists joined, the reranker's probability, whether right."""

    base: np.ndarray
    probability: np.ndarray
    right: np.ndarray


def by_place(weight: float) -> Callable[[Row], np.ndarray]:
    """A third list that counts ``weight`` as much as each of the two."""

    def score(row: Row) -> np.ndarray:
        places = np.argsort(np.argsort(-row.probability, kind="stable"))
        return np.asarray(row.base + weight / (K + 1 + places))

    return score


def by_probability(weight: float) -> Callable[[Row], np.ndarray]:
    """What a first place in ``weight`` lists gives, times the probability: nothing where no passage answers."""
    return lambda row: np.asarray(row.base + weight * row.probability / (K + 1))


FORMS = {"place": by_place, "probability": by_probability}
WEIGHTS = (0.0, 0.05, 0.1, 0.15, 0.2, 0.3, 0.5, 0.75, 1.0, 1.5, 2.0)


def reciprocal_rank(row: Row, scores: np.ndarray) -> float:
    """Of the best right candidate; 0 when none was read."""
    order = np.argsort(-scores, kind="stable")
    places = np.flatnonzero(row.right[order])
    return 1.0 / (1 + int(places[0])) if len(places) else 0.0


def rows(folder: Path, passages: list[Passage], count: int, embedder: Embedder, model: CrossEncoder) -> list[Row]:
    """``count`` answerable questions over all the passages, through the product's index."""
    texts = [Text(f"{number:05}", p.title, p.text) for number, p in enumerate(passages)]
    if not folder.exists():
        build(folder, texts, embedder)
    asked = [(text.name, q.text) for text, p in zip(texts, passages, strict=True) for q in p.questions if q.answerable]
    asked = random.Random(0).sample(asked, min(count, len(asked)))
    read = {text.name: full(p) for text, p in zip(texts, passages, strict=True)}
    with Index.open(folder, embedder.info.id) as index:
        return [row(index, embedder, model, question, name, read) for name, question in asked]


def row(index: Index, embedder: Embedder, model: CrossEncoder, question: str, name: str, read: dict[str, str]) -> Row:
    """One question's row."""
    lists = {
        "dense": index.dense(embedder.encode([question])[0], POOL),
        "lexical": index.lexical(question, POOL),
    }
    joined = fuse(lists)[:READ]
    names = [p.document for p in index.passages([number for number, _ in joined])]
    found = model.score(question, [read[n] for n in names])
    return Row(np.array([s for _, s in joined]), np.array(found), np.array([n == name for n in names]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--weights", type=Path, default=ROOT / "qa" / "weights")
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "fusion")
    parser.add_argument("--threads", type=int, default=1)
    asked = parser.parse_args()
    facts: dict[str, Any] = json.loads((asked.weights / "reranker.json").read_text(encoding="utf-8"))
    stem = asked.weights / "reranker"
    model = CrossEncoder(stem.with_suffix(".onnx"), facts, asked.weights / TOKENIZER, threads=asked.threads)
    embedder = load_embedder(cache=asked.folder / "cache", threads=asked.threads)
    _, held = split()
    groups = {"squad": [p for p in held if p.origin != "qed"], "qed": [p for p in held if p.origin == "qed"]}
    for name, passages in groups.items():
        found = rows(asked.folder / name, passages, asked.questions, embedder, model)
        print(f"{name}: {len(passages)} passages, reciprocal rank (gain over weight 0)")
        plain = np.array([reciprocal_rank(r, r.base) for r in found])
        for form, make in FORMS.items():
            for weight in WEIGHTS:
                values = np.array([reciprocal_rank(r, make(weight)(r)) for r in found])
                print(f"  {form} {weight:<5} {values.mean():.4f}  {mean_with_interval(list(values - plain))}")


if __name__ == "__main__":
    main()
