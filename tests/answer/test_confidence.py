from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.confidence import FEATURES, Calibration, log_odds
from qa.errors import ConfigError

WEIGHTS = {"bias": -1.0, **dict.fromkeys(FEATURES, 0.5)}
NOTHING = dict.fromkeys(FEATURES, 0.0)
CURVE = ((0.1, 0.30, 0.9), (0.5, 0.10, 0.6), (0.9, 0.02, 0.2))


@given(st.dictionaries(st.sampled_from(FEATURES), st.floats(-1e6, 1e6), min_size=len(FEATURES)))
def test_confidence_is_a_probability(features):
    assert 0.0 < Calibration(WEIGHTS).confidence(features) < 1.0


def test_confidence_is_logistic_in_the_features():
    calibration = Calibration(WEIGHTS)
    assert calibration.confidence({**NOTHING, "sources": 2.0}) == pytest.approx(0.5)
    values = [calibration.confidence({**NOTHING, "covered": x}) for x in (0.0, 0.5, 1.0)]
    assert values == sorted(values)


def test_what_is_saved_is_loaded_again(tmp_path):
    path = tmp_path / "confidence.json"
    saved = Calibration(WEIGHTS, 0.4, CURVE, "twenty questions")
    saved.save(path)
    assert Calibration.load(path) == saved
    assert [p.name for p in tmp_path.iterdir()] == ["confidence.json"]


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"weights": {}}', "null", '{"weights": {"bias": "x"}, "threshold": 1, "curve": []}', "\x00", "1"],
)
def test_a_file_of_another_kind_is_a_config_error(tmp_path, text):
    path = tmp_path / "confidence.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match="qa calibrate"):
        Calibration.load(path)


def test_a_weight_that_is_no_number_is_refused(tmp_path):
    path = tmp_path / "confidence.json"
    Calibration(WEIGHTS, 0.4, CURVE, "x").save(path)
    data = json.loads(path.read_text())
    data["weights"]["bias"] = float("nan")
    path.write_text(json.dumps(data))
    with pytest.raises(ConfigError):
        Calibration.load(path)


def test_a_feature_that_was_unknown_when_they_were_fitted_weighs_nothing(tmp_path):
    path = tmp_path / "confidence.json"
    Calibration({"bias": -1.0, "certainty": 2.0}, 0.4, CURVE, "x").save(path)
    old = Calibration.load(path)
    assert old.weights == {**NOTHING, "bias": -1.0, "certainty": 2.0}
    Calibration({**WEIGHTS, "newer": 1.0}, 0.4, CURVE, "x").save(path)
    with pytest.raises(ConfigError, match="newer"):
        Calibration.load(path)


def test_a_missing_file_is_a_config_error(tmp_path):
    with pytest.raises(ConfigError):
        Calibration.load(tmp_path / "none.json")


@pytest.mark.parametrize(
    ("risk", "cut"), [(None, 0.4), (0.5, 0.1), (0.3, 0.1), (0.1, 0.5), (0.05, 0.9), (0.02, 0.9), (0.001, 1.0)]
)
def test_the_cut_is_the_lowest_threshold_within_the_accepted_risk(risk, cut):
    assert Calibration(WEIGHTS, 0.4, CURVE).cut(risk) == cut


def test_without_a_curve_the_threshold_stands():
    assert Calibration(WEIGHTS, 0.4).cut(0.01) == 0.4


@pytest.mark.parametrize("kind", ["trained", "any"])
def test_the_shipped_calibration_decides(kind):
    shipped = Calibration.shipped(kind)
    assert set(shipped.weights) == {"bias", *FEATURES}
    assert 0.0 < shipped.threshold < 1.0


@given(st.floats(0, 1))
def test_log_odds_are_clipped_and_rise(p):
    assert -6.0 <= log_odds(p) <= 6.0
    assert log_odds(p) <= log_odds(min(1.0, p + 0.1))
