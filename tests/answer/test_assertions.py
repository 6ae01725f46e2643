"""What a yes and a no claim: word order, tense, and whether anything is said of anybody."""

import pytest

from qa.answer.assertions import assertion, denial
from qa.answer.verbs import past, third_person


@pytest.mark.parametrize(
    ("question", "yes", "no"),
    [
        ("Was the embassy wall breached?", "The embassy wall was breached.", "The embassy wall was not breached."),
        (
            "Did the protesters enter the building?",
            "The protesters entered the building.",
            "The protesters did not enter the building.",
        ),
        ("Is Matt Tueller the ambassador?", "Matt Tueller is the ambassador.", "Matt Tueller is not the ambassador."),
        ("Was the quay at Orm damaged?", "The quay at Orm was damaged.", "The quay at Orm was not damaged."),
        ("Were guests told of the fire?", "Guests were told of the fire.", "Guests were not told of the fire."),
        (
            "Has the head of the bank left the board?",
            "The head of the bank has left the board.",
            "The head of the bank has not left the board.",
        ),
        ("Has the wreck ever been found?", "The wreck has been found.", "The wreck has not been found."),
        (
            "Was the mayor out of the country when the tower fell?",
            "The mayor was out of the country when the tower fell.",
            "The mayor was not out of the country when the tower fell.",
        ),
        (
            "May shops in the harbour sell beer during the feast?",
            "Shops in the harbour may sell beer during the feast.",
            "Shops in the harbour may not sell beer during the feast.",
        ),
        ("Did the vote fail?", "The vote failed.", "The vote did not fail."),
        ("Did a budget vote fail?", "A budget vote failed.", "A budget vote did not fail."),
        ("Did guards use live rounds?", "Guards used live rounds.", "Guards did not use live rounds."),
        ("Does the order also apply to boats?", "The order also applies to boats.", None),
        ("Was the armed group caught?", "The armed group was caught.", "The armed group was not caught."),
        ("Is the state going to pay?", "The state is going to pay.", "The state is not going to pay."),
        (
            "Were all of the owners in favour of selling the mill?",
            "All of the owners were in favour of selling the mill.",
            "Not all of the owners were in favour of selling the mill.",
        ),
        ("Were any miners hurt?", "Some miners were hurt.", "No miners were hurt."),
        ("Were any of the miners hurt?", "Some of the miners were hurt.", "None of the miners were hurt."),
        ("Did anyone die at Orm?", "Someone died at Orm.", "Nobody died at Orm."),
        ("Did the bridge suffer any damage?", "The bridge suffered some damage.", None),
        ("Is the clinic still working?", "The clinic is still working.", "The clinic is no longer working."),
        ("Was there an alarm in the mine?", "There was an alarm in the mine.", "There was no alarm in the mine."),
        ("Didn't the mayor resign?", "The mayor resigned.", "The mayor did not resign."),
        ("Won't the insurer pay?", "The insurer will pay.", "The insurer will not pay."),
        ("Did the drug not work?", "The drug worked.", "The drug did not work."),
        ("Did every member vote?", "Every member voted.", "Not every member voted."),
        ("Did both sides appeal?", "Both sides appealed.", "Not both sides appealed."),
        ("Was nobody injured?", "Nobody was injured.", "Somebody was injured."),
        (
            "Must the tenant pay for repairs?",
            "The tenant must pay for repairs.",
            "It is not so that the tenant must pay for repairs.",
        ),
        ("Was Dr Chen born in Taipei?", "Dr Chen was born in Taipei.", "Dr Chen was not born in Taipei."),
        ("Is the loan repayable on demand?", "The loan is repayable on demand.", None),
        ("Was the fall greater than expected?", "The fall was greater than expected.", None),
        (
            "Was the report that the minister ordered published?",
            "The report that the minister ordered was published.",
            None,
        ),
        ("Did the firm that owned the ferry go bankrupt?", "The firm that owned the ferry went bankrupt.", None),
        ("Were the talks to be held in May?", "The talks were to be held in May.", None),
        ("And was it hit?", "It was hit.", "It was not hit."),
    ],
)
def test_what_yes_and_no_claim(question: str, yes: str, no: str | None) -> None:
    assert assertion(question) == yes
    if no:
        assert denial(question) == no


@pytest.mark.parametrize(
    ("question", "yes"),
    [
        ("Did the crew zorble the mast?", "The crew zorble the mast."),
        ("The wall was breached?", "The wall was breached."),
        ("Was it?", "Was it."),
    ],
)
def test_where_no_verb_is_seen_the_words_stay_in_order(question: str, yes: str) -> None:
    assert assertion(question) == yes
    assert denial(question) == f"It is not so that {yes[:1].lower()}{yes[1:]}"


@pytest.mark.parametrize(
    ("base", "told"),
    [
        ("fail", "failed"),
        ("stop", "stopped"),
        ("suffer", "suffered"),
        ("refer", "referred"),
        ("admit", "admitted"),
        ("visit", "visited"),
        ("deny", "denied"),
        ("destroy", "destroyed"),
        ("agree", "agreed"),
        ("undergo", "underwent"),
        ("speak", "spoke"),
    ],
)
def test_past(base: str, told: str) -> None:
    assert past(base) == told


def test_third_person() -> None:
    assert [third_person(base) for base in ("apply", "pass", "go", "have", "stay")] == [
        "applies", "passes", "goes", "has", "stays",
    ]  # fmt: skip
