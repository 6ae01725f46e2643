"""How quick the chat is: from the start of the process to the first picture, the longest time for which its loop stands
still while the real model answers, and the time from Esc to a stopped answer.

The first is taken in a terminal, the others with the app's own loop in this process. Exits 1 when a bar does not hold.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import pty
import select
import signal
import struct
import sys
import tempfile
import termios
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from process import QA, QUESTION, SEEDS, run, verdict

OPENING_BAR = 1.0
"""Seconds of wall time from the start of the process to the first picture."""
BLOCKED_BAR = 0.05
"""Seconds for which the loop may stand still."""
STOP_BAR = 0.2
"""Seconds from Esc to an answer that is stopped."""
QUESTIONS = (
    QUESTION,
    "Who attacked the embassy?",
    "How many soldiers went to Kuwait?",
    "Where did the Marines come from?",
)
SHOWN = b"documents."
"""The end of the first line of the welcome."""


def opening(folder: Path, store: Path) -> tuple[float, float]:
    """Wall seconds from start to the first picture, and the process's own processor seconds until then."""
    began = time.perf_counter()
    child, terminal = pty.fork()
    if child == 0:
        os.chdir(folder)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 34, 110, 0, 0))
        env = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "XDG_DATA_HOME": str(folder / "data")}
        os.execve(QA[0], [*QA, "chat", "--store", str(store)], env)
    seen = b""
    while SHOWN not in seen and select.select([terminal], [], [], 60)[0]:
        seen += os.read(terminal, 65536)
    wall, spent = time.perf_counter() - began, _spent(child)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)
    if SHOWN not in seen:
        sys.exit("the chat showed nothing within a minute")
    return wall, spent


def _spent(pid: int) -> float:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:  # only Linux tells
        return float("nan")
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


async def answering(folder: Path, store: Path) -> tuple[float, float]:
    """The longest time for which the loop stood still during any answer, and the time that Esc took in the next."""
    from textual.events import Key

    from qa.tui.app import ChatApp
    from qa.tui.sessions import Sessions
    from qa.wiring import chat_settings
    from qa.wiring.remote import RemoteBackend

    settings, _ = chat_settings(None, {"store": store})
    with Sessions(folder / "conversations.sqlite") as sessions:
        app = ChatApp(lambda: RemoteBackend(settings), sessions)
        async with app.run_test(size=(110, 34)):
            while not app._model:
                await asyncio.sleep(0.05)
            longest = 0.0
            for question in QUESTIONS:
                app.ask(question)
                longest = max(longest, await _longest(lambda: app.talk.states()[-1].phase == "done"))
            app.ask("Who is the ambassador?")
            while not app.talk.states()[-1].found:
                await asyncio.sleep(0.01)
            began = time.perf_counter()
            app.post_message(Key("escape", None))  # the pilot's own way waits for an idle loop first
            while app.talk.states()[-1].phase != "stopped":
                await asyncio.sleep(0.001)
            return longest, time.perf_counter() - began


async def _longest(done: Callable[[], bool]) -> float:
    longest = 0.0
    while not done():
        before = time.perf_counter()
        await asyncio.sleep(0.005)
        longest = max(longest, time.perf_counter() - before - 0.005)
    return longest


def main() -> None:
    """Measure, then say whether all bars held."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        store = folder / "store"
        made = run([*QA, "index", SEEDS, "--store", store], folder)
        if made.code:
            sys.exit(f"the sample corpus could not be indexed:\n{made.output}")
        opening(folder, store)
        opened = [opening(folder, store) for _ in range(9)]
        wall, spent = (median(values) for values in zip(*opened, strict=True))
        print(f"qa chat, processor time to the first picture: {spent:.2f} s")
        held = [verdict("qa chat, first picture, wall time", wall, OPENING_BAR, "s")]
        longest, stop = asyncio.run(answering(folder, store))
        held.append(verdict("the loop stood still while a model answered, at most", longest, BLOCKED_BAR, "s"))
        held.append(verdict("from Esc to a stopped answer", stop, STOP_BAR, "s"))
    sys.exit(not all(held))


if __name__ == "__main__":
    main()
