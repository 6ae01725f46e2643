from __future__ import annotations

import random

import pytest

from qa.corpus import copies
from qa.store import Index, remove, update
from qa.store.kinship import Kinship, _smallest

WORDS = [f"w{number}" for number in range(400)]


def text(seed: int, family: int) -> str:
    """Members of a family share most of a text; half of the families share too little to be copies."""
    chosen = random.Random(family)
    words = chosen.choices(WORDS, k=120)
    changes = random.Random(seed)
    for _ in range(2 if family % 2 else 14):
        words[changes.randrange(len(words))] = changes.choice(WORDS)
    return " ".join(words) + "."


@pytest.mark.parametrize("seed", range(4))
def test_groups_after_any_history_are_those_of_all_documents_compared(store, tmp_path, embedder, seed):
    chosen = random.Random(seed)
    folder = tmp_path / "docs"
    folder.mkdir()
    for step in range(5):
        for _ in range(6):
            number = chosen.randrange(24)
            file = folder / f"{number:02}.txt"
            if file.exists() and chosen.random() < 0.4:
                file.unlink()
            else:
                file.write_text(text(100 * step + number, number % 4), encoding="utf-8")
        (folder / "always.txt").write_text(f"Something else entirely, number {step}.", encoding="utf-8")
        update(store, [folder], embedder)
        with Index.open(store) as index:
            found = {source.path: source.group for source in index.sources()}
            texts = {path: index.document(path).text for path in found}
        assert found == copies.groups({path: copies.signature(content) for path, content in texts.items()})


def test_a_group_falls_apart_when_the_link_between_two_goes(store, tmp_path, embedder):
    folder = tmp_path / "docs"
    folder.mkdir()
    words = [f"word{number}" for number in range(150)]
    parts = {"a": words[:100], "b": words[20:120], "c": words[40:140]}
    for name, part in parts.items():
        (folder / f"{name}.txt").write_text(" ".join(part) + ".", encoding="utf-8")
    update(store, [folder], embedder)
    with Index.open(store) as index:
        assert {source.group for source in index.sources()} == {"docs/a.txt"}
    remove(store, ["b.txt"])
    with Index.open(store) as index:
        assert [source.group for source in index.sources()] == ["docs/a.txt", "docs/c.txt"]


def test_a_phrase_that_stands_in_every_document_does_not_make_copies(store, tmp_path, embedder, monkeypatch):
    monkeypatch.setattr("qa.store.kinship._CROWD", 5)
    folder = tmp_path / "docs"
    folder.mkdir()
    for number in range(12):
        words = random.Random(number).choices(WORDS, k=80)
        (folder / f"{number:02}.txt").write_text(
            "All rights reserved by the publisher. " + " ".join(words), encoding="utf-8"
        )
    (folder / "copy.txt").write_bytes((folder / "03.txt").read_bytes())
    update(store, [folder], embedder)
    with Index.open(store) as index:
        groups = {source.path: source.group for source in index.sources()}
    assert groups["docs/copy.txt"] == groups["docs/03.txt"]
    assert len(set(groups.values())) == 12


def test_a_text_without_words_for_a_sketch_is_alone():
    assert _smallest(copies.signature("")) == []
    assert Kinship.__doc__
