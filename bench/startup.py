"""How long a process of `qa` takes, and how much memory: help, version, and one cold question on the sample corpus.

Medians of several runs on a warm file cache. The question is asked once before, so its passages are on disk as the
model read them; with QA_PASSAGE_CACHE=0 in the environment they are read anew each time. Exits 1 when a bar does not
hold.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from process import QA, QUESTION, SEEDS, middle, run, verdict

HELP_BAR = 0.4
"""Seconds."""
MEMORY_BAR = 800
"""Megabytes."""


def helps(folder: Path, repeats: int) -> bool:
    """`--help` and `--version`."""
    held = True
    for option in ("--help", "--version"):
        run([*QA, option], folder)
        runs = [run([*QA, option], folder) for _ in range(repeats)]
        held &= verdict(f"qa {option}", middle(runs), HELP_BAR, "s")
    return held


def question(folder: Path, repeats: int) -> bool:
    """One question a process, with its models: time is shown, memory has a bar."""
    store = folder / "store"
    indexed = run([*QA, "index", SEEDS, "--store", store], folder)
    if indexed.code:
        sys.exit(f"the sample corpus could not be indexed:\n{indexed.output}")
    command = [*QA, "ask", "--store", str(store), QUESTION]
    run(command, folder)
    runs = [run(command, folder) for _ in range(repeats)]
    print(f"qa index, five documents: {indexed.seconds:.2f} s, {indexed.megabytes:.0f} MB")
    print(f"qa ask, whole process: median {middle(runs):.2f} s of {', '.join(f'{each.seconds:.2f}' for each in runs)}")
    if any(each.code for each in runs):
        sys.exit(f"qa ask failed:\n{runs[0].output}")
    return verdict("qa ask, peak memory", max(each.megabytes for each in runs), MEMORY_BAR, "MB")


def main() -> None:
    """Measure everything, then say whether all bars held."""
    with tempfile.TemporaryDirectory() as name:
        held = [helps(Path(name), 7), question(Path(name), 5)]
    sys.exit(not all(held))


if __name__ == "__main__":
    main()
