import random

from training.answers import answer_claims
from training.data import Passage, Question
from training.mixture import SHARES, SOURCES

PASSAGE = Passage(
    "Bridges",
    "The Old Bridge was built in 1731 by Anna Kessel. It was torn down by the army. A new one followed in 1890.",
    (
        Question("When was the Old Bridge built?", "1731", ("1731",)),
        Question("Who built the Old Bridge?", "Anna Kessel", ("Anna Kessel",)),
        Question("When did a new one follow?", "1890", ("1890",)),
        Question("Who repaired the Old Bridge?", "not found"),
    ),
    "squad2",
)


def claims_of_many_draws() -> dict[str, set[bool]]:
    seen: dict[str, set[bool]] = {}
    for seed in range(60):
        found = answer_claims(PASSAGE, random.Random(seed))
        assert found is not None
        for claim, supported in found[1]:
            seen.setdefault(claim, set()).add(supported)
    return seen


def test_a_right_answer_is_supported_and_another_span_of_the_sentence_is_not():
    seen = claims_of_many_draws()
    assert seen["Anna Kessel built the Old Bridge."] == {True}
    assert seen["1731 built the Old Bridge."] == {False}


def test_an_unanswered_question_gets_the_tempting_answer_of_the_nearest_sentence():
    seen = claims_of_many_draws()
    tempting = {claim: labels for claim, labels in seen.items() if "repaired" in claim}
    assert tempting
    assert all(labels == {False} for labels in tempting.values())


def test_the_premise_holds_the_answer_of_every_true_claim():
    for seed in range(20):
        premise, claims = answer_claims(PASSAGE, random.Random(seed)) or ("", [])
        answers = ["1731", "Anna Kessel", "1890"]
        assert all(any(a in claim and a in premise for a in answers) for claim, supported in claims if supported)


def test_a_passage_without_answers_gives_no_claims():
    assert answer_claims(Passage("", "Nothing is asked here.", (), "squad2"), random.Random(0)) is None


def test_every_source_has_a_share():
    assert SHARES.keys() == SOURCES.keys()
    assert abs(sum(SHARES.values()) - 1) < 1e-9
