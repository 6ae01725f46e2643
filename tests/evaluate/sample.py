"""A small corpus, suite and subject without any model: what the tests of this folder share."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from qa.evaluate.cases import Case, Suite
from qa.evaluate.outcome import Subject
from qa.types import (
    Answer,
    Citation,
    Disagreement,
    Done,
    Event,
    Hit,
    ModelRecord,
    Passage,
    Retrieved,
    Sentence,
    Source,
    Span,
)

A = "Two ferries left Orran on Monday. They carried 40 cars and 310 passengers."
B = "One ferry, not two, left Orran on Monday, the harbour office said. The captain is Ida Brandt."
DOCUMENTS = {"a.md": A, "b.md": B}
MODEL = ModelRecord("scripted", "", "hash-256", "words", "0" * 64, 0)


def source(path: str) -> Source:
    return Source(path, path, "The Orran Post", "2024-05-06", "", len(DOCUMENTS[path]), 1, path)


def citation(n: int, document: str, quote: str) -> Citation:
    start = DOCUMENTS[document].index(quote)
    return Citation(
        n, document, document, "The Orran Post", "2024-05-06", None, start, start + len(quote), quote, "supported"
    )


def answered(
    question: str,
    short: str,
    sentence: str,
    *cited: Citation,
    confidence: float = 0.9,
    disagreements: tuple[Disagreement, ...] = (),
) -> Answer:
    numbers = tuple(one.n for one in cited)
    marks = "".join(f"[{n}]" for n in numbers)
    said = Sentence(sentence, numbers, "supported")
    return Answer(
        question, "answered", "", f"{sentence} {marks}", short, confidence, (said,), cited, disagreements, MODEL, "f"
    )


def refused(question: str) -> Answer:
    return Answer(question, "refused", "NO_EVIDENCE: nothing", "", "", 0.1, (), (), (), MODEL, "f")


def hits(*paths: str) -> tuple[Hit, ...]:
    return tuple(
        Hit(Passage(p, 0, len(DOCUMENTS[p]), DOCUMENTS[p], (Span(0, len(DOCUMENTS[p])),)), source(p), 1.0)
        for p in paths
    )


CASES: list[dict[str, Any]] = [
    {
        "id": "cars",
        "question": "How many cars were carried?",
        "kind": "number",
        "expect": "answered",
        "answers": ["40", "forty"],
        "evidence": [{"document": "a.md", "quote": "They carried 40 cars and 310 passengers."}],
        "documents": ["a.md"],
        "forbidden": ["two"],
        "values": ["40"],
    },
    {
        "id": "captain",
        "question": "Who is the captain?",
        "kind": "person",
        "expect": "answered",
        "answers": ["Ida Brandt"],
        "evidence": [{"document": "b.md", "quote": "The captain is Ida Brandt."}],
    },
    {"id": "sunk", "question": "How many ferries sank?", "kind": "unanswerable", "expect": "refused"},
    {
        "id": "ferries",
        "question": "How many ferries left?",
        "kind": "conflict",
        "expect": "conflict",
        "answers": ["two", "one"],
        "values": ["two", "one ferry"],
        "evidence": [{"document": "a.md", "quote": "Two ferries left Orran on Monday."}],
        "documents": ["a.md", "b.md"],
    },
]
CARS = citation(1, "a.md", "They carried 40 cars and 310 passengers.")
GOOD: dict[str, Answer] = {
    "cars": answered("How many cars were carried?", "40", "They carried 40 cars and 310 passengers.", CARS),
    "captain": answered(
        "Who is the captain?",
        "Ida Brandt",
        "The captain is Ida Brandt.",
        citation(1, "b.md", "The captain is Ida Brandt."),
    ),
    "sunk": refused("How many ferries sank?"),
    "ferries": answered(
        "How many ferries left?",
        "Two",
        "Two ferries left Orran on Monday.",
        citation(1, "a.md", "Two ferries left Orran on Monday."),
        citation(2, "b.md", "One ferry, not two, left Orran on Monday, the harbour office said."),
        disagreements=(Disagreement("Two", (1,)), Disagreement("One ferry", (2,))),
    ),
}
THRESHOLDS = """
[thresholds]
"answer.correct" = { min = 0.9 }
"abstention.rejection_recall" = { min = 0.9, tolerance = 0.01 }
"""


def write_suite(
    folder: Path, cases: Iterable[dict[str, Any]] = CASES, head: str = THRESHOLDS, name: str = "ferries"
) -> Path:
    return write_cases(folder, cases, DOCUMENTS, head, name)


def write_cases(
    folder: Path, cases: Iterable[dict[str, Any]], documents: dict[str, str], head: str, name: str = "suite"
) -> Path:
    corpus = folder / "docs"
    corpus.mkdir(exist_ok=True)
    for path, text in documents.items():
        (corpus / path).write_text(text, encoding="utf-8")
    (folder / f"{name}.toml").write_text(f'name = "{name}"\ncorpus = "docs"\n{head}', encoding="utf-8")
    path = folder / f"{name}.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in cases), encoding="utf-8")
    return path


def events(answer: Answer) -> Iterator[Event]:
    yield Retrieved(hits("b.md", "a.md"))
    yield Done(answer)


def factory(
    answers: dict[str, Answer] = GOOD, asked: list[str] | None = None, trouble: Callable[[Case], None] | None = None
) -> Callable[[Path, Suite], Subject]:
    """A subject factory that answers by id and notes what it was asked; ``trouble`` may raise."""

    def run(case: Case) -> Iterable[Event]:
        if trouble:
            trouble(case)
        if asked is not None:
            asked.append(case.id)
        return events(answers[case.id])

    def make(folder: Path, suite: Suite) -> Subject:
        return Subject(run, DOCUMENTS, lambda premise, claim: claim in premise, {"generator": "scripted"})

    return make
