"""Written questions and claims: well formed, beside their passages, and nothing of them in the suites."""

from __future__ import annotations

import random

import pytest

from qa.resources import REFUSAL
from tests.training.test_no_leak import ngrams, suite_texts
from training import written
from training.answers import tempting_claims

FILES = ("questions", "queries", "claims", "articles", "premises")
TEXT = "The mill at Carrow was built in 1911 by Edmund Vale. It closed in 1954, after a fire in the loft."
LINE = {
    "passage": "0123456789",
    "answered": [["Who put up the mill?", "Edmund Vale"], ["What broke out in 1954?", "a fire"]],
    "refused": [["Who bought the mill?", "Edmund Vale"], ["When did the loft close?", "1954"]],
}


def test_a_line_becomes_a_passage_with_its_questions() -> None:
    asked = written.asked_of(LINE, "Carrow", TEXT)
    assert [q.answer for q in asked.passage.questions] == ["Edmund Vale", "a fire", REFUSAL, REFUSAL]
    assert asked.tempting["Who bought the mill?"] == "Edmund Vale"


def test_what_tempts_becomes_a_false_claim_beside_a_true_one() -> None:
    premise, claims = tempting_claims(written.asked_of(LINE, "Carrow", TEXT), random.Random(0)) or ("", [])
    assert premise in TEXT
    assert {label for _, label in claims} == {True, False}
    bare = {**LINE, "refused": []}
    assert tempting_claims(written.asked_of(bare, "Carrow", TEXT), random.Random(0)) is None


def test_a_query_may_tempt_to_nothing() -> None:
    line = {**LINE, "refused": [["mill carrow owner", ""], ["When did the loft close?", "1954"]]}
    asked = written.asked_of(line, "Carrow", TEXT)
    assert [q.answer for q in asked.passage.questions[2:]] == [REFUSAL, REFUSAL]
    assert asked.tempting == {"When did the loft close?": "1954"}


EVENT = {
    "reports": [
        {"title": "Carrow mill burns", "text": "The mill burnt on Monday. Nobody was hurt, said Ida Vale."},
        {"title": "After the fire", "text": "Two people were treated after the fire of 4 May at the mill."},
    ],
    "questions": [
        {"q": "How many were injured?", "answers": ["Nobody", "Two people"], "tempting": [None, None]},
        {"q": "Who started it?", "answers": [None, None], "tempting": ["Ida Vale", None]},
    ],
    "settled": [{"q": "Was anybody hurt?", "answers": ["no", "yes"]}, {"q": "Was it arson?", "answers": [None, None]}],
}


def test_each_report_of_an_event_gets_the_same_questions_and_its_own_answers() -> None:
    first, second = (written.told_by(EVENT, place) for place in (0, 1))
    assert [q.text for q in first.passage.questions] == [q.text for q in second.passage.questions]
    assert [q.answer for q in first.passage.questions] == ["Nobody", REFUSAL]
    assert [q.answer for q in second.passage.questions] == ["Two people", REFUSAL]
    assert first.tempting == {"Who started it?": "Ida Vale"}
    assert not second.tempting
    assert tempting_claims(second, random.Random(0)) is None


def test_reports_may_say_yes_and_no_to_one_question() -> None:
    first, second = (written.whether_by(EVENT, place) for place in (0, 1))
    assert [q.answer for q in first.questions] == ["no", REFUSAL]
    assert [q.answer for q in second.questions] == ["yes", REFUSAL]


def test_an_event_is_held_out_whole(monkeypatch) -> None:
    def event(number: int) -> dict:
        reports = [{"title": "", "text": f"{n} mills burnt."} for n in (number, number + 1)]
        return {"reports": reports, "questions": [{"q": "How many?", "answers": [None] * 2, "tempting": [None] * 2}]}

    lot = [event(number) for number in range(0, 200, 2)]
    monkeypatch.setattr(written, "lines", {"events": lot}.__getitem__)
    learnt, out = ({one.passage.text for one in written.told(out=held)} for held in (False, True))
    assert len(learnt) + len(out) == 200
    assert out
    assert all((event["reports"][0]["text"] in out) == (event["reports"][1]["text"] in out) for event in lot)


def test_a_premise_is_cut_out_of_its_passage() -> None:
    line = {"passage": "", "spans": [[0, 52]], "supported": ["A mill was built."], "unsupported": ["It stands."]}
    found = written.claimed_of(line, TEXT)
    assert found.premise == TEXT[:52]
    assert found.claims == (("A mill was built.", True), ("It stands.", False))


def test_a_premise_without_places_is_the_whole_passage() -> None:
    assert written.claimed_of({"passage": "", "supported": ["It burnt."], "unsupported": []}, TEXT).premise == TEXT


def test_a_written_premise_is_held_out_by_its_own_text(monkeypatch) -> None:
    premises = (f"Of {count} mills in the county, two burnt." for count in range(100))
    lot = [{"premise": one, "supported": ["Some burnt."], "unsupported": ["All burnt."]} for one in premises]
    monkeypatch.setattr(written, "lines", {"premises": lot}.__getitem__)
    learnt, out = ({one.premise for one in written.invented(out=held)} for held in (False, True))
    assert learnt
    assert {one["premise"] for one in lot} == learnt | out
    assert out == {one["premise"] for one in lot if written.key(one["premise"]).startswith(written.HELD)} != set()


def test_a_question_of_yes_or_no_that_is_left_open_is_refused() -> None:
    line = {"passage": "", "yes": ["Did it burn?"], "no": ["Is it new?"], "open": ["Was it insured?"]}
    found = written.settled_of(line, "Carrow", TEXT)
    assert [q.answer for q in found.questions] == ["yes", "no", REFUSAL]


def test_what_is_held_out_is_not_learnt_from(monkeypatch) -> None:
    kept, out = {**LINE, "passage": "1a"}, {**LINE, "passage": written.HELD + "a"}
    claim = {"spans": [[0, 52]], "supported": ["A mill."], "unsupported": []}
    lots = {"questions": [kept, out], "claims": [{**claim, "passage": one["passage"]} for one in (kept, out)]}
    lots["yesno"] = [{"passage": one["passage"], "yes": ["Is it?"], "no": [], "open": []} for one in (kept, out)]
    monkeypatch.setattr(written, "lines", lots.__getitem__)
    monkeypatch.setattr(written, "texts", lambda: {"1a": ("Learnt", TEXT), "0a": ("Held", TEXT[53:])})
    assert [one.passage.title for one in written.asked()] == ["Learnt"]
    assert [passage.title for passage in written.settled()] == ["Learnt"]
    assert [one.passage.title for one in written.asked(out=True)] == ["Held"]
    assert [passage.title for passage in written.settled(out=True)] == ["Held"]
    assert [one.premise[:8] for one in written.claimed()] == ["The mill"]
    assert [one.premise[:9] for one in written.claimed(out=True)] == ["It closed"]


def balanced(first: str, second: str, lot: list) -> bool:
    counts = [sum(len(line[side]) for line in lot) for side in (first, second)]
    return 0.8 < counts[0] / counts[1] < 1.25


def test_lines_are_whole_and_their_sides_balanced() -> None:
    questions, queries, claims, articles, premises = map(written.lines, FILES)
    for asked in (questions, queries):
        assert len({line["passage"] for line in asked}) == len(asked) > 1000
        for line in asked:
            texts = [question for question, _ in (*line["answered"], *line["refused"])]
            assert len(set(texts)) == len(texts), line["passage"]
            assert all(answer.strip() == answer for _, answer in (*line["answered"], *line["refused"]))
            assert all(answer for _, answer in line["answered"])
        assert balanced("answered", "refused", asked)
    assert all(answer for line in questions for _, answer in line["refused"])
    for lot in (claims, articles, premises):
        assert balanced("supported", "unsupported", lot)
        assert not [line for line in lot if set(line["supported"]) & set(line["unsupported"])]


def test_questions_of_yes_or_no_are_balanced_and_asked_once() -> None:
    lot = written.lines("yesno")
    assert len({line["passage"] for line in lot}) == len(lot) > 500
    counts = [sum(len(line[side]) for line in lot) for side in ("yes", "no", "open")]
    assert max(counts) < 1.2 * min(counts)
    for line in lot:
        texts = [question for side in ("yes", "no", "open") for question in line[side]]
        assert len(set(texts)) == len(texts), line["passage"]


def test_reports_answer_in_their_own_words_and_leave_open_what_others_tell() -> None:
    reports = [*written.told(), *written.told(out=True)]
    assert len(reports) > 100
    for one in reports:
        answers = [q.answer for q in one.passage.questions if q.answerable]
        assert all(answer in one.passage.text for answer in (*answers, *one.tempting.values())), one.passage.title
    kinds = [q.answerable for one in reports for q in one.passage.questions]
    assert 0.3 < sum(kinds) / len(kinds) < 0.6


def test_answers_stand_in_their_passages() -> None:
    try:
        asked = [*written.asked(), *written.asked("queries"), *written.asked("explanations")]
        claimed = [*written.claimed(), *written.claimed("articles")]
    except FileNotFoundError as reason:
        pytest.skip(str(reason))
    for one in asked:
        answers = [q.answer for q in one.passage.questions if q.answerable]
        assert all(answer in one.passage.text for answer in (*answers, *one.tempting.values()))
    assert all(one.premise and one.claims for one in claimed)


def test_nothing_written_shares_nine_words_with_a_suite() -> None:
    questions, queries, claims, articles, premises = map(written.lines, FILES)
    explanations, events = written.lines("explanations"), written.lines("events")
    lot = (*questions, *queries, *explanations)
    asked = [pair for line in lot for pair in (*line["answered"], *line["refused"])]
    texts = [f"{question} {answer}" for question, answer in asked]
    texts += [report["text"] for event in events for report in event["reports"]]
    texts += [one["q"] for event in events for one in (*event["questions"], *event.get("settled", ()))]
    texts += [claim for line in (*claims, *articles, *premises) for claim in (*line["supported"], *line["unsupported"])]
    texts += [line["premise"] for line in premises]
    texts += [one for line in written.lines("yesno") for side in ("yes", "no", "open") for one in line[side]]
    made = {gram for text in texts for gram in ngrams(text, 9)}
    assert len(made) > 10_000
    shared = {path.name: sorted(made & ngrams(text, 9))[:3] for path, text in suite_texts() if made & ngrams(text, 9)}
    assert not shared


def test_words_alone_do_not_tell_the_answered_from_the_refused() -> None:
    answered = [
        ["Who put up the works?", "Edmund Vale"],
        ["What broke out upstairs?", "a fire"],
        ["Who owned the mill?", "Edmund Vale"],
    ]
    refused = [
        ["Who sold the mill at Carrow in 1911?", "Edmund Vale"],
        ["When did the fire at Carrow close the loft?", "1954"],
        ["How big?", "1954"],
    ]
    line = {"passage": "", "answered": answered, "refused": refused}
    kept = written.told_apart_by_meaning(written.asked_of(line, "Carrow", TEXT)).passage.questions
    assert len(kept) == 4
    assert "When did the fire at Carrow close the loft?" not in {question.text for question in kept}
