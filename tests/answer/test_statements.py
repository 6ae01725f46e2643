"""The claim that a question and an answer make together."""

import pytest

from qa.answer.statements import statement


@pytest.mark.parametrize(
    ("question", "answer", "claim"),
    [
        ("How many seats did the party win?", "12", "The party won 12 seats."),
        ("How many flights did the airport drop on Wednesday?", "40", "The airport dropped 40 flights on Wednesday."),
        ("How many guards lost their lives at Orm?", "five guards", "Five guards lost their lives at Orm."),
        ("How many homes were completely destroyed?", "214", "214 homes were completely destroyed."),
        ("How many phones was the warning sent to?", "9,800", "The warning was sent to 9,800 phones."),
        ("How much money did Orm want as damages?", "4 million crowns", "Orm wanted 4 million crowns as damages."),
        ("How many lives did the rocket strike on the mill cost?", "3", "The rocket strike on the mill cost 3 lives."),
        ("To how many has the toll risen?", "three", "The toll has risen to three."),
        ("By how much had the water dropped?", "seven metres", "The water had dropped by seven metres."),
        ("How long did the fight at the ford last?", "an hour", "The fight at the ford lasted an hour."),
        ("How long is the truce meant to last?", "sixty days", "The truce is meant to last sixty days."),
        ("How big was the crowd at the gate?", "30,000", "The crowd at the gate was 30,000."),
        (
            "How strong was the patrol that crossed the river?",
            "ten men",
            "The patrol that crossed the river was ten men.",
        ),
        (
            "How long did it take the board to order the recall?",
            "four days",
            "It took four days for the board to order the recall.",
        ),
        (
            "When did the mayor present the bill in the Diet?",
            "4 October",
            "The mayor presented the bill in the Diet on 4 October.",
        ),
        ("When was the bridge opened?", "1978", "The bridge was opened in 1978."),
        ("When did the alarm ring?", "5:10 a.m.", "The alarm rang at 5:10 a.m."),
        (
            "At what hour was the barrier brought down?",
            "shortly after four",
            "The barrier was brought down shortly after four.",
        ),
        ("In which town did the burial take place?", "Lisk", "The burial took place in Lisk."),
        ("In which town did it end?", "in Lisk", "It ended in Lisk."),
        (
            "Where was the first round of talks held?",
            "Castle Brenn",
            "The first round of talks was held in Castle Brenn.",
        ),
        ("From where did the march start?", "Foundry Square", "The march started from Foundry Square."),
        ("By whom was the order given?", "Irena Val", "The order was given by Irena Val."),
        ("At whose request were police sent?", "the mayor", "Police were sent at the request of the mayor."),
        ("Whose signature does the note carry?", "Hugo Pell", "The note carries Hugo Pell's signature."),
        ("Whose signature is on the permit?", "Hugo Pell", "Hugo Pell's signature is on the permit."),
        ("Who is the minister?", "Ina Brask", "Ina Brask is the minister."),
        ("Who did the union elect?", "Ina Brask", "The union elected Ina Brask."),
        (
            "What did the army tell the people to do before the raid?",
            "stay inside",
            "The army told the people to stay inside before the raid.",
        ),
        ("What was the convoy carrying to the border?", "tanks", "The convoy was carrying tanks to the border."),
        ("What does the board do?", "supervises banks", "The board supervises banks."),
        (
            "What was the drug contaminated with?",
            "a cleaning agent",
            "The drug was contaminated with a cleaning agent.",
        ),
        (
            "What is the distance between the burnt mill and the ford?",
            "a mile",
            "The distance between the burnt mill and the ford is a mile.",
        ),
        ("What caused the mill to explode?", "flour dust", "Flour dust caused the mill to explode."),
        ("What kind of vehicle went up in flames?", "an ambulance", "An ambulance went up in flames."),
        ("Which auditor declined to sign?", "Keel", "Keel declined to sign."),
        ("What share of the firm's exports goes over the bridge?", "a fifth", "A fifth goes over the bridge."),
        ("Why did the envoy postpone the trip?", "to rest", "The envoy postponed the trip to rest."),
        (
            "Why weren't the hurt treated in town?",
            "the clinic was full",
            "The hurt were not treated in town because the clinic was full.",
        ),
        ("When the crush began, how many gates were open?", "two", "Two gates were open when the crush began."),
        ("When, according to the firm, did it start?", "Friday", "It started on Friday according to the firm."),
        ("population of Lisk", "26,000", "Population of Lisk: 26,000."),
    ],
)
def test_the_answer_stands_where_the_question_leaves_its_place(question: str, answer: str, claim: str) -> None:
    assert statement(question, answer) == claim
