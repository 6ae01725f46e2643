"""What each part of the product adds: the same questions with one part more each time. `python -m training.ablation
--help`.

A part that is left out is replaced by what a program without it would do: all passages in one prompt instead of each
alone, the words two texts share instead of the trained checker, every answer given instead of the unsure ones refused.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answer.asking import MAX_ANSWER_TOKENS
from qa.answer.lexical import LexicalChecker
from qa.answer.locate import locate, sentence_of, text_of
from qa.answer.read import Reading
from qa.evaluate.product import run
from qa.evaluate.runner import EvalOptions
from qa.models.generator import LlamaGenerator
from qa.models.pairs import load_locator
from qa.models.seams import Request
from qa.resources import REFUSAL, prompt
from qa.types import Cancel, Hit, never
from qa.wiring.evaluation import engines
from training.base_model import base_gguf
from training.export_gguf import TARGET
from training.product import shipped
from training.reading import Parts, embedder, reading, sampled_passages
from training.score import mean_with_interval

if TYPE_CHECKING:
    from qa.answer.engine import Engine
    from qa.answer.question import Question

PROMPT_TOKENS = 1800
"""Of the passages in one prompt: what the base model's context of 2048 leaves."""


def all_at_once(engine: Engine, question: Question, hits: Sequence[Hit], cancel: Cancel = never) -> list[Reading]:
    """Every passage in one prompt, as it is mostly done; the reply is sought in the passages, best first."""
    task = prompt("yesno" if question.kind == "yesno" else "read")
    shown: list[str] = []
    for hit in hits:
        shown.append(" ".join(hit.passage.text.split()))
        if engine.generator.count_tokens("\n".join(shown)) > PROMPT_TOKENS:
            shown.pop()
            break
    user = task.fill(title="", passage="\n".join(shown), question=question.text)
    (reply,) = engine.generator.complete([Request(task.system, user, MAX_ANSWER_TOKENS, stop=("\n",))], cancel)
    text = reply.text.strip()
    none = [Reading(hit, "", None, None, 0.0, 0.0) for hit in hits]
    if not text or text.lower() == REFUSAL:
        return none
    for place, hit in enumerate(hits):
        span = locate(text, hit.passage, question.content)
        if span is not None:
            sentence = sentence_of(hit.passage, span)
            return [
                *none[:place],
                Reading(hit, text_of(hit.passage, span), span, sentence, 0.5, 0.5),
                *none[place + 1 :],
            ]
    return none


def unsure(engine: Engine) -> Engine:
    """Every answer is given, however unsure."""
    return replace(engine, calibration=replace(engine.calibration, threshold=0.0, curve=()))


def bare(engine: Engine) -> Engine:
    """Neither span reader nor reranker nor trained checker nor calibration."""
    return unsure(replace(engine, locator=None, reranker=None, checker=LexicalChecker()))


@dataclass(frozen=True, slots=True)
class Row:
    """A product with some parts."""

    name: str
    trained: bool
    """Whether the generator has the adapter."""
    change: Callable[[Engine], Engine]
    pointed: bool = True
    """Whether the span reader reads too."""


ROWS = (
    Row(
        "the base model, passages in one prompt",
        False,
        lambda engine: replace(bare(engine), steps=replace(engine.steps, read=all_at_once)),
        pointed=False,
    ),
    Row("and each passage read alone", False, bare, pointed=False),
    Row("and the adapter", True, bare, pointed=False),
    Row("and the span reader", True, lambda engine: replace(bare(engine), locator=engine.locator)),
    Row("and the reranker", True, lambda engine: unsure(replace(engine, checker=LexicalChecker()))),
    Row("and the checker", True, unsure),
    Row("and the calibration: the product", True, lambda engine: engine),
)


def given(trained: bool, pointed: bool, count: int) -> str:
    """Exact match with the passage given, which only the two readers decide."""
    generator = shipped(TARGET) if trained else LlamaGenerator(base_gguf(), threads=2)
    parts = Parts(generator, LexicalChecker(), embedder(), load_locator() if pointed else None)
    rows = reading(parts, sampled_passages("squad2", count), time.monotonic() + 3600)
    return mean_with_interval([row["exact"] for row in rows])


def measured(row: Row, suites: Sequence[Path], sample: int | None) -> list[str]:
    """Per suite: questions decided rightly, answerable ones right, unanswerable ones refused, with intervals."""
    named = {} if row.trained else {"model": str(base_gguf()), "adapter": "none"}
    with engines(None, named, []) as factories:
        (factory,) = factories.values()
        result = run(suites, lambda folder: row.change(factory(folder)), EvalOptions(sample=sample))
    found = []
    for one in result.runs:
        answerable = [float(case.observed.right) for case in one.cases if case.case.answers]
        refused = [
            case.observed.scores["abstention.rejection_recall"]
            for case in one.cases
            if "abstention.rejection_recall" in case.observed.scores
        ]
        columns = ([*answerable, *refused], answerable, refused)
        found += [mean_with_interval(values) if values else "–" for values in columns]
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "suites", nargs="+", type=Path, help="such as evals/seeds.jsonl and what bench/open_book.py wrote"
    )
    parser.add_argument("--given", type=int, default=0, help="questions asked with their passage given; 0 for none")
    parser.add_argument("--sample", type=int, help="cases of each suite; all without it")
    options = parser.parse_args()
    names = [f"{suite.stem}: {what}" for suite in options.suites for what in ("decided rightly", "right", "refused")]
    print("| parts | passage given: exact match | " + " | ".join(names) + " |")
    print("| --- |" + " --- |" * (1 + len(names)))
    ways = {(row.trained, row.pointed) for row in ROWS}
    alone = {way: given(*way, options.given) if options.given else "–" for way in ways}
    for row in ROWS:
        cells = measured(row, options.suites, options.sample)
        print(f"| {row.name} | {alone[row.trained, row.pointed]} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main()
