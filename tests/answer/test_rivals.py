"""Which other answer contradicts the best one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from qa.answer.accounts import NEAR, accounts
from qa.answer.clusters import Cluster, clusters, same
from qa.answer.question import parse
from qa.answer.read import Reading
from qa.answer.rivals import ALIKE, NEARISH, SINGLY, SURE, SURELY, is_rival, may_be_rival
from qa.types import Hit, Passage, Source, Span


def read_as(said: str, answer: str, name: str, answerable: float = 0.95) -> Reading:
    whole, at = Span(0, len(said)), said.index(answer)
    span = Span(at, at + len(answer))
    source = Source(name, "", "", "", "", len(said), 1, name)
    return Reading(Hit(Passage(name, 0, len(said), said, (whole,)), source, 1.0), answer, span, whole, answerable, 0.9)


def alone(asked: str, reading: Reading, score: float) -> Cluster:
    [one] = clusters(parse(asked), [(reading, score)])
    return one


def near(sentences: Sequence[str]) -> list[float]:
    return [1.0 for _ in sentences]


FINE = "What penalty did the line get for the accident?"
FINED = read_as("The line was fined 250,000 crowns.", "250,000 crowns", "a.md")


@pytest.mark.parametrize(
    ("said", "answer", "rival"),
    [
        ("A fine of 400,000 crowns was imposed on the line.", "400,000 crowns", True),
        ("A fine of 250,000 crowns was imposed on the line.", "250,000 crowns", False),
        ("The line paid $400,000 for the accident.", "$400,000", False),
        ("The line was banned for six weeks.", "six weeks", False),
        ("The line got a reprimand.", "a reprimand", False),
    ],
)
def test_two_sums_of_one_unit_exclude_each_other_whatever_word_asks(said: str, answer: str, rival: bool) -> None:
    other = read_as(said, answer, "b.md", 0.6)
    question = parse(FINE)
    assert question.kind == "other"
    assert (not same(question, FINED, other)) is (answer != "250,000 crowns")
    if not same(question, FINED, other):
        assert is_rival(question, alone(FINE, other, 0.3), alone(FINE, FINED, 0.6), near) is rival


def test_sums_that_share_their_unit_alone_are_not_one_answer() -> None:
    told = [read_as(f"It cost {n} million crowns.", f"{n} million crowns", "a.md") for n in ("6.2", "6.8", "6.2")]
    question = parse("What damage was done?")
    assert (same(question, told[0], told[1]), same(question, told[0], told[2])) == (False, True)


def test_the_other_sum_is_found_where_the_reader_refused_it() -> None:
    said = "For the accident the line was fined 400,000 crowns."
    refused = read_as(said, "400,000", "b.md", 0.1)
    question = parse(FINE)
    assert [r.text for r in accounts(question, FINED, [FINED, refused], near)] == ["400,000"]
    words = read_as("The line got a reprimand.", "a reprimand", "a.md")
    assert accounts(question, words, [words, refused], near) == []


CARS = "How many cars stood on the deck of the ferry?"


@pytest.mark.parametrize(
    ("said", "nearness", "rival"),
    [
        ("A hundred and eighteen cars stood below.", NEARISH - 0.01, True),
        ("A hundred and eighteen were aboard.", NEARISH - 0.01, False),
        ("A hundred and eighteen were aboard.", NEARISH, True),
    ],
)
def test_another_amount_has_half_of_what_was_asked_or_is_told_nearly_alike(
    said: str, nearness: float, rival: bool
) -> None:
    question = parse(CARS)
    told = read_as("96 cars stood on the deck of the ferry.", "96", "a.md")
    other = read_as(said, "A hundred and eighteen", "b.md")
    found = is_rival(question, alone(CARS, other, 0.9), alone(CARS, told, 0.9), lambda s: [nearness for _ in s])
    assert found is rival


AIRBUS = read_as("The crashed aircraft of flight 109 was an Airbus A310.", "Airbus A310", "a.md")
TUPOLEV = "Investigators named the plane a Tupolev Tu-104A."


@pytest.mark.parametrize(
    ("asked", "nearness", "answerable", "rival"),
    [
        ("What type of aircraft was flight 109?", ALIKE, 0.95, True),
        ("What type of aircraft was flight 109?", ALIKE - 0.01, 0.95, False),
        ("What type of aircraft was flight 109?", ALIKE, SURE - 0.01, False),
        ("What is the model of flight 109?", ALIKE, 0.95, True),
        ("What is flight 109?", ALIKE, 0.95, False),
    ],
)
def test_one_property_has_one_value_wherever_it_is_told_nearly_alike(
    asked: str, nearness: float, answerable: float, rival: bool
) -> None:
    question = parse(asked)
    assert question.kind == "other"
    other = read_as(TUPOLEV, "Tupolev Tu-104A", "b.md", answerable)
    found = is_rival(question, alone(asked, other, 0.4), alone(asked, AIRBUS, 0.4), lambda s: [nearness for _ in s])
    assert found is rival


def test_the_winner_s_own_source_cannot_vouch_for_another_property() -> None:
    asked = "What type of aircraft was flight 109?"
    question = parse(asked)
    sure, unsure = read_as(TUPOLEV, "Tupolev Tu-104A", "a.md", 0.99), read_as(TUPOLEV, "Tupolev Tu-104A", "b.md", 0.6)
    [both] = clusters(question, [(sure, 0.4), (unsure, 0.3)])
    assert not is_rival(question, both, alone(asked, AIRBUS, 0.2), near)
    [other] = clusters(question, [(replace(sure, hit=unsure.hit), 0.4), (unsure, 0.3)])
    assert is_rival(question, other, alone(asked, AIRBUS, 0.2), near)


LORRY = read_as("A beer lorry stood across the lane of the rescuers.", "A beer lorry", "a.md")
VAN = read_as("A television van blocked the rescue lane.", "A television van", "b.md", 0.1)


@pytest.mark.parametrize(
    ("asked", "nearness", "least"),
    [
        ("What kind of vehicle was in the way of the rescuers?", NEAR, SINGLY),
        ("What kind of vehicle was in the way of the rescuers?", NEAR - 0.01, None),
        ("What was the driver told to do?", NEAR, SINGLY),
        ("What caused the jam in the lane?", NEAR, SURELY),
        ("What was in the way of the rescuers?", NEAR, None),
        ("Why did the rescuers stop?", NEAR, None),
    ],
)
def test_what_no_reader_is_convinced_of_is_left_to_the_checker_where_one_answer_excludes_another(
    asked: str, nearness: float, least: float | None
) -> None:
    question = parse(asked)
    found = may_be_rival(question, alone(asked, VAN, 0.1), alone(asked, LORRY, 0.9), lambda s: [nearness for _ in s])
    assert found == least


def test_two_names_or_numbers_are_left_to_the_checker_but_not_of_one_source() -> None:
    asked = "Who gave the order to shell the village?"
    told = read_as("General Odan Maresh ordered the shelling.", "General Odan Maresh", "a.md")
    other = read_as("The order came from Colonel Besik Arun.", "Colonel Besik Arun", "b.md", 0.1)
    best, rival = alone(asked, told, 0.9), alone(asked, other, 0.1)
    assert may_be_rival(parse(asked), rival, best, near) == SURELY
    own = alone(asked, replace(other, hit=told.hit), 0.1)
    assert may_be_rival(parse(asked), own, best, near) is None
    vague = read_as("The order came from an officer.", "an officer", "b.md", 0.1)
    assert may_be_rival(parse(asked), alone(asked, vague, 0.1), best, near) is None


def test_an_amount_needs_to_count_what_was_asked_no_more_plainly_than_the_winner() -> None:
    asked = "How many dwellings in Padrin were wrecked?"
    question = parse(asked)
    told = read_as("Seventeen houses in Padrin were wrecked.", "Seventeen", "a.md")
    plain = read_as("Seventeen dwellings in Padrin were wrecked.", "Seventeen", "a.md")
    other = read_as("31 homes in Padrin were wrecked.", "31", "b.md")
    assert is_rival(question, alone(asked, other, 0.15), alone(asked, told, 0.15), near)
    assert not is_rival(question, alone(asked, other, 0.15), alone(asked, plain, 0.15), near)
