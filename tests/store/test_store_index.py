from __future__ import annotations

import os
import sqlite3

import pytest

from qa.errors import DamagedIndexError, InputError
from qa.store import Index, update
from qa.types import Span


@pytest.fixture
def index(store, docs, embedder):
    (docs / "sub").mkdir()
    (docs / "sub" / "war.md").write_text(
        "---\ntitle: Another\npublisher: The Herald\ndate: 2020-01-02\n---\n\nAnother war.", encoding="utf-8"
    )
    update(store, [docs], embedder)
    with Index.open(store, embedder.info.id) as opened:
        yield opened


def test_a_document_and_its_passages_agree(index):
    for source in index.sources():
        document = index.document(source.path)
        assert (document.sha256, len(document.text)) == (source.sha256, source.characters)
        passages = list(index.all_passages([source.path]))
        assert len(passages) == source.passages > 0
        for passage in passages:
            assert document.text[passage.start : passage.end] == passage.text
            assert all(
                isinstance(span, Span) and passage.start <= span.start < span.end <= passage.end
                for span in passage.sentences
            )


def test_what_the_file_says_of_itself_is_kept(index):
    source = index.source("docs/sub/war.md")
    assert (source.title, source.publisher, source.date) == ("Another", "The Herald", "2020-01-02")
    document = index.document("docs/sub/war.md")
    assert (document.title, document.publisher, document.date) == ("Another", "The Herald", "2020-01-02")


def test_passages_come_in_the_order_asked_for(index):
    ids = [passage.id for passage in index.all_passages()]
    assert [passage.id for passage in index.passages(ids[::-1])] == ids[::-1]
    assert index.passages([]) == []
    with pytest.raises(DamagedIndexError):
        index.passages([10_000])


def test_all_passages_come_by_document_and_place(index):
    every = [(passage.document, passage.start) for passage in index.all_passages()]
    assert every == sorted(every)
    assert index.passage_ids(source.path for source in index.sources()) == {p.id for p in index.all_passages()}


@pytest.mark.parametrize("name", ["docs/gas.txt", "gas.txt", "./docs/gas.txt"])
def test_a_document_is_found_by_any_name_that_only_it_has(index, name):
    assert index.find(name).path == "docs/gas.txt"


def test_a_document_is_found_by_its_file(index, docs, monkeypatch):
    assert index.find(str(docs / "gas.txt")).path == "docs/gas.txt"
    monkeypatch.chdir(docs)
    assert index.find("sub/../war.md").path == "docs/war.md"


def test_an_exact_path_wins_over_an_ending(index):
    assert index.find("docs/war.md").path == "docs/war.md"
    assert index.find("sub/war.md").path == "docs/sub/war.md"


@pytest.mark.parametrize("name", ["", "nothing.md", "as.txt", "\x1b[31m", "x" * 10_000, "\x00"])
def test_a_name_that_fits_nothing_is_one_line(index, name):
    with pytest.raises(InputError, match=r"no document .* in the index") as caught:
        index.find(name)
    assert "\x1b" not in str(caught.value)
    for ask in (index.source, index.document):
        with pytest.raises(InputError):
            ask("nothing.md")


def test_a_name_that_fits_several_says_which(index):
    with pytest.raises(InputError, match=r"'war\.md' fits 2 documents: 'docs/sub/war.md', 'docs/war.md'"):
        index.find("war.md")


def test_stale_names_what_changed_vanished_or_grew(index, docs):
    assert index.stale() == ()
    (docs / "gas.txt").write_text("Changed.", encoding="utf-8")
    (docs / "war.md").unlink()
    data = bytearray((docs / "river.md").read_bytes())
    data[10] ^= 1
    (docs / "river.md").write_bytes(bytes(data))
    assert index.stale() == ("docs/gas.txt", "docs/river.md", "docs/war.md")


def test_stale_looks_only_at_the_documents_it_is_given(index, docs):
    (docs / "gas.txt").write_text("Changed.", encoding="utf-8")
    (docs / "war.md").unlink()
    assert index.stale(["docs/gas.txt", "docs/river.md", "docs/unknown.md"]) == ("docs/gas.txt",)
    assert index.stale([]) == ()


def test_a_file_with_a_new_time_and_the_same_bytes_is_not_stale(index, docs):
    os.utime(docs / "gas.txt", (1, 1))
    assert index.stale() == ()


def test_a_file_whose_time_and_size_are_the_same_is_not_read_again(store, docs, embedder, monkeypatch):
    for file in docs.iterdir():
        os.utime(file, (1000, 1000))
    update(store, [docs], embedder)
    monkeypatch.setattr(
        "qa.store.files.sha256", lambda path: pytest.fail("read") if path.parent == docs else _hash(path)
    )
    with Index.open(store) as index:
        assert index.stale() == ()


def _hash(path):
    from hashlib import sha256

    return sha256(path.read_bytes()).hexdigest()


def test_the_catalogue_cannot_be_written_through_a_reader(index):
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        index._catalogue._db.execute("DELETE FROM documents")


def test_a_reader_may_be_used_from_another_thread(index):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: len(index.lexical("war", 5)), range(20)))
    assert set(results) == {2}
