import os
import threading

import pytest

from qa.models import files


def test_a_remembered_hash_is_computed_again_when_the_file_changes(tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    first = files.remembered_sha256(path, tmp_path / "cache")
    assert first == files.sha256_of(path)
    path.write_bytes(b"other")
    assert files.remembered_sha256(path, tmp_path / "cache") == files.sha256_of(path) != first


def test_a_remembered_hash_reads_the_file_once(tmp_path, monkeypatch):
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    files.remembered_sha256(path, tmp_path)
    monkeypatch.setattr(files, "sha256_of", lambda _: pytest.fail("read again"))
    files.remembered_sha256(path, tmp_path)


def test_a_cache_that_cannot_be_written_only_costs_time(tmp_path):
    path = tmp_path / "weights"
    path.write_bytes(b"one")
    (tmp_path / "cache").write_text("a file, not a folder")
    assert files.remembered_sha256(path, tmp_path / "cache") == files.sha256_of(path)


@pytest.mark.parametrize("content", ["", "[]", "{", "\x00", "3"])
def test_what_is_no_json_object_reads_as_empty(tmp_path, content):
    (tmp_path / "a.json").write_text(content)
    assert files.read_json(tmp_path / "a.json") == {}


def test_a_failed_draft_leaves_the_old_file_and_no_rubbish(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    with pytest.raises(FileNotFoundError), files.new_file(path) as draft:
        draft.write_text((tmp_path / "missing").read_text())
    assert path.read_text() == "old"
    assert [found.name for found in tmp_path.iterdir()] == ["a"]


def test_a_new_folder_takes_the_old_ones_place_whole(tmp_path):
    target = tmp_path / "model"
    for text in ("one", "two"):
        with files.new_folder(target) as draft:
            (draft / "file").write_text(text)
        assert (target / "file").read_text() == text
    with pytest.raises(RuntimeError), files.new_folder(target) as draft:
        raise RuntimeError
    assert (target / "file").read_text() == "two"
    assert [found.name for found in tmp_path.iterdir()] == ["model"]


def test_two_writers_at_once_leave_one_whole_folder(tmp_path):
    target, errors = tmp_path / "model", []

    def write(name):
        try:
            for _ in range(20):
                with files.new_folder(target) as draft:
                    (draft / "a").write_text(name)
                    (draft / "b").write_text(name)
        except OSError as error:
            errors.append(error)

    threads = [threading.Thread(target=write, args=(name,)) for name in "xyz"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    assert (target / "a").read_text() == (target / "b").read_text()
    assert [found.name for found in tmp_path.iterdir()] == ["model"]


def test_a_seal_breaks_when_a_byte_changes(tmp_path):
    path = tmp_path / "model"
    path.write_bytes(b"weights")
    seal = files.seal(tmp_path, ["model"])
    assert files.sealed(tmp_path, seal)
    before = path.stat()
    path.write_bytes(b"weighty")
    assert not files.sealed(tmp_path, seal)
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert not files.sealed(tmp_path, seal, full=True)
    path.unlink()
    assert not files.sealed(tmp_path, seal)


@pytest.mark.parametrize("bad", [None, {}, [], {"model": 3}, {"model": {}}])
def test_a_manifest_of_another_shape_is_no_seal(tmp_path, bad):
    (tmp_path / "model").write_bytes(b"weights")
    assert not files.sealed(tmp_path, bad)


def test_a_cache_that_can_be_written_is_used_where_it_is(tmp_path):
    assert files.usable_cache(tmp_path / "new" / "cache") == tmp_path / "new" / "cache"


def test_where_no_cache_can_be_made_a_private_folder_among_the_temporary_files_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr(files.tempfile, "gettempdir", lambda: str(tmp_path))
    (tmp_path / "home").write_text("a file, not a folder")
    found = files.usable_cache(tmp_path / "home" / "cache")
    assert found.parent == tmp_path
    assert found.is_dir()
    assert not found.stat().st_mode & 0o077 or os.name == "nt"
    assert files.usable_cache(tmp_path / "home" / "cache") == found


@pytest.mark.skipif(os.name == "nt", reason="rights are told otherwise there")
def test_a_temporary_folder_that_others_may_write_is_not_trusted(tmp_path, monkeypatch):
    monkeypatch.setattr(files.tempfile, "gettempdir", lambda: str(tmp_path))
    (tmp_path / "home").write_text("a file, not a folder")
    wanted = tmp_path / "home" / "cache"
    planted = files.usable_cache(wanted)
    planted.chmod(0o777)
    assert files.usable_cache(wanted) == wanted
    planted.rmdir()
    planted.symlink_to(tmp_path)
    assert files.usable_cache(wanted) == wanted
