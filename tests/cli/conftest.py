"""The command line in process: three documents, models that are fakes, and nothing of the user's own settings."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from qa import cli
from qa.answer.confidence import FEATURES, Calibration
from qa.models.seams import Request
from qa.testing import FixedChecker, HashEmbedder, ScriptedGenerator
from qa.wiring import Session

TEXTS = {
    "ledger.md": "---\ntitle: Marines leave\npublisher: The Ledger\ndate: 2019-12-31\n---\n\n"
    "A detachment of 100 Marines was sent from Kuwait to Baghdad. The outer wall was breached by the crowd.\n",
    "wire.md": "---\ntitle: Guards\npublisher: Wire News\ndate: 2020-01-01\n---\n\n"
    "The Pentagon said that one hundred Marines were sent to guard diplomats. Nobody was hurt, officials said.\n",
    "farm.txt": "Growers picked 40 tonnes of apples in the valley this autumn.\n",
}
QUESTION = "How many Marines were sent?"


@dataclass(frozen=True)
class Result:
    code: int
    out: str
    err: str


def reply(request: Request) -> str:
    """What the scripted reader says of a passage."""
    if QUESTION not in request.user:
        return "not found"
    return next(
        (a for k, a in {"detachment": "100 Marines", "Pentagon": "one hundred"}.items() if k in request.user),
        "not found",
    )


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with ``docs/`` in it."""
    for name in [name for name in os.environ if name.startswith("QA_")] + ["NO_COLOR", "FORCE_COLOR"]:
        monkeypatch.delenv(name, raising=False)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home" / name.lower()))
    work = tmp_path / "work"
    (work / "docs").mkdir(parents=True)
    for name, text in TEXTS.items():
        (work / "docs" / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(work)
    monkeypatch.setenv("QA_STORE", "index")
    return work


@pytest.fixture
def generator(place: Path, monkeypatch: pytest.MonkeyPatch) -> ScriptedGenerator:
    """The models of every session are fakes; this is the generator."""
    scripted = ScriptedGenerator(reply)
    monkeypatch.setattr(Session, "generator", scripted)
    monkeypatch.setattr(Session, "embedder", HashEmbedder(dimension=4096))
    monkeypatch.setattr(Session, "checker", FixedChecker(1.0))
    monkeypatch.setattr(Session, "reranker", None)
    monkeypatch.setattr(Session, "locator", None)
    sure = Calibration({"bias": 3.0, **dict.fromkeys(FEATURES, 0.0)}, threshold=0.5)
    monkeypatch.setattr(Session, "calibration", sure)
    return scripted


@pytest.fixture
def qa(generator: ScriptedGenerator, capsys: pytest.CaptureFixture[str]) -> Callable[..., Result]:
    """``qa("ask", "…")`` runs a command; no run may show a traceback."""

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        code = cli.run([str(a) for a in arguments])
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return Result(code, captured.out, captured.err)

    return call


@pytest.fixture
def indexed(qa: Callable[..., Result]) -> Callable[..., Result]:
    """``qa`` with ``docs/`` indexed."""
    assert qa("index", "docs").code == 0
    return qa
