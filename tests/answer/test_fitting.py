"""What may answer a question of its kind."""

from __future__ import annotations

import pytest
from given import hit, reading

from qa.answer.fitting import fits
from qa.answer.question import parse


def fitting(question: str, said: str, answer: str) -> bool:
    return fits(parse(question), reading(hit("a.md", said), answer))


@pytest.mark.parametrize(
    ("question", "said", "answer"),
    [
        ("How long did it last?", "The fight lasted about an hour.", "about an hour"),
        ("How long has the strike lasted?", "They agreed to end a monthlong strike.", "monthlong"),
        ("How long have they gone unpaid?", "They had been unpaid since October.", "since October"),
        ("How long was she barred?", "She was barred for life.", "life"),
        ("How often does it appear?", "It is a yearly list.", "yearly"),
        ("How often was it won?", "A foreign side has won it once.", "once"),
        ("How often did he write?", "He wrote each week.", "each week"),
        ("How many men were killed?", "One man was killed.", "One"),
        ("How many cylinders has it?", "It has a single cylinder.", "a single"),
        ("How many builders were convicted?", "Of 26 builders none was convicted.", "none"),
        ("How many senators objected?", "No member of either party objected.", "No member of either party"),
        ("How many of the gates were open?", "Both gates were open.", "Both"),
        ("How much will the shots cost?", "The shots are free.", "free"),
        ("How much did they pay?", "We paid nothing.", "nothing"),
        ("How big is the stone?", "It is the size of a melon.", "the size of a melon"),
        ("How old is the patient?", "The woman, who is in her 60s, is stable.", "in her 60s"),
    ],
)
def test_an_amount_may_be_told_without_a_number(question: str, said: str, answer: str) -> None:
    assert fitting(question, said, answer)


@pytest.mark.parametrize(
    ("question", "said", "answer"),
    [
        ("How long is the wall?", "The wall is of stone.", "of stone"),
        ("How often does it flood?", "It floods the meadow.", "the meadow"),
        ("How many were hurt?", "The driver was hurt.", "The driver"),
        ("How much did it cost?", "It cost the town its mill.", "its mill"),
        ("How big is the stone?", "The stone is grey.", "grey"),
    ],
)
def test_what_tells_no_amount_answers_no_question_for_one(question: str, said: str, answer: str) -> None:
    assert not fitting(question, said, answer)


@pytest.mark.parametrize(
    ("said", "answer", "fit"),
    [
        ("Yusan Terel, a captain of 29, taught geography.", "29", True),
        ("He died, a retired postman of 58 who had a broken hip.", "58", True),
        ("The shot is for adults aged 18 and over.", "18", True),
        ("Admission is for those 18 and over.", "18", True),
        ("She turned 32 shortly before the vote.", "32", True),
        ("Students are usually 14 to 15 years old.", "14 to 15 years old", True),
        ("She led a team of 29 to the pole.", "29", False),
        ("A crew of 23 is held.", "23", False),
        ("The port lies at pier 23.", "23", False),
    ],
)
def test_years_of_age(said: str, answer: str, fit: bool) -> None:
    assert fitting("How old is the captain?", said, answer) is fit


@pytest.mark.parametrize(
    ("question", "said", "answer", "fit"),
    [
        ("When did she come in?", "She was elected two years ago.", "two years ago", True),
        ("When must the mines be gone?", "Each clears its mines within five years.", "within five years", True),
        ("When will the papers come?", "The papers will come in eleven months.", "in eleven months", True),
        ("When did the lake form?", "It formed 66 million years ago.", "66 million years ago", True),
        ("When was the wall built?", "It was built in AD 80.", "AD 80", True),
        ("When was the wall built?", "It was built in 705, they say.", "705", True),
        ("In what year was the inn founded?", "Founded in 705, it still stands.", "705", True),
        ("When may it ask?", "It may if debt rises by 15 per cent.", "if debt rises by 15 per cent", True),
        ("When was the all-clear given?", "It was given at 10.57 and not before.", "10.57", True),
        ("When did the water rise?", "At half past seven the sea came.", "half past seven", True),
        ("When do they marry?", "They marry in Season 6.", "Season 6", True),
        ("When was the wall built?", "It is 10.57 metres long.", "10.57", False),
        ("At what time did it fail?", "It failed at 02.30 that night.", "02.30", True),
        ("Within what time were they freed?", "They were freed within four hours.", "four hours", True),
        ("At what time were they freed?", "They were freed within four hours.", "four hours", False),
        ("When was the wall built?", "It cost 300 dollars.", "300 dollars", False),
        ("When was the wall built?", "It is 705 metres long.", "705 metres", False),
        ("In what year was the inn founded?", "It has 26 rooms.", "26 rooms", False),
    ],
)  # fmt: skip
def test_what_says_when(question: str, said: str, answer: str, fit: bool) -> None:
    assert fitting(question, said, answer) is fit


@pytest.mark.parametrize(
    ("question", "said", "answer", "fit"),
    [
        ("Where does Texas rank by size?", "Texas is second by size.", "second", True),
        ("In what place did she finish?", "She finished a poor 12th.", "12th", True),
        ("Where did she live?", "She came third.", "third", False),
        ("Where does it rank?", "It was built in April 1922.", "April 1922", False),
    ],
)
def test_a_rank_is_a_place_where_a_rank_is_asked_for(question: str, said: str, answer: str, fit: bool) -> None:
    assert fitting(question, said, answer) is fit


@pytest.mark.parametrize(
    ("question", "said", "answer", "fit"),
    [
        ("How high is the tax?", "The tax is 40%.", "40%", True),
        ("How high are the payments?", "The payments are $1,400 each.", "$1,400", True),
        ("How far did filings fall?", "Filings fell by 35%.", "35%", True),
        ("How far is the town?", "The trip costs $35.", "$35", False),
        ("What did a ride cost?", "Fares rose to 25 gourdes.", "25 gourdes", True),
        ("What will it cost?", "It will take nine million thalers.", "nine million thalers", True),
        ("How much did they get?", "They received 19,000 lei.", "19,000 lei", True),
        ("What did it cost?", "It cost three sailors their lives.", "three", False),
        ("How old is the mission?", "The mission fills 104 acres.", "104 acres", False),
        ("How old is the mission?", "The mission is 104 years old.", "104 years", True),
        ("How long is the wall?", "The wall weighs 300 tonnes.", "300 tonnes", False),
        ("How long did it stand?", "It stood for 300 years.", "300 years", True),
        ("What is the weight of the bell?", "The bell is nine metres high.", "nine metres", False),
        ("How much oil ran out?", "Some 300 tonnes ran out.", "300 tonnes", True),
    ],
)
def test_sums_shares_and_measures(question: str, said: str, answer: str, fit: bool) -> None:
    assert fitting(question, said, answer) is fit
