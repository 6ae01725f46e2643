from given import hit, reading

from qa.answer.contrary import contrary
from qa.answer.question import parse
from qa.answer.read import Reading

FIRST = hit("a.md", "On Tuesday 100 Marines were sent to guard the embassy.")
COUNT = parse("How many Marines were sent to the embassy?")


def test_who_rules_out_a_deed_has_not_done_it() -> None:
    asked = parse("Has Solvay resigned?")
    no = hit("a.md", "Minister Solvay has not resigned.")
    other = hit("b.md", "Minister Solvay is in office and has ruled out resigning.")
    best = Reading(no, "no", no.passage.sentences[0], no.passage.sentences[0], 0.9, 0.9)
    assert contrary(asked, best, [no, other]) == []


def test_a_plain_denial_contradicts_a_yes() -> None:
    asked = parse("Was the embassy wall breached?")
    yes = hit("a.md", "The embassy wall was breached on Tuesday.")
    no = hit("b.md", "Officials said the embassy wall was not breached.")
    best = Reading(yes, "yes", yes.passage.sentences[0], yes.passage.sentences[0], 0.9, 0.9)
    found = contrary(asked, best, [yes, no])
    assert [(r.text, r.hit.source.path) for r in found] == [("no", "b.md")]


def test_other_kinds_of_question_are_left_to_reading() -> None:
    assert contrary(parse("Who sent the Marines?"), reading(FIRST, "Marines"), [FIRST]) == []


def test_another_doer_of_the_same_deed_is_found() -> None:
    first = hit("a.md", "The guard was shot by Karl Weber.")
    others = [hit("b.md", "Otto Lang shot the guard."), hit("c.md", "Otto Lang shot a film.")]
    found = contrary(parse("Who shot the guard?"), reading(first, "Karl Weber"), [first, *others])
    assert [(r.text, r.hit.source.path) for r in found] == [("Otto Lang", "b.md")]


def test_an_opposite_denies_and_a_yes_contradicts_a_no() -> None:
    asked = parse("Is the road open?")
    yes, no = hit("a.md", "The road is open again."), hit("b.md", "The road is closed until Friday.")
    best = Reading(yes, "yes", yes.passage.sentences[0], yes.passage.sentences[0], 0.9, 0.9)
    assert [r.text for r in contrary(asked, best, [yes, no])] == ["no"]
    asked = parse("Was the wall breached?")
    no, yes = hit("a.md", "The wall was not breached."), hit("b.md", "The wall was breached at noon.")
    best = Reading(no, "no", no.passage.sentences[0], no.passage.sentences[0], 0.9, 0.9)
    assert [r.text for r in contrary(asked, best, [no, yes])] == ["yes"]
