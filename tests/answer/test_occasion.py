import pytest
from given import hit, reading

from qa.answer.occasion import differ, other_day, parted
from qa.answer.quantities import quantities
from qa.answer.question import parse


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("310 houses", "roughly 300 houses", False),
        ("310 houses", "130 houses", True),
        ("400 troops", "hundreds of troops", False),
        ("400 troops", "dozens of troops", True),
        ("100 Marines", "a small contingent of Marines", True),
        ("three hours", "180 minutes", False),
    ],
)
def test_amounts_that_a_reader_wants_to_see_both(a: str, b: str, expected: bool) -> None:
    assert differ(quantities(a)[0], quantities(b)[0]) is expected


def test_days_are_other_days_only_when_each_sentence_has_one() -> None:
    assert other_day(("It rose in 2019.", ""), ("It fell in 2012.", ""))
    assert not other_day(("It rose in 2019.", ""), ("It fell from 2012 to 2019.", ""))
    assert not other_day(("It rose on Tuesday.", "2020-01-01"), ("It rose on 31 December 2019.", ""))
    assert not other_day(("It rose.", ""), ("It fell in 2012.", ""))


@pytest.mark.parametrize(
    ("question", "one", "other", "expected"),
    [
        ("By how much will wages rise?", "by 5.5 percent", "52 million crowns", True),
        ("By how much will wages rise?", "by 5.5 percent", "nine percent", False),
        ("By how much will wages rise?", "by 5.5 percent", "nine", False),
        ("When did the sirens go off?", "4:05 a.m.", "January", True),
        ("When did the sirens go off?", "4:05 a.m.", "5:10 a.m.", False),
        ("When did the sirens go off?", "in May", "in January", False),
    ],
)
def test_values_of_another_scale_do_not_contradict(question: str, one: str, other: str, expected: bool) -> None:
    a, b = (reading(hit(value, f"Told was {value} so far."), value) for value in (one, other))
    assert parted(parse(question), a, b) is expected


@pytest.mark.parametrize(
    ("denial", "expected"),
    [("On 5 May he spoke, but he never visited them.", False), ("On 5 May he did not visit them.", True)],
)
def test_never_denies_for_every_day(denial: str, expected: bool) -> None:
    visit = reading(hit("a.md", "He visited the wounded on 8 May."), "He visited the wounded on 8 May.")
    other = reading(hit("b.md", denial), denial)
    assert parted(parse("Did he visit the wounded?"), visit, other) is expected
