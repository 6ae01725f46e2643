import os
import shutil
import time
from pathlib import Path

import pytest

from qa.models import prune as module
from qa.models import quantize
from qa.models.files import write_json
from qa.models.prune import ORPHANED, UNUSED, mark_used, prune
from qa.models.quantize import copy_folder, faster_copy


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setattr(quantize, "requantize", lambda source, target, threads: target.write_bytes(b"GGUF fast"))
    monkeypatch.setattr(quantize, "merge", lambda model, adapter: None)
    return tmp_path / "cache"


def gguf(path, content=b"\x01"):
    path.write_bytes(b"GGUF" + content * 60)
    return path


def made(source, cache, adapter=None):
    return faster_copy(source, cache, adapter=adapter)[0].parent


def unused_for(folder, seconds):
    os.utime(folder / "manifest.json", (time.time() - seconds,) * 2)


def test_a_copy_that_nobody_opened_for_thirty_days_goes_when_another_is_made(cache, tmp_path):
    source = gguf(tmp_path / "a.gguf")
    old = made(source, cache)
    unused_for(old, UNUSED + 60)
    new = made(gguf(tmp_path / "b.gguf", b"\x02"), cache)
    assert [old.exists(), new.exists()] == [False, True]
    assert [path.name for path in new.parent.iterdir()] == [new.name]


def test_one_that_was_opened_lately_stays(cache, tmp_path):
    old = made(gguf(tmp_path / "a.gguf"), cache)
    unused_for(old, UNUSED - 3600)
    made(gguf(tmp_path / "b.gguf", b"\x02"), cache)
    assert old.exists()


def test_opening_a_copy_is_using_it_and_it_is_never_pruned_then(cache, tmp_path):
    source = gguf(tmp_path / "a.gguf")
    old = made(source, cache)
    unused_for(old, 2 * UNUSED)
    assert made(source, cache) == old
    assert time.time() - (old / "manifest.json").stat().st_mtime < 60
    assert not mark_used(old)
    made(gguf(tmp_path / "b.gguf", b"\x02"), cache)
    assert old.exists()


@pytest.mark.parametrize("part", ["source", "adapter"])
@pytest.mark.parametrize("change", ["removed", "replaced"])
def test_one_whose_source_is_gone_goes_after_a_day(cache, tmp_path, part, change):
    paths = {"source": gguf(tmp_path / "a.gguf"), "adapter": gguf(tmp_path / "low.gguf", b"\x03")}
    old = made(paths["source"], cache, paths["adapter"])
    if change == "removed":
        paths[part].unlink()
    else:
        gguf(paths[part], b"\x09\x09")
    other = gguf(tmp_path / "b.gguf", b"\x02")
    made(other, cache)
    assert old.exists()
    unused_for(old, ORPHANED + 60)
    assert prune(old.parent, cache, copy_folder(other, cache)) == [old]


def test_what_a_killed_process_left_goes_and_what_is_being_made_stays(cache, tmp_path):
    models = cache / "models"
    for name in (".draft-dead", ".old-dead", ".draft-live"):
        (models / name).mkdir(parents=True)
        (models / name / "model.gguf").write_bytes(b"half")
    for name in (".draft-dead", ".old-dead"):
        os.utime(models / name, (time.time() - 2 * module._ABANDONED,) * 2)
    kept = made(gguf(tmp_path / "a.gguf"), cache)
    assert sorted(path.name for path in models.iterdir()) == sorted([".draft-live", kept.name])


def test_files_and_folders_of_others_stay(cache, tmp_path):
    models = cache / "models"
    (models / "mine").mkdir(parents=True)
    fetched = models / "0123-model.gguf"
    fetched.write_bytes(b"GGUF")
    for path in (models / "mine", fetched):
        os.utime(path, (1, 1))
    made(gguf(tmp_path / "a.gguf"), cache)
    assert (models / "mine").exists()
    assert fetched.exists()


def test_a_copy_of_an_earlier_version_tells_no_source_and_stays_thirty_days(cache, tmp_path):
    old = cache / "models" / "x-Q8_0"
    old.mkdir(parents=True)
    write_json(old / "manifest.json", {"format": 1, "files": {}})
    unused_for(old, UNUSED - 3600)
    new = made(gguf(tmp_path / "a.gguf"), cache)
    assert old.exists()
    unused_for(old, UNUSED + 3600)
    assert prune(new.parent, cache, new) == [old]


def test_what_cannot_be_removed_stays_and_nothing_raises(cache, tmp_path, monkeypatch):
    old = made(gguf(tmp_path / "a.gguf"), cache)
    unused_for(old, UNUSED + 60)

    def refuse(self, target):
        raise PermissionError(13, "in use")

    monkeypatch.setattr(Path, "rename", refuse)
    assert prune(old.parent, cache, tmp_path) == []
    assert old.exists()
    assert [path.name for path in old.parent.iterdir()] == [old.name]
    shutil.rmtree(cache)
    assert prune(old.parent, cache, tmp_path) == []
