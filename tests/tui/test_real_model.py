"""The chat beside the real default model: its loop is not held up, and Esc stops an answer at once.

Nothing is compared with seconds, which a slow or busy machine has fewer of: what the chat does in one go is compared
with one redrawing of its screen, and how long one waits for it with how long the model takes to answer.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import pytest
from textual.events import Key
from textual.pilot import Pilot

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
"""Three: what the chat does it does each time, what other programs on this machine do to it they do at times, so the
median counts."""
SIZES = ((100, 34), (110, 34), (100, 34), (110, 34))
"""In columns and rows; each change redraws everything."""


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


@dataclass(frozen=True, slots=True)
class Turn:
    """While the model answers: how late the loop's wake-ups are and how many processor seconds a callback takes, at
    most; and how long the answer takes."""

    late: float
    worked: float
    answered: float


async def turn(app: ChatApp, question: str, monkeypatch) -> Turn:
    began = time.perf_counter()
    with callbacks(monkeypatch) as took:
        app.ask(question)
        late = await latest(lambda: app.talk.states()[-1].phase == "done")
    return Turn(late, max(took), time.perf_counter() - began)


async def redrawing(pilot: Pilot[None], monkeypatch) -> float:
    """Processor seconds of the dearest callback when the whole screen is drawn anew and nothing else goes on."""
    found = []
    for size in SIZES:
        with callbacks(monkeypatch) as took:
            await pilot.resize_terminal(*size)
            await pilot.pause(0.3)
        found.append(max(took))
    return median(found)


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
            gc.collect()
            gc.freeze()  # the test runner's own objects are not the chat's to sweep
            turns = [await turn(app, question, monkeypatch) for question in QUESTIONS]
            assert app.talk.states()[-1].answer.short == "100"
            redrawn = await redrawing(pilot, monkeypatch)
            gc.unfreeze()
            answered = median(one.answered for one in turns)
            assert max(one.worked for one in turns) < 2 * redrawn
            assert median(one.late for one in turns) < answered / 10

            stopped = [await stopping(app, question) for question in QUESTIONS]
            assert median(stopped) < answered / 5
            kept = app.talk.states()[-2]
            assert all(line.verdict and not line.dropped for line in kept.lines)
