"""The amount that a reading gives, and where another one counts what was asked."""

from __future__ import annotations

import pytest
from given import hit, reading

from qa.answer.clusters import label, same
from qa.answer.counting import answer_quantity, counted
from qa.answer.question import parse


@pytest.mark.parametrize(
    ("said", "answer", "value", "unit"),
    [
        ("One fisherman is missing.", "One", 1, "fisherman"),
        ("It has only one cylinder.", "only one", 1, "cylind"),
        ("It has a single horn.", "a single", 1, "horn"),
        ("Of the builders none was tried.", "none", 0, ""),
        ("Twelve men came.", "Twelve", 12, "man"),
    ],
)
def test_one_and_none_are_amounts_where_they_are_the_answer(said: str, answer: str, value: int, unit: str) -> None:
    told = answer_quantity(reading(hit("a.md", said), answer))
    assert told is not None
    assert (told.low, told.kind) == (value, "number")
    assert told.unit.split()[:1] == unit.split()
    assert said[told.span.start : told.span.end] == told.text


@pytest.mark.parametrize(("said", "answer"), [("The one-legged man won.", "one-legged"), ("He won.", "He")])
def test_elsewhere_they_are_not(said: str, answer: str) -> None:
    assert answer_quantity(reading(hit("a.md", said), answer)) is None


@pytest.mark.parametrize(
    ("said", "answer", "moved"),
    [
        ("Two gunships and some 30 guards were sent.", "Two", "30"),
        ("Two gunships were sent. Some 30 guards stayed.", "Two", "Two"),
        ("Two gunships, 30 guards and 40 guards were sent.", "Two", "Two"),
        ("Two guards and 30 gunships were sent.", "Two", "Two"),
    ],
)
def test_a_reading_moves_to_what_was_counted_in_its_own_sentence(said: str, answer: str, moved: str) -> None:
    assert counted(parse("How many guards were sent?"), reading(hit("a.md", said), answer)).text == moved


@pytest.mark.parametrize(
    ("question", "said", "answer", "told"),
    [
        ("How many guards came?", "Some 30 guards came.", "30 guards", "30"),
        ("How large was the crowd?", "It was a crowd of 30,000 people.", "30,000 people", "30,000"),
        ("How long was she kept?", "They kept her two nights.", "two nights", "two nights"),
        ("How much water ran out?", "Some 300 cubic metres ran out.", "300 cubic metres", "300 cubic metres"),
        ("How often did it stop?", "It stopped six times.", "six times", "six times"),
        ("How much did it cost?", "It cost 4 million crowns.", "4 million crowns", "4 million crowns"),
        ("How much did it cost?", "It cost about $4 million.", "about $4 million", "$4 million"),
        ("What is the population of Orm?", "Orm has 4,100 people.", "4,100 people", "4,100"),
    ],
)
def test_only_a_count_is_told_without_its_unit(question: str, said: str, answer: str, told: str) -> None:
    assert label(parse(question), reading(hit("a.md", said), answer)) == told


@pytest.mark.parametrize(
    ("question", "one", "other", "alike"),
    [
        ("How long did it last?", "about an hour", "an hour", True),
        ("How long did it last?", "an hour", "a week", False),
        ("How many died?", "one", "1", True),
        ("How many died?", "none", "1", False),
        ("How often is it held?", "every year", "3 times", False),
    ],
)
def test_amounts_without_a_number_are_brought_together(question: str, one: str, other: str, alike: bool) -> None:
    told = [reading(hit(f"{i}.md", f"They said: {text} so far."), text) for i, text in enumerate((one, other))]
    assert same(parse(question), *told) is alike
