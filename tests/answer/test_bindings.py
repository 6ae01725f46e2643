import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.bindings import turns_joint, unbinds
from qa.answer.checks import Premise, decide
from qa.types import Reason

BRIDGES = "The first bridge was finished in 1931 and the second in 1954."
HALLS = "Hall A holds 300 people, hall B 500."
SALES = "Sales fell from 310 units in 2019 to 240 units in 2020."
TREATY = "The treaty was signed on 3 May and took effect on 1 July."
LIFE = "She was born in Lyon and raised in Geneva."


@pytest.mark.parametrize(
    ("premise", "claim", "expected"),
    [
        (BRIDGES, "The second bridge was finished in 1931.", True),
        (BRIDGES, "The first bridge dates from 1954.", True),
        (BRIDGES, "The second bridge was finished in 1954.", False),
        (BRIDGES, "A bridge was finished in 1931.", False),
        (BRIDGES, "The second bridge was not finished in 1931.", False),
        (BRIDGES, "The first bridge and the second were finished in 1931 and 1954.", False),
        (HALLS, "Hall B holds 300 people.", True),
        (HALLS, "Hall B holds 500 people.", False),
        (SALES, "In 2019, 240 units were sold.", True),
        (SALES, "In 2020, 240 units were sold.", False),
        (SALES, "Sales fell from 240 units to 310 units.", True),
        (SALES, "Sales fell from 310 units to 240 units.", False),
        ("Of 20 plans, 14 of the 20 were approved.", "The council approved 20 of 14 plans.", True),
        (TREATY, "The treaty took effect on 3 May.", True),
        (TREATY, "The treaty took effect on July 1.", False),
        (LIFE, "She was raised in Lyon.", True),
        (LIFE, "She was raised in Geneva.", False),
        (LIFE, "She was at school in Lyon.", False),
        # Another sentence has both.
        (f"{LIFE} Later she was raised in Lyon.", "She was raised in Lyon.", False),
        # Nothing parts the pairs: the ships and the planes are both Norway's.
        ("Norway Air sent 2 ships to Denmark and 3 planes.", "Norway Air sent 3 planes.", False),
        ("", "She was raised in Lyon.", False),
        (LIFE, "", False),
    ],
)
def test_what_a_sentence_keeps_apart_is_not_joined(premise: str, claim: str, expected: bool) -> None:
    assert unbinds(claim, premise) is expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The museum is open on Mondays.", True),
        ("The museum is not open on Mondays.", False),
        ("The museum is closed on Mondays.", False),
        ("The museum is shut on Mondays.", False),
    ],
)
def test_what_holds_of_a_day_is_not_the_opposite(claim: str, expected: bool) -> None:
    assert turns_joint(claim, "The museum is closed on Mondays and open on all other days.") is expected


def test_such_a_claim_is_never_supported_and_a_value_told_in_short_is_borne() -> None:
    found = decide("The second bridge was finished in 1931.", Premise(BRIDGES))
    assert found is not None
    assert (found.verdict, found.reasons) == ("unsupported", (Reason.NUMBER_MISMATCH,))
    assert decide("Hall B holds 500 people.", Premise(HALLS)) is None
    flood = Premise("The 2018 flood destroyed 12 houses; the 2021 flood destroyed 30.")
    assert decide("30 houses were destroyed by the 2021 flood.", flood) is None


@pytest.mark.parametrize("text", ["The " * 3000, "Rome to 3 May from 1931 of " * 500, "(" * 5000])
def test_hostile_text_is_read_without_harm(text: str) -> None:
    assert not unbinds(text, f"{text} x")
    assert not unbinds("She was raised in Lyon.", text)


@given(st.text(max_size=80), st.text(max_size=120))
def test_any_text_is_read_and_none_is_bound_against_itself(claim: str, premise: str) -> None:
    unbinds(claim, premise)
    assert not unbinds(premise, premise)
