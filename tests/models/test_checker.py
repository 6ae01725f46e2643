import json

import pytest

from qa.models import checker
from qa.models.checker import GeneratorChecker, load_checker
from qa.models.seams import Completion, GeneratorInfo
from qa.testing import ScriptedGenerator
from tests.models.contracts import checker_contract

TRAINED = GeneratorInfo("m", adapter="reader@1", trained_reader=True)


def says(request):
    premise, claim = request.user.split("\nClaim: ")
    yes = claim in premise
    return Completion("yes" if yes else "no", -0.1, 1, {"yes": -0.1 if yes else -4.0, "no": -4.0 if yes else -0.1})


def test_it_keeps_the_contract():
    checker_contract(GeneratorChecker(ScriptedGenerator(says, info=TRAINED)))


def test_the_probability_is_the_softmax_of_yes_against_no():
    found = GeneratorChecker(ScriptedGenerator(says)).support([("Rain fell.", "Rain fell."), ("Rain fell.", "Snow.")])
    assert found == [pytest.approx(0.98016, abs=1e-4), pytest.approx(0.01984, abs=1e-4)]


def test_the_same_pair_is_asked_once():
    generator = ScriptedGenerator(says)
    GeneratorChecker(generator).support([("a", "b"), ("a", "b"), ("a", "c")])
    assert len(generator.requests) == 2


def test_a_backend_without_probabilities_is_taken_at_its_word():
    generator = ScriptedGenerator().enqueue(Completion("Yes.", None, 1), Completion("No", None, 1))
    assert GeneratorChecker(generator).support([("a", "b"), ("a", "c")]) == [1.0, 0.0]


def test_only_a_trained_generator_is_a_checker_and_its_threshold_ships(monkeypatch, tmp_path):
    assert load_checker(ScriptedGenerator(says)) is None
    monkeypatch.setattr(checker, "weights", lambda _: None)
    assert load_checker(ScriptedGenerator(says, info=TRAINED)).threshold == 0.5
    (tmp_path / "checker.json").write_text(json.dumps({"threshold": 0.62}))
    monkeypatch.setattr(checker, "weights", tmp_path.joinpath)
    made = load_checker(ScriptedGenerator(says, info=TRAINED))
    assert (made.threshold, made.name) == (0.62, "reader@1")
