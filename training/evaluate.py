"""Measures the shipped reader and checker on public development sets, through llama.cpp: `python -m
training.evaluate --help`.
"""

from __future__ import annotations

import argparse
import itertools
import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from training import checking, written
from training.export_gguf import TARGET
from training.product import shipped
from training.reading import (
    boolq,
    clapnq,
    every,
    halves,
    parts_of,
    reading,
    reading_summary,
    sampled_passages,
    shifted,
    yes_or_no,
    yes_or_no_summary,
)
from training.score import mean_with_interval

if TYPE_CHECKING:
    from qa.models.generator import LlamaGenerator
    from training.reading import Row


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "parts",
        nargs="*",
        default=[
            "squad2",
            "boolq",
            "clapnq",
            *checking.PUBLIC,
            "written",
            "queries",
            "explanations",
            "events",
            "settled",
            "whether",
            *checking.HELD,
            "made",
            "swaps",
            "paraphrases",
            "itself",
        ],
    )
    parser.add_argument("--adapter", type=Path, default=TARGET)
    parser.add_argument("--base", type=Path, help="a GGUF; without it the product's own F16 copy")
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--minutes", type=float, default=60, help="for each part")
    parser.add_argument("--threshold", type=float, default=0.5, help="probability from which a claim is supported")
    parser.add_argument("--alone", action="store_true", help="the generator reads without the span reader")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--out", type=Path, help="a folder for one JSONL file of rows a part")
    options = parser.parse_args()
    generator = shipped(options.adapter, options.base, options.threads)
    for part in options.parts:
        start = time.monotonic()
        found, summary = measure(
            generator, part, options.count, start + options.minutes * 60, options.threshold, alone=options.alone
        )
        print(json.dumps({"part": part, "seconds": round(time.monotonic() - start), **summary}, indent=1), flush=True)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            lines = "".join(json.dumps(row) + "\n" for row in found)
            (options.out / f"{part}.jsonl").write_text(lines, encoding="utf-8")


def measure(
    generator: LlamaGenerator, part: str, count: int, deadline: float, threshold: float, *, alone: bool = False
) -> tuple[list[Row], dict[str, str]]:
    """Rows and summary of one part. Raises ``KeyError`` for a part that does not exist."""
    parts = parts_of(generator, alone=alone)
    if part == "squad2":
        found = reading(parts, sampled_passages("squad2", count), deadline)
        return found, reading_summary(found) | shifted(found)
    if part in ("written", "queries", "explanations", "events"):
        found = reading(parts, every(one.passage for one in held_out(part))[:count], deadline)
        return found, reading_summary(found) | shifted(found)
    if part in ("settled", "whether"):
        asked = written.settled(out=True) if part == "settled" else written.told_whether(out=True)
        found = yes_or_no(generator, every(asked)[:count], deadline)
        return found, yes_or_no_summary(found)
    if part == "boolq":
        found = boolq(generator, count, deadline)
        return found, {"accuracy": mean_with_interval([r["exact"] for r in found])}
    if part == "clapnq":
        found = clapnq(parts, count, deadline)
        decisions = itertools.product(("held", "sure"), (0.4, 0.5, 0.6))
        return found, {name: told for one in decisions for name, told in halves(found, *one).items()}
    found = checking.support(generator, checking.pairs_of(part, count), lambda: time.monotonic() > deadline)
    return found, checking.summary(part, found, threshold)


def held_out(part: str) -> list[written.Asked]:
    """What of the written questions nothing was trained on."""
    if part == "events":
        return written.told(out=True)
    return written.asked("questions" if part == "written" else part, out=True)


if __name__ == "__main__":
    main()
