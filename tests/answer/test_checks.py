import pytest

from qa.answer.checks import Premise, decide, is_quote, judge
from qa.answer.lexical import LexicalChecker
from qa.answer.names import missing_names, names
from qa.answer.negation import reverses
from qa.testing import FixedChecker
from qa.types import Reason

MARINES = (
    "A detachment of 100 Marines flew from Kuwait to Baghdad on Tuesday, Secretary of Defense Mark Esper said. "
    "About 750 soldiers will follow."
)


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("A detachment of 200 Marines flew from Kuwait to Baghdad.", Reason.NUMBER_MISMATCH),
        ("A detachment of 750 Marines flew from Kuwait to Baghdad.", Reason.NUMBER_MISMATCH),
        ("A detachment of 100 Marines flew from Kuwait to Tehran.", Reason.NAME_MISMATCH),
        ("The order came from General Austin Scott Miller on Tuesday.", Reason.NAME_MISMATCH),
        ("A detachment of 100 Marines did not fly from Kuwait to Baghdad.", Reason.NEGATION),
        ("A detachment of 100 Marines flew to Baghdad on 4 January 2020.", Reason.NUMBER_MISMATCH),
    ],
)
def test_certain_mismatches_have_their_code(claim: str, reason: Reason) -> None:
    finding = decide(claim, Premise(MARINES, date="2019-12-31"))
    assert finding is not None
    assert finding.verdict == "unsupported"
    assert reason in finding.reasons


@pytest.mark.parametrize(
    "claim",
    [
        "One hundred Marines flew from Kuwait to Baghdad.",
        "100 Marines were flown to Baghdad on 31 December 2019.",
        "Mark Esper said that Marines flew from Kuwait.",
        "Around 750 soldiers are to follow.",
        "Esper spoke of 100 Marines.",
    ],
)
def test_fair_restatements_are_left_to_the_checker(claim: str) -> None:
    assert decide(claim, Premise(MARINES, date="2019-12-31")) is None


def test_a_verbatim_quote_is_supported_whatever_the_checker_thinks() -> None:
    claim = "about 750 soldiers will follow"
    finding = judge(FixedChecker(0.0), [(claim, Premise(MARINES))])[0]
    assert (finding.verdict, finding.support) == ("supported", None)


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("5,000 troops", True),
        ("000 troops", False),
        ("5,0", False),
        ("roops are", False),
        ("troops are there", True),
        ("", False),
    ],
)
def test_quotes_end_at_words_and_numbers(claim: str, expected: bool) -> None:
    assert is_quote(claim, "Some 5,000 troops are there.") is expected


def test_the_checker_decides_what_is_left_and_is_asked_once() -> None:
    checker = FixedChecker(0.9)
    pairs = [
        ("Marines went to the embassy.", Premise("Marines were sent to guard the embassy.")),
        ("No word shared.", Premise(" ")),
    ]
    supported, unrelated = judge(checker, pairs)
    assert supported.verdict == "supported"
    assert unrelated.verdict == "unsupported"
    assert unrelated.reasons == (Reason.NO_EVIDENCE,)


@pytest.mark.parametrize(
    ("claim", "found"),
    [
        ('Esper said: "About 750 soldiers will follow."', True),
        ("Esper said that “about 750 soldiers … follow” him.", True),
        ('Esper said: "About 750 soldiers will never leave."', False),
        ('The "first" detachment flew.', True),
    ],
)
def test_words_in_quotation_marks_stand_in_the_source(claim: str, found: bool) -> None:
    finding = decide(claim, Premise(MARINES))
    assert (finding is None or Reason.QUOTE_NOT_FOUND not in finding.reasons) is found


def test_an_empty_premise_is_no_evidence() -> None:
    finding = decide("Anything.", Premise("  "))
    assert finding is not None
    assert finding.reasons == (Reason.NO_EVIDENCE,)


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("The embassy was evacuated.", "The embassy was not evacuated.", True),
        ("Troops opened fire.", "Troops did not open fire.", True),
        ("Sales fell.", "Sales rose by 5%.", True),
        ("The board approved the plan.", "The board rejected the plan.", True),
        ("The Marines came from Kuwait.", "The Marines, who came from Kuwait, are not leaving.", False),
        ("He denied that he had paid the bill.", "He paid the bill.", True),
        ("The gate was not broken.", "The gate was not broken, the guard said.", False),
        ("The policy does not cover floods.", "Floods are excluded from the policy.", False),
        ("Users cannot undo the change.", "There is no way to undo the change.", False),
        ("There were plans to leave.", "There were no plans to leave.", True),
        ("The firm excluded floods.", "The firm insured boats.", False),
    ],
)
def test_opposites(claim: str, premise: str, expected: bool) -> None:
    assert reverses(claim, premise) is expected


def test_names_leave_out_titles_days_and_sentence_openings() -> None:
    assert names("Protesters met Ambassador Matt Tueller on Tuesday in Baghdad.") == ["Matt Tueller", "Baghdad"]


@pytest.mark.parametrize(
    ("claim", "premise", "missing"),
    [
        ("American troops were moved by the Pentagon.", "The U.S. Department of Defense moved troops.", []),
        ("They met Mark Esper.", "Defense Secretary Esper met them.", []),
        ("They met John Esper Smith.", "Esper met them.", ["John Esper Smith"]),
        ("It was signed by NATO.", "The North Atlantic Treaty Organization signed it.", []),
        ("It happened in Tehran.", "It happened in Baghdad.", ["Tehran"]),
    ],
)
def test_missing_names(claim: str, premise: str, missing: list[str]) -> None:
    assert missing_names(claim, premise) == missing


def test_the_lexical_checker_measures_shared_words() -> None:
    high, low = LexicalChecker().support(
        [("Marines guard the embassy", "Marines guard an embassy"), ("Marines guard the embassy", "Farmers grow wheat")]
    )
    assert high == 1.0
    assert low == 0.0


@pytest.mark.parametrize(
    ("claim", "premise", "reason"),
    [
        ("Coffee raises blood pressure.", "The study found no evidence that coffee raises blood pressure.", "NEGATION"),
        ("Police ruled out arson.", "Police said they had not ruled out arson.", "NEGATION"),
        ("The wall will fall.", "The wall will fall unless it is mended.", None),
        ("Profit rose by a third.", "Profit fell by a third, while sales rose by a tenth.", "NEGATION"),
        ("Yuri Belov landed.", "Pilot Ivan Belov landed.", "NAME_MISMATCH"),
        ("Silva beat Hofer.", "Hofer beat Silva.", "NAME_MISMATCH"),
        ("All guests left.", "Some guests left.", "NUMBER_MISMATCH"),
        ("Beef is no longer banned.", "The cabinet lifted its ban on beef.", None),
        ("Regulators have yet to approve the merger.", "Regulators have not approved the merger.", None),
        ("Approval by regulators is pending.", "Regulators have not yet approved the merger.", None),
        ("One engine did not fail.", "Two of the three engines failed.", None),
    ],
)
def test_what_code_decides_and_what_it_leaves(claim: str, premise: str, reason: str | None) -> None:
    finding = decide(claim, Premise(premise))
    if reason is None:
        assert finding is None
    else:
        assert finding is not None
        assert reason in finding.reasons
