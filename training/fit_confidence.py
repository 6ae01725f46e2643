"""Fits the confidence that ships and shows what it decides on sets it was not fitted on: each is left out in turn.

    python bench/open_book.py FOLDER --rows 150
    python -m training.fit_confidence training/confidence/*.jsonl FOLDER/squad2.jsonl --out confidence.json

Asks every question once through the product, which takes some seconds each; `--keep FILE` keeps what was seen, and a
file that is there is read instead.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from qa.evaluate.calibrate import WORTH, Seen, fit, observe
from qa.wiring.evaluation import engines
from training.score import area

if TYPE_CHECKING:
    from collections.abc import Sequence

CUTS = (0.4, 0.5, 0.6, WORTH, 0.8)
PRICE = 1.5
"""Right answers that a wrong one costs."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One question and the confidence of its answer; 0 where no passage was read to hold one."""

    seen: Seen
    confidence: float


def left_out(seen: Sequence[Seen]) -> list[Judged]:
    """Each suite's questions by a fit on all others, the suites counting the same; in the order given. Raises
    ``InputError`` where the others are too few to fit anything."""
    found = []
    for suite, own in groupby(seen, key=lambda one: one.suite):
        others = fit(_even([one for one in seen if one.suite != suite]), f"all but {suite}")
        found += [Judged(one, others.confidence(one.features) if one.features else 0.0) for one in own]
    return found


def _even(seen: Sequence[Seen]) -> list[Seen]:
    """The same with every suite's weights adding up to the same."""
    sizes = {name: sum(one.suite == name for one in seen) for name in {one.suite for one in seen}}
    return [replace(one, weight=len(seen) / (len(sizes) * sizes[one.suite])) for one in seen]


def decided(judged: Sequence[Judged], cut: float) -> tuple[float, float, float]:
    """At a threshold: share of the answerable that is answered rightly, share of the others that is refused, share of
    the answers that is wrong. Known disagreements are not among them."""
    given = [one for one in judged if one.seen.expect != "conflict" and one.confidence >= cut]
    answerable = [one for one in judged if one.seen.expect == "answered"]
    others = [one for one in judged if one.seen.expect == "refused"]
    right = sum(one.seen.right for one in given if one.seen.expect == "answered")
    refused = sum(one.confidence < cut for one in others)
    return (
        right / max(1, len(answerable)),
        refused / max(1, len(others)),
        1 - right / max(1, len(given)),
    )


def worth(judged: Sequence[Judged], cut: float) -> float:
    """Right answers less ``PRICE`` times the wrong ones."""
    given = [one for one in judged if one.seen.expect != "conflict" and one.confidence >= cut]
    right = sum(one.seen.right and one.seen.expect == "answered" for one in given)
    return right - PRICE * (len(given) - right)


def log_loss(judged: Sequence[Judged]) -> float:
    """Mean, in nats, over what has an answer."""
    chances = [one.confidence if one.seen.right else 1 - one.confidence for one in judged if one.seen.features]
    return float(-np.mean(np.log(np.maximum(1e-9, chances))))


def report(judged: Sequence[Judged]) -> list[str]:
    """What to print: each suite, then all."""
    lines = [f"{'left out':<16}{'right':>7}{'refused':>9}{'wrong':>7}{'area':>7}   at {WORTH}"]
    for suite in dict.fromkeys(one.seen.suite for one in judged):
        own = [one for one in judged if one.seen.suite == suite]
        with_answer = [one for one in own if one.seen.features]
        curve = area(
            np.array([one.confidence for one in with_answer]), np.array([float(one.seen.right) for one in with_answer])
        )
        right, refused, wrong = decided(own, WORTH)
        lines.append(f"{suite:<16}{right:>7.3f}{refused:>9.3f}{wrong:>7.3f}{curve:>7.2f}")
    told = ", ".join(f"{worth(judged, cut):g} at {cut:g}" for cut in CUTS)
    plain = [one for one in judged if one.seen.expect != "conflict"]
    disputes = [one.seen for one in judged if one.seen.expect == "conflict"]
    answered = [one.seen for one in judged if one.seen.expect == "answered"]
    return [
        *lines,
        f"log loss {log_loss(plain):.3f}; right less {PRICE} times wrong: {told}",
        f"disagreements: {sum(d.whole for d in disputes)} of {len(disputes)} told whole, "
        f"{sum(a.disputed for a in answered)} told of {len(answered)} questions without one",
    ]


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("suites", nargs="+", type=Path)
    parser.add_argument("--keep", type=Path, help="a JSON file of what was seen")
    parser.add_argument("--out", type=Path, help="for the fit on all suites")
    options = parser.parse_args(given)
    if options.keep and options.keep.is_file():
        seen = [Seen(**one) for one in json.loads(options.keep.read_text(encoding="utf-8"))]
    else:
        plain = {"model": None, "adapter": None, "llm_url": None}
        with engines(None, plain, [], calibrated=False) as factories:
            seen = observe(options.suites, next(iter(factories.values())))
        if options.keep:
            options.keep.write_text(json.dumps([asdict(one) for one in seen]), encoding="utf-8")
    print(*report(left_out(seen)), sep="\n")
    if options.out:
        names = dict.fromkeys(one.suite for one in seen)
        sizes = ", ".join(f"{name} {sum(one.suite == name for one in seen)}" for name in names)
        fit(seen, sizes).save(options.out)
        print(f"{options.out}: {sizes}")


if __name__ == "__main__":
    main()
