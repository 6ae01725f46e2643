"""The chat in a real terminal with the real default models: start, ask, open a citation, export, quit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed"),
]
ROOT = Path(__file__).parents[2]
ENV = ["env", "-u", "COLUMNS", "-u", "LINES", "-u", "NO_COLOR", f"PYTHONPATH={ROOT}"]  # the window's size counts
QA = [sys.executable, "-c", "import sys; from qa.cli import main; sys.exit(main())"]


class Terminal:
    """One tmux server of its own, with one window of 110 × 34."""

    def __init__(self, folder: Path, *command: str) -> None:
        self._socket = f"qa-test-{os.getpid()}"
        environment = {"XDG_DATA_HOME": folder / "data", "XDG_CONFIG_HOME": folder / "config", "LC_ALL": "C.UTF-8"}
        settings = [part for name, value in environment.items() for part in ("-e", f"{name}={value}")]
        self._tmux("new-session", "-d", "-x", "110", "-y", "34", "-c", str(folder), *settings, *command)

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self._socket, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout

    def type(self, text: str, *keys: str) -> None:
        self._tmux("send-keys", "-l", text)
        if keys:
            self._tmux("send-keys", *keys)

    def press(self, *keys: str) -> None:
        self._tmux("send-keys", *keys)

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def until(self, *wanted: str, seconds: float = 180) -> str:
        """The screen once it shows all of these."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            shown = self.screen()
            if all(part in shown for part in wanted):
                return shown
            time.sleep(0.2)
        raise AssertionError(f"{wanted} not shown:\n{self.screen()}")

    def closed(self, seconds: float = 30) -> bool:
        """Whether the program has ended and its window is gone."""
        end = time.monotonic() + seconds
        command = ["tmux", "-L", self._socket, "list-sessions"]
        while time.monotonic() < end:
            if subprocess.run(command, capture_output=True, check=False).returncode:
                return True
            time.sleep(0.2)
        return False

    def kill(self) -> None:
        subprocess.run(["tmux", "-L", self._socket, "kill-server"], capture_output=True, check=False)


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    store = tmp_path / "store"
    made = subprocess.run(
        [*QA, "index", str(ROOT / "seeds"), "--store", str(store)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    opened = Terminal(tmp_path, *ENV, *QA, "chat", "--store", str(store))
    yield opened
    opened.kill()


def test_a_whole_conversation(terminal, tmp_path):
    terminal.until("Ask a question about your documents", seconds=60)
    terminal.type("How many Marines were sent to the embassy in Baghdad?", "Enter")  # models may still be loading
    terminal.until("confidence", "[1]", "✓")
    terminal.type("1", "Enter")
    shown = terminal.until("supported", "· 31 December 2019", seconds=30)
    assert "[1]" in shown.split("supported")[0]
    terminal.type("/export json", "Enter")
    terminal.until("· wrote", seconds=30)
    (exported,) = tmp_path.glob("qa-*.json")
    (answer,) = json.loads(exported.read_text())
    assert answer["status"] == "answered"
    quote = " ".join(answer["citations"][0]["quote"].split())
    pane = " ".join(line[67:].strip() for line in shown.splitlines())
    assert " ".join(quote.split()[:5]) in pane  # the cited span is in sight, in its context
    terminal.press("?")
    terminal.until("lines entered before", seconds=30)
    terminal.press("Escape")
    while "lines entered before" in terminal.screen():
        time.sleep(0.2)
    terminal.type("/quit", "Enter")
    assert terminal.closed()


def test_a_conversation_is_taken_up_again(terminal, tmp_path):
    terminal.until("5 documents")
    terminal.type("How many Marines were sent to the embassy in Baghdad?", "Enter")
    terminal.until("searching", seconds=60)
    terminal.press("Escape")
    terminal.until("stopped", seconds=30)
    terminal.press("C-q")
    assert terminal.closed()
    again = Terminal(tmp_path, *ENV, *QA, "chat", "--store", str(tmp_path / "store"), "--resume")
    try:
        shown = again.until("How many Marines were sent to the embassy in Baghdad?", "stopped", seconds=60)
        assert "confidence" not in shown
        again.press("C-q")
        assert again.closed()
    finally:
        again.kill()
