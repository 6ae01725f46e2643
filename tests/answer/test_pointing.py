"""Two readers: where one points, what the other holds of it, and which answer both hold likeliest."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from qa.answer.asking import FAR_BESIDE
from qa.answer.pointing import DOUBTFUL, INSISTING, LEAST, WEIGHT, choose, insisted, pooled, views
from qa.answer.question import parse
from qa.answer.read import read
from qa.models.seams import Completion
from qa.models.sighting import UNSEEN
from qa.resources import REFUSAL
from qa.testing import FixedLocator
from qa.types import Passage, Rank, Span
from tests.answer.test_read import Parts, hit

ASKED = "How many Marines were sent?"
SURE, ELSE = -0.2, -10.0
"""Of the scripted span reader: log-probability of its words, and of anything else."""


def view(words: str = "100", text: str = "A detachment of 100 Marines was sent."):
    (made,) = views(FixedLocator(words), ASKED, [("Title", text)])
    return made


def replied(text: str, logprob: float | None, **candidates: float) -> Completion:
    return Completion(text, logprob, 3, candidates)


def test_the_title_is_shown_and_the_likeliest_place_comes_first():
    made = view()
    assert made.shown.startswith("Title\n")
    assert made.places[0] == "100"


def test_an_answer_is_as_likely_as_its_likeliest_place():
    made = view(text="There were 100, of 100 Marines.")
    assert made.likelihood("100") == pytest.approx(SURE)
    assert made.likelihood("Marines") == pytest.approx(ELSE)
    assert made.likelihood("sailors") == made.likelihood("") == UNSEEN


def test_other_capitals_are_the_same_words_where_none_stand_as_written():
    made = view("The Marines", text="The Marines came. Then the marines left.")
    assert made.likelihood("THE MARINES") == made.likelihood("The Marines") == pytest.approx(SURE)
    assert made.likelihood("the marines") == pytest.approx(ELSE)


def test_what_both_hold_likelier_together_is_taken():
    gap = WEIGHT * (SURE - ELSE)
    near, far = replied("detachment", -1.0, **{"100": -gap}), replied("detachment", -1.0, **{"100": -gap - 2})
    assert choose(view(), near).text == "100"
    assert choose(view(), near).pointed == pytest.approx(SURE)
    assert choose(view(), far).text == "detachment"
    assert choose(view(), far).pointed == pytest.approx(ELSE)


@pytest.mark.parametrize("reply", [replied("detachment", None), replied("detachment", -1.0)])
def test_a_place_of_which_the_generator_says_nothing_is_not_taken(reply):
    assert choose(view(), reply).text == "detachment"


def test_the_refusal_is_no_answer_even_where_the_passage_has_its_words():
    made = view(REFUSAL, f"The dog was {REFUSAL} anywhere.")
    assert choose(made, replied("dog", -9.0, **{REFUSAL: -0.1})).text == "dog"


def test_a_trained_reader_is_asked_about_the_places_and_the_choice_is_read():
    reply = Completion("detachment", -2.0, 3, {REFUSAL: math.log(0.1), "100": -0.5})
    parts = Parts(reply, trained=True, locator=FixedLocator("100"))
    (found,) = read(parts, parse(ASKED), [hit()])
    assert parts.generator.requests[0].candidates[:2] == (REFUSAL, "100")
    assert (found.text, found.answerable) == ("100", pytest.approx(pooled(0.9, SURE)))
    assert found.pointed == pytest.approx(SURE)
    assert found.certainty == pytest.approx(math.exp(-0.5 / 2))


def test_another_generator_is_believed_in_its_own_words():
    parts = Parts(Completion("detachment", -2.0, 3, {REFUSAL: -3.0}), locator=FixedLocator("100"))
    (found,) = read(parts, parse(ASKED), [hit()])
    assert parts.generator.requests[0].candidates == (REFUSAL,)
    assert (found.text, found.pointed) == ("detachment", pytest.approx(ELSE))


def test_what_one_holds_moves_what_the_other_holds():
    assert pooled(0.9, UNSEEN) == pooled(0.9, LEAST) < pooled(0.9, -2.0) < pooled(0.9, -0.1) < 1
    assert 0 < pooled(0.0, UNSEEN) < pooled(0.5, -1.0) < pooled(1.0, -1.0)


def test_a_refusal_stays_one_wherever_the_other_points():
    parts = Parts(Completion(REFUSAL, -0.1, 2, {REFUSAL: -0.1}), trained=True, locator=FixedLocator("100"))
    assert read(parts, parse(ASKED), [hit()])[0].text == ""


def test_of_yes_or_no_there_is_no_place():
    parts = Parts(Completion("yes", -0.1, 2), trained=True, locator=FixedLocator("100"))
    (found,) = read(parts, parse("Were 100 Marines sent?"), [hit()])
    assert (found.text, found.pointed) == ("yes", None)
    assert parts.generator.requests[0].candidates == (REFUSAL,)


def test_without_a_second_reader_nothing_is_said_of_places():
    (found,) = read(Parts(Completion("100", -0.1, 2), trained=True), parse(ASKED), [hit()])
    assert (found.text, found.pointed) == ("100", None)


def test_a_place_that_no_reply_could_hold_is_not_asked_about(monkeypatch):
    run = "x" * 4000  # one token to the span reader
    text = f"It is {run} long."
    parts = Parts(Completion(REFUSAL, -0.1, 2, {REFUSAL: -0.1}), trained=True, locator=FixedLocator(run))
    monkeypatch.setattr(parts.generator, "count_tokens", lambda text: len(text) // 4)
    passage = Passage("a.md", 0, len(text), text, (Span(0, len(text)),))
    assert run in view(run, text).places
    read(parts, parse("How long is it?"), [replace(hit(), passage=passage)])
    asked = parts.generator.requests[0].candidates
    assert asked[0] == REFUSAL
    assert not any(run in candidate for candidate in asked)


WALL = "The wall was breached."
ANSWERS, SAYS_NOT = Completion("100 Marines", -0.1, 3, {REFUSAL: -5.0}), Completion(REFUSAL, -0.1, 2, {REFUSAL: -0.01})


def beside(score: float | None, text: str = WALL):
    """A hit that the reranker gave this probability."""
    passage = Passage("b.md", 0, len(text), text, (Span(0, len(text)),))
    return replace(hit(), passage=passage, ranks={} if score is None else {"rerank": Rank(2, score)})


@pytest.mark.parametrize(
    ("score", "text", "trained", "passed"),
    [
        (0.4, WALL, True, True),
        (0.4, "Of the 100 Marines none came.", True, False),
        (0.6, WALL, True, False),
        (None, WALL, True, False),
        (0.0, WALL, False, False),
    ],
)
def test_what_neither_the_span_reader_nor_the_reranker_holds_for_an_answer_is_not_read(
    score: float | None, text: str, trained: bool, passed: bool
):
    replies = [ANSWERS] if passed else [SAYS_NOT, ANSWERS]
    parts = Parts(*replies, trained=trained, locator=FixedLocator("100 Marines"))
    first, second = read(parts, parse(ASKED), [beside(score, text), hit()])
    assert (first.passed, first.unread, first.text) == (passed, False, "")
    assert (second.passed, second.text) == (False, "100 Marines")
    assert (first.answerable == 0.0) is passed


@pytest.mark.parametrize(("score", "asked"), [(0.03, 2), (0.01, 1)])
def test_what_was_passed_is_read_after_all_where_the_others_hold_no_answer(score: float, asked: int):
    parts = Parts(SAYS_NOT, *[Completion("the wall", -0.1, 3, {REFUSAL: -5.0})] * (asked - 1), trained=True)
    parts.locator = FixedLocator("100 Marines")
    first, second = read(parts, parse(ASKED), [beside(score), hit()])
    assert len(parts.generator.requests) == asked
    assert (first.text, first.passed) == (("The wall", False) if asked == 2 else ("", True))
    assert (second.text, second.passed) == ("", False)


def test_what_was_passed_stays_so_once_cancelled():
    parts = Parts(SAYS_NOT, trained=True, locator=FixedLocator("100 Marines"))
    first, _ = read(parts, parse(ASKED), [beside(0.03), hit()], lambda: bool(parts.generator.requests))
    assert (first.passed, len(parts.generator.requests)) == (True, 1)


@pytest.mark.parametrize(("score", "trained", "looked"), [(FAR_BESIDE, True, 2), (0.02, True, 1), (0.02, False, 2)])
def test_what_the_reranker_holds_for_far_beside_no_other_reader_looks_at(score: float, trained: bool, looked: int):
    locator = FixedLocator("100 Marines")
    seen: list[str] = []
    locator.sight = lambda question, passages: seen.extend(passages) or FixedLocator.sight(locator, question, passages)
    parts = Parts(*[SAYS_NOT] * 3, trained=trained, locator=locator)
    read(parts, parse(ASKED), [beside(score), hit()])
    assert len(seen) == looked
    assert len(parts.generator.requests) == looked


@pytest.mark.parametrize(("score", "asked"), [(FAR_BESIDE, 1), (FAR_BESIDE - 0.01, 0)])
def test_of_yes_or_no_the_reranker_alone_says_what_is_not_read(score: float, asked: int):
    parts = Parts(*["yes"] * asked, trained=True, locator=FixedLocator("100"))
    (found,) = read(parts, parse("Was the wall breached?"), [beside(score)])
    assert (len(parts.generator.requests), found.passed) == (asked, not asked)


@pytest.mark.parametrize(
    ("refused", "text"),
    [(0.7, "100"), (0.999, "")],
)
def test_what_is_pointed_at_is_heard_of_a_refused_passage_unless_both_hold_it_too_unlikely(refused: float, text: str):
    reply = Completion(REFUSAL, math.log(refused), 3, {REFUSAL: math.log(refused), "100": -2.0})
    answer = Completion("a detachment", -0.1, 3, {REFUSAL: math.log(0.1)})
    parts = Parts(reply, answer, trained=True, locator=FixedLocator("100"))
    found = read(parts, parse(ASKED), [hit(), hit("A detachment came.")])
    assert found[0].text == text
    if text:
        assert found[0].answerable == pytest.approx(pooled(1 - refused, SURE))
        assert found[0].certainty == pytest.approx(math.exp(-2.0 / 2))


def test_the_refusal_and_the_place_are_weighed_together():
    reply = replied(REFUSAL, -0.3, **{"100": -2.0})
    at = view()
    bound = (DOUBTFUL - INSISTING * SURE) + 1e-6
    assert insisted(at, reply, 1 / (1 + math.exp(-bound))) is not None
    assert insisted(at, reply, 1 / (1 + math.exp(-bound + 0.1))) is None
    assert insisted(at, replied(REFUSAL, -0.3), 0.5) is None
