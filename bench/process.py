"""Run a command and measure the whole process: seconds from start to exit, and the most memory it held."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

QA = [str(Path(sys.executable).with_name("qa"))]
SEEDS = Path(__file__).parent.parent / "seeds"
QUESTION = "how many Marines were sent?"
_UNIT = 1 if sys.platform == "darwin" else 1024


@dataclass(frozen=True, slots=True)
class Run:
    """One process, finished."""

    seconds: float
    megabytes: float
    """Peak resident set; 1 MB is a million bytes."""
    code: int
    output: str


def run(command: Sequence[str | Path], cwd: Path, env: Mapping[str, str] | None = None) -> Run:
    """Run to the end. Output goes to a file, so that a full pipe cannot hold the process up."""
    path = cwd / "output.txt"
    with path.open("w+", encoding="utf-8", errors="replace") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            [str(part) for part in command],
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(seconds, _megabytes(usage), process.returncode, path.read_text(encoding="utf-8", errors="replace"))


def _megabytes(usage: resource.struct_rusage) -> float:
    return usage.ru_maxrss * _UNIT / 1e6


def middle(runs: Sequence[Run]) -> float:
    """Median seconds."""
    return median(each.seconds for each in runs)


def verdict(name: str, value: float, bar: float, unit: str) -> bool:
    """Print one line beside its bar; true when the value is within it."""
    held = value <= bar
    print(f"{name:<58}{value:>9.3f} {unit:<3} bar {bar:<6g}{'holds' if held else 'FALLS SHORT'}")
    return held
