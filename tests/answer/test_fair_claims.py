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
    (
        "Unemployment in Tavria fell to its lowest level in April.",
        "In April fewer Tavrians than before were out of work.",
        "In April fewer Moravians than before were out of work.",
    ),
    (
        "Oswin Clarke was a Barbadian-born trade unionist.",
        "Oswin Clarke, a trade unionist, was born in Barbados.",
        "Oswin Clarke, a trade unionist, was born in Bermuda.",
    ),
    (
        "Last year's champion, Marc Lenoir of France, finished fourth.",
        "Marc Lenoir, the Frenchman who had won last year, came fourth.",
        "Marc Lenoir, the Welshman who had won last year, came fourth.",
    ),
    (
        "Respiratory syncytial virus infected the cells more readily.",
        "The cells were easier for RSV to infect.",
        "The cells were easier for HIV to infect.",
    ),
    (
        "He taught at Groningen until World War II.",
        "He taught at Groningen up to the Second World War.",
        "He taught at Groningen up to the First World War.",
    ),
    (
        "Ivo Markov was banned for 18 months on Friday.",
        "On Friday Ivo Markov was suspended for a year and a half.",
        "On Friday Ivo Markov was suspended for two years and a half.",
    ),
    (
        "The treatment led to a longer abstinence at six months.",
        "After half a year those who were treated abstained longer.",
        "After half a month those who were treated abstained longer.",
    ),
    (
        "In its first decade the board connected 412 villages.",
        "In the first ten years the board connected 412 villages.",
        "In the first twenty years the board connected 412 villages.",
    ),
    (
        "31% reported a symptom that persisted beyond twelve weeks.",
        "31% still had a symptom three months later.",
        "31% still had a symptom nine months later.",
    ),
    (
        "She was excluded in 1933 and emigrated two years later to Uruguay.",
        "She was excluded and emigrated to Uruguay in 1935.",
        "She was excluded and emigrated to Uruguay in 1938.",
    ),
    (
        "More than 90% of the excess energy goes into the sea.",
        "Less than a tenth of the excess energy goes elsewhere than the sea.",
        "Less than a twentieth of the excess energy goes into the sea, 5%.",
    ),
    (
        "The landing of the Apollo 11 mission came after 2 earlier landings of probes.",
        "The Apollo 11 landing was not the first of all.",
        "The Apollo 12 landing was not the first of all.",
    ),
    (
        "Of the positive results, 96.4% were false positives.",
        "Nearly all of the positive results were false positives.",
        "All of the positive results were false positives, 100%.",
    ),
    (
        "The club played in the second division. The final was played at the stadium in Lofthus on 23 October.",
        "Odda reached the final although it did not play in the top division.",
        "The final was not played at the stadium in Lofthus on 23 October.",
    ),
    (
        "Attorney General Bill Barr took charge of the case.",
        "The case was taken over by William Barr.",
        "The case was taken over by Edward Barr.",
    ),
    (
        "The 220-to-212 vote came after days of delays.",
        "After days of delays the vote was 220 to 212.",
        "After days of delays the vote was 222 to 210.",
    ),
    (
        "The institute was founded 25 years ago.",
        "The institute was founded a quarter of a century ago.",
        "The institute was founded half a century ago.",
    ),
    (
        "Copying proceeds at 2,000 steps per second.",
        "Two thousand steps of copying are made every second by the cell.",
        "Three thousand steps of copying are made every second by the cell.",
    ),
    (
        "More than 90% of the voters said yes.",
        "Less than a tenth of the voters did not say yes.",
        "Less than a tenth of the voters said yes.",
    ),
    ("About 11% caught it in hospital.", "One in nine caught it in hospital.", "One in seven caught it in hospital."),
    (
        "Carbon dioxide went on rising in 2020.",
        "In spite of all, CO2 went on rising in 2020.",
        "In spite of all, NO2 went on rising in 2020.",
    ),
    (
        "The solar output has not grown since 1980.",
        "Since 1980 the output of the Sun has not grown.",
        "Since 1980 the output of the Rhine has not grown.",
    ),
    (
        "The memorial to the attacks of September 11 was closed.",
        "The 9/11 memorial was closed.",
        "The 9/12 memorial was closed.",
    ),
    (
        "The current weakened in the ten years that were watched.",
        "In the measurements the current weakened over ten years.",
        "In the measurements the current weakened over twelve years.",
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
