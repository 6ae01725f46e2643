import pytest

from qa.answer.amounts import as_written, partly, unborne_quantities


@pytest.mark.parametrize(
    ("claim", "premise", "borne"),
    [
        ("Floods killed 37 people.", "Floods killed 23 people in Sindh and 14 in Punjab.", True),
        ("Floods killed 32 people in Sindh.", "Floods killed 23 people in Sindh and 14 in Punjab.", False),
        ("Floods killed 14 people in Sindh.", "Floods killed 23 people in Sindh and 14 in Punjab.", False),
        ("Some 29 hotels stay open.", "Eleven of the 40 hotels will close.", True),
        ("Nearly a third of the houses fell.", "The quake brought down 60 of the 200 houses.", True),
        ("More than half of the staff left.", "Of 1,840 employees, 1,120 left.", True),
        ("Nearly 1,000 jobs will go.", "Around 900 jobs will be cut.", True),
        ("About 700 jobs will go.", "Around 900 jobs will be cut.", False),
        ("Goods can be returned within 90 days.", "Goods can be returned within 30 days.", False),
        ("More than 300 flats are planned.", "A plan for 320 flats was drawn up.", True),
        ("The fine was €50.", "The fine rises from 50 to 80 euros.", True),
        ("The fine was $50.", "The fine rises from 50 to 80 euros.", False),
        ("Two countries voted no.", "Russia and China voted no.", True),
        ("It was her fourth title.", "It was her third title.", False),
        ("He scored after 63 minutes.", "He scored in the 63rd minute.", True),
        ("It was built in the late 1990s.", "It was built in 1998.", True),
        ("It was built in the 1980s.", "It was built in 1998.", False),
        ("She was born in the nineteenth century.", "She was born in 1867.", True),
        ("It began at four o'clock.", "It began at 16:00.", True),
        ("It began at 5 p.m.", "It began at 16:00.", False),
        ("They need 19 votes, not 20.", "COVID-19 cases: 20 votes.", False),
        ("The trip takes at least 40 minutes.", "The trip takes up to 40 minutes.", False),
        ("The trip takes more than 30 minutes.", "The trip takes up to 40 minutes.", False),
        ("The trip takes more than 40 minutes.", "The trip takes at least 40 minutes.", False),
        ("The trip takes at least 40 minutes.", "The trip takes more than 40 minutes.", True),
        ("The trip takes at least 40 minutes.", "The trip takes 45 minutes.", True),
        ("Hundreds threw stones.", "Some 450 people threw stones.", True),
        ("75 percent of the patients were women.", "Three patients in four were women.", True),
        ("20 percent of the patients were women.", "Three patients in four were women.", False),
        ("Half of the households had a car.", "Every second household had a car.", True),
        ("A third of the households had a car.", "Every second household had a car.", False),
        ("All of the men were stopped.", "Two men in two cars were stopped.", True),
        ("Hundreds of shops closed.", "Several hundred shops closed.", True),
        ("Thousands of shops closed.", "Several hundred shops closed.", False),
        ("The crew left one hour after the alarm.", "The crew left an hour after the alarm.", True),
        ("The crew left two hours after the alarm.", "The crew left an hour after the alarm.", False),
        ("The crew left one hour after the alarm.", "The crew left a day after the alarm.", False),
        ("Twelve bridges showed cracks.", "Of the 90 bridges inspected, twelve showed cracks.", True),
        ("Fourteen bridges showed cracks.", "Of the 90 bridges inspected, twelve showed cracks.", False),
        ("Twelve bridges showed cracks.", "We saw 90 bridges. Later twelve tunnels were closed.", False),
    ],
)
def test_amounts_that_a_source_gives_or_that_follow(claim: str, premise: str, borne: bool) -> None:
    assert (not unborne_quantities(claim, premise)) is borne


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("All passengers were rescued.", "Only 71 passengers were rescued.", True),
        ("All passengers were rescued.", "Some passengers were rescued.", True),
        ("All of the 27 member states agreed.", "Only three of the 27 member states agreed.", True),
        ("All four men were freed.", "Four men were freed.", False),
        ("Both of them died.", "One of them died.", True),
        ("Not all passengers were rescued.", "Some passengers were rescued.", False),
    ],
)
def test_a_part_is_not_the_whole(claim: str, premise: str, expected: bool) -> None:
    assert partly(claim, premise) is expected


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("About 100 men came.", "One hundred men came on foot.", "About one hundred men came."),
        ("100 men came.", "On foot came one hundred men.", "One hundred men came."),
        ("100 men came.", "Some 100 men, one hundred of ours, came.", "100 men came."),
        ("100 men and 3 dogs came.", "A hundred men and three dogs came.", "A hundred men and three dogs came."),
        ("100 men came.", "Two hundred men came.", "100 men came."),
        ("Ten percent of the men came.", "10% of the men came.", "10% of the men came."),
        ("It lasted 60 minutes.", "It lasted one hour.", "It lasted 60 minutes."),
    ],
)
def test_a_claim_is_checked_with_its_numbers_as_the_source_writes_them(claim: str, premise: str, expected: str) -> None:
    assert as_written(claim, premise) == expected
