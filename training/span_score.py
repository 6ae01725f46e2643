"""The span reader alone: its best place, and how well its likelihood tells answered questions from others.

`python -m training.span_score squad2` on SQuAD2 development questions; with suites (`training/confidence/port.jsonl`)
on the windows of their documents: one that bears the answer, or the two nearest in words to a question without one.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.answer.words import content
from qa.corpus.passages import embedding_text, windows
from qa.corpus.reading import read
from qa.evaluate.cases import Case, load
from qa.evaluate.metrics.answer import correct
from qa.models.pairs import SpanReader
from training.data import ROOT
from training.pair_export import TOKENIZER
from training.reading import sampled_passages
from training.score import area, exact, mean_with_interval

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

WORDS = 125
"""Of a window, about as many as the product's have."""
SPOKEN = {"number", "person", "place", "time", "reason", "definition"}
"""Kinds of questions whose answers stand in the text."""
NEAR = 2


@dataclass(frozen=True, slots=True)
class Pointed:
    """One question: whether it has an answer, the log-probability of the best place, and whether that is right."""

    answerable: bool
    likelihood: float
    right: float


def looked(reader: SpanReader, question: str, shown: str) -> tuple[str, float]:
    """The best place's words and their log-probability."""
    (seen,) = reader.sight(question, [shown])
    ((start, end),) = seen.best(1)
    return shown[start:end].strip(), seen.likelihood(start, end)


def squad(reader: SpanReader, count: int) -> Iterator[Pointed]:
    """SQuAD2 development questions, each beside its passage."""
    for passage, asked in sampled_passages("squad2", count):
        words, likelihood = looked(reader, asked.text, embedding_text(passage.title.replace("_", " "), passage.text))
        yield Pointed(asked.answerable, likelihood, exact(words, asked.accepted) if asked.answerable else 0.0)


def suite(reader: SpanReader, path: Path) -> Iterator[Pointed]:
    """A suite's questions that have an answer in the text's words, and those that have none."""
    found = load(path)
    folder = path.parent / found.head.corpus
    texts = [shown for file in sorted(folder.iterdir()) for shown in shown_windows(file)]
    for case in found.cases:
        if near := beside(case, texts):
            words, likelihood = max((looked(reader, case.question, text) for text in near), key=lambda one: one[1])
            yield Pointed(case.expect == "answered", likelihood, correct(words, words, case.answers))


def shown_windows(file: Path) -> list[str]:
    """A document's windows under its title."""
    document = read(file, file.name)
    parts = windows(document, lambda texts: [len(text.split()) for text in texts], 2 * WORDS, WORDS)
    return [embedding_text(document.title, passage.text) for passage in parts]


def beside(case: Case, texts: Sequence[str]) -> list[str]:
    """The windows that a case is asked of; none where it is not of these kinds."""
    if case.expect == "refused":
        asked = set(content(case.question))
        return sorted(texts, key=lambda text: -len(asked & set(content(text))))[:NEAR]
    bearing = [text for text in texts if any(one.quote in text for one in case.evidence)]
    return bearing[:1] if case.kind in SPOKEN else []


def summary(found: Sequence[Pointed]) -> dict[str, str]:
    """Share of right places where there is an answer, and the area under the curve of the likelihood."""
    scores = np.array([one.likelihood for one in found])
    labels = np.array([float(one.answerable) for one in found])
    right = [one.right for one in found if one.answerable]
    return {"right": mean_with_interval(right), "AUC": f"{area(scores, labels):.3f} n={len(found)}"}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="+", help="squad2, or suites")
    parser.add_argument("--count", type=int, default=100_000, help="questions of SQuAD2")
    parser.add_argument("--weights", type=Path, default=ROOT / "qa" / "weights")
    asked = parser.parse_args()
    facts = json.loads((asked.weights / "spans.json").read_text(encoding="utf-8"))
    reader = SpanReader(asked.weights / "spans.onnx", facts, asked.weights / TOKENIZER)
    for name in asked.sets:
        rows = squad(reader, asked.count) if name == "squad2" else suite(reader, Path(name))
        print(json.dumps({"set": name, **summary(list(rows))}), flush=True)


if __name__ == "__main__":
    main()
