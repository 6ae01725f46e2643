"""The chat beside the real default model: its loop is not held up, and Esc stops an answer at once.

What other programs take from this machine is not the chat's doing: a process beside it that only sleeps and wakes tells
how late a wake-up is here for anybody.
"""

from __future__ import annotations

import asyncio
import gc
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from textual.events import Key

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


CALM = 0.02
"""Seconds by which a wake-up may be late for anybody, for wall times to say something about the chat."""


@contextmanager
def callbacks(monkeypatch) -> Iterator[list[float]]:
    """Processor seconds of each callback of the loop: true on a busy machine, too."""
    took: list[float] = []
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        took.append(time.thread_time() - began)

    with monkeypatch.context() as patched:
        patched.setattr(asyncio.Handle, "_run", timed)
        yield took


async def test_the_loop_is_free_and_escape_stops_while_the_model_works(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = load(None, {}, {"store": tmp_path / "index", "offline": True})
    with Session(config) as session:
        update(tmp_path / "index", [SEEDS], session.embedder)
    with Sessions(tmp_path / "conversations.sqlite") as sessions:
        app = ChatApp(lambda: ChatBackend(config), sessions)
        async with app.run_test(size=(110, 34)):
            while not app._model:
                await asyncio.sleep(0.05)
            others: list[float] = []
            gc.collect()
            gc.freeze()  # the test runner's own objects are not the chat's to sweep
            with bystander(others), callbacks(monkeypatch) as took:
                app.ask("How many Marines were sent to the embassy in Baghdad?")
                held = await latest(lambda: app.talk.states()[-1].phase == "done")
            gc.unfreeze()
            assert app.talk.states()[-1].answer.short == "100"
            assert max(took) < 0.05
            assert held < 0.05 or others[0] > CALM

            app.ask("", "summarize")
            await latest(lambda: bool(app.talk.states()[-1].lines))
            app.ask("Who is the ambassador?")
            with bystander(others):
                began, own = time.perf_counter(), time.thread_time()
                app.post_message(Key("escape", None))  # the pilot's own way waits for an idle loop first
                await latest(lambda: app.talk.states()[-2].phase == "stopped")
                wall, own = time.perf_counter() - began, time.thread_time() - own
            assert own < 0.2
            assert wall < 0.2 or others[1] > CALM
            kept = app.talk.states()[-2]
            assert all(line.verdict and not line.dropped for line in kept.lines)
            await latest(lambda: app.talk.states()[-1].phase == "done")  # the next question's turn has come
