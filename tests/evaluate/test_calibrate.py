from dataclasses import replace

import numpy as np
import pytest

from qa.answer.confidence import FEATURES
from qa.errors import InputError
from qa.evaluate.calibrate import Seen, fit, is_right
from qa.evaluate.cases import Case


def questions(count: int, slope: float, misleading: float = 0.0, seed: int = 1) -> list[Seen]:
    """Answers whose chance to be right rises with `answerable` and, against its meaning, may fall with `sources`."""
    rng = np.random.default_rng(seed)
    found = []
    for _ in range(count):
        features = dict.fromkeys(FEATURES, 0.0) | {"answerable": rng.normal(), "sources": rng.random()}
        chance = 1 / (1 + np.exp(-(slope * features["answerable"] - misleading * features["sources"])))
        found.append(Seen(features, bool(rng.random() < chance)))
    return found


def test_the_fit_finds_what_decides_and_its_confidence_is_calibrated() -> None:
    calibration = fit(questions(4000, slope=2.0), "made up")
    assert calibration.weights["answerable"] == pytest.approx(2.0, abs=0.2)
    fresh = questions(4000, slope=2.0, seed=2)
    sure = [one.right for one in fresh if calibration.confidence(one.features) > 0.8]
    assert 0.8 < np.mean(sure) < 1.0
    assert calibration.threshold == 0.7


def test_agreement_never_counts_against_an_answer() -> None:
    calibration = fit(questions(2000, slope=1.0, misleading=2.0), "made up")
    assert calibration.weights["sources"] == 0.0
    assert calibration.weights["answerable"] > 0.5


def test_the_curve_trades_risk_for_coverage() -> None:
    calibration = fit(questions(2000, slope=3.0), "made up")
    risks = [risk for _, risk, _ in calibration.curve]
    covered = [coverage for _, _, coverage in calibration.curve]
    assert covered == sorted(covered, reverse=True)
    assert risks[0] > 0.4
    assert calibration.cut(0.05) > calibration.cut(0.2)


def test_unread_questions_count_as_not_covered() -> None:
    seen = questions(400, slope=1.0) + [Seen({}, False)] * 400
    assert max(coverage for _, _, coverage in fit(seen, "made up").curve) <= 0.5


def test_too_few_of_a_kind_is_an_error() -> None:
    with pytest.raises(InputError, match="too few"):
        fit([Seen(dict.fromkeys(FEATURES, 1.0), True)] * 100, "made up")


def test_a_question_counts_by_its_weight() -> None:
    easy, hard = questions(300, slope=1.0), questions(300, slope=1.0, seed=3)
    weighed = fit([*easy, *(replace(one, weight=3.0) for one in hard)], "made up")
    repeated = fit([*easy, *hard * 3], "made up")
    assert weighed.weights == pytest.approx(repeated.weights)
    assert weighed.curve[0] == pytest.approx(repeated.curve[0])


def test_one_side_of_a_disagreement_is_worth_giving() -> None:
    told = {"id": "a", "question": "How many?", "kind": "conflict"}
    case = Case(**told, expect="conflict", answers=("four", "4", "seven", "7"), values=("four", "7"))
    assert is_right(case, "4", passed=False)
    assert not is_right(case, "nine", passed=False)
    assert not is_right(case, "", passed=False)
    other = Case(**told, answers=("four",))
    assert not is_right(other, "four", passed=False)
    assert is_right(other, "four", passed=True)
