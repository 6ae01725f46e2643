from __future__ import annotations

import json
import random
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from qa.errors import DamagedIndexError, NoIndexError, StoreError
from qa.store import Index, files, manifest, update
from qa.store.place import is_store

NAMES = ["manifest.json", "catalogue-000001.sqlite", "vectors-000001.faiss"]


@pytest.fixture
def index(store, docs, embedder) -> Path:
    update(store, [docs], embedder)
    assert sorted(path.name for path in store.iterdir()) == sorted([*NAMES, "lock"])
    return store


def use(folder: Path, embedder) -> None:
    with Index.open(folder, embedder.info.id) as opened:
        opened.dense(embedder.encode(["war"])[0], 3)
        opened.lexical("war", 3)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("share", [0.0, 0.5, 0.999])
def test_a_truncated_file_is_named_with_the_command_that_mends_it(index, docs, embedder, name, share):
    data = (index / name).read_bytes()
    (index / name).write_bytes(data[: int(len(data) * share)])
    with pytest.raises(DamagedIndexError, match=rf"damaged: {name} .*qa index --rebuild PATH"):
        use(index, embedder)
    assert update(index, [docs], embedder, rebuild=True).added == 3
    use(index, embedder)


@pytest.mark.parametrize("name", NAMES)
def test_one_flipped_bit_anywhere_is_noticed(index, embedder, name):
    data = (index / name).read_bytes()
    chosen = random.Random(7)
    places = sorted({0, len(data) - 1, *(chosen.randrange(len(data)) for _ in range(60))})
    for place in places:
        changed = bytearray(data)
        changed[place] ^= 1 << chosen.randrange(8)
        (index / name).write_bytes(bytes(changed))
        with pytest.raises(DamagedIndexError):
            use(index, embedder)
    (index / name).write_bytes(data)
    use(index, embedder)


def test_every_flipped_bit_of_the_manifest_leaves_a_folder_that_is_still_ours(index, docs, embedder):
    data = (index / "manifest.json").read_bytes()
    for place in range(len(data)):
        changed = bytearray(data)
        changed[place] ^= 4
        (index / "manifest.json").write_bytes(bytes(changed))
        with pytest.raises(DamagedIndexError):
            Index.open(index)
        assert is_store(index)
    assert update(index, [docs], embedder, rebuild=True).added == 3


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_missing_file_is_named(index, docs, embedder, name):
    (index / name).unlink()
    with pytest.raises(DamagedIndexError, match=f"{name} is missing"):
        use(index, embedder)
    with pytest.raises(DamagedIndexError, match=f"{name} is missing"):
        update(index, [docs], embedder)


@pytest.mark.parametrize(
    "content", [b"[]", b"{}", b"null", b"\xff\xfe", b'{"format": "other"}', b"[" * 100_000], ids=range(6)
)
def test_a_manifest_that_holds_something_else_is_damaged(index, content):
    (index / "manifest.json").write_bytes(content)
    with pytest.raises(DamagedIndexError):
        Index.open(index)


def test_damage_in_a_large_file_is_found_when_asked_for(index, docs, embedder, monkeypatch):
    monkeypatch.setattr("qa.store.index.VERIFY_BYTES", 0)
    path = index / NAMES[2]
    data = bytearray(path.read_bytes())
    data[-100] ^= 1
    path.write_bytes(bytes(data))
    Index.open(index).close()
    with pytest.raises(DamagedIndexError):
        Index.open(index, verify=True)


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_damaged_large_file_never_shows_as_another_error(index, embedder, monkeypatch, name):
    monkeypatch.setattr("qa.store.index.VERIFY_BYTES", 0)
    path = index / name
    data = path.read_bytes()
    chosen = random.Random(3)
    for _ in range(40):
        changed = bytearray(data)
        at = chosen.randrange(len(data) - 64)
        changed[at : at + 64] = chosen.randbytes(64)
        path.write_bytes(bytes(changed))
        try:
            use(index, embedder)
            with Index.open(index) as opened:
                list(opened.all_passages())
        except DamagedIndexError:
            pass


@pytest.mark.parametrize("name", NAMES[1:])
def test_a_writer_tells_damage_in_a_large_file_as_damage(index, docs, embedder, monkeypatch, name):
    monkeypatch.setattr("qa.store.index.VERIFY_BYTES", 0)
    path = index / name
    data = bytearray(path.read_bytes())
    data[0:64] = bytes(64)
    path.write_bytes(bytes(data))
    (docs / "new.md").write_text("Something new.", encoding="utf-8")
    with pytest.raises(DamagedIndexError, match="qa index --rebuild"):
        update(index, [docs], embedder)
    assert update(index, [docs], embedder, rebuild=True).added == 4


def test_another_format_version_is_refused_with_the_command(index, docs, embedder, monkeypatch):
    newer = replace(manifest.read(index), version=99)
    manifest.write(index, newer)
    with pytest.raises(StoreError, match=r"format version 99.*--rebuild"):
        Index.open(index)
    assert update(index, [docs], embedder, rebuild=True).added == 3


def test_the_manifest_says_how_the_index_was_made(index, embedder):
    fields = json.loads((index / "manifest.json").read_text())
    assert fields["embedder"] == embedder.info.id
    assert (fields["dimension"], fields["normalised"]) == (256, True)
    assert (fields["documents"], fields["passages"]) == (3, 3)
    for name in ("catalogue", "vectors"):
        record = fields[name]
        assert files.sha256(index / record["name"]) == record["sha256"]
        assert (index / record["name"]).stat().st_size == record["size"]
    assert asdict(manifest.read(index)) == {k: v for k, v in fields.items() if k != "checksum"}


def test_no_index_is_another_error_than_a_damaged_one(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(NoIndexError, match="make one: qa index PATH"):
            Index.open(folder)
