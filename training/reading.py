"""The reader's figures: public questions, and written ones that are held out, read and decided as the product does or
by the generator alone.
"""

from __future__ import annotations

import itertools
import math
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from qa import types as domain
from qa.answer.agree import agree
from qa.answer.confidence import Calibration
from qa.answer.lexical import LexicalChecker
from qa.answer.question import parse
from qa.answer.read import read
from qa.config import Config
from qa.corpus.passages import embedding_text
from qa.corpus.sentences import split
from qa.models.checker import load_checker
from qa.models.embedder import load_embedder
from qa.models.generator import LlamaGenerator
from qa.models.pairs import load_locator, load_reranker
from qa.models.seams import Checker, Embedder, Generator, Locator, Request, Reranker
from qa.resources import REFUSAL, prompt
from qa.types import Hit, Rank, Source
from training.data import Passage, Question, passages, rows
from training.score import area, exact, mean_with_interval, overlap

Row = dict[str, Any]
BATCH = 48


def ask(generator: LlamaGenerator, requests: Sequence[Request], deadline: float) -> list[Any]:
    """Completions of as many requests as fit the time, in order."""
    found: list[Any] = []
    for start in range(0, len(requests), BATCH):
        if time.monotonic() > deadline:
            break
        found += generator.complete(requests[start : start + BATCH])
    return found


def question_request(task: str, title: str, passage: str, question: str) -> Request:
    shown = {"title": title, "passage": passage}
    return Request(
        prompt(task).system,
        prompt(task).fill(**shown, question=question),
        max_tokens=40,
        candidates=(REFUSAL,),
        prefix=prompt(task).begin(**shown),
    )


def every(found: Iterable[Passage]) -> list[tuple[Passage, Question]]:
    """Each question beside its passage."""
    return [(passage, question) for passage in found for question in passage.questions]


def sampled_passages(origin: str, count: int, seed: int = 0) -> list[tuple[Passage, Question]]:
    """At most ``count`` (passage, question) pairs, whole passages in random order."""
    found = passages("qa_dev", origin)
    random.Random(seed).shuffle(found)
    return every(found)[:count]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the product reads and decides with: all of it, or the generator alone."""

    generator: Generator
    checker: Checker
    embedder: Embedder
    locator: Locator | None = None
    reranker: Reranker | None = None
    calibration: Calibration = field(default_factory=Calibration.shipped)


def parts_of(generator: Generator, *, alone: bool = False) -> Parts:
    """As the product is wired."""
    checker = load_checker(generator) or LexicalChecker()
    parts = Parts(generator, checker, embedder())
    return parts if alone else replace(parts, locator=load_locator(), reranker=load_reranker())


def embedder() -> Embedder:
    """The one that pip installs."""
    return load_embedder(cache=Config().cache_dir)


def hit_of(passage: Passage, question: str = "", reranker: Reranker | None = None) -> Hit:
    """The passage as the best of a search."""
    title, text = passage.title.replace("_", " "), passage.text
    spans = tuple(split(text))
    source = Source("given", title, "", "", "", len(text), 1, "given")
    shown = [embedding_text(title, text)]
    ranks = {"rerank": Rank(1, reranker.score(question, shown)[0])} if reranker else {}
    return Hit(domain.Passage("given", 0, len(text), text, spans), source, 1.0, ranks)


def answered(parts: Parts, passage: Passage, question: str) -> Row:
    """One question to its passage, read as the product reads: the answer; ``held``, the reader's probability that the
    passage answers; ``sure``, what the product decides by. The sets ask for words of the passage, also where a question
    looks like one of yes or no."""
    asked = replace(parse(question), kind="other")
    readings = read(parts, asked, [hit_of(passage, question, parts.reranker)])
    agreement = agree(parts, asked, readings)
    sure = {"sure": agreement.confidence, "features": agreement.features}
    return {"text": readings[0].text, "held": readings[0].answerable, **sure}


def reading(parts: Parts, asked: Iterable[tuple[Passage, Question]], deadline: float) -> list[Row]:
    """Questions with their passages, as many as fit the time: one row each."""
    found: list[Row] = []
    for passage, question in asked:
        if time.monotonic() > deadline:
            break
        told = {"question": question.text, "answerable": question.answerable, "accepted": list(question.accepted)}
        row = told | answered(parts, passage, question.text)
        found.append(row | decided(row))
    return found


def decided(row: Row, by: str = "held", threshold: float = 0.5) -> Row:
    """The reply when a question is refused below a probability, and its scores."""
    reply = row["text"] if row[by] >= threshold else ""
    if not row["answerable"]:
        return {"reply": reply, "exact": float(not reply), "f1": float(not reply)}
    accepted = row["accepted"]
    scores = {"exact": exact(reply, accepted), "f1": overlap(reply, accepted)} if reply else {"exact": 0.0, "f1": 0.0}
    return {"reply": reply, **scores}


def reading_summary(found: list[Row]) -> dict[str, str]:
    answerable = [r for r in found if r["answerable"]]
    refused = [r for r in found if not r["answerable"]]
    return {
        "exact match": mean_with_interval([r["exact"] for r in found]),
        "F1": mean_with_interval([r["f1"] for r in found]),
        "answerable: exact match": mean_with_interval([r["exact"] for r in answerable]),
        "answerable: F1": mean_with_interval([r["f1"] for r in answerable]),
        "answerable: refused": mean_with_interval([float(not r["reply"]) for r in answerable]),
        "unanswerable: refused": mean_with_interval([r["exact"] for r in refused]),
    }


def shifted(found: list[Row]) -> dict[str, str]:
    """The same rows decided by either probability, at several thresholds."""
    lines = {}
    for by, threshold in itertools.product(("held", "sure"), (0.3, 0.4, 0.5, 0.6, 0.7)):
        kept = [row | decided(row, by, threshold) for row in found]
        answerable = [r["f1"] for r in kept if r["answerable"]]
        silent = [r["exact"] for r in kept if not r["answerable"]]
        lines[f"refuse where {by} is below {threshold}"] = (
            f"EM {np.mean([r['exact'] for r in kept]):.3f} F1 {np.mean([r['f1'] for r in kept]):.3f} "
            f"answerable F1 {np.mean(answerable):.3f} unanswerable refused {np.mean(silent):.3f}"
        )
    return lines


def yes_or_no(generator: LlamaGenerator, asked: Sequence[tuple[Passage, Question]], deadline: float) -> list[Row]:
    """Questions of yes or no, with the generator's word and its probability that the passage says either."""
    requests = [question_request("yesno", p.title.replace("_", " "), p.text, q.text) for p, q in asked]
    replies = ask(generator, requests, deadline)
    return [
        {"question": q.text, "gold": q.answer, "reply": r.text.strip(), "held": 1 - math.exp(r.candidates[REFUSAL])}
        for (_, q), r in zip(asked, replies, strict=False)
    ]


def yes_or_no_summary(found: Sequence[Row]) -> dict[str, str]:
    """By what is true, and how well the probability tells what is said from what is left open."""
    lines = {
        f"{gold}: right": mean_with_interval([float(r["reply"] == gold) for r in found if r["gold"] == gold])
        for gold in ("yes", "no", REFUSAL)
    }
    said = np.array([float(r["gold"] != REFUSAL) for r in found])
    return lines | {"AUC": f"{area(np.array([r['held'] for r in found]), said):.3f}"}


def boolq(generator: LlamaGenerator, count: int, deadline: float) -> list[Row]:
    """BoolQ development questions; a refusal counts as wrong."""
    asked = sampled_passages("boolq", count)
    replies = ask(generator, [question_request("yesno", p.title, p.text, q.text) for p, q in asked], deadline)
    return [
        {"question": q.text, "gold": q.answer, "reply": r.text.strip(), "exact": float(r.text.strip() == q.answer)}
        for (_, q), r in zip(asked, replies, strict=False)
    ]


def clapnq(parts: Parts, count: int, deadline: float) -> list[Row]:
    """CLAPnq: answered from a marked sentence, or refused."""
    asked = [r for r in rows("qa_dev") if r["origin"] == "clapnq"]
    random.Random(0).shuffle(asked)
    found: list[Row] = []
    for row in asked[:count]:
        if time.monotonic() > deadline:
            break
        passage = Passage(row["title"], row["passage"], (), "clapnq")
        told = {"question": row["question"], "answerable": row["answerable"], "evidence": row["evidence"]}
        told |= answered(parts, passage, row["question"])
        found.append(told | {"exact": marked(told)})
    return found


def marked(row: Row, by: str = "held", threshold: float = 0.5) -> float:
    """1 where an answer stands in a marked sentence, or there is none and the question is refused; else 0."""
    text = row["text"] if row[by] >= threshold else ""
    inside = any(text in evidence for evidence in row["evidence"])
    return float(bool((text and inside) if row["answerable"] else not text))


def halves(found: list[Row], by: str = "held", threshold: float = 0.5) -> dict[str, str]:
    """Of CLAPnq's rows: what the answerable and the unanswerable half give."""
    named = {"answerable: from a marked sentence": True, "unanswerable: refused": False}
    return {
        f"{name}, {by} from {threshold}": mean_with_interval(
            [marked(r, by, threshold) for r in found if r["answerable"] is want]
        )
        for name, want in named.items()
    }
