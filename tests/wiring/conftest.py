from __future__ import annotations

from pathlib import Path

import pytest

from qa.answer.confidence import FEATURES, Calibration
from qa.config import Config
from qa.store import update
from qa.testing import FixedChecker, HashEmbedder, ScriptedGenerator
from qa.wiring import Session

EMBEDDER = HashEmbedder(dimension=1024)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    """Settings over an index of two documents; nothing of the user's own."""
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("A detachment of 100 Marines was sent to Baghdad.", encoding="utf-8")
    (docs / "b.txt").write_text("Growers picked 40 tonnes of apples in the valley.", encoding="utf-8")
    update(tmp_path / "index", [docs], EMBEDDER)
    return Config(store=tmp_path / "index", cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")


@pytest.fixture
def fakes(monkeypatch: pytest.MonkeyPatch) -> ScriptedGenerator:
    """The models of every session are fakes; this is the generator."""
    generator = ScriptedGenerator(lambda request: "100 Marines" if "detachment" in request.user else "not found")
    sure = Calibration({"bias": 3.0, **dict.fromkeys(FEATURES, 0.0)})
    for name, value in {
        "generator": generator,
        "embedder": EMBEDDER,
        "checker": FixedChecker(1.0),
        "reranker": None,
        "locator": None,
        "calibration": sure,
    }.items():
        monkeypatch.setattr(Session, name, value)
    return generator
