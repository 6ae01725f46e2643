import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.asides import misattributes
from qa.answer.checks import Premise, decide
from qa.types import Reason

SCHOOL = "Mary Kerr, the sister of John Hale, founded the school on Mill Lane in 1911."
CHOIR = "Anna Bell taught Peter Ross, who later led the choir of Leeds, and moved to Wales."


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("John Hale founded the school on Mill Lane.", SCHOOL, True),
        ("Hale founded the school in 1911.", SCHOOL, True),
        ("Mary Kerr founded the school on Mill Lane.", SCHOOL, False),
        ("Kerr founded the school in 1911.", SCHOOL, False),
        ("Anna Bell later led the choir of Leeds.", CHOIR, True),
        ("Peter Ross later led the choir of Leeds.", CHOIR, False),
        ("It was cold. John Hale founded the school on Mill Lane.", SCHOOL, True),
    ],
)
def test_of_whom_it_is_said(claim: str, premise: str, expected: bool) -> None:
    assert misattributes(claim, premise) is expected
    finding = decide(claim, Premise(premise))
    assert (finding is not None and Reason.NAME_MISMATCH in finding.reasons) is expected


@pytest.mark.parametrize(
    ("claim", "premise"),
    [
        # A list has no aside.
        ("Hale founded the school.", "Kerr, Hale, and Ross founded the school."),
        # Another sentence says it of him.
        ("Hale founded the school.", f"{SCHOOL} Hale founded the school with her."),
        # What the aside itself says is his.
        ("John Hale was a miller.", "Mary Kerr, whose brother John Hale was a miller, founded the school."),
        # The name may be hers: one of two who share it.
        ("Hale founded the school.", "Mary Hale, the sister of John Hale, founded the school."),
        ("The school was founded.", SCHOOL),
        ("", SCHOOL),
        (SCHOOL, ""),
    ],
)
def test_what_is_not_plain_is_left_to_the_checker(claim: str, premise: str) -> None:
    assert not misattributes(claim, premise)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read(claim: str, premise: str) -> None:
    assert not misattributes(claim, claim)
    misattributes(claim, premise)


def test_a_sentence_too_long_to_be_plain_is_left_out() -> None:
    claim = "John Hale founded the school on Mill Lane."
    assert misattributes(claim, SCHOOL)
    assert not misattributes(claim, SCHOOL.replace("in 1911", "and its halls " * 50))
