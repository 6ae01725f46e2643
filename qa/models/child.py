"""This interpreter in a process of its own, for what may crash or must not hold up this one."""

from __future__ import annotations

import signal
import sys
from contextlib import suppress
from pathlib import Path

_PACKAGE = str(Path(__file__).parents[2])
_FIRST = "import sys; sys.path.append(sys.argv[1]); "
_CRASHES = {
    3221225477: "access violation",
    3221225501: "illegal instruction",
}
"""How Windows reports what other systems report as a signal."""


def command(code: str, *arguments: str) -> list[str]:
    """The command line that runs this code, which finds ``arguments`` from ``sys.argv[2]`` on.

    ``qa`` is imported from where this process has it, and nothing from the current folder: a folder of documents may
    hold a file ``json.py``.
    """
    return [sys.executable, "-P", "-c", _FIRST + code, _PACKAGE, *arguments]


def crash(code: int) -> str:
    """The name of the signal that a process with this exit code died of; empty when it ended by itself."""
    if code < 0:
        with suppress(ValueError):
            return signal.Signals(-code).name
        return f"signal {-code}"
    return _CRASHES.get(code & 0xFFFFFFFF, "")
