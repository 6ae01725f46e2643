"""The chat beside the real default model: its loop is not held up, and Esc stops an answer at once.

Times are compared with one redrawing of the chat's screen (`loop_time.py`): 45 milliseconds where the loop should be
held up for less than 50 and Esc be obeyed within 200.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pytest
from loop_time import HELD, SIZES, callbacks, no_sweeping, redrawing
from textual.events import Key

from qa.config import load
from qa.store import update
from qa.tui.app import ChatApp
from qa.tui.sessions import Sessions
from qa.wiring import Session
from qa.wiring.remote import RemoteBackend

pytestmark = [pytest.mark.slow, pytest.mark.alone, pytest.mark.timeout(900)]
SEEDS = Path(__file__).parents[2] / "seeds"
BEAT = 0.005


async def latest(done: Callable[[], bool]) -> float:
    """How late, at most, this loop's wake-ups are until then."""
    late = 0.0
    while not done():
        before = time.perf_counter()
        await asyncio.sleep(BEAT)
        late = max(late, time.perf_counter() - before - BEAT)
    return late


QUESTIONS = (
    "Who attacked the embassy in Baghdad?",
    "How many American soldiers were sent to Kuwait?",
    "How many Marines were sent to the embassy in Baghdad?",
)
"""Three: what the chat does to its loop it does each time, what other programs on this machine do to it they do at
times, so the time by the clock is the median."""
STOPPED = 4.4
"""In redrawings."""


async def held_up(app: ChatApp, question: str, monkeypatch) -> tuple[float, float]:
    """While the model answers: how late the loop's wake-ups are, and the processor seconds of a callback, at most."""
    with callbacks(monkeypatch) as took:
        app.ask(question)
        late = await latest(lambda: app.talk.states()[-1].phase == "done")
    return late, max(took)


async def stopping(app: ChatApp, question: str) -> float:
    """Seconds from Esc to a stopped summary; a question that waits behind it is answered then."""
    app.ask("", "summarize")
    await latest(lambda: bool(app.talk.states()[-1].lines))
    app.ask(question)
    began = time.perf_counter()
    app.post_message(Key("escape", None))  # the pilot's own way waits for an idle loop first
    await latest(lambda: app.talk.states()[-2].phase == "stopped")
    took = time.perf_counter() - began
    await latest(lambda: app.talk.states()[-1].phase == "done")
    return took


async def test_the_loop_is_free_and_escape_stops_while_the_model_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = load(None, {}, {"store": tmp_path / "index", "offline": True})
    with Session(config) as session:
        update(tmp_path / "index", [SEEDS], session.embedder)
    with Sessions(tmp_path / "conversations.sqlite") as sessions:
        app = ChatApp(lambda: RemoteBackend(config), sessions)
        async with app.run_test(size=SIZES[-1]) as pilot:
            while not app._model:
                await asyncio.sleep(0.05)
            with no_sweeping():
                held, worked = zip(*[await held_up(app, question, monkeypatch) for question in QUESTIONS], strict=True)
                assert app.talk.states()[-1].answer.short == "100"
                redrawn = await redrawing(pilot, monkeypatch)
            assert max(worked) < HELD * redrawn
            assert median(held) < HELD * redrawn

            stopped = [await stopping(app, question) for question in QUESTIONS]
            assert max(stopped) < STOPPED * redrawn
            kept = app.talk.states()[-2]
            assert all(line.verdict and not line.dropped for line in kept.lines)
