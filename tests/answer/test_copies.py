import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.copies import changes_amount, denies_copy, exchanges_names

BRIDGE = "The bridge was opened in 1931 by Karl Weber, and most ships that pass under it do not pay a toll."


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("The bridge was not opened in 1931 by Karl Weber.", BRIDGE, True),
        ("Most ships that pass under it do pay a toll.", BRIDGE, True),
        ("Most ships that pass under it don't pay a toll.", BRIDGE, False),
        ("The bridge was opened in 1931.", BRIDGE, False),
        ("The bridge was never painted in 1931.", BRIDGE, False),
        ("No ships were allowed to pass.", "We know that no ships were allowed to pass.", False),
        ("Ships were allowed to pass.", "We know that no ships were allowed to pass.", False),
        ("Reich's book is a series of fables.", "Life, unlike Reich's book, is not a series of fables.", False),
        ("They pay a toll here.", "They do not pay. They pay a toll here.", False),
        ("", BRIDGE, False),
    ],
)
def test_a_copy_with_or_without_a_denial(claim: str, premise: str, expected: bool) -> None:
    assert denies_copy(claim, premise) is expected


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("The Danube is longer than the Rhine.", "The Rhine is longer than the Danube.", True),
        ("Karl Weber was followed as mayor by Ada Bell.", "Ada Bell was followed as mayor by Karl Weber.", True),
        ("Ada Bell was followed as mayor by Karl Weber.", "Ada Bell was followed as mayor by Karl Weber.", False),
        ("They visited Rome, Paris and London.", "They visited London, Paris and Rome.", False),
        ("Spain met France in the final.", "France met Spain in the final.", False),
        ("The train runs from Rome to Paris.", "The train runs from Paris to Rome.", True),
        ("Spain beat France by 3 goals to 1.", "Spain beat France by 1 goals to 3.", True),
        ("Spain beat France in the final.", "France lost to Spain in the final.", False),
    ],
)
def test_a_copy_with_two_names_exchanged(claim: str, premise: str, expected: bool) -> None:
    assert exchanges_names(claim, premise) is expected


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("They kept three legions in five bases.", "They kept eight legions in five bases.", True),
        ("They kept 8 legions in five bases.", "They kept eight legions in five bases.", False),
        ("They kept about 1,200 horses there.", "They kept about 1,240 horses there.", False),
        ("They kept over 46 horses there.", "They kept over 400 horses there.", True),
        ("They kept over 437 horses there.", "They kept over 500 horses there.", True),
        ("They kept more than 1,200 horses there.", "They kept more than 1,240 horses there.", False),
        ("They kept 1,200 horses there.", "They kept 1,240 horses there.", True),
        ("They kept 1,240 horses there.", "Once they kept 900 horses there; now they kept 1,240 horses there.", False),
        ("All ships that pass under it are old.", "Most ships that pass under it are old.", True),
        ("Some ships that pass under it are old.", "Most ships that pass under it are old.", False),
        ("Few ships that pass under it are old.", "Most ships that pass under it are old.", True),
        ("It is always closed on Sundays.", "It is often closed on Sundays.", True),
        ("It is sometimes closed on Sundays.", "It is often closed on Sundays.", False),
        ("It is rarely closed on Sundays.", "It is often closed on Sundays.", True),
    ],
)
def test_a_copy_with_another_amount(claim: str, premise: str, expected: bool) -> None:
    assert changes_amount(claim, premise) is expected


@given(st.text(max_size=60), st.text(max_size=120))
def test_any_text_can_be_compared(claim: str, premise: str) -> None:
    for check in (denies_copy, exchanges_names, changes_amount):
        assert check(claim, premise) in {True, False}
        assert check(claim, claim) is False
