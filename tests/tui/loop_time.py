"""What the chat's loop does with its time, in processor seconds: true on a busy machine, too.

Nothing is compared with seconds, which are worth less on a slow machine, but with one redrawing of the chat's screen:
45 milliseconds where a callback should take less than 50.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager
from statistics import median

import pytest
from textual.pilot import Pilot

HELD = 1.1
"""In redrawings; so long may one callback take."""
SIZES = ((100, 34), (110, 34), (100, 34), (110, 34))
"""In columns and rows; each change redraws everything."""


@contextmanager
def no_sweeping() -> Iterator[None]:
    """The test runner's own objects are not the chat's to sweep."""
    gc.collect()
    gc.freeze()
    try:
        yield
    finally:
        gc.unfreeze()


@contextmanager
def callbacks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[float]]:
    """Processor seconds of each callback of the loop."""
    took: list[float] = []
    run = asyncio.Handle._run

    def timed(handle: asyncio.Handle) -> None:
        began = time.thread_time()
        run(handle)
        took.append(time.thread_time() - began)

    with monkeypatch.context() as patched:
        patched.setattr(asyncio.Handle, "_run", timed)
        yield took


async def redrawing(pilot: Pilot[int], monkeypatch: pytest.MonkeyPatch) -> float:
    """Processor seconds of the dearest callback when the whole screen is drawn anew and nothing else goes on."""
    found = []
    for size in SIZES:
        with callbacks(monkeypatch) as took:
            await pilot.resize_terminal(*size)
            await pilot.pause(0.3)
        found.append(max(took))
    return median(found)
