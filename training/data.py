"""Readers of the public question and entailment sets, with a filter for licences that allow shipping what was
learnt.
"""

from __future__ import annotations

import gzip
import json
import os
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from qa.resources import REFUSAL

ROOT = Path(__file__).parents[1]
LICENSED_ENTAILMENT = frozenset({"fever", "mnli", "rte", "cb", "expertqa"})
"""Sets with a licence file that allows it; the others may be measured against, never learnt from."""


@dataclass(frozen=True, slots=True)
class Question:
    """A question, its shortest answer (a span of the passage) or ``REFUSAL``, and every accepted answer."""

    text: str
    answer: str
    accepted: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        return self.answer != REFUSAL


@dataclass(frozen=True, slots=True)
class Passage:
    """A passage with all questions that a set puts to it."""

    title: str
    text: str
    questions: tuple[Question, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A premise, a claim, and whether the premise supports the claim."""

    premise: str
    claim: str
    supported: bool
    origin: str


def data_folder() -> Path:
    """``QA_DATA``, or ``../shared/data`` beside the checkout. Raises ``FileNotFoundError`` when neither is there."""
    path = Path(os.environ.get("QA_DATA", ROOT.parent / "shared" / "data"))
    if not path.is_dir():
        raise FileNotFoundError(f"{path} holds no data sets; name their folder with QA_DATA")
    return path


def rows(name: str) -> list[dict[str, Any]]:
    """All rows of one gzipped JSONL file, by its name without the endings."""
    with gzip.open(data_folder() / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def _question(row: dict[str, Any]) -> Question:
    answers = tuple(a.strip() for a in row["answers"])
    return Question(row["question"].strip(), answers[0] if row["answerable"] and answers else REFUSAL, answers)


def passages(name: str, *origins: str) -> list[Passage]:
    """Questions gathered by passage, in the file's order; squad2 takes precedence where two sets share a passage."""
    by_text: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows(name):
        if row["origin"] in origins:
            by_text[row["origin"], row["passage"].strip()].append(row)
    return [
        Passage(found[0]["title"], text, tuple(map(_question, found)), origin)
        for (origin, text), found in by_text.items()
    ]


def pairs(name: str, *origins: str) -> list[Pair]:
    """Entailment pairs; `partial` counts as unsupported."""
    return [
        Pair(row["evidence"].strip(), row["claim"].strip(), row["label"] == "supported", row["origin"])
        for row in rows(name)
        if row["origin"] in origins
    ]


def training_pairs() -> list[Pair]:
    """The licensed training pairs; FEVER and others without an unlicensed row among them."""
    found = pairs("entail_train", *sorted(LICENSED_ENTAILMENT))
    assert all(pair.origin in LICENSED_ENTAILMENT for pair in found)
    return found


def shuffled(items: list[Any], rng: random.Random) -> list[Any]:
    """A shuffled copy."""
    copy = list(items)
    rng.shuffle(copy)
    return copy
