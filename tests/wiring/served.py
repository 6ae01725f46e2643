"""The process that answers, with fake models; words of the question decide what happens to it."""

from __future__ import annotations

import os
import signal
import sys
import time

from qa.answer.confidence import FEATURES, Calibration
from qa.models.seams import Request
from qa.testing import FixedChecker, HashEmbedder, ScriptedGenerator
from qa.wiring import Session
from qa.wiring.serve import main


def reply(request: Request) -> str:
    if "deadly" in request.user:
        os.kill(os.getpid(), signal.SIGSEGV)
    if "slowly" in request.user:
        time.sleep(0.5)
    if "loudly" in request.user:
        sys.stdout.write("a library says hello\n")
        os.write(1, b"and so does its C code\n")
    if "wrongly" in request.user:
        raise ZeroDivisionError("by zero")
    return "100 Marines" if "detachment" in request.user else "not found"


if __name__ == "__main__":
    generator = ScriptedGenerator(reply)
    for name, value in {
        "generator": generator,
        "embedder": HashEmbedder(dimension=1024),
        "checker": FixedChecker(1.0),
        "reranker": None,
        "locator": None,
        "calibration": Calibration({"bias": 3.0, **dict.fromkeys(FEATURES, 0.0)}),
    }.items():
        setattr(Session, name, value)
    if "ends-at-once" in sys.argv:
        sys.exit(7)
    main()
