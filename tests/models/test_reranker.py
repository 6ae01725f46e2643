"""The reranker that ships: what a build with its weights does, and one without them."""

from __future__ import annotations

import pytest

from qa.errors import ModelError
from qa.models.files import read_json
from qa.models.pairs import CrossEncoder, load_reranker
from qa.resources import weights
from tests.models.contracts import reranker_contract

PASSAGES = [
    "The harbour of Vellin was deepened in 1931, so that larger ships could enter it.",
    "The harbour of Vellin lies on the west coast. Its fish market opens at six.",
    "Bread is made of flour, water, salt and yeast.",
]
shipped = pytest.mark.skipif(weights("reranker.onnx") is None, reason="this build ships no reranker")


@pytest.fixture(scope="module")
def reranker() -> CrossEncoder:
    found = load_reranker(threads=1)
    assert found is not None
    return found


@shipped
def test_it_keeps_the_contract_and_knows_its_file(reranker):
    reranker_contract(reranker)
    assert reranker.intact()
    assert reranker.name.startswith("reranker@")


@shipped
def test_what_answers_comes_first_and_what_is_on_the_topic_second(reranker):
    found = reranker.score("When was the harbour of Vellin deepened?", PASSAGES)
    assert found[0] > found[1] > found[2]
    assert found[2] < 0.2


@shipped
def test_a_probability_depends_on_its_own_pair_alone(reranker):
    question = "When does the fish market open?"
    together = reranker.score(question, PASSAGES)
    assert together == [reranker.score(question, [passage])[0] for passage in PASSAGES]


@shipped
@pytest.mark.parametrize("question", ["harbour " * 5000, "", "\x00\u202e", "?" * 400])
def test_any_question_and_any_passage_is_read(reranker, question):
    assert all(0 <= p <= 1 for p in reranker.score(question, ["", "harbour " * 5000, *PASSAGES]))


@shipped
def test_damaged_weights_are_a_clear_error(tmp_path):
    model, facts, tokens = (weights(name) for name in ("reranker.onnx", "reranker.json", "pairs.tokenizer.json"))
    assert model is not None
    assert facts is not None
    assert tokens is not None
    copy = tmp_path / "reranker.onnx"
    copy.write_bytes(model.read_bytes()[:-1])
    with pytest.raises(ModelError, match="is damaged"):
        CrossEncoder(copy, read_json(facts), tokens).score("who?", ["He."])


def test_without_weights_there_is_no_reranker(monkeypatch):
    monkeypatch.setattr("qa.models.pairs.weights", lambda name: None)
    assert load_reranker() is None


def test_weights_without_their_tokenizer_are_a_clear_error(monkeypatch, tmp_path):
    (tmp_path / "reranker.onnx").write_bytes(b"")
    (tmp_path / "reranker.json").write_text("{}", encoding="utf-8")
    there = lambda name: path if (path := tmp_path / name).is_file() else None  # noqa: E731
    monkeypatch.setattr("qa.models.pairs.weights", there)
    with pytest.raises(ModelError, match="tokenizer"):
        load_reranker()
