"""The claim that a question and an answer make together."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.answer.assertions import assertion, denial
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
        ("When did the task force receive the bill?", "4 October", "The task force received the bill on 4 October."),
        ("When did the show first air?", "1978", "The show first aired in 1978."),
        ("What did the clerk earn?", "600 crowns", "The clerk earned 600 crowns."),
        ("What does the spill pose, in the board's words?", "a risk", "The spill poses a risk in the board's words."),
        ("How long is the bridge?", "300 metres", "The bridge is 300 metres long."),
        ("How old is the captain?", "41", "The captain is 41."),
        ("How old was she when she left the mill?", "18", "She was 18 when she left the mill."),
        (
            "How far from the shore was the ship when it was seized?",
            "140 miles",
            "The ship was 140 miles from the shore when it was seized.",
        ),
        ("How far away did the nearest guards live?", "560 metres", "The nearest guards lived 560 metres away."),
        ("How deep did they bore for water?", "900 feet", "They bored 900 feet for water."),
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
        (
            "What share of the firm's exports goes over the bridge?",
            "a fifth",
            "A fifth of the firm's exports goes over the bridge.",
        ),
        ("Why did the envoy postpone the trip?", "to rest", "The envoy postponed the trip to rest."),
        (
            "Why weren't the hurt treated in town?",
            "the clinic was full",
            "The hurt were not treated in town because the clinic was full.",
        ),
        ("When the crush began, how many gates were open?", "two", "Two gates were open when the crush began."),
        ("When, according to the firm, did it start?", "Friday", "It started on Friday according to the firm."),
        ("Which firm never paid the fine?", "Kemp", "Kemp never paid the fine."),
        ("Which clauses do not apply?", "4 and 5", "4 and 5 do not apply."),
        ("How much of the budget was spent on roads?", "a third", "A third of the budget was spent on roads."),
        ("How much damage did the flood cause?", "€2 billion", "The flood caused €2 billion of damage."),
        ("How much higher was the rate in group B?", "20 per cent", "The rate in group B was 20 per cent higher."),
        ("How long before the merger did the chief sell?", "two days", "The chief sold two days before the merger."),
        ("How did the thief enter the house?", "through a window", "The thief entered the house through a window."),
        ("How much methane was there in seam Nine?", "2 per cent", "There was 2 per cent of methane in seam Nine."),
        ("How cold was it at the mine?", "-14 degrees", "It was -14 degrees at the mine."),
        ("Who was the contract awarded to?", "Balfour", "The contract was awarded to Balfour."),
        ("Who should tenants contact?", "the agent", "Tenants should contact the agent."),
        ("Who has been dismissed?", "Ina Brask", "Ina Brask has been dismissed."),
        ("Which drug is more effective?", "Velorin", "Velorin is more effective."),
        ("Which court has jurisdiction?", "the High Court", "The High Court has jurisdiction."),
        ("What kind of weapon is the Shirin-4?", "a drone", "The Shirin-4 is a drone."),
        ("On whose advice was it rejected?", "its lawyers", "It was rejected on the advice of its lawyers."),
        ("How can the contract be terminated?", "by notice", "The contract can be terminated by notice."),
        ("How long must records be kept?", "seven years", "Records must be kept seven years."),
        ("When does the lease expire?", "1 May", "The lease expires on 1 May."),
        ("When did it close?", "two years ago", "It closed two years ago."),
        ("Where was the mill that burnt?", "Orm", "The mill that burnt was in Orm."),
        ("How wide is the gate at which it happened?", "a yard", "The gate at which it happened is a yard."),
        ("Who won the bid and for how much?", "Hale", "Who won the bid and for how much: Hale."),
        ("population of Lisk", "26,000", "Population of Lisk: 26,000."),
    ],
)
def test_the_answer_stands_where_the_question_leaves_its_place(question: str, answer: str, claim: str) -> None:
    assert statement(question, answer) == claim


ODD = "when where why in what which who whose how many did was has to be than that of any never it , the x".split()


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(ODD)),
    st.sampled_from(["", ".", "x", "in", "the", "to x", "5 a.m."]),
)
def test_no_question_and_no_answer_is_too_odd(asked: list[str], answer: str) -> None:
    question = " ".join(asked)
    assert isinstance(statement(question, answer), str)
    assert isinstance(assertion(question), str)
    assert isinstance(denial(question), str)


@pytest.mark.parametrize("answer", ["", ".", " ;"])
def test_an_answer_of_no_words_makes_no_claim(answer: str) -> None:
    assert statement("When did the mill close?", answer).startswith("When did the mill close:")
