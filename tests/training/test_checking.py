"""What the checker is shown when its figures are taken."""

from __future__ import annotations

import numpy as np

from qa.testing import ScriptedGenerator
from training.checking import PREMISE_TOKENS, alone, halved, shown


def test_a_premise_is_cut_until_it_fits_beside_a_claim() -> None:
    generator = ScriptedGenerator()
    assert shown(generator, "Snow fell on Orm.") == "Snow fell on Orm."
    long = "a " * (PREMISE_TOKENS + 1)
    cut = shown(generator, long)
    assert long.startswith(cut)
    assert PREMISE_TOKENS // 2 < generator.count_tokens(cut) <= PREMISE_TOKENS


def test_public_pairs_are_judged_at_the_threshold_and_with_the_rules() -> None:
    rows = [
        {"probability": 0.4, "supported": True, "rules": None},
        {"probability": 0.6, "supported": True, "rules": "unsupported"},
        {"probability": 0.2, "supported": False, "rules": None},
        {"probability": 0.35, "supported": False, "rules": "unsupported"},
    ] * 10
    told = alone(rows, 0.3)
    assert told["balanced accuracy at 0.3"].startswith("0.750 ")
    assert told["balanced accuracy at 0.3, with the rules"] == "0.750"
    assert alone([{**row, "rules": None} for row in rows], 0.38)["balanced accuracy at 0.38, with the rules"] == "1.000"
    assert told["AUC"].startswith("1.000 ")


def test_a_threshold_is_chosen_on_one_half_and_measured_on_the_other() -> None:
    labels = np.tile([0.0, 1.0], 40)
    assert halved(0.2 + 0.6 * labels, labels) == 1.0
    assert abs(halved(np.random.default_rng(1).random(80), labels) - 0.5) < 0.1
