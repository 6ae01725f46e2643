"""A small corpus in a real store, and engines over it whose generator is scripted."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path

import pytest

from qa.answer.confidence import FEATURES, Calibration
from qa.answer.engine import Engine
from qa.models.seams import Checker, GeneratorInfo, Request
from qa.store import Index, update
from qa.testing import HashEmbedder, ScriptedGenerator, WordChecker

sys.path.insert(0, str(Path(__file__).parent))

LEDGER = """---
title: Marines leave for Baghdad
publisher: The Ledger
date: 2019-12-31
---

A detachment of 100 Marines was sent from Kuwait to the embassy in Baghdad. The outer wall of the embassy was breached
by the crowd. Secretary Mark Esper ordered the move on Tuesday.
"""
WIRE = """---
title: Guards for the compound
publisher: Wire News
date: 2019-12-31
---

The Pentagon said that one hundred Marines were sent to guard diplomats. Some 750 soldiers of the 82nd Airborne Division
will follow within days. Nobody was hurt, officials said.
"""
COURIER = """---
title: A night at the gates
publisher: Evening Courier
date: 2020-01-01
---

Officers told reporters that 120 Marines were sent to Iraq in the night. The outer wall of the embassy was not breached,
a guard insisted. Protesters burned a reception room near the gate.
"""
FARM = """---
title: Apples
publisher: Orchard Weekly
date: 2019-05-02
---

Growers picked 40 tonnes of apples in the valley this autumn. Rain had spoiled most of the pears before September.
"""
NEWS = {"ledger.md": LEDGER, "wire.md": WIRE, "courier.md": COURIER, "farm.md": FARM}

SURE = Calibration({"bias": 3.0, **dict.fromkeys(FEATURES, 0.0)}, threshold=0.5)
"""Confident of everything: what is refused then is refused for another reason."""

MakeEngine = Callable[..., Engine]


def asked_passage(request: Request) -> str:
    """The passage of a reader's prompt."""
    match = re.search(r"^Passage: (.*)$", request.user, re.M)
    assert match, request.user
    return match.group(1)


def reading(replies: Mapping[str, str], otherwise: str = "not found") -> ScriptedGenerator:
    """A reader that gives the reply whose key occurs in the passage."""

    def reply(request: Request) -> str:
        passage = asked_passage(request)
        return next((text for key, text in replies.items() if key in passage), otherwise)

    return ScriptedGenerator(reply)


@pytest.fixture
def readers() -> Callable[..., ScriptedGenerator]:
    return reading


@pytest.fixture
def news() -> dict[str, str]:
    return dict(NEWS)


@pytest.fixture
def make_engine(tmp_path: Path) -> Iterator[MakeEngine]:
    """``make_engine(generator, texts=…, checker=…, calibration=…)`` over an index of the texts, by file name."""
    with ExitStack() as stack:

        def make(
            generator: ScriptedGenerator,
            texts: Mapping[str, str] = NEWS,
            checker: Checker | None = None,
            calibration: Calibration = SURE,
            name: str = "docs",
        ) -> Engine:
            folder = tmp_path / name
            folder.mkdir()
            for file, text in texts.items():
                (folder / file).write_text(text, encoding="utf-8")
            embedder = HashEmbedder(dimension=4096)  # words hardly ever collide
            store = tmp_path / f"{name}-index"
            update(store, [folder], embedder)
            index = stack.enter_context(Index.open(store))
            return Engine(index, embedder, generator, checker or WordChecker(), calibration=calibration)

        yield make


@pytest.fixture
def prose() -> Callable[..., ScriptedGenerator]:
    """A generator that may write prose: ``prose(replies, text)`` reads as ``reading`` does and writes ``text``."""

    def make(replies: Mapping[str, str], text: str) -> ScriptedGenerator:
        def reply(request: Request) -> str:
            if "Evidence:" in request.user:
                return text
            passage = asked_passage(request)
            return next((answer for key, answer in replies.items() if key in passage), "not found")

        return ScriptedGenerator(reply, info=GeneratorInfo("writer", context=4096, writes_prose=True))

    return make
