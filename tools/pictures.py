"""Draw docs/ask.svg: what `qa ask` really prints on the sample corpus, on a terminal 100 columns wide."""

import os
import pty
import shutil
import subprocess
import sys
import tempfile
from io import StringIO
from pathlib import Path

from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
QA = str(Path(sys.executable).with_name("qa"))
QUESTION = "how many Marines were sent?"
WIDTH = 100


def on_a_terminal(command: list[str], folder: Path) -> str:
    """Everything that the command writes on standard output while that is a terminal, escapes included."""
    ours, theirs = pty.openpty()
    env = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "COLUMNS": str(WIDTH), "LINES": "60"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**os.environ, **env},
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=subprocess.DEVNULL,
    )
    os.close(theirs)
    pieces = bytearray()
    while True:
        try:
            piece = os.read(ours, 65536)
        except OSError:
            piece = b""
        if not piece:
            break
        pieces += piece
    if process.wait():
        sys.exit(f"{' '.join(command)} exited with {process.returncode}")
    return pieces.decode("utf-8").replace("\r\n", "\n")


def main() -> None:
    """Index a copy of the sample corpus, so that its paths are short and nobody's, ask, draw."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(ROOT / "seeds", folder / "seeds")
        index = [QA, "index", "seeds", "--store", "index"]
        subprocess.run(index, cwd=folder, check=True, stdin=subprocess.DEVNULL)
        shown = on_a_terminal([QA, "ask", "--store", "index", "--no-stream", QUESTION], folder)
    console = Console(record=True, width=WIDTH, file=StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.assemble(("$ ", "dim"), (f'qa ask "{QUESTION}"', "bold")))
    console.print(Text.from_ansi(shown.rstrip()))
    (ROOT / "docs").mkdir(exist_ok=True)
    console.save_svg(str(ROOT / "docs" / "ask.svg"), title="qa ask")


if __name__ == "__main__":
    main()
