"""What the fit of the confidence shows of itself."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from qa.answer.confidence import FEATURES, Calibration
from qa.evaluate.calibrate import Seen
from training.fit_confidence import Judged, decided, left_out, log_loss, main, report, worth

if TYPE_CHECKING:
    from pathlib import Path


def seen(suite: str, count: int, slope: float, seed: int) -> list[Seen]:
    """Answers that are the likelier right, the higher `answerable` is times ``slope``."""
    rng = np.random.default_rng(seed)
    values = rng.normal(size=count)
    return [
        Seen(
            dict.fromkeys(FEATURES, 0.0) | {"answerable": float(value)},
            bool(rng.random() < 1 / (1 + np.exp(-slope * value))),
            suite=suite,
            expect="answered",
        )
        for value in values
    ]


def judged(confidence: float, *, right: bool, expect: str = "answered") -> Judged:
    features = dict.fromkeys(FEATURES, 0.0)
    return Judged(Seen(features, right, expect=expect), confidence)


def test_a_suite_is_judged_by_the_others_alone() -> None:
    usual, odd = seen("usual", 600, 3.0, 1), seen("odd", 600, 0.0, 2)
    by_suite = {one.seen.suite: [] for one in left_out([*usual, *odd])}
    for one in left_out([*usual, *odd]):
        by_suite[one.seen.suite].append(one)
    assert len(by_suite["usual"]) == len(by_suite["odd"]) == 600
    assert np.std([one.confidence for one in by_suite["odd"]]) > 0.25  # as the usual ones would have it
    assert np.std([one.confidence for one in by_suite["usual"]]) < 0.2
    empty = left_out([*usual, *odd, Seen({}, False, suite="odd")])
    assert empty[-1].confidence == 0.0


def test_every_suite_counts_the_same_whatever_its_length() -> None:
    short, long = seen("short", 200, 2.0, 1), seen("long", 1600, 0.5, 2)
    one = left_out([*short, *long, *seen("third", 40, 1.0, 3)])[-1]
    repeated = [replace(each, suite="short") for each in short * 8]
    other = left_out([*repeated, *long, *seen("third", 40, 1.0, 3)])[-1]
    assert one.confidence == pytest.approx(other.confidence, abs=0.02)


def test_what_is_decided_at_a_threshold_and_what_it_is_worth() -> None:
    some = [
        judged(0.9, right=True),
        judged(0.6, right=False),
        judged(0.59, right=True),
        judged(0.8, right=False, expect="refused"),
        judged(0.2, right=False, expect="refused"),
        judged(0.9, right=False, expect="conflict"),
    ]
    assert decided(some, 0.6) == (pytest.approx(1 / 3), pytest.approx(1 / 2), pytest.approx(2 / 3))
    assert worth(some, 0.6) == 1 - 1.5 * 2
    assert worth(some, 0.85) == 1
    assert log_loss(some[:2]) == pytest.approx(-(np.log(0.9) + np.log(0.4)) / 2)


def test_what_was_kept_is_fitted_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = replace(seen("a", 1, 1.0, 5)[0], expect="conflict", whole=True, disputed=True)
    everything = [*seen("a", 400, 2.0, 1), told, *seen("b", 400, 2.0, 2)]
    kept, out = tmp_path / "seen.json", tmp_path / "confidence.json"
    kept.write_text(json.dumps([asdict(one) for one in everything]), encoding="utf-8")
    main(["any.jsonl", "--keep", str(kept), "--out", str(out)])
    printed = capsys.readouterr().out
    assert printed.startswith("\n".join(report(left_out(everything))))
    assert "disagreements: 1 of 1 told whole, 0 told of 800 questions without one" in printed
    fitted = Calibration.load(out)
    assert fitted.fitted_on == "a 401, b 400"
    assert fitted.weights["answerable"] == pytest.approx(2.0, abs=0.4)
