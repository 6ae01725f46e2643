from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.models.seams import Vectors
from qa.testing import HashEmbedder

TEXTS = {
    "river.md": "# The river\n\nThe Rhine flows through Basel and Cologne. It reaches the North Sea at Rotterdam.",
    "war.md": "# The war\n\nThe war lasted seven years. It was fought in North America and in Europe.",
    "gas.txt": "Oxygen is a gas without colour. Plants release it. People breathe it in.",
}


class CountingEmbedder(HashEmbedder):
    """Remembers every text that it embedded."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def encode(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return super().encode(texts)


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    folder = tmp_path / "docs"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def store(tmp_path: Path) -> Path:
    return tmp_path / "index"
