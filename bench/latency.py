"""How long a warm question takes over the sample corpus, by step: passages met for the first time, and met again.

Wall-clock and processor seconds of ``pipeline.ask`` with eight passages and two threads. The ratio says what a
remembered passage saves; the share says what checking and reranking add to reading. Exits 1 when the bar does not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from process import QA, SEEDS, run, verdict

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qa.answer.pipeline import Engine

BAR = 2.0
"""Seconds, median of questions asked in a row: some of their passages were met before."""
THREADS = 2
QUESTIONS = (
    "How many Marines were sent to the embassy?",
    "Who led the crowd that attacked the embassy?",
    "When did Mike Pompeo fly to Baghdad?",
    "Which unit follows the Marines?",
    "What did Iran say about the attack?",
    "Was the embassy evacuated?",
    "How many people forced their way into the compound?",
    "Which air strikes came before the protest?",
    "Who is the prime minister of Iraq?",
    "What did the president write about Iran?",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """One question, answered or refused."""

    wall: float
    cpu: float
    reranking: float
    """Seconds, part of the search."""
    steps: dict[str, float]
    """Milliseconds."""


class _TimedReranker:
    def __init__(self, inner: object) -> None:
        self.inner, self.seconds = inner, 0.0

    name = property(lambda self: self.inner.name)

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        start = time.perf_counter()
        try:
            return self.inner.score(question, passages)  # type: ignore[attr-defined, no-any-return]
        finally:
            self.seconds += time.perf_counter() - start


def processor() -> float:
    """Seconds of all threads of this process."""
    times = os.times()
    return times.user + times.system


def ask(engine: Engine, question: str) -> Asked:
    """One question through the whole pipeline."""
    from dataclasses import replace

    from qa.answer.pipeline import ask as pipeline
    from qa.answer.pipeline import drain

    reranker = _TimedReranker(engine.reranker) if engine.reranker else None
    cpu, wall = processor(), time.perf_counter()
    answer = drain(pipeline(replace(engine, reranker=reranker), question))
    wall, cpu = time.perf_counter() - wall, processor() - cpu
    return Asked(wall, cpu, reranker.seconds if reranker else 0.0, dict(answer.timings_ms))


@contextmanager
def engine_over(store: Path) -> Iterator[Engine]:
    """The product's own engine over a store, models loaded."""
    from qa import config as settings
    from qa.wiring import Session

    with Session(settings.load(None, {}, {"store": store, "threads": THREADS, "passage_cache": 0})) as session:
        yield session.engine


def forget(engine: Engine) -> None:
    """Drop the remembered passages, so that the next question meets all of them for the first time; none is on disk."""
    engine.generator._prefixes.clear()  # type: ignore[attr-defined]


def table(name: str, asked: Sequence[Asked]) -> None:
    """p50 and p95 of a group, and the mean share of each step."""
    walls = sorted(a.wall for a in asked)
    p95 = walls[min(len(walls) - 1, round(0.95 * (len(walls) - 1)))]
    total = sum(walls)
    steps = {key: sum(a.steps.get(key, 0.0) for a in asked) / 1000 for key in ("search", "read", "agree", "check")}
    shares = ", ".join(f"{key} {seconds / total:.0%}" for key, seconds in steps.items())
    cpu = median(a.cpu for a in asked)
    print(f"{name:<28}p50 {median(walls):.2f} s  p95 {p95:.2f} s  processor {cpu:.2f} s  ({shares})")


def measure(engine: Engine, questions: Sequence[str]) -> tuple[list[Asked], list[Asked], list[Asked]]:
    """Each question over passages never met; in a row from an empty memory; and again over passages all met."""
    ask(engine, questions[0])
    first = []
    for question in questions:
        forget(engine)
        first.append(ask(engine, question))
    forget(engine)
    row = [ask(engine, question) for question in questions]
    again = [ask(engine, question) for question in questions]
    return first, row, again


def main() -> None:
    """Measure, then say whether the bar held."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=len(QUESTIONS))
    questions = QUESTIONS[: parser.parse_args().questions]
    with tempfile.TemporaryDirectory() as name:
        store = Path(name) / "store"
        indexed = run([*QA, "index", SEEDS, "--store", store], Path(name))
        if indexed.code:
            sys.exit(f"the sample corpus could not be indexed:\n{indexed.output}")
        with engine_over(store) as engine:
            first, row, again = measure(engine, questions)
    table("passages met first", first)
    table("questions in a row", row)
    table("passages met again", again)
    everything = [*first, *row, *again]
    extra = sum(a.steps.get("check", 0.0) / 1000 + a.reranking for a in everything) / sum(a.wall for a in everything)
    print(f"first to again: {median(a.wall for a in first) / median(a.wall for a in again):.1f} times")
    print(f"checking and reranking: {extra:.0%} of the time")
    sys.exit(not verdict("warm question, p50 of questions in a row", median(a.wall for a in row), BAR, "s"))


if __name__ == "__main__":
    main()
