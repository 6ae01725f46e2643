"""The chat beside the real default model: its loop is not held up, and Esc stops an answer at once.

What other programs take from this machine is not the chat's doing: a process beside it that only sleeps and wakes tells
how late a wake-up is here for anybody.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from qa.config import load
from qa.store import update
from qa.tui.app import ChatApp
from qa.tui.sessions import Sessions
from qa.wiring import Session
from qa.wiring.chat import ChatBackend

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]
SEEDS = Path(__file__).parents[2] / "seeds"
BEAT = 0.005
BYSTANDER = f"""
import sys, time
late, line = 0.0, sys.stdin.fileno()
import select
while not select.select([line], [], [], 0)[0]:
    before = time.perf_counter()
    time.sleep({BEAT})
    late = max(late, time.perf_counter() - before - {BEAT})
print(late)
"""


@contextmanager
def bystander(found: list[float]) -> Iterator[None]:
    """How late, at most, another process's wake-ups were meanwhile."""
    other = subprocess.Popen([sys.executable, "-c", BYSTANDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        yield
    finally:
        out, _ = other.communicate(b"\n")
        found.append(float(out))


async def latest(done: Callable[[], bool]) -> float:
    """How late, at most, this loop's wake-ups are until then."""
    late = 0.0
    while not done():
        before = time.perf_counter()
        await asyncio.sleep(BEAT)
        late = max(late, time.perf_counter() - before - BEAT)
    return late


async def test_the_loop_is_free_and_escape_stops_while_the_model_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = load(None, {}, {"store": tmp_path / "index", "offline": True})
    with Session(config) as session:
        update(tmp_path / "index", [SEEDS], session.embedder)
    with Sessions(tmp_path / "conversations.sqlite") as sessions:
        app = ChatApp(lambda: ChatBackend(config), sessions)
        async with app.run_test(size=(110, 34)) as pilot:
            while not app._model:
                await asyncio.sleep(0.05)
            others: list[float] = []
            with bystander(others):
                app.ask("How many Marines were sent to the embassy in Baghdad?")
                held = await latest(lambda: app.talk.states()[-1].phase == "done")
            assert app.talk.states()[-1].answer.short == "100"
            assert held < 0.05 + others[0]

            app.ask("/summarize", "summarize")
            await latest(lambda: bool(app.talk.states()[-1].lines))
            app.ask("Who is the ambassador?")
            with bystander(others):
                began = time.perf_counter()
                await pilot.press("escape")
                await latest(lambda: app.talk.states()[-2].phase == "stopped")
                took = time.perf_counter() - began
            assert took < 0.2 + others[1]
            kept = app.talk.states()[-2]
            assert all(line.verdict and not line.dropped for line in kept.lines)
            await latest(lambda: app.talk.states()[-1].phase == "done")  # the next question's turn has come
