import random
from dataclasses import replace

from qa.resources import REFUSAL
from training import corrupt, synth
from training.data import Passage, Question

TEXT = "The bridge was opened in 1931 by Karl Weber. It is 420 metres long. "
TEXT += "Many ships pass under it, and all pay a toll."
PASSAGE = Passage(
    "Bridge",
    TEXT,
    (
        Question("Who opened the bridge in 1931?", "Karl Weber", ("Karl Weber",)),
        Question("When was the bridge opened by Karl Weber?", "1931", ("1931",)),
        Question("Who closed the bridge?", REFUSAL),
    ),
    "test",
)


def test_renamed_facts_move_in_text_question_and_answer_together():
    for seed in range(30):
        found = synth.renamed(PASSAGE, random.Random(seed))
        assert found.text != TEXT
        for question in found.questions:
            assert question.answer == REFUSAL or question.answer in found.text


def test_what_only_a_missing_sentence_answers_is_refused():
    length = Question("How long is the bridge?", "420 metres", ("420 metres",))
    toll = Question("What do ships pay?", "a toll", ("a toll", "toll"))
    passage = replace(PASSAGE, questions=(*PASSAGE.questions, length, toll))
    for seed in range(30):
        found = synth.shortened(passage, random.Random(seed))
        assert found is not None
        assert len(found.text) < len(TEXT)
        for question in found.questions:
            assert question.answerable == (question.answer in found.text)
        assert any(
            before.answerable and not now.answerable
            for before, now in zip(passage.questions, found.questions, strict=True)
        )


def test_a_question_whose_answer_also_stands_elsewhere_is_left_out():
    twice = replace(
        PASSAGE, text=f"{TEXT} A Weber ran it.", questions=(Question("Who?", "Karl Weber", ("Karl Weber", "Weber")),)
    )
    found = synth.shortened(twice, random.Random(0))
    assert found is not None
    assert found.questions == ()


def test_a_passage_that_says_one_thing_is_not_shortened():
    assert (
        synth.shortened(replace(PASSAGE, text="The bridge was opened in 1931 by Karl Weber."), random.Random(0)) is None
    )


def test_false_premises_are_refused_and_differ_from_the_true_questions():
    asked = {q.text for q in PASSAGE.questions}
    for seed in range(30):
        for question in synth.false_premises(PASSAGE, 2, random.Random(seed)):
            assert question.answer == REFUSAL
            assert question.text not in asked


def test_corrupted_claims_differ_from_the_sentence():
    for sentence in corrupt.sentences(TEXT):
        for seed in range(20):
            assert sentence not in corrupt.corruptions(sentence, TEXT, random.Random(seed))


def test_other_number_keeps_the_look_and_changes_the_value():
    rng = random.Random(0)
    for number in ("1931", "40,000", "7", "3.5", "0"):
        for _ in range(50):
            found = synth.other_number(number, rng)
            assert found != number
            assert ("," in found) <= ("," in number) or len(found) > 3


def test_sentence_claims_hold_the_premise_itself_as_true():
    for seed in range(20):
        premise, claims = corrupt.sentence_claims(TEXT, random.Random(seed))
        assert any(supported and claim in premise for claim, supported in claims)
        assert all(claim not in premise for claim, supported in claims if not supported)
