from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.quantities import agrees, quantities, same_value


def only(text: str, anchor: str = ""):
    found = quantities(text, anchor)
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("100 Marines", 100),
        ("one hundred Marines", 100),
        ("a hundred Marines", 100),
        ("one hundred and five guns", 105),
        ("twenty-five fighters", 25),
        ("5,000 troops", 5000),
        ("five thousand troops", 5000),
        ("1.2 million people", 1_200_000),
        ("half a million people", 500_000),
        ("two dozen men", 24),
        ("2000 soldiers", 2000),
        ("two hundred thousand men", 200_000),
    ],
)
def test_numbers_are_brought_to_one_value(text: str, value: int) -> None:
    assert only(text).low == Decimal(value)


@pytest.mark.parametrize(
    ("text", "kind", "unit", "value"),
    [
        ("45% of voters", "percent", "", "45"),
        ("ten percent", "percent", "", "10"),
        ("3.5 per cent", "percent", "", "3.5"),
        ("$1.2 million", "money", "usd", "1200000"),
        ("£5bn", "money", "gbp", "5000000000"),
        ("200 euros", "money", "eur", "200"),
        ("5 km", "measure", "length", "5000"),
        ("104-acre compound", "measure", "area", "420873.44"),
        ("90 minutes", "measure", "duration", "5400"),
    ],
)
def test_units_are_brought_to_one_base(text: str, kind: str, unit: str, value: str) -> None:
    quantity = only(text)
    assert (quantity.kind, quantity.unit, quantity.low) == (kind, unit, Decimal(value))


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("31 December 2019", (2019, 12, 31)),
        ("December 31, 2019", (2019, 12, 31)),
        ("Dec. 31", (None, 12, 31)),
        ("2019-12-31", (2019, 12, 31)),
        ("March 2020", (2020, 3, None)),
        ("in 1979", (1979, None, None)),
        ("12 Sept. 2001", (2001, 9, 12)),
    ],
)
def test_dates(text: str, day: tuple[int | None, int | None, int | None]) -> None:
    assert only(text).day == day


def test_a_weekday_is_the_last_one_up_to_the_documents_day() -> None:
    assert only("on Tuesday", "2020-01-01").day == (2019, 12, 31)
    assert only("on Tuesday").day == (None, None, None)


@pytest.mark.parametrize(
    ("claim", "source", "expected"),
    [
        ("100 Marines", "about 100 Marines", True),
        ("about 100 Marines", "98 Marines", True),
        ("about 100 Marines", "80 Marines", False),
        ("100 Marines", "scores of Marines", False),
        ("hundreds of protesters", "450 protesters", True),
        ("hundreds of protesters", "45 protesters", False),
        ("more than 90 people", "100 people", True),
        ("more than 100 people", "100 people", False),
        ("at most 20 people", "12 people", True),
        ("5 km", "5,000 metres", True),
        ("5 km", "5 miles", False),
        ("5 percent", "5 people", False),
        ("$5", "£5", False),
        ("31 December", "December 31, 2019", True),
        ("31 December 2018", "December 31, 2019", False),
        ("December 2019", "31 December 2019", True),
        ("one hundred guns", "100 guns", True),
        ("a fifth of voters", "20 percent of voters", True),
        ("nine out of ten voters", "90% of voters", True),
        ("two-thirds of the seats", "67% of the seats", True),
        ("half of the seats", "40% of the seats", False),
    ],
)
def test_a_source_bears_out_a_claim(claim: str, source: str, expected: bool) -> None:
    assert agrees(only(claim), only(source)) is expected


def test_an_ordinal_and_a_lone_one_are_no_counts() -> None:
    assert [q.kind for q in quantities("the 82nd Airborne")] == ["ordinal"]
    assert quantities("one of the men, and no one else") == []


def test_no_share_begins_or_ends_inside_a_number() -> None:
    found = quantities("a population of 11,947 living in 4,699 of its 5,486 dwellings")
    assert [(q.kind, q.low) for q in found] == [("number", 11947), ("number", 4699), ("number", 5486)]
    assert [q.kind for q in quantities("of 3.5 in 10.5 kilometres")] == ["number", "measure"]
    assert [q.low for q in quantities("1 in 4, or 2 riders in 5.")] == [25, 40]


def test_a_part_is_no_more_than_its_whole_and_no_piece_of_a_name() -> None:
    assert [q.kind for q in quantities("the top 10 in six countries")] == ["number", "number"]
    assert [(q.kind, q.text) for q in quantities("doses against COVID-19 in 100 days")] == [("measure", "100")]


@given(st.text())
def test_spans_point_at_the_text_they_quote(text: str) -> None:
    for quantity in quantities(text):
        assert (
            text[quantity.span.start : quantity.span.end].strip().casefold() == quantity.text.casefold()
            or quantity.kind == "vague"
        )


@given(st.integers(min_value=2, max_value=10**9))
def test_separators_do_not_change_a_number(number: int) -> None:
    found = quantities(f"{number:,} things were seen")
    assert [q.low for q in found] == [number]


@pytest.mark.parametrize(
    ("a", "b", "bears_out", "same"),
    [
        ("thousands of shops", "several thousand shops", True, False),
        ("several thousand shops", "thousands of shops", False, False),
        ("many people", "several people", True, False),
        ("a few people", "many people", False, False),
        ("hundreds of shops", "hundreds of shops", True, True),
        ("hundreds of shops", "300 shops", True, False),
        ("about 300 shops", "300 shops", True, True),
    ],
)
def test_a_vague_amount_is_borne_out_by_a_narrower_one_which_is_another_value(
    a: str, b: str, bears_out: bool, same: bool
) -> None:
    assert agrees(only(a), only(b)) is bears_out
    assert same_value(only(a), only(b)) is same_value(only(b), only(a)) is same
