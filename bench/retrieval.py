"""Quality of retrieval, through the product's own index and search.

    QA_DATA=folder python bench/retrieval.py

NFCorpus (test): nDCG@10 of dense, lexical, hybrid and reranked search, with 95 % intervals from a paired bootstrap over
the queries. SQuAD 2 dev titles: recall@8 and mean reciprocal rank over all their passages. The data is looked for in
QA_DATA, else in ../shared/data; without it nothing is measured, which is said. Exits 1 when a bar does not hold.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import math
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from qa.corpus.passages import embedding_text
from qa.models.embedder import load_embedder
from qa.models.pairs import load_reranker
from qa.models.seams import Embedder
from qa.retrieve import dense_only, lexical_only, search
from qa.store import Index
from qa.store.catalogue import FileState
from qa.store.generation import Entry, Generation
from qa.types import Document, Hit, Passage, Span

DATA = Path(os.environ.get("QA_DATA") or Path(__file__).parents[2] / "shared" / "data")
DENSE_BAR = 0.311
RECALL_BAR = 0.95
RESAMPLES = 2000
CHUNK = 512

Search = Callable[[Index, Embedder, str, int], list[Hit]]
SEARCHES: dict[str, Search] = {
    "dense": dense_only,
    "lexical": lambda index, _, question, k: lexical_only(index, question, k),
    "hybrid": lambda index, embedder, question, k: search(index, embedder, question, k=k),
}
RERANKER = load_reranker()
if RERANKER is not None:
    SEARCHES["reranked"] = lambda index, embedder, question, k: search(
        index, embedder, question, k=k, reranker=RERANKER
    )


@dataclass(frozen=True, slots=True)
class Text:
    """One passage that is a document of its own."""

    name: str
    title: str
    text: str


def build(folder: Path, texts: Sequence[Text], embedder: Embedder) -> None:
    """An index in which each text is one passage, whole: the data set's unit, cut by the embedder alone."""
    folder.mkdir(parents=True)
    with Generation(folder, embedder.info, None, fresh=True) as generation:
        for start in range(0, len(texts), CHUNK):
            chunk = texts[start : start + CHUNK]
            vectors = embedder.encode([embedding_text(text.title, text.text) for text in chunk])
            for text, vector in zip(chunk, vectors, strict=True):
                generation.add(entry(text), vector[None, :])
            print(f"\rembedded {start + len(chunk)} of {len(texts)}", end="", file=sys.stderr, flush=True)
        generation.commit()
    print(file=sys.stderr)


def entry(text: Text) -> Entry:
    """A text as the store takes it."""
    body = text.text or text.title
    digest = hashlib.sha256(body.encode()).hexdigest()
    passage = Passage(text.name, 0, len(body), body, (Span(0, len(body)),))
    return Entry(Document(text.name, body, text.title, sha256=digest), (passage,), FileState(digest, len(body), 0))


def ndcg(ranked: Sequence[str], grades: dict[str, int], k: int = 10) -> float:
    """Järvelin and Kekäläinen (2002), with the grade as the gain, as BEIR computes it."""
    gain = sum(grades.get(name, 0) / math.log2(place + 2) for place, name in enumerate(ranked[:k]))
    best = sum(grade / math.log2(place + 2) for place, grade in enumerate(sorted(grades.values(), reverse=True)[:k]))
    return gain / best


def interval(values: np.ndarray) -> tuple[float, float]:
    """95 % percentile interval of the mean; the same resamples for every list, so differences are paired."""
    rows = np.random.default_rng(0).integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[rows].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def line(name: str, values: np.ndarray, bar: str = "") -> None:
    """One row of a table."""
    low, high = interval(values)
    print(f"{name:<24}{values.mean():>8.4f}   [{low:.4f}, {high:.4f}]   {bar}")


def nfcorpus(folder: Path, embedder: Embedder) -> bool:
    """Print the table; true when the bars hold."""
    with gzip.open(DATA / "retrieval_nfcorpus.json.gz", "rt", encoding="utf-8") as file:
        data = json.load(file)
    texts = [Text(row["_id"], row["title"], row["text"]) for row in data["corpus"]]
    build(folder, texts, embedder)
    grades: dict[str, dict[str, int]] = {}
    for query, document, grade in data["qrels"]["test"]:
        grades.setdefault(query, {})[document] = int(grade)
    questions = {row["_id"]: row["text"] for row in data["queries"] if row["_id"] in grades}
    scores: dict[str, np.ndarray] = {}
    with Index.open(folder, embedder.info.id) as index:
        for name, find in SEARCHES.items():
            ranked = {q: [h.passage.document for h in find(index, embedder, text, 10)] for q, text in questions.items()}
            scores[name] = np.array([ndcg(ranked[q], grades[q]) for q in sorted(questions)])
    print(f"NFCorpus test, {len(texts)} documents, {len(questions)} queries: nDCG@10, 95 % interval")
    line("dense", scores["dense"], f"bar {DENSE_BAR}")
    line("lexical", scores["lexical"])
    line("hybrid", scores["hybrid"], "bar: above both")
    line("hybrid - dense", scores["hybrid"] - scores["dense"])
    line("hybrid - lexical", scores["hybrid"] - scores["lexical"])
    best = max(scores["dense"].mean(), scores["lexical"].mean())
    held = bool(scores["dense"].mean() >= DENSE_BAR and scores["hybrid"].mean() > best)
    if RERANKER is None:
        return held
    line("reranked", scores["reranked"], "bar: not below hybrid")
    line("reranked - hybrid", scores["reranked"] - scores["hybrid"])
    return held and bool(scores["reranked"].mean() >= scores["hybrid"].mean())


def squad(folder: Path, embedder: Embedder) -> bool:
    """Print recall@8 and reciprocal rank; true when the bars hold."""
    with gzip.open(DATA / "qa_dev.jsonl.gz", "rt", encoding="utf-8") as file:
        every = [json.loads(row) for row in file]
    rows = [row for row in every if row["origin"] == "squad2" and row["answerable"]]
    names = {(row["title"], row["passage"]): "" for row in every if row["origin"] == "squad2"}
    texts = [Text(f"passage-{number:04}", title, text) for number, (title, text) in enumerate(names)]
    names = {(text.title, text.text): text.name for text in texts}
    build(folder, texts, embedder)
    print(f"\nSQuAD 2 dev, {len(texts)} passages, {len(rows)} answerable questions: 95 % intervals")
    ranks: dict[str, np.ndarray] = {}
    with Index.open(folder, embedder.info.id) as index:
        for name, find in SEARCHES.items():
            ranks[name] = np.array(
                [place(gold(names, row), find(index, embedder, row["question"], 64)) for row in rows]
            )
    held = True
    for name, found in ranks.items():
        recall = (found <= 8).astype(float)
        line(f"{name}, recall@8", recall, f"bar {RECALL_BAR}" if name == "hybrid" else "")
        held = held and (name != "hybrid" or bool(recall.mean() >= RECALL_BAR))
    for name, found in ranks.items():
        line(f"{name}, MRR", 1 / found)
    if RERANKER is not None:
        gain = 1 / ranks["reranked"] - 1 / ranks["hybrid"]
        line("reranked - hybrid, MRR", gain, "bar: interval above zero")
        held = held and interval(gain)[0] > 0
    return held


def gold(names: dict[tuple[str, str], str], row: dict[str, str]) -> str:
    """The passage that a question was written for."""
    return names[row["title"], row["passage"]]


def place(name: str, hits: Sequence[Hit]) -> float:
    """Of a passage in a list, from 1, a near-copy standing for what it repeats; infinite when it is not there."""
    for number, hit in enumerate(hits, 1):
        if name == hit.passage.document or name in {copy.path for copy in hit.copies}:
            return float(number)
    return math.inf


def main() -> None:
    """Run both."""
    if not (DATA / "retrieval_nfcorpus.json.gz").is_file():
        print(f"skipped: the data is not at {DATA}; name its folder in QA_DATA")
        return
    with tempfile.TemporaryDirectory() as name:
        embedder = load_embedder(cache=Path(os.environ.get("QA_BENCH_CACHE") or Path(name) / "cache"))
        held = [nfcorpus(Path(name) / "nfcorpus", embedder), squad(Path(name) / "squad", embedder)]
    print("\nbars hold" if all(held) else "\nFALLS SHORT")
    sys.exit(0 if all(held) else 1)


if __name__ == "__main__":
    main()
