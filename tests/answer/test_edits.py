import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.checks import Premise, decide
from qa.answer.edits import renames, trades, turns
from qa.types import Reason

STRIKE = "The strike at the Ostrava mill began in March after the owners had sold two of the older halls to a rival."
FINAL = "In the final of 1931 Karl Weber of Jena beat Otto Lang by three sets to one before a crowd of 900."
SHORT = FINAL.replace("Karl ", "").replace("Otto ", "")


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The walkout at the Ostrava mill ended in March after the owners had sold two halls.", True),
        ("The strike at the mill began in March before the owners had sold two of the older halls.", True),
        ("The strike at the Ostrava mill did not begin in March after the owners had sold two halls.", True),
        ("The strike at the mill began in March after the owners had sold two of its older halls.", False),
        ("The walkout at the mill started in March after the owners had sold two of the older halls.", False),
        # A claim of two sentences, of which one is turned.
        ("The strike at the Ostrava mill ended in March after the owners had sold two halls. It was long.", True),
        ("It began in May.", False),
        ("", False),
    ],
)
def test_a_near_copy_with_a_denial_or_an_opposite(claim: str, expected: bool) -> None:
    finding = decide(claim, Premise(STRIKE))
    assert (finding is not None and Reason.NEGATION in finding.reasons) is expected


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("The hall holds more than 500 guests on most days.", "The hall holds nearly 500 guests on most days.", True),
        ("The club more than doubled its debts in 1931.", "The club almost doubled its debts in 1931.", True),
        ("The hall holds over 500 guests on most days.", "The hall holds more than 500 guests on most days.", False),
        ("The hall holds close to 500 guests on most days.", "The hall holds almost 500 guests on most days.", False),
        ("Few of the guests came by train that day.", "Most of the guests came by train that day.", True),
        ("It was played in no halls of the old town.", "It was played in several halls of the old town.", True),
    ],
)
def test_bounds_and_quantities_in_words(claim: str, premise: str, expected: bool) -> None:
    assert turns(claim, premise) is expected


@pytest.mark.parametrize(
    ("claim", "premise"),
    [
        # Two turns may cancel out.
        ("The strike at the mill did not end in March after the owners had sold two halls.", STRIKE),
        # As near to another sentence, which says so.
        ("The strike there ended in March.", "The strike there began in March. The strike there ended in March."),
        # Which of two things the denial belongs to is open.
        ("Weber's book is a long series of fables.", "Unlike Weber's book, Lang's is not a long series of fables."),
        # A word with a capital may be part of a name.
        ("The players of the North Hall were sent home.", "The players of the South Hall were sent home."),
    ],
)
def test_what_may_have_another_reason_is_left_to_the_checker(claim: str, premise: str) -> None:
    assert not turns(claim, premise)


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("In the final of 1931 Lang of Jena defeated Weber by three sets to one.", SHORT, True),
        ("In the final of 1931 Otto Lang of Jena beat Karl Weber by three sets to one.", FINAL, True),
        ("In the final of 1931 Karl Weber of Jena defeated Otto Lang by three sets to one.", FINAL, False),
        (
            "Both Otto Lang and Karl Weber have played in Jena.",
            "Both Karl Weber and Otto Lang had played in Jena.",
            False,
        ),
        ("", FINAL, False),
    ],
)
def test_a_near_copy_in_which_names_changed_places(claim: str, premise: str, expected: bool) -> None:
    assert trades(claim, premise) is expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("In the final of 1931 Karl Weber of Breslau beat Otto Lang by three sets to one.", True),
        ("In the final of 1931 Karl Weber of Jena beat Otto Lang by three sets to one.", False),
        ("In the final of 1931 Weber of Jena beat Lang by three sets to one.", False),
        ("Karl Weber of Breslau beat Otto Lang.", False),
    ],
)
def test_a_near_copy_with_another_name(claim: str, expected: bool) -> None:
    assert renames(claim, FINAL) is expected


GOALS = "Otto Lang plays beside Karl Weber. Weber currently holds the record of the club for most goals in a year."
TOLL = "Before the war, the ferry at Lenz carried coal. Lenz Pier is now used by nobody but two fishing crews."


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The ferry at Lenz carried coal after the war.", True),
        ("After the war, the ferry at Lenz carried coal.", True),
        ("The ferry at Lenz carried coal before the war.", False),
        ("Before the war, the ferry at Lenz carried coal.", False),
    ],
)
def test_a_phrase_may_stand_at_either_end(claim: str, expected: bool) -> None:
    assert turns(claim, TOLL) is expected


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        # A first word may be a name where it stands for one.
        ("Breslau is now used by nobody but two fishing crews.", TOLL, True),
        ("It is now used by nobody but two fishing crews.", TOLL, False),
        ("Ferry boats are now used by nobody but two fishing crews.", TOLL, False),
        ("Lens is now used by nobody but two fishing crews.", TOLL, False),
        # Other words behind the name, which the premise has elsewhere.
        ("Otto Lang now holds the record of the club for most goals in a year.", GOALS, True),
        ("Karl Weber now holds the record of the club for most goals in a year.", GOALS, False),
        ("The Jena man now holds the record of the club for most goals in a year.", GOALS, False),
    ],
)
def test_another_name_at_the_beginning(claim: str, premise: str, expected: bool) -> None:
    assert renames(claim, premise) is expected


def test_such_claims_are_never_supported_and_say_why() -> None:
    found = decide(
        "The walkout at the Ostrava mill ended in March after the owners had sold two halls.", Premise(STRIKE)
    )
    assert found is not None
    assert (found.verdict, found.reasons) == ("unsupported", (Reason.NEGATION,))
    found = decide("In the final of 1931 Otto Lang of Jena beat Karl Weber by three sets to two.", Premise(FINAL))
    assert found is not None
    assert Reason.NAME_MISMATCH in found.reasons


@given(st.text(max_size=80), st.text(max_size=120))
def test_any_text_is_read_and_no_text_turns_itself(claim: str, premise: str) -> None:
    for judge in (turns, trades, renames):
        judge(claim, premise)
        assert not judge(premise, premise)
