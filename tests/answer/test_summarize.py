from __future__ import annotations

import re

import pytest

from qa.answer.engine import AskOptions
from qa.answer.pipeline import MAX_QUESTION, drain
from qa.answer.summarize import summarize
from qa.errors import InputError, QAError, UsageError
from qa.testing import FixedChecker, ScriptedGenerator
from qa.types import Answer, Done, Drafted, Filters, Reason, Retrieved, Verified


def summary(engine, topic: str = "", **options) -> Answer:
    answer = drain(summarize(engine, topic, AskOptions(**options)))
    assert_accounted(engine, answer)
    return answer


def assert_accounted(engine, answer: Answer) -> None:
    """Spans are exact, marks and citations are the same set, and every source contributes or has a reason why not."""
    for c in answer.citations:
        assert engine.index.document(c.document).text[c.start : c.end] == c.quote
    marks = {int(n) for n in re.findall(r"\[(\d+)\]", answer.answer)}
    assert marks == {n for s in answer.sentences for n in s.citations}
    assert marks | {n for d in answer.disagreements for n in d.citations} == {c.n for c in answer.citations}
    by_n = {c.n: c.document for c in answer.citations}
    for entry in answer.coverage:
        assert bool(entry.citations) != bool(entry.reason)
        assert {by_n[n] for n in entry.citations} <= {entry.document}
        assert set(entry.citations) <= marks
    assert marks == {n for entry in answer.coverage for n in entry.citations}


@pytest.fixture
def engine(make_engine):
    return make_engine(ScriptedGenerator())


def test_events_come_in_order_without_any_call_of_the_generator(engine):
    events = list(summarize(engine))
    assert isinstance(events[0], Retrieved)
    assert isinstance(events[-1], Done)
    kinds = [type(e) for e in events[1:-1]]
    assert kinds == [Drafted, Verified] * (len(kinds) // 2)
    assert [e.sentence for e in events if isinstance(e, Verified)] == list(events[-1].answer.sentences)
    assert engine.generator.requests == []


def test_every_source_contributes_or_is_listed_with_its_reason(engine):
    answer = summary(engine)
    assert answer.status == "answered"
    assert [c.document for c in answer.coverage] == [s.path for s in engine.index.sources()]
    assert all(s.verdict == "supported" and s.citations for s in answer.sentences)
    assert {c.document for c in answer.citations} >= {"docs/ledger.md", "docs/wire.md", "docs/courier.md"}


def test_a_near_copy_is_listed_as_one(make_engine, news):
    texts = {**news, "mirror.md": news["ledger.md"].replace("The Ledger", "The Mirror")}
    answer = summary(make_engine(ScriptedGenerator(), texts))
    reasons = {c.publisher: c.reason for c in answer.coverage}
    told = {reasons["The Ledger"], reasons["The Mirror"]}
    assert told in ({"", "a near-copy of The Ledger"}, {"", "a near-copy of The Mirror"})


def test_a_fact_that_several_sources_tell_cites_each_that_supports_the_whole(make_engine):
    sentence = "The outer wall of the embassy in Baghdad was breached by the crowd."
    texts = {
        "a.txt": f"{sentence} Growers picked forty tonnes of apples in the valley.",
        "b.txt": f"{sentence} Officials counted seven burnt cars on the long bridge.",
        "c.txt": "The outer wall of the embassy in Baghdad was breached by the angry crowd. Rain fell over the hills.",
    }
    answer = summary(make_engine(ScriptedGenerator(), texts, checker=FixedChecker(1.0)))
    first = answer.sentences[0]
    assert "outer wall" in first.text
    assert len(first.citations) == 3
    refusing = summary(make_engine(ScriptedGenerator(), texts, checker=FixedChecker(0.0), name="strict"))
    assert len(next(s for s in refusing.sentences if "outer wall" in s.text).citations) <= 2


def test_sources_that_contradict_each_other_are_set_side_by_side(make_engine):
    texts = {
        "a.txt": "The army sent 100 Marines to the embassy in Baghdad on New Year.",
        "b.txt": "The army sent 120 Marines to the embassy in Baghdad on New Year.",
    }
    answer = summary(make_engine(ScriptedGenerator(), texts))
    assert {d.value for d in answer.disagreements} == {"100 Marines", "120 Marines"}
    quotes = [answer.citations[n - 1].quote for d in answer.disagreements for n in d.citations]
    assert ["100" in quotes[0], "120" in quotes[1]] in ([True, True], [False, False])


def test_a_topic_leaves_out_what_is_not_on_it(engine):
    answer = summary(engine, "apples pears growers valley")
    contributing = {c.document for c in answer.coverage if c.citations}
    assert contributing == {"docs/farm.md"}
    assert {c.reason for c in answer.coverage if not c.citations} == {"says nothing on the topic"}


def test_a_topic_on_which_nothing_is_said_is_refused(engine):
    answer = summary(engine, "quantum chromodynamics")
    assert (answer.status, answer.sentences, answer.citations) == ("refused", (), ())
    assert answer.reason.startswith("NO_EVIDENCE: ")
    assert all(c.reason for c in answer.coverage)


def test_a_topic_of_white_space_is_none(engine):
    assert summary(engine, " \n ").sentences == summary(engine).sentences


def test_an_overlong_topic_is_a_usage_error(engine):
    with pytest.raises(UsageError):
        summary(engine, "x" * (MAX_QUESTION + 1))


def test_filters_choose_the_sources_that_are_accounted_for(engine):
    answer = summary(engine, filters=Filters(since="2020-01-01"))
    assert [c.document for c in answer.coverage] == ["docs/courier.md"]
    with pytest.raises(QAError):
        summary(engine, filters=Filters(since="2031-01-01"))
    with pytest.raises(InputError):
        summary(engine, filters=Filters(sources=("gazette",)))


@pytest.mark.parametrize("sentences", [0, 1, 2])
def test_cancelling_keeps_what_was_checked_and_says_so(engine, sentences):
    seen = 0

    def cancel() -> bool:
        nonlocal seen
        seen += 1
        return seen > sentences

    answer = drain(summarize(engine, cancel=cancel))
    assert_accounted(engine, answer)
    assert len(answer.sentences) == sentences
    assert answer.notes[0].startswith(f"stopped after {sentences} of ")
    assert (answer.status == "refused") is (sentences == 0)


def test_a_source_that_changed_on_disk_is_told(engine, tmp_path):
    (tmp_path / "docs" / "farm.md").unlink()
    answer = summary(engine, "apples pears growers valley")
    assert all(Reason.STALE_SOURCE in s.reasons for s in answer.sentences)
    assert "docs/farm.md" in answer.notes[0]


def test_sentences_that_cannot_stand_alone_are_no_summary(make_engine):
    answer = summary(make_engine(ScriptedGenerator(), {"a.txt": "It was so. They left? He did that there."}))
    assert answer.status == "refused"
    assert answer.coverage[0].reason
