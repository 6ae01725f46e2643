"""Right and tempting answers beside the rules on kinds."""

from __future__ import annotations

from collections import Counter

from qa.resources import REFUSAL
from training.data import Passage, Question
from training.kinds import judged, report

PASSAGE = Passage(
    "Orm",
    "The bridge at Orm is 300 metres long. It was opened in 1978 by Ina Brask, and a ride cost two crowns.",
    (
        Question("How long is the bridge?", "300 metres", ("300 metres",)),
        Question("When was it opened?", "two crowns", ("two crowns",)),
        Question("Who opened it?", "Ina Brask", ("Ina Brask",)),
        Question("Why was it opened?", "a ride", ("a ride",)),
        Question("How long is the tunnel?", REFUSAL),
        Question("How long is the ferry?", REFUSAL),
        Question("Where is the ferry?", REFUSAL),
    ),
    "written",
)
TEMPTING = {
    "How long is the tunnel?": "two crowns",
    "How long is the ferry?": "300 metres",
    "Where is the ferry?": "on the moon",
}


def test_answers_are_judged_by_the_rules_alone() -> None:
    assert list(judged(PASSAGE, TEMPTING)) == [
        ("number", True, True),
        ("time", True, False),
        ("person", True, True),
        ("number", False, False),
        ("number", False, True),
    ]


def test_what_is_rejected_is_counted_by_kind() -> None:
    _, number, time, person, place = report(Counter(judged(PASSAGE, TEMPTING)))
    assert number.split() == ["number", "1", "0", "2", "1"]
    assert time.split() == ["time", "1", "1", "0", "0"]
    assert person.split() == ["person", "1", "0", "0", "0"]
    assert place.split() == ["place", "0", "0", "0", "0"]
