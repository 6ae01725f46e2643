"""Follow-up questions by hand: what leans on the turns before is made to stand alone, what does not is left alone."""

from __future__ import annotations

import pytest

from qa.answer.followup import Turn, accepted, leans, standalone

MARINES = Turn(
    "How many Marines were sent to the embassy in Baghdad?",
    "About 100 Marines were sent to the embassy in Baghdad.",
)
ESPER = Turn("Who is the Secretary of Defense?", "Mark Esper is the Secretary of Defense.")
TUELLER = Turn("What did Matt Tueller do?", "Matt Tueller is returning to the embassy.")
CLAUSEN = Turn("When did Anna Clausen resign?", "Anna Clausen resigned in March.")
HELICOPTERS = Turn("Where did the helicopters come from?", "The helicopters came from Taji.")
REPORT = Turn("What does the report recommend?", "The report recommends a new bridge.")
BRIDGE = Turn("When was the bridge built?", "The bridge was built in 1931.")
EVACUATED = Turn("Was the embassy evacuated?", "The embassy was not evacuated.")
KIRKUK = Turn("How many people were killed in Kirkuk?", "One contractor was killed in Kirkuk.")
ATTACK = Turn("Who attacked the embassy?", "Supporters of a militia attacked the embassy.")
IRAN = Turn("What did Iran say about the attack?", "Iran denied any part in the attack.")
COMPANY = Turn("How much did the company earn in 2018?", "The company earned 3 million dollars in 2018.")

PRONOUNS = [
    (MARINES, "And where did they come from?", "Where did the Marines come from?"),
    (MARINES, "Who sent them?", "Who sent the Marines?"),
    (MARINES, "What were their orders?", "What were the Marines' orders?"),
    (MARINES, "When did these arrive?", "When did the Marines arrive?"),
    (MARINES, "When was it built?", "When was the embassy built?"),
    (MARINES, "Who else was sent there?", "Who else was sent to Baghdad?"),
    (ESPER, "What did he say?", "What did Mark Esper say?"),
    (ESPER, "Who asked him?", "Who asked Mark Esper?"),
    (ESPER, "And what is his view of Iran?", "What is Mark Esper's view of Iran?"),
    (TUELLER, "Where was he before?", "Where was Matt Tueller before?"),
    (CLAUSEN, "Why did she resign?", "Why did Anna Clausen resign?"),
    (CLAUSEN, "Who took over her office?", "Who took over Anna Clausen's office?"),
    (CLAUSEN, "Who replaced her?", "Who replaced Anna Clausen?"),
    (HELICOPTERS, "How many of them were there?", "How many of the helicopters were there?"),
    (HELICOPTERS, "Did they fire?", "Did the helicopters fire?"),
    (REPORT, "Who wrote it?", "Who wrote the report?"),
    (REPORT, "What are its main findings?", "What are the report's main findings?"),
    (BRIDGE, "How long is it?", "How long is the bridge?"),
    (BRIDGE, "Is it still open?", "Is the bridge still open?"),
    (IRAN, "Does it deny that the militia took part?", "Does Iran deny that the militia took part?"),
    (ATTACK, "Why did they do it?", "Why did supporters of a militia attack the embassy?"),
    (COMPANY, "Who owns it?", "Who owns the company?"),
]
ELLIPSIS = [
    (MARINES, "And when?", "When were Marines sent to the embassy in Baghdad?"),
    (MARINES, "Why?", "Why were Marines sent to the embassy in Baghdad?"),
    (MARINES, "By whom?", "By whom were Marines sent to the embassy in Baghdad?"),
    (MARINES, "When did that happen?", "When were Marines sent to the embassy in Baghdad?"),
    (MARINES, "Who approved it?", "Who approved that Marines were sent to the embassy in Baghdad?"),
    (MARINES, "And soldiers?", "How many soldiers were sent to the embassy in Baghdad?"),
    (MARINES, "What about helicopters?", "How many helicopters were sent to the embassy in Baghdad?"),
    (MARINES, "And to Kuwait?", "How many Marines were sent to Kuwait?"),
    (HELICOPTERS, "And the Marines?", "Where did the Marines come from?"),
    (HELICOPTERS, "when?", "When did the helicopters come?"),
    (EVACUATED, "Why not?", "Why was the embassy not evacuated?"),
    (EVACUATED, "And the consulate?", "Was the consulate evacuated?"),
    (EVACUATED, "When?", "When was the embassy evacuated?"),
    (KIRKUK, "And in Baghdad?", "How many people were killed in Baghdad?"),
    (KIRKUK, "How about in Taji?", "How many people were killed in Taji?"),
    (ATTACK, "And why?", "Why did supporters of a militia attack the embassy?"),
    (IRAN, "And Iraq?", "What did Iraq say about the attack?"),
    (IRAN, "What about the United States?", "What did the United States say about the attack?"),
    (IRAN, "And about the airstrikes?", "What did Iran say about the airstrikes?"),
    (COMPANY, "And in 2019?", "How much did the company earn in 2019?"),
    (BRIDGE, "By whom?", "By whom was the bridge built?"),
    (BRIDGE, "Where?", "Where was the bridge built?"),
]
FIRE = Turn("What caused the fire in the warehouse?", "A short circuit caused the fire.")
MAYOR = Turn("Who is the mayor of Springfield?", "Joan Meyer is the mayor of Springfield.")
COURT = Turn("Did the court reject the appeal?", "Yes, the court rejected the appeal on 3 May.")
TREATY = Turn("Which countries signed the treaty?", "France, Spain and Italy signed the treaty.")
HOSPITAL = Turn("How much does the new hospital cost?", "The hospital costs 40 million euros.")
ACME = Turn("Where are the headquarters of Acme?", "The headquarters are in Lyon.")
TRUMP = Turn("What did President Trump say about Iran?", "Trump said Iran would be held responsible.")
OTHER_MATTERS = [
    (FIRE, "When did it start?", "When did the fire start?"),
    (FIRE, "Who put it out?", "Who put the fire out?"),
    (FIRE, "who said that?", "Who said that a short circuit caused the fire?"),
    (FIRE, "Why?", "Why did a short circuit cause the fire in the warehouse?"),
    (FIRE, "And the school?", "What caused the fire in the school?"),
    (MAYOR, "How old is she?", "How old is Joan Meyer?"),
    (MAYOR, "What does her party want?", "What does Joan Meyer's party want?"),
    (MAYOR, "How many people live there?", "How many people live in Springfield?"),
    (MAYOR, "And of Shelbyville?", "Who is the mayor of Shelbyville?"),
    (MAYOR, "since when?", "Who is the mayor of Springfield, and since when?"),
    (COURT, "Why?", "Why did the court reject the appeal?"),
    (COURT, "Who filed it?", "Who filed the appeal?"),
    (COURT, "What did it say?", "What did the court say?"),
    (TREATY, "When did they sign it?", "When did the countries sign the treaty?"),
    (TREATY, "Why did they do that?", "Why did the countries sign the treaty?"),
    (TREATY, "And the protocol?", "Which countries signed the protocol?"),
    (HOSPITAL, "When will it open?", "When will the new hospital open?"),
    (HOSPITAL, "How many beds does it have?", "How many beds does the new hospital have?"),
    (HOSPITAL, "And the old one?", "How much does the old one cost?"),
    (ACME, "Who runs it?", "Who runs Acme?"),
    (ACME, "and the factories?", "Where are the factories of Acme?"),
    (TRUMP, "What was his reason?", "What was President Trump's reason?"),
    (TRUMP, "And Esper?", "What did Esper say about Iran?"),
    (TRUMP, "Why?", "Why did President Trump say that about Iran?"),
]
BAKERY = Turn("Who founded the bakery on Elm Street?", "Maria Lopez founded the bakery in 1987.")
LEASE = Turn("When does the lease for the office end?", "The lease ends on 30 June 2026.")
RENT = Turn("How much rent does the tenant pay?", "The tenant pays 2,400 euros a month.")
VACCINE = Turn("Which vaccine was tested in the trial?", "The trial tested the BNT-7 vaccine.")
TRIAL = Turn("How many patients took part in the trial?", "412 patients took part in the trial.")
FINAL = Turn("Who won the 1998 final?", "France won the final 3-0 against Brazil.")
DOSE = Turn("What is the maximum dose of ibuprofen?", "The maximum dose is 1,200 mg a day.")
SCHOOL = Turn("Did the council approve the new school?", "Yes, the council approved the new school in May.")
TAX = Turn("What did the minister announce on Monday?", "The minister announced a reform of the pensions.")
TOWER = Turn("How tall is the tower?", "The tower is 310 metres tall.")
STORM = Turn("When did the storm reach the coast?", "The storm reached the coast on Friday night.")
SOFTWARE = Turn("Who wrote the software?", "Linus Berg and Ana Ruiz wrote the software.")
REVENUE = Turn("What was the revenue of the company in 2023?", "Revenue was 4.1 million euros in 2023.")
MUSEUM = Turn("Where is the museum?", "The museum is in Leiden.")
LAYOFFS = Turn("How many employees were laid off?", "About 300 employees were laid off.")
OUTAGE = Turn("What caused the outage?", "A faulty switch caused the outage.")
CHIEF = Turn("Who is the CEO of Nordwind?", "Karin Holm is the CEO of Nordwind.")
OF_EVERY_DAY = [
    (BAKERY, "Is she still the owner?", "Is Maria Lopez still the owner?"),
    (BAKERY, "How many people work there?", "How many people work at the bakery?"),
    (LEASE, "Can it be renewed?", "Can the lease be renewed?"),
    (LEASE, "And for the warehouse?", "When does the lease for the warehouse end?"),
    (RENT, "What if he pays late?", "What if the tenant pays late?"),
    (VACCINE, "How effective was it?", "How effective was the vaccine?"),
    (TRIAL, "How old were they?", "How old were the patients?"),
    (TRIAL, "And how many dropped out?", "How many patients dropped out?"),
    (FINAL, "And in 2002?", "Who won the 2002 final?"),
    (FINAL, "Where was it played?", "Where was the 1998 final played?"),
    (DOSE, "And for children?", "What is the maximum dose of ibuprofen for children?"),
    (DOSE, "What about paracetamol?", "What is the maximum dose of paracetamol?"),
    (SCHOOL, "Who voted against it?", "Who voted against the new school?"),
    (SCHOOL, "How much will it cost?", "How much will the new school cost?"),
    (TAX, "When will it take effect?", "When will the reform of the pensions take effect?"),
    (TOWER, "And how old?", "How old is the tower?"),
    (STORM, "How strong was it?", "How strong was the storm?"),
    (SOFTWARE, "Where do they work?", "Where do Linus Berg and Ana Ruiz work?"),
    (SOFTWARE, "Which license does it use?", "Which license does the software use?"),
    (REVENUE, "And the profit?", "What was the profit of the company in 2023?"),
    (MUSEUM, "How do I get there?", "How do I get to Leiden?"),
    (MUSEUM, "and the opening hours?", "Where is the museum, and what about the opening hours?"),
    (LAYOFFS, "How many of those were engineers?", "How many of the employees were engineers?"),
    (OUTAGE, "Thanks. Who fixed it?", "Who fixed the outage?"),
    (CHIEF, "Who was it before?", "Who was the CEO of Nordwind before?"),
    (CHIEF, "And the CFO?", "Who is the CFO of Nordwind?"),
]
UNTOUCHED = [
    (TRIAL, "Which models are affected?"),
    (STORM, "How many homes were damaged?"),
    (STORM, "Did anyone die?"),
    (CHIEF, "Where is the company based?"),
    (MARINES, "What is the capital of France?"),
    (MARINES, "Who is the ambassador to Iraq?"),
    (MARINES, "And who is the prime minister of Iraq?"),
    (MARINES, "How many soldiers did the Army send to Kuwait?"),
    (MARINES, "Is it true that Iran fired rockets?"),
    (MARINES, "Are there any reports of injuries?"),
    (MARINES, "How long does it take to fly from Kuwait to Baghdad?"),
    (MARINES, "Did the protesters bring their own food?"),
    (MARINES, "What did Trump say about his decision?"),
    (MARINES, "Why did the crowd that stormed the gate leave?"),
    (MARINES, "What did those who stormed the embassy want?"),
    (REPORT, "When did the Apache helicopters arrive?"),
    (BRIDGE, "Does the embassy have its own guards?"),
    (ESPER, "Who said that the embassy would not be evacuated?"),
    (COMPANY, "What happened this year?"),
    (COMPANY, "summarize the reports"),
]


@pytest.mark.parametrize(("before", "question", "wanted"), PRONOUNS, ids=lambda v: v if isinstance(v, str) else "")
def test_pronouns(before, question, wanted):
    assert standalone(question, [before]) == wanted


@pytest.mark.parametrize(("before", "question", "wanted"), ELLIPSIS, ids=lambda v: v if isinstance(v, str) else "")
def test_ellipsis(before, question, wanted):
    assert standalone(question, [before]) == wanted


@pytest.mark.parametrize(("before", "question", "wanted"), OTHER_MATTERS, ids=lambda v: v if isinstance(v, str) else "")
def test_on_other_matters(before, question, wanted):
    assert standalone(question, [before]) == wanted


@pytest.mark.parametrize(("before", "question", "wanted"), OF_EVERY_DAY, ids=lambda v: v if isinstance(v, str) else "")
def test_of_every_day(before, question, wanted):
    assert standalone(question, [before]) == wanted


@pytest.mark.parametrize(("before", "question"), UNTOUCHED, ids=lambda v: v if isinstance(v, str) else "")
def test_what_stands_alone_stays(before, question):
    assert standalone(question, [before]) == question
    assert not leans(question)


def test_nothing_before_nothing_changed():
    assert standalone("And where did they come from?", []) == "And where did they come from?"


def test_the_turn_that_fits_is_looked_for_from_the_last_one_back():
    turns = [MARINES, BRIDGE]
    assert standalone("How long is it?", turns) == "How long is the bridge?"
    assert standalone("Where did they come from?", turns) == "Where did the Marines come from?"
    assert standalone("What did he say?", [ESPER, MARINES]) == "What did Mark Esper say?"


def test_a_refused_turn_still_gives_its_nouns():
    assert (
        standalone("Who paid for them?", [Turn("Where did the helicopters land?", "")])
        == "Who paid for the helicopters?"
    )


def test_what_no_rule_resolves_leans_and_stays():
    assert standalone("What did she say?", [BRIDGE]) == "What did she say?"
    assert leans("What did she say?")


@pytest.mark.parametrize(
    ("proposal", "good"),
    [
        ("Where did the Marines in Baghdad come from?", True),
        ("Where did the 100 Marines come from?", True),
        ("Where did they come from?", False),  # still leans
        ("Where did the 200 Marines come from?", False),  # a number that nobody named
        ("Where did the Marines of the 5th Fleet come from?", False),
        ("Where did the Marines come from, Donald Trump?", False),
        ("The Marines came from Kuwait.", False),  # an answer, not a question
        ("Where?\nThe Marines?", False),
        ("", False),
    ],
)
def test_a_models_rewrite_is_taken_only_when_it_adds_nothing(proposal, good):
    assert accepted(proposal, "And where did they come from?", [MARINES]) is good
