"""The reader's figures."""

from qa.resources import REFUSAL
from training.data import Passage, Question
from training.reading import decided, every, yes_or_no_summary

ROW = {"text": "the Rhine", "answerable": True, "accepted": ["Rhine"], "held": 0.6, "sure": 0.2}


def test_a_question_is_refused_below_the_probability():
    assert decided(ROW)["exact"] == 1.0
    assert decided(ROW, "sure")["reply"] == ""
    assert decided(ROW, "held", 0.7)["f1"] == 0.0
    assert decided({**ROW, "answerable": False})["exact"] == 0.0
    assert decided({**ROW, "answerable": False}, "sure")["exact"] == 1.0


def test_every_question_stands_beside_its_passage():
    passage = Passage("Ford", "It flows.", (Question("Does it?", "yes"), Question("Did it?", "no")), "x")
    assert [(p.title, q.text) for p, q in every([passage])] == [("Ford", "Does it?"), ("Ford", "Did it?")]


def test_yes_and_no_are_counted_apart_and_both_told_from_open():
    rows = [
        {"gold": "yes", "reply": "yes", "held": 0.9},
        {"gold": "no", "reply": "yes", "held": 0.8},
        {"gold": REFUSAL, "reply": "no", "held": 0.85},
        {"gold": REFUSAL, "reply": REFUSAL, "held": 0.1},
    ]
    told = yes_or_no_summary(rows)
    assert told["yes: right"].startswith("1.000")
    assert told["no: right"].startswith("0.000")
    assert told[f"{REFUSAL}: right"].startswith("0.500")
    assert told["AUC"] == "0.750"
