from __future__ import annotations

import os
from pathlib import Path

import pytest

from qa.errors import StoreError
from qa.store import locate, place, update


def test_an_explicit_folder_is_taken_as_it_is(tmp_path):
    assert locate(tmp_path / "mine", tmp_path, tmp_path / "data") == tmp_path / "mine"


def test_the_nearest_index_upwards_is_taken(tmp_path, docs, embedder):
    update(tmp_path / "index", [docs], embedder)
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert locate(None, deep, tmp_path / "data") == tmp_path / "index"
    update(tmp_path / "a" / "index", [docs], embedder)
    assert locate(None, deep, tmp_path / "data") == tmp_path / "a" / "index"


def test_a_folder_called_index_without_a_manifest_is_passed_over(tmp_path):
    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "FORMAT.md").write_text("about", encoding="utf-8")
    assert locate(None, tmp_path, tmp_path / "data") == tmp_path / "data" / "index"


def test_a_damaged_index_is_still_found(tmp_path, docs, embedder):
    update(tmp_path / "index", [docs], embedder)
    (tmp_path / "index" / "manifest.json").write_bytes(b"")
    assert locate(None, tmp_path, tmp_path / "data") == tmp_path / "index"


@pytest.mark.parametrize("name", ["thesis.docx", "manifest.json", "catalogue-000001.sqlite.bak", "vectors-1.faiss.txt"])
def test_a_folder_of_others_is_never_written_into(tmp_path, docs, embedder, name):
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / name).write_text('{"name": "an extension"}', encoding="utf-8")
    for rebuild in (False, True):
        with pytest.raises(StoreError, match=f"not an index and holds other files.*{name}"):
            update(foreign, [docs], embedder, rebuild=rebuild)
    assert [path.name for path in foreign.iterdir()] == [name]


def test_a_folder_with_only_our_own_notes_may_be_used(tmp_path, docs, embedder):
    folder = tmp_path / "index"
    folder.mkdir()
    for name in ("FORMAT.md", ".gitignore"):
        (folder / name).write_text("ours", encoding="utf-8")
    assert update(folder, [docs], embedder).added == 3
    assert (folder / "FORMAT.md").read_text(encoding="utf-8") == "ours"


def test_a_file_is_no_folder(tmp_path, docs, embedder):
    with pytest.raises(StoreError, match="is a file"):
        update(docs / "gas.txt", [docs], embedder)


def test_a_folder_that_cannot_be_made_is_one_line(tmp_path, docs, embedder):
    with pytest.raises(StoreError, match="--store DIR"):
        update(docs / "gas.txt" / "deeper", [docs], embedder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_rights_is_one_line(tmp_path, docs, embedder):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o500)
    with pytest.raises(StoreError, match="check the rights"):
        update(closed / "index", [docs], embedder)


def test_documents_are_named_from_the_folder_that_holds_the_store(tmp_path):
    store = tmp_path / "project" / "index"
    assert place.document_path(store, tmp_path / "project" / "docs" / "a.md") == "docs/a.md"
    assert place.document_path(store, tmp_path / "project" / "x" / ".." / "a.md") == "a.md"
    outside = tmp_path / "elsewhere" / "b.md"
    assert place.document_path(store, outside) == outside.as_posix()
    for file in (outside, tmp_path / "project" / "docs" / "a.md"):
        assert place.file_path(store, place.document_path(store, file)) == file


def test_a_link_to_the_project_names_documents_alike(tmp_path):
    (tmp_path / "project" / "docs").mkdir(parents=True)
    try:
        (tmp_path / "link").symlink_to(tmp_path / "project", target_is_directory=True)
    except OSError:
        pytest.skip("no right to make links")
    name = place.document_path(tmp_path / "project" / "index", tmp_path / "link" / "docs" / "a.md")
    assert name == "docs/a.md"


def test_an_index_moves_with_its_documents(tmp_path, docs, embedder):
    from qa.store import Index

    update(tmp_path / "index", [docs], embedder)
    moved = tmp_path / "moved"
    moved.mkdir()
    (tmp_path / "index").rename(moved / "index")
    docs.rename(moved / "docs")
    with Index.open(moved / "index") as index:
        assert index.stale() == ()
    assert update(moved / "index", [moved / "docs"], embedder).unchanged == 3


def test_the_absolute_path_keeps_links(tmp_path):
    assert place.absolute(Path("x/../y")).name == "y"
    assert place.absolute(tmp_path) == tmp_path
