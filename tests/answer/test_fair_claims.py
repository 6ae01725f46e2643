"""Claims that say what the premise says in other words: the rules leave them to the checker, and still catch the claim
beside each that says something else."""

import pytest

from qa.answer.checks import Premise, decide

PAIRS = [
    (
        "The toll hit 250,000 on Wednesday.",
        "The toll hit a quarter of a million on Wednesday.",
        "The toll hit three quarters of a million on Wednesday.",
    ),
    (
        "The first half of the season ended on July 9, 2017.",
        "The first half of the season ended on 9 July 2017.",
        "Half of the season was cancelled on 9 July 2017.",
    ),
    (
        "Anyone who defaces the monument faces a decade in prison.",
        "Anyone who defaces the monument faces ten years in prison.",
        "Anyone who defaces the monument faces twenty years in prison.",
    ),
    (
        "The bank ended a decade-long slump in Norway.",
        "The bank ended ten years of slump in Norway.",
        "The bank ended six years of slump in Norway.",
    ),
    (
        "His rating dropped 7 percentage points within a month.",
        "His rating went down by seven points within a month.",
        "His rating went down by nine points within a month.",
    ),
    ("The rating rose 7%.", "The rating rose 7 percent.", "The rating rose 7 points."),
    (
        "The bill passed in a 68-32 vote.",
        "The bill passed with 68 votes.",
        "The bill passed with 58 votes.",
    ),
    (
        "A 12-year-old boy wrote the letter.",
        "A boy of twelve wrote the letter.",
        "A boy of fourteen wrote the letter.",
    ),
    (
        "It is the eighth feature of the series.",
        "Seven features of the series came before it.",
        "Nine features of the series came before it.",
    ),
    (
        "Previews began on July 24, 2007, and the show opened on August 19, 2007.",
        "Nearly four weeks of previews came before the opening.",
        "Nearly nine weeks of previews came before the opening.",
    ),
    (
        "Senator Susan Collins (R-Maine) named her terms on Monday.",
        "On Monday the Maine Republican named her terms.",
        "On Monday the Maine Democrat named her terms.",
    ),
    (
        "The arrests took place at Camp Pendleton, Calif., on Thursday.",
        "The arrests took place at Camp Pendleton in California on Thursday.",
        "The arrests took place at Camp Pendleton in Nevada on Thursday.",
    ),
    (
        "Kim Lee of Springfield, Ill., fell ill in May.",
        "In May Kim Lee of Springfield in Illinois fell ill.",
        "In May Kim Lee of Springfield in Delaware fell ill.",
    ),
    (
        "Kim Lee fell ill in May and missed a mass in Rome.",
        "In May Kim Lee fell ill and missed a mass.",
        "In May Kim Lee fell ill in Illinois and missed a mass.",
    ),
    (
        "Nyswaner lost the Academy Award to Jane Campion.",
        "Nyswaner lost the Oscar to Jane Campion.",
        "Nyswaner lost the Grammy to Jane Campion.",
    ),
    (
        "Mount Mitchell is the highest peak of the range.",
        "No peak of the range is higher than Mount Mitchell.",
        "Mount Mitchell is not the highest peak of the range.",
    ),
    (
        "Leila Seth was the first woman judge on the court.",
        "Nobody was a woman judge on the court before Leila Seth.",
        "Leila Seth was not a judge on the court.",
    ),
    (
        "Earlier the bureau released payroll data that named 235,000 jobs.",
        "Payroll data released today by the bureau named 235,000 jobs.",
        "Payroll data released today by the bureau named 335,000 jobs.",
    ),
    (
        "The unemployment rate dropped sharply in May.",
        "The unemployment rate fell sharply in May.",
        "The unemployment rate rose sharply in May.",
    ),
]


@pytest.mark.parametrize(("premise", "fair", "false"), PAIRS)
def test_the_fair_claim_is_left_open_and_the_false_one_caught(premise: str, fair: str, false: str) -> None:
    open_, caught = decide(fair, Premise(premise)), decide(false, Premise(premise))
    assert open_ is None or open_.verdict == "supported", fair
    assert caught is not None, false
    assert caught.verdict == "unsupported"


def test_a_title_that_is_quoted_may_stand_in_the_documents_title() -> None:
    premise = "It reached number 2 on the charts in the spring."
    claim = 'The song "Ride Like the Wind" reached number 2 on the charts.'
    assert decide(claim, Premise(premise, "Ride Like the Wind")) is None
    assert decide(claim, Premise(premise)) is not None
