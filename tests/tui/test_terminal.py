"""The chat in a real terminal with the real default models: start, ask, open a citation, export, quit.

With QA_PICTURES=FOLDER the same conversation leaves its pictures there (`make pictures`).
"""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pytest
from rich.ansi import AnsiDecoder
from rich.console import Console

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not shutil.which("tmux"), reason="tmux is not installed"),
]
ROOT = Path(__file__).parents[2]
ENV = ["env", "-u", "COLUMNS", "-u", "LINES", "-u", "NO_COLOR", f"PYTHONPATH={ROOT}"]  # the window's size counts
QA = [sys.executable, "-c", "import sys; from qa.cli import main; sys.exit(main())"]
NUMBERS = itertools.count()


class Terminal:
    """One tmux server of its own, with one window of 110 × 34."""

    def __init__(self, folder: Path, *command: str) -> None:
        self._socket = f"qa-test-{os.getpid()}-{next(NUMBERS)}"  # the server before may still be ending
        environment = {
            "XDG_DATA_HOME": folder / "data",
            "XDG_CONFIG_HOME": folder / "config",
            "LC_ALL": "C.UTF-8",
            "COLORTERM": "truecolor",
        }
        settings = [part for name, value in environment.items() for part in ("-e", f"{name}={value}")]
        self._tmux(
            "-f", os.devnull, "new-session", "-d", "-x", "110", "-y", "34", "-c", str(folder), *settings, *command
        )

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

    def click(self, text: str) -> None:
        """Press and release the mouse on the first place that shows this."""
        row, line = next((n, line) for n, line in enumerate(self.screen().splitlines(), 1) if text in line)
        column = line.index(text) + 2
        self._tmux("send-keys", "-l", f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m")

    def picture(self, name: str) -> None:
        """Draw the screen as it is, colours and all, if pictures are wanted."""
        folder = os.environ.get("QA_PICTURES")
        if not folder:
            return
        console = Console(record=True, width=110, file=StringIO(), force_terminal=True, color_system="truecolor")
        for line in AnsiDecoder().decode(self._tmux("capture-pane", "-e", "-p", "-N").rstrip("\n")):
            console.print(line, no_wrap=True, crop=True)
        console.save_svg(str(Path(folder).absolute() / f"{name}.svg"), title="qa chat")

    def until(self, *wanted: str, seconds: float = 180) -> str:
        """The screen once it shows all of these."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            shown = self.screen()
            if all(part in shown for part in wanted):
                return shown
            time.sleep(0.2)
        raise AssertionError(f"{wanted} not shown:\n{self.screen()}")

    def answered(self) -> None:
        """Wait until nothing is being answered, and all of it is shown."""
        while "Esc stops it" in self.screen():
            time.sleep(0.2)
        time.sleep(1)

    def pid(self) -> int:
        """Of the program in the window."""
        return int(self._tmux("display-message", "-p", "#{pane_pid}"))

    def closed(self, seconds: float = 60) -> bool:
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


@pytest.fixture(scope="module")
def store(tmp_path_factory) -> Path:
    """The sample corpus, under the short paths that pictures may show."""
    folder = tmp_path_factory.mktemp("corpus")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    command = [*QA, "index", "seeds", "--store", "index"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    made = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr
    return folder / "index"


@pytest.fixture
def terminal(tmp_path: Path, store: Path) -> Iterator[Terminal]:
    opened = Terminal(tmp_path, *ENV, *QA, "chat", "--store", str(store))
    yield opened
    opened.kill()


def test_a_whole_conversation(terminal, tmp_path):
    terminal.until("Ask a question about your documents")
    terminal.type("How many Marines were sent to the embassy in Baghdad?", "Enter")  # models may still be loading
    terminal.until("confidence", "[1]", "✓")
    terminal.type("1", "Enter")
    shown = terminal.until("✓ supported", "\u258f  [1] ")
    terminal.picture("chat")
    assert "[1]" in shown.split("supported")[0]
    terminal.click("[2]")
    while not any(line[67:].strip().startswith("[2]") for line in terminal.screen().splitlines()):
        time.sleep(0.2)
    if os.environ.get("QA_PICTURES"):
        follow_up(terminal)
    terminal.type("/export json", "Enter")
    terminal.until("· wrote")
    (exported,) = tmp_path.glob("qa-*.json")
    answer, *_ = json.loads(exported.read_text())
    assert answer["status"] == "answered"
    quote = " ".join(answer["citations"][0]["quote"].split())
    pane = " ".join(line[67:].strip() for line in shown.splitlines())
    assert " ".join(quote.split()[:5]) in pane  # the cited span is in sight, in its context
    if os.environ.get("QA_PICTURES"):
        summary(terminal)
    terminal.press("?")
    terminal.until("lines entered before")
    terminal.press("Escape")
    while "lines entered before" in terminal.screen():
        time.sleep(0.2)
    terminal.type("/quit", "Enter")
    assert terminal.closed()


def follow_up(terminal: Terminal) -> None:
    """A question that leans on the one before."""
    terminal.type("and where did they come from?", "Enter")
    terminal.until("asked as")
    terminal.answered()
    terminal.picture("chat-follow-up")


def summary(terminal: Terminal) -> None:
    """A summary in light colours, in a conversation of its own."""
    terminal.type("/clear", "Enter")
    terminal.until("new conversation")
    terminal.type("/theme light", "Enter")
    terminal.type("/summarize", "Enter")
    terminal.until("answering")
    terminal.until("✓")
    terminal.answered()
    terminal.picture("chat-summary")


def test_what_is_typed_before_the_first_picture_is_not_lost(tmp_path):
    opened = Terminal(tmp_path, *ENV, *QA, "chat", "--store", str(tmp_path / "none"))
    try:
        for letter in "abcdefghijklmnop":
            opened.type(letter)
        shown = opened.until("new conversation", "mnop")
        assert "│ abcdefghijklmnop" in shown
        opened.until("! there is no index at", "/index PATH makes one")  # said in one line, and the chat goes on
        opened.type("qr")
        opened.until("│ abcdefghijklmnopqr")
    finally:
        opened.kill()


def test_a_killed_chat_has_lost_nothing_that_was_shown(terminal, tmp_path, store):
    terminal.until("5 documents")
    terminal.type("/summarize", "Enter")
    terminal.until("answering")  # the greeting explains the signs, so wait until it is gone
    shown = terminal.until("✓")
    sentence = next(line for line in shown.splitlines() if "✓" in line)[:60].split("✓")[1].strip()
    os.kill(terminal.pid(), signal.SIGKILL)
    assert terminal.closed()
    again = Terminal(tmp_path, *ENV, *QA, "chat", "--store", str(store), "--resume", "1")
    try:
        shown = again.until("/summarize", "✓", "stopped")
        again.press("Tab", "Home")
        again.until(sentence)
    finally:
        again.kill()


def test_a_conversation_is_taken_up_again(terminal, tmp_path, store):
    terminal.until("5 documents")
    terminal.type("How many Marines were sent to the embassy in Baghdad?", "Enter")
    terminal.press("Escape")  # at once: a short answer does not wait to be seen
    terminal.until("stopped")
    terminal.press("C-q")
    assert terminal.closed()
    again = Terminal(tmp_path, *ENV, *QA, "chat", "--store", str(store), "--resume")
    try:
        shown = again.until("How many Marines were sent to the embassy in Baghdad?", "stopped")
        assert "confidence" not in shown
        again.press("C-q")
        assert again.closed()
    finally:
        again.kill()
