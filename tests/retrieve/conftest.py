from __future__ import annotations

from pathlib import Path

import pytest

from qa.store import Index, update
from qa.testing import HashEmbedder


@pytest.fixture
def embedder() -> HashEmbedder:
    return HashEmbedder(dimension=1024)


@pytest.fixture
def build(tmp_path: Path, embedder: HashEmbedder):
    """Texts by name to an open index; a text may start with front matter."""
    opened = []

    def make(texts: dict[str, str]) -> Index:
        for name, text in texts.items():
            path = tmp_path / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        update(tmp_path / "index", [tmp_path / "docs"], embedder)
        opened.append(Index.open(tmp_path / "index", embedder.info.id))
        return opened[-1]

    yield make
    for index in opened:
        index.close()
