from __future__ import annotations

import errno
import os
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from qa import store as stores
from qa.errors import (
    EmbedderMismatchError,
    InputError,
    LockedError,
    ModelError,
    NoIndexError,
    StoreError,
    UnreadableError,
)
from qa.store import Index, Report, files, remove, update
from qa.store.lock import writing
from qa.testing import HashEmbedder


def paths_in(store: Path) -> list[str]:
    with Index.open(store) as index:
        return [source.path for source in index.sources()]


def test_a_first_run_adds_every_document(store, docs, embedder):
    assert update(store, [docs], embedder) == Report(added=3)
    assert paths_in(store) == ["docs/gas.txt", "docs/river.md", "docs/war.md"]


def test_a_second_run_changes_nothing_on_disk(store, docs, embedder):
    update(store, [docs], embedder)
    before = {path.name: path.read_bytes() for path in store.iterdir()}
    embedder.texts.clear()
    assert update(store, [docs], embedder) == Report(unchanged=3)
    assert embedder.texts == []
    assert {path.name: path.read_bytes() for path in store.iterdir()} == before


def test_only_the_changed_document_is_embedded_and_replaced(store, docs, embedder):
    update(store, [docs], embedder)
    with Index.open(store) as index:
        kept = {p.id: p for p in index.all_passages(["docs/gas.txt", "docs/war.md"])}
    embedder.texts.clear()
    (docs / "river.md").write_text("The Danube flows through Vienna.", encoding="utf-8")
    assert update(store, [docs], embedder) == Report(changed=1, unchanged=2)
    assert len(embedder.texts) == 1
    assert "Danube" in embedder.texts[0]
    with Index.open(store) as index:
        assert {p.id: p for p in index.all_passages(["docs/gas.txt", "docs/war.md"])} == kept
        assert index.document("docs/river.md").text == "The Danube flows through Vienna."
        assert index.lexical("Rhine", 5) == []
        for passage in index.all_passages():
            found = index.dense(embedder.encode([_text(index, passage)])[0], 1)
            assert found[0][0] == passage.id
            assert found[0][1] == pytest.approx(1.0, abs=1e-5)


def _text(index, passage):
    from qa.corpus.passages import embedding_text

    return embedding_text(index.source(passage.document).title, passage.text)


def test_a_vanished_file_leaves_with_its_folder_indexed_again(store, docs, embedder):
    update(store, [docs], embedder)
    (docs / "war.md").unlink()
    assert update(store, [docs / "gas.txt"], embedder) == Report(unchanged=1), "only that folder tells that it is gone"
    assert update(store, [docs], embedder, prune=False) == Report(unchanged=2)
    assert update(store, [docs], embedder) == Report(unchanged=2, removed=1)
    assert paths_in(store) == ["docs/gas.txt", "docs/river.md"]
    with Index.open(store) as index:
        assert index.lexical("seven years", 5) == []


def test_documents_of_other_folders_stay(store, docs, embedder, tmp_path):
    other = tmp_path / "docs2"
    other.mkdir()
    (other / "sun.md").write_text("The sun is a star.", encoding="utf-8")
    update(store, [docs], embedder)
    assert update(store, [other], embedder) == Report(added=1)
    assert len(paths_in(store)) == 4


def test_a_vanished_file_is_noticed_from_a_folder_above_the_store(docs, embedder, tmp_path):
    store = tmp_path / "deep" / "index"
    update(store, [tmp_path], embedder)
    (docs / "war.md").unlink()
    assert update(store, [tmp_path], embedder) == Report(unchanged=2, removed=1)
    assert all(Path(path).is_absolute() for path in paths_in(store))


def test_what_lies_in_a_closed_folder_is_not_gone(store, docs, embedder, monkeypatch):
    update(store, [docs], embedder)
    monkeypatch.setattr("qa.store.writer.discover", lambda paths: iter([docs]))
    report = update(store, [docs], embedder)
    assert report.removed == 0
    assert report.failed[0][0] == "docs"
    assert len(paths_in(store)) == 3


def test_a_failed_file_is_reported_and_its_earlier_version_kept_and_stale(store, docs, embedder, monkeypatch):
    update(store, [docs], embedder)
    (docs / "war.md").write_bytes(b"")
    report = update(store, [docs], embedder)
    assert report.failed == (("docs/war.md", "is empty"),)
    assert report.unchanged == 2
    with Index.open(store) as index:
        assert index.stale() == ("docs/war.md",)
        assert "seven years" in index.document("docs/war.md").text


def test_a_failed_file_does_not_stop_the_others(store, docs, embedder):
    (docs / "zeros.txt").write_bytes(bytes(1000))
    report = update(store, [docs], embedder)
    assert report.added == 3
    assert [path for path, _ in report.failed] == ["docs/zeros.txt"]


def test_nothing_readable_makes_no_index(store, docs, embedder):
    for file in docs.iterdir():
        file.write_bytes(b"")
    report = update(store, [docs], embedder)
    assert len(report.failed) == 3
    with pytest.raises(NoIndexError):
        Index.open(store)


def test_an_empty_folder_is_a_clear_error_and_leaves_no_trace(store, tmp_path, embedder):
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(InputError, match=r"no document to index in .*empty"):
        update(store, [empty], embedder)
    assert not store.exists()


def test_a_missing_path_is_a_clear_error(store, docs, embedder):
    update(store, [docs], embedder)
    with pytest.raises(InputError, match="nowhere"):
        update(store, [docs / "nowhere"], embedder)
    assert len(paths_in(store)) == 3


def test_the_last_document_can_leave(store, tmp_path, embedder):
    folder = tmp_path / "one"
    folder.mkdir()
    (folder / "a.txt").write_text("Only this.", encoding="utf-8")
    update(store, [folder], embedder)
    (folder / "a.txt").unlink()
    assert update(store, [folder], embedder) == Report(removed=1)
    with Index.open(store) as index:
        assert index.sources() == ()
        assert index.dense(embedder.encode(["this"])[0], 5) == []
        assert index.lexical("this", 5) == []


def test_the_index_itself_is_not_indexed(tmp_path, docs, embedder):
    store = tmp_path / "index"
    update(store, [tmp_path], embedder)
    assert update(store, [tmp_path], embedder) == Report(unchanged=3)


def test_remove_takes_out_what_is_named(store, docs, embedder):
    update(store, [docs], embedder)
    embedder.texts.clear()
    assert remove(store, ["war.md", "docs/gas.txt", "gas.txt"]) == 2
    assert paths_in(store) == ["docs/river.md"]
    assert embedder.texts == []
    with pytest.raises(InputError, match=r"no document 'sun\.md'"):
        remove(store, ["river.md", "sun.md"])
    assert paths_in(store) == ["docs/river.md"]


def test_another_embedder_is_refused_with_the_command_that_rebuilds(store, docs, embedder):
    update(store, [docs], embedder)
    with pytest.raises(EmbedderMismatchError, match="qa index --rebuild PATH"):
        update(store, [docs], HashEmbedder(dimension=64))
    assert update(store, [docs], HashEmbedder(dimension=64), rebuild=True) == Report(added=3)
    with pytest.raises(EmbedderMismatchError, match="hash-256"):
        Index.open(store, embedder.info.id)
    Index.open(store, "hash-64").close()


def test_rebuild_keeps_only_what_is_named_now(store, docs, embedder):
    update(store, [docs], embedder)
    assert update(store, [docs / "gas.txt"], embedder, rebuild=True) == Report(added=1)
    assert paths_in(store) == ["docs/gas.txt"]


def test_rebuild_with_nothing_readable_keeps_the_old_index(store, docs, embedder):
    update(store, [docs], embedder)
    bad = docs / "bad.txt"
    bad.write_bytes(b"")
    assert update(store, [bad], embedder, rebuild=True).failed
    assert len(paths_in(store)) == 3


def test_the_fingerprint_depends_on_content_and_not_on_history(store, docs, embedder, tmp_path):
    update(store, [docs], embedder)
    (docs / "war.md").write_text("A new war.", encoding="utf-8")
    update(store, [docs], embedder)
    update(tmp_path / "fresh", [docs], embedder)
    with Index.open(store) as old, Index.open(tmp_path / "fresh") as new:
        assert old.fingerprint == new.fingerprint
        before = new.fingerprint
    remove(store, ["war.md"])
    with Index.open(store) as index:
        assert index.fingerprint != before


def test_a_second_writer_is_refused_while_the_first_works(store, docs, embedder):
    with pytest.raises(LockedError, match=rf"\({os.getpid()}\) is writing"):
        update(store, [docs], embedder, progress=lambda step: update(store, [docs], HashEmbedder()))
    assert update(store, [docs], embedder) == Report(added=3), "the lock is free again"


def test_remove_waits_for_nobody(store, docs, embedder):
    update(store, [docs], embedder)
    with writing(store), pytest.raises(LockedError):
        remove(store, ["war.md"])


def test_a_reader_keeps_its_generation_while_writers_go_on(store, docs, embedder):
    update(store, [docs], embedder)
    seen = []
    with Index.open(store) as reader:
        (docs / "war.md").write_text("Peace came at last.", encoding="utf-8")
        update(store, [docs], embedder, progress=lambda step: seen.append(paths_during(store)))
        remove(store, ["gas.txt"])
        assert reader.lexical("seven years", 3), "the old text, after two commits"
        assert reader.dense(embedder.encode(["oxygen gas"])[0], 3), (
            "vectors are loaded late, from the file opened early"
        )
        assert len(reader.sources()) == 3
    assert seen
    assert set(seen) == {3}


def paths_during(store: Path) -> int:
    with Index.open(store) as index:
        assert index.lexical("seven years", 3)
        return len(index.sources())


def test_cancelling_keeps_what_was_embedded(store, docs, embedder, monkeypatch):
    monkeypatch.setattr("qa.store.intake.WINDOW", 1)
    report = update(store, [docs], embedder, cancel=lambda: len(embedder.texts) >= 2)
    assert report == Report(added=2, cancelled=True)
    assert len(paths_in(store)) == 2
    assert update(store, [docs], embedder) == Report(added=1, unchanged=2)


def test_cancelling_a_rebuild_keeps_the_old_index(store, docs, embedder, monkeypatch):
    update(store, [docs], embedder)
    monkeypatch.setattr("qa.store.intake.WINDOW", 1)
    embedder.texts.clear()
    report = update(store, [docs], embedder, rebuild=True, cancel=lambda: len(embedder.texts) >= 1)
    assert report == Report(cancelled=True)
    assert len(paths_in(store)) == 3


@pytest.mark.parametrize("interruption", [KeyboardInterrupt(), MemoryError(), ModelError("the model broke")])
def test_an_interruption_leaves_the_old_index_and_no_litter(store, docs, embedder, interruption):
    update(store, [docs], embedder)
    before = sorted(path.name for path in store.iterdir())
    (docs / "war.md").write_text("Peace.", encoding="utf-8")

    def interrupt(step):
        raise interruption

    with pytest.raises(type(interruption)):
        update(store, [docs], embedder, progress=interrupt)
    assert sorted(path.name for path in store.iterdir()) == before
    with Index.open(store) as index:
        assert "seven years" in index.document("docs/war.md").text
    assert update(store, [docs], embedder) == Report(changed=1, unchanged=2)


FULL = [OSError(errno.ENOSPC, "No space left on device"), sqlite3.OperationalError("database or disk is full")]
PLACES = [
    "qa.store.vectors.VectorWriter.append",
    "qa.store.catalogue_writer.CatalogueWriter.add",
    "qa.store.files.sync",
]


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("error", FULL)
def test_a_full_disk_is_one_line_and_the_old_index_stays(store, docs, embedder, monkeypatch, place, error):
    update(store, [docs], embedder)
    before = paths_in(store)
    (docs / "new.md").write_text("Something new.", encoding="utf-8")

    def fail(*arguments):
        raise error

    with monkeypatch.context() as patch:
        patch.setattr(place, fail)
        with pytest.raises(StoreError, match="no space is left on the device; the index is as usable as before"):
            update(store, [docs], embedder)
    assert paths_in(store) == before
    assert update(store, [docs], embedder) == Report(added=1, unchanged=3)


def test_an_error_after_the_commit_does_not_take_the_new_index_away(store, docs, embedder, monkeypatch):
    update(store, [docs], embedder)
    (docs / "new.md").write_text("Something new.", encoding="utf-8")
    real = os.replace

    def replace_and_fail(source, target):
        real(source, target)
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr("qa.store.files.os.replace", replace_and_fail)
    with pytest.raises(StoreError):
        update(store, [docs], embedder)
    assert len(paths_in(store)) == 4


@pytest.mark.parametrize("bad", [np.full((1, 256), np.nan, np.float32), np.zeros((1, 3), np.float32)])
def test_vectors_that_cannot_be_used_are_refused(store, docs, embedder, monkeypatch, bad):
    monkeypatch.setattr(embedder, "encode", lambda texts: np.repeat(bad, len(texts), axis=0))
    with pytest.raises(ModelError, match="hash-256 gave vectors"):
        update(store, [docs], embedder)


def test_progress_counts_files_and_passages(store, docs, embedder):
    steps = []
    update(store, [docs], embedder, progress=steps.append)
    assert [step.files for step in steps] == sorted(step.files for step in steps)
    assert steps[-1].files == steps[-1].total == 3
    assert steps[-1].embedded == 3
    assert steps[-1].pending == 0


def test_each_batch_holds_texts_of_like_length_and_each_vector_finds_its_passage(
    store, tmp_path, embedder, monkeypatch
):
    monkeypatch.setattr("qa.store.intake.BATCH", 4)
    monkeypatch.setattr("qa.store.intake.WINDOW", 10)
    folder = tmp_path / "many"
    folder.mkdir()
    for number in range(23):
        (folder / f"{number:02}.txt").write_text(f"Text {number} " + "word " * (number * 7 % 23), encoding="utf-8")
    update(store, [folder], embedder)
    with Index.open(store) as index:
        for passage in index.all_passages():
            assert index.dense(embedder.encode([_text(index, passage)])[0], 1)[0][1] == pytest.approx(1.0, abs=1e-5)


def test_a_name_that_is_no_text_is_a_failed_file(store, docs, embedder):
    name = os.fsencode(docs) + b"/caf\xe9.txt"
    try:
        Path(os.fsdecode(name)).write_text("text", encoding="utf-8")
    except OSError:
        pytest.skip("this file system keeps names as Unicode")
    report = update(store, [docs], embedder)
    assert report.added == 3
    assert "not valid text" in report.failed[0][1]


def test_hostile_words_are_stored_and_removed_like_any_other(store, docs, embedder):
    text = '\'); DROP TABLE documents; -- "NEAR(" * ^ \x1b[31mred\x1b[0m 日本語 \U0001f600 ﷽'
    (docs / "evil'; --.md").write_text(text, encoding="utf-8")
    update(store, [docs], embedder)
    with Index.open(store) as index:
        document = index.document("docs/evil'; --.md")
        for passage in index.all_passages([document.path]):
            assert document.text[passage.start : passage.end] == passage.text
    assert remove(store, ["evil'; --.md"]) == 1
    assert len(paths_in(store)) == 3


def test_a_writer_refuses_a_damaged_index_until_it_is_told_to_rebuild(store, docs, embedder):
    update(store, [docs], embedder)
    (store / files.catalogue_name(1)).write_bytes(b"not a database")
    (docs / "new.md").write_text("Something new.", encoding="utf-8")
    with pytest.raises(StoreError, match=r"damaged.*qa index --rebuild"):
        update(store, [docs], embedder)
    assert update(store, [docs], embedder, rebuild=True) == Report(added=4)


def test_the_door_is_complete():
    assert set(stores.__all__) == {"Index", "Manifest", "Progress", "Report", "Step", "locate", "remove", "update"}


def test_an_unreadable_file_that_the_reader_refuses_keeps_its_reason(store, docs, embedder, monkeypatch):
    def refuse(path, name):
        raise UnreadableError(f"{name} is encrypted", "remove the password")

    monkeypatch.setattr("qa.store.intake.read", refuse)
    report = update(store, [docs], embedder)
    assert report.failed[0] == ("docs/gas.txt", "is encrypted (remove the password)")
