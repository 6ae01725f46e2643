import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.checks import Premise, decide
from qa.answer.transfers import returned
from qa.types import Reason

LOAN = "Norway lent two ships to Denmark in 1921."
INDIRECT = "In 1921 Norway lent Denmark two ships."
SALE = "Leeds sold the old mill to York in 1954, after a long quarrel."
GRANT = "The grant was given to the museum by Carrow Trust in May."


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("Two ships were lent to Norway by Denmark in 1921.", LOAN, True),
        ("Two ships were lent to Denmark by Norway in 1921.", LOAN, False),
        ("Norway was lent two ships by Denmark.", INDIRECT, True),
        ("Denmark was lent two ships by Norway.", INDIRECT, False),
        ("Norway borrowed two ships from Denmark.", LOAN, True),
        ("Denmark borrowed two ships from Norway.", LOAN, False),
        ("The old mill was bought by Leeds from York.", SALE, True),
        ("The old mill was bought by York from Leeds.", SALE, False),
        ("York bought the old mill from Leeds.", SALE, False),
        ("Carrow Trust received the grant from the museum.", GRANT, True),
        ("The museum received the grant from Carrow Trust.", GRANT, False),
    ],
)
def test_who_gave_and_who_received(claim: str, premise: str, expected: bool) -> None:
    assert returned(claim, premise) is expected
    finding = decide(claim, Premise(premise))
    assert (finding is not None and Reason.NAME_MISMATCH in finding.reasons) is expected


@pytest.mark.parametrize(
    ("claim", "premise"),
    [
        # Both ways are told.
        ("Norway lent a ship to Denmark.", f"Denmark lent a ship to Norway. {LOAN}"),
        # Another kind of transfer may well have gone back.
        ("Denmark sold two ships to Norway.", LOAN),
        # What is denied went nowhere.
        ("Denmark did not lend ships to Norway.", LOAN),
        # No party, but a time, a place or a part of a name.
        ("Two ships were lent to Norway by May.", LOAN),
        ("The school of Leeds sold a house to York.", "York sold a house to Leeds."),
        ("The ships were lent.", LOAN),
        ("", LOAN),
        (LOAN, ""),
    ],
)
def test_what_is_not_plain_is_left_to_the_checker(claim: str, premise: str) -> None:
    assert not returned(claim, premise)


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_is_read_and_no_text_turns_itself_round(claim: str, premise: str) -> None:
    assert not returned(claim, claim)
    returned(claim, premise)


def test_a_sentence_too_long_to_be_plain_is_left_out() -> None:
    claim = "Two ships were lent to Norway by Denmark."
    assert returned(claim, LOAN)
    assert not returned(claim, LOAN.replace("in 1921", "with their crews " * 30))
