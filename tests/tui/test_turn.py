"""A turn's state from event to event, and its way into JSON and back."""

from __future__ import annotations

from dataclasses import replace

import pytest
import scripted as s
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import QAError
from qa.tui.codec import pack, unpack
from qa.tui.turn import TurnState, advance, failed, history, stopped


def play(events, state=None):
    state = state or TurnState("How many?", phase="running")
    for event in events:
        state = advance(state, event)
    return state


def test_a_draft_becomes_verified_and_a_dropped_one_is_marked():
    events = s.marines()
    drafted = play(events[:4])
    assert [(line.text, line.verdict) for line in drafted.lines] == [(s.S1.text, None)]
    assert drafted.writing == ""
    verified = play(events[:9])
    assert [(line.verdict, line.dropped) for line in verified.lines] == [
        ("supported", False),
        ("partial", False),
        ("unsupported", True),
    ]
    assert verified.lines[2].text == s.S3.text
    done = play(events)
    assert (done.phase, done.dropped, [line.text for line in done.lines]) == ("done", 1, [s.S1.text, s.S2.text])


def test_tokens_gather_until_the_sentence_stands():
    assert play(s.marines()[:3]).writing == "About 100 Marines were sent to the embassy"


def test_events_out_of_order_do_no_harm():
    cited = (s.C1, s.C2, s.C3)
    state = play([s.Verified(2, s.S2, cited), s.Drafted(0, s.S1, cited)])
    assert [line.text for line in state.lines] == [s.S1.text, "", s.S2.text]


def test_stopping_keeps_verified_sentences_with_their_citations_only():
    state = stopped(play(s.streaming()))
    assert [line.text for line in state.lines] == [s.S1.text]
    assert [citation.n for citation in state.citations] == [1, 2]
    assert state.answer.answer == f"{s.S1.text} [1] [2]"
    assert stopped(TurnState("q")).answer is None


def test_a_failure_keeps_what_stopping_keeps():
    state = failed(play(s.streaming()), "the server broke off")
    assert (state.phase, state.error, len(state.lines)) == ("failed", "the server broke off", 1)


def test_places_are_citations_or_the_nearest_passages_of_a_refusal():
    assert [place.n for place in play(s.marines()).places] == [1, 2, 3]
    assert [place.document for place in play(s.refusal()).places] == ["garrison.md", "harbor.md"]
    assert play(s.marines()[:1]).places == ()
    assert play(s.marines()).place(9) is None


def test_history_is_what_was_asked_and_said():
    turns = history(
        [
            replace(play(s.marines()), asked="How many Marines?"),
            play(s.refusal(), TurnState("Who paid?", phase="running")),
            replace(play(s.marines()), kind="verify"),
            TurnState("queued?"),
        ]
    )
    assert [(turn.question, turn.answer) for turn in turns] == [
        ("How many Marines?", f"{s.S1.text} {s.S2.text}"),
        ("Who paid?", ""),
    ]


@pytest.mark.parametrize("events", [s.marines(), s.streaming(), s.conflict(), s.refusal(), s.summary(), []])
def test_what_is_kept_is_what_was_shown(events):
    state = play(events)
    kept = unpack(pack(state))
    if state.answer and state.answer.nearest:
        state = replace(state, answer=replace(state.answer, nearest=()))  # kept as ``found``
    assert kept == state


@given(text=st.text(st.characters(), max_size=60))
def test_any_text_survives_being_kept(text):
    assert unpack(pack(TurnState(text, error=text))).question == text


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"question": 1}', "\x00"])
def test_a_damaged_turn_is_named(text):
    with pytest.raises(QAError, match="kept conversation is damaged"):
        unpack(text)
