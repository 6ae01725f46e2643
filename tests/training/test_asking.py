"""Questions made for passages that have none."""

from __future__ import annotations

import gzip
import json
import random

import pytest

from qa.resources import REFUSAL
from training import asking
from training.data import Passage, Question
from training.pack import render

PASSAGE = Passage(
    "A_Bridge",
    "The bridge at Corran was opened in 1931. It carries 4,000 cars a day.",
    (Question("When was the bridge opened?", "1931", ("1931",)), Question("Who built the bridge?", REFUSAL)),
    "squad2",
)


def test_a_question_is_asked_for_by_its_kind_and_comes_after_its_answer():
    prefix, tails = render(asking.asked(PASSAGE, random.Random(0)))
    branches = dict(asking.asked(PASSAGE, random.Random(0)).branches)
    assert "Title: A Bridge\nPassage: The bridge at Corran" in prefix
    assert all(tail.startswith("Ask: a question that it ") for tail in tails)
    assert branches[asking.ANSWERABLE] == "1931\nWhen was the bridge opened?"
    assert branches[asking.UNANSWERABLE] == f"{REFUSAL}\nWho built the bridge?"


@pytest.mark.parametrize(
    ("answer", "question", "fits"),
    [
        ("1931", "When was the bridge opened?", True),
        (REFUSAL, "Who built the bridge at Corran?", True),
        ("193", "When was the bridge opened?", False),  # no whole word of the passage
        ("1932", "When was the bridge opened?", False),
        ("Corran", "Where is the bridge at Corran?", False),  # given away
        ("1931", "When?", False),
    ],
)
def test_what_cannot_be_learnt_from_is_left_out(answer, question, fits):
    assert asking.plausible(PASSAGE, answer, question) is fits


def test_what_was_made_is_read_back(tmp_path):
    path = tmp_path / "made.jsonl.gz"
    row = {"title": "T", "passage": "P 7.", "questions": [["How many?", "7"], ["Who?", REFUSAL]]}
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write(json.dumps(row) + "\n")
    (passage,) = asking.made(path)
    assert passage.questions == (Question("How many?", "7", ("7",)), Question("Who?", REFUSAL))
