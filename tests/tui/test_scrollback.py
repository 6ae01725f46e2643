"""Long conversations: a bounded window of turns that moves with the reader."""

from __future__ import annotations

import json
import threading
from dataclasses import replace

import pytest
import scripted as s

from qa.tui.scrollback import MOST
from qa.tui.sessions import Session
from qa.tui.turn import TurnState, done
from qa.tui.widgets.conversation import Conversation


@pytest.fixture
def long(sessions) -> Session:
    """Three dozen answered questions."""
    session = sessions.begin("long")
    for n in range(36):
        answer = s.answer(f"Question {n}?", (s.S1,), (s.C1, s.C2))
        state = sessions.add(session.id, TurnState(f"Question {n}?"))
        sessions.save(replace(done(state, answer), id=state.id))
    return sessions.take_up(True)


def shown(chat) -> list[int]:
    return [int(turn.state.question[9:-1]) for turn in chat.turns]


def earlier(chat) -> str:
    return str(chat.app.query_one(".earlier").content)


async def test_it_is_taken_up_from_its_end(open_chat, long):
    async with open_chat(session=long) as chat:
        assert chat.turns[-1].state.question == "Question 35?"
        await chat.until(lambda: shown(chat) == list(range(20, 36)))
        assert earlier(chat) == "↑ 20 earlier questions"
        assert chat.app.query_one(Conversation).following


async def test_scrolling_up_fetches_older_turns_and_down_the_later_ones_again(open_chat, long):
    async with open_chat(session=long) as chat:
        await chat.until(lambda: len(chat.turns) == 16)
        conversation = chat.app.query_one(Conversation)
        await chat.press("tab")
        most = 0
        for _ in range(40):
            await chat.press("home")
            most = max(most, len(chat.turns))
            if shown(chat)[0] == 0:
                break
            await chat.until(lambda: not chat.app.scrollback._above)
        assert shown(chat)[0] == 0
        assert not earlier(chat)
        assert most <= MOST
        assert chat.turns[0].region.height  # laid out, and
        assert "✓" in chat.shown(chat.turns[0])
        for _ in range(40):
            await chat.press("end")
            if shown(chat)[-1] == 35:
                break
            await chat.until(lambda: not chat.app.scrollback._below)
        assert shown(chat)[-1] == 35
        assert shown(chat) == list(range(36 - len(shown(chat)), 36))
        assert len(chat.turns) <= MOST
        await chat.until(lambda: conversation.scroll_y == conversation.max_scroll_y)


async def test_a_question_asked_from_far_above_is_shown_at_the_end(open_chat, long):
    async with open_chat(session=long) as chat:
        await chat.until(lambda: len(chat.turns) == 16)
        await chat.press("tab", "home")
        await chat.until(lambda: shown(chat)[-1] < 35)
        await chat.press("escape")
        await chat.ask("Question 36?")
        await chat.until(lambda: shown(chat)[-2:] == [35, 36])
        assert chat.app.query_one(Conversation).following


async def test_a_conversation_that_grows_stays_bounded_and_is_exported_whole(open_chat, long, tmp_path):
    backend = s.ScriptedBackend([s.Done(s.answer("q", (s.S1,), (s.C1, s.C2)))])
    async with open_chat(backend, session=long) as chat:
        await chat.until(lambda: len(chat.turns) == 16)
        for n in range(36, 46):
            await chat.ask(f"Question {n}?")
        await chat.until(lambda: shown(chat) == list(range(46 - MOST, 46)))
        assert earlier(chat) == "↑ 26 earlier questions"
        assert len(backend.histories[-1]) <= 17
        for n in range(30):
            chat.app.say(f"notice {n}")
        await chat.until(lambda: len(chat.remarks) == Conversation.REMARKS)
        await chat.enter("/export json")
        await chat.until(lambda: list(tmp_path.glob("*.json")) and "wrote" in chat.remarks[-1])
        (written,) = tmp_path.glob("*.json")
        assert len(json.loads(written.read_text())["answers"]) == 46


async def test_a_turn_that_is_being_answered_survives_being_scrolled_away(open_chat, long):
    go = threading.Event()
    backend = s.ScriptedBackend([*s.streaming(), lambda: go.wait(600), *s.marines()[-1:]])
    async with open_chat(backend, session=long) as chat:
        await chat.until(lambda: len(chat.turns) == 16)
        await chat.enter("Question 36?")
        await chat.until(lambda: "three" in chat.text)
        await chat.press("tab")
        while shown(chat)[-1] == 36:
            await chat.press("home")
            await chat.until(lambda: not chat.app.scrollback._above)
        await chat.press("end")
        await chat.until(lambda: shown(chat)[-1] == 36)
        assert chat.turns[-1].state.phase == "running"
        go.set()
        await chat.until(lambda: chat.turns[-1].state.phase == "done")
