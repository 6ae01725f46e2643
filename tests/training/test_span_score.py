"""The span reader alone: which windows a question is asked of, and what is counted."""

from __future__ import annotations

import pytest

pytest.importorskip("onnx")

from qa.evaluate.cases import Case, Evidence
from training.span_score import Pointed, beside, summary

TEXTS = ["The mill at Carrow burnt in 1954.", "Apples ripen.", "The mill at Carrow was sold to Vale."]


def test_an_answered_question_is_asked_of_its_evidence_and_a_refused_one_of_what_is_near() -> None:
    proof = (Evidence(document="a.md", quote="burnt in 1954"),)
    answered = Case(id="1", question="When did it burn?", kind="time", answers=("1954",), evidence=proof)
    assert beside(answered, TEXTS) == [TEXTS[0]]
    assert beside(answered.model_copy(update={"kind": "yesno"}), TEXTS) == []
    refused = Case(id="2", question="Who insured the mill at Carrow?", kind="unanswerable", expect="refused")
    assert beside(refused, TEXTS) == [TEXTS[0], TEXTS[2]]


def test_right_counts_where_there_is_an_answer_and_likelihood_orders_all() -> None:
    found = summary([Pointed(True, -0.1, 1.0), Pointed(True, -1.0, 0.0), Pointed(False, -5.0, 0.0)])
    assert found["right"].startswith("0.500")
    assert found["AUC"] == "1.000 n=3"
