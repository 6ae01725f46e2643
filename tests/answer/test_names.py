"""Answers to questions for a name."""

from __future__ import annotations

import pytest

from qa.answer.names import only_describes


@pytest.mark.parametrize(
    ("question", "answer", "describes"),
    [
        ("What was the name of the contractor who was killed?", "American defense contractor", True),
        ("What is the name of the Iraqi army commander who gave the order?", "Iraqi army commander", True),
        ("What is the name of the ferry?", "a ferry", True),
        ("What is the name of the ferry?", "Kell ferry", False),
        ("What is the name of the ferry?", "Sea Otter", False),
        ("What is the name of the ferry?", "ferry 12", False),
        ("What is the name of the process?", "trial division", False),
        ("Who was killed?", "American defense contractor", False),
        ("What was killed by the contractor?", "contractor", False),
        ("What is the name of the ferry?", "", False),
    ],
)
def test_a_name_that_was_asked_for_is_not_what_the_thing_is(question, answer, describes):
    assert only_describes(question, answer) is describes
