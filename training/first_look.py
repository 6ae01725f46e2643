"""What the bounds on reading spare and what they cost: every passage found is read, and counted at each bound.

    python bench/open_book.py FOLDER --rows 150
    python -m training.first_look training/confidence/*.jsonl FOLDER/squad2.jsonl

`PROMISE`, `LEAST_PROMISE` and `FAR_BESIDE` of `qa/answer/asking.py` are read off these counts. Questions of yes or no
are left out: the span reader does not look at them. `--keep FILE` keeps what was seen, and a file that is there is read
instead.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from qa.answer.asking import HELD, LEAST_PROMISE, PROMISE, asked_of, promise
from qa.answer.read import read
from qa.evaluate.metrics.answer import correct
from qa.evaluate.product import run
from qa.types import Cancel, Hit, never
from qa.wiring.evaluation import engines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.answer.engine import Engine
    from qa.answer.question import Question
    from qa.answer.read import Reading
    from qa.evaluate.product import EngineFactory

PROMISES = (-4.0, -5.0, -6.0, -7.0, -8.0, -10.0, -12.0, -14.0)
FAR = (0.01, 0.02, 0.025, 0.03, 0.05, 0.1)


@dataclass(frozen=True, slots=True)
class Found:
    """A passage that was found for a question: what those that look first hold of it, and what reading it gave."""

    question: str
    rerank: float
    promise: float
    """Log-probability beside log-odds, as ``asking.promise`` gives it."""
    text: str
    """Empty where the passage was refused."""
    right: bool = False


@dataclass(frozen=True, slots=True)
class Spared:
    """What leaving out some passages does."""

    passages: float
    """Share that is not read."""
    right: int
    """Right readings lost."""
    last: int
    """Questions that lose all their right readings."""


def watched(engine: Engine, kept: list[Found]) -> Engine:
    """The same, but every passage is read; what was found is added to ``kept``."""

    def read_all(engine_: Engine, question: Question, hits: Sequence[Hit], cancel: Cancel = never) -> list[Reading]:
        unranked = [replace(hit, ranks={k: v for k, v in hit.ranks.items() if k != "rerank"}) for hit in hits]
        readings = read(engine_, question, unranked, cancel)
        if question.kind != "yesno":
            looked = asked_of(engine_, question, unranked)
            for hit, one, reading in zip(hits, looked, readings, strict=True):
                promised = promise(replace(one, hit=hit))
                if promised is not None:
                    kept.append(Found(question.typed, hit.ranks["rerank"].score, promised, reading.text))
        return readings

    return replace(engine, steps=replace(engine.steps, read=read_all))


def spared(found: Sequence[Found], out: Sequence[bool]) -> Spared:
    """What leaving out the passages that are marked in ``out`` does."""
    marked = list(zip(found, out, strict=True))
    told = {one.question for one, gone in marked if one.right and not gone}
    lost = [one.question for one, gone in marked if one.right and gone]
    return Spared(sum(out) / max(1, len(found)), len(lost), len(set(lost) - told))


def report(found: Sequence[Found]) -> list[str]:
    """What to print."""
    asked = len({one.question for one in found})
    bounds = {f"promise {least:g}": [_below(one, least) for one in found] for least in PROMISES}
    bounds |= {f"reranker {far:g}": [one.rerank < far for one in found] for far in FAR}
    bounds |= {f"product, reranker {far:g}": left_out(found, far) for far in FAR}
    return [
        f"{len(found)} passages of {asked} questions, {sum(one.right for one in found)} right readings",
        f"{'bound':<24}{'not read':>9}{'right lost':>12}{'questions without one':>23}",
        *(_line(name, spared(found, out)) for name, out in bounds.items()),
    ]


def left_out(found: Sequence[Found], far: float) -> list[bool]:
    """Which passages the product would not read, were ``FAR_BESIDE`` ``far``: what promises less than ``PROMISE``, or,
    where nothing else holds an answer, less than ``LEAST_PROMISE``."""
    held = {one.question for one in found if one.text and one.rerank >= far and not _below(one, PROMISE)}
    return [one.rerank < far or _below(one, PROMISE if one.question in held else LEAST_PROMISE) for one in found]


def _below(one: Found, least: float) -> bool:
    return one.rerank < HELD and one.promise < least


def _line(name: str, of: Spared) -> str:
    return f"{name:<24}{of.passages:>9.3f}{of.right:>12}{of.last:>23}"


def observe(suites: Sequence[Path]) -> list[Found]:
    """Every suite through the product, all passages read."""
    plain = {"model": None, "adapter": None, "llm_url": None}
    found = []
    with engines(None, plain, []) as factories:
        (factory,) = factories.values()
        for suite in suites:
            found += _of(suite, factory)
    return found


def _of(suite: Path, factory: EngineFactory) -> list[Found]:
    """A suite's passages, each judged by the answers of its question."""
    kept: list[Found] = []
    (ran,) = run([suite], lambda folder: watched(factory(folder), kept)).runs
    answers = {" ".join(one.case.question.split()): one.case.answers for one in ran.cases}
    return [
        replace(
            one,
            question=f"{suite.stem}: {one.question}",
            right=bool(one.text) and correct(one.text, "", answers[one.question]) == 1.0,
        )
        for one in kept
    ]


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="+", type=Path)
    parser.add_argument("--keep", type=Path, help="a JSON file of what was seen")
    options = parser.parse_args(given)
    if options.keep and options.keep.is_file():
        found = [Found(**one) for one in json.loads(options.keep.read_text(encoding="utf-8"))]
    else:
        found = observe(options.suites)
        if options.keep:
            options.keep.write_text(json.dumps([asdict(one) for one in found]), encoding="utf-8")
    print(*report(found), sep="\n")


if __name__ == "__main__":
    main()
