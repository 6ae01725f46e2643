import pytest

from qa.answer.assertions import assertion
from qa.answer.question import parse
from qa.answer.statements import statement
from qa.answer.words import content


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("how many Marines were sent?", "number"),
        ("What is the number of Marines sent?", "number"),
        ("How much did it cost?", "number"),
        ("When was the wall built?", "time"),
        ("In which year did it open?", "time"),
        ("Where did they land?", "place"),
        ("Who ordered the strike?", "person"),
        ("By whom was it ordered?", "person"),
        ("Why did they leave?", "reason"),
        ("Was the wall breached?", "yesno"),
        ("Did anyone die?", "yesno"),
        ("Did the minister say how many were sent?", "yesno"),
        ("Did the number of dead rise?", "yesno"),
        ("Do the reports say how many were sent?", "number"),
        ("Can you tell me how many were sent?", "number"),
        ("What is the estimated total population of Moyale?", "number"),
        ("What was the total number of people on board?", "number"),
        ("What is the telephone number of the clinic?", "other"),
        ("What is the birth date of Ann Aldworth?", "time"),
        ("What was the closing date?", "time"),
        ("What is the date format of the log?", "other"),
        ("What did the statement say?", "other"),
        ("Name the leaders.", "other"),
    ],
)
def test_kind(question: str, kind: str) -> None:
    assert parse(question).kind == kind


@pytest.mark.parametrize("unit", ["officers", "police officers", "police", "policemen"])
def test_police_officers_are_police(unit: str) -> None:
    for question in ("How many police officers took part in the raid?", "How many police took part?"):
        asked = parse(question)
        assert asked.counted & set(content(unit))
        assert not asked.counted & set(content("boxes in the raid"))


def test_of_two_plurals_side_by_side_the_second_is_the_head() -> None:
    assert parse("How many police cars burned?").counted == {"car"}
    assert parse("How many cattle trucks burned?").counted == {"truck"}


def test_the_counted_thing_is_kept_and_generic_words_are_not() -> None:
    assert parse("How many additional Marines were sent?").counted == {"marin"}
    assert parse("How many people were killed?").counted == frozenset()


@pytest.mark.parametrize(
    ("question", "head"),
    [
        ("How many Marines were sent?", "marin"),
        ("How many guards left Kuwait?", "guard"),
        ("How many members of the militia were killed?", None),
        ("How many guards of the militia were killed?", "guard"),
        ("How many Apache helicopters flew over the embassy?", "helicopt"),
        ("How many of the militia's fighters died?", "fighter"),
        ("What is the number of soldiers in Iraq?", "soldier"),
        ("How many children attended the school in 1990?", "child"),
        ("How many acres does the compound cover?", "acr"),
        ("How many people were hurt?", None),
        ("How many lives did the fire cost?", None),
    ],
)
def test_the_head_of_what_is_counted(question: str, head: str | None) -> None:
    assert parse(question).counted == ({head} if head else frozenset())


@pytest.mark.parametrize(
    ("question", "answer", "claim"),
    [
        ("how many Marines were sent?", "100 Marines", "100 Marines were sent."),
        ("How many Marines were sent?", "about 100", "About 100 Marines were sent."),
        ("Who ordered the strike?", "Mark Esper", "Mark Esper ordered the strike."),
        ("What is the capital?", "Baghdad", "The capital is Baghdad."),
        ("How many seats did the party win?", "12", "The party won 12 seats."),
    ],
)
def test_statement(question: str, answer: str, claim: str) -> None:
    assert statement(question, answer) == claim


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Who led the club when it was founded?", "person"),
        ("What did the farmers win when the dispute was settled?", "other"),
        ("Where was the barge bound when it sank?", "place"),
        ("Was the vicar at home when the tower fell?", "yesno"),
        ("When did the man who built the mill die?", "time"),
        ("How many guests were there when the lights went out?", "number"),
        ("Do you know when the mill was built?", "time"),
        ("What was the reason why it sank?", "reason"),
        ("What decides how much is paid?", "other"),
        ("Who decides how many are sent?", "person"),
        ("When the lights went out, how many guests were there?", "number"),
        ("How full is the jail: how many inmates does it house?", "number"),
    ],
)
def test_a_clause_that_only_says_when_or_where_is_not_what_is_asked(text, kind):
    assert parse(text).kind == kind


@pytest.mark.parametrize(
    "text", ["What did the two bridges cost?", "What is the population of Lisk?", "What was the height of the wall?"]
)
def test_a_cost_and_a_size_are_numbers(text):
    assert parse(text).kind == "number"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("the number of barges sent?", "number"),
        ("What was the total number of barges?", "number"),
        ("What is the greatest number of patients that the ward can treat?", "number"),
        ("What is the registration number of the barge?", "other"),
        ("What is the total number of bridges called?", "other"),
        ("Which body gave the number of injured?", "other"),
        ("Who worked out the size of the lake?", "person"),
        ("In what year did the number of schools peak?", "time"),
        ("Why does the price of a house vary?", "reason"),
        ("What does the amount of rain affect?", "other"),
    ],
)
def test_what_only_speaks_of_a_number_asks_for_none(text: str, kind: str) -> None:
    assert parse(text).kind == kind


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        (
            "According to the guard's commander, was the crew detained?",
            "Was the crew detained according to the guard's commander?",
        ),
        ("On Thursday, did Hollin resign?", "Did Hollin resign on Thursday?"),
        ("In 2019, who led the union?", "In 2019, who led the union?"),
        ("Did Hollin resign on Thursday, in the end?", "Did Hollin resign on Thursday, in the end?"),
        ("In the end", "In the end"),
    ],
)
def test_a_question_of_yes_or_no_is_read_with_its_verb_first(typed: str, text: str) -> None:
    asked = parse(typed)
    assert (asked.typed, asked.text) == (typed, text)
    assert (asked.kind == "yesno") is text.startswith(("Was ", "Did "))


def test_what_it_asserts_holds_what_it_begins_with() -> None:
    told = assertion(parse("According to the guard's commander, was the crew detained?").text)
    assert told == "The crew was detained according to the guard's commander."
