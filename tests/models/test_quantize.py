import shutil

import pytest

from qa.errors import ModelError
from qa.models import quantize
from qa.models.quantize import copy_folder, faster_copy, intact


@pytest.fixture
def source(tmp_path):
    path = tmp_path / "small.Q4_1.gguf"
    path.write_bytes(b"GGUF" + b"\x01" * 60)
    return path


@pytest.fixture
def made(monkeypatch):
    count = []
    monkeypatch.setattr(
        quantize, "requantize", lambda source, target, threads: (count.append(1), target.write_bytes(b"GGUF fast"))
    )
    return count


def test_the_copy_is_made_once(source, made, tmp_path):
    first = faster_copy(source, tmp_path / "cache")
    assert first == faster_copy(source, tmp_path / "cache")
    assert first[0].read_bytes() == b"GGUF fast"
    assert first[1] == ""
    assert made == [1]


@pytest.mark.parametrize("damage", [b"GGUF", b"GGUF fasT", b""])
def test_a_damaged_copy_is_made_again(source, made, tmp_path, damage):
    path, _ = faster_copy(source, tmp_path / "cache")
    path.write_bytes(damage)
    assert not intact(path.parent)
    assert faster_copy(source, tmp_path / "cache")[0].read_bytes() == b"GGUF fast"
    assert made == [1, 1]


def test_another_source_gets_another_copy(source, made, tmp_path):
    first = copy_folder(source, tmp_path)
    source.write_bytes(b"GGUF" + b"\x02" * 61)
    assert copy_folder(source, tmp_path) != first


def test_a_full_disk_means_the_original_and_a_note(source, made, monkeypatch, tmp_path):
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    path, note = faster_copy(source, tmp_path / "cache")
    assert path == source
    assert "no room" in note
    assert not made


def test_a_failure_means_the_original_and_no_rubbish(source, monkeypatch, tmp_path):
    def fail(source, target, threads):
        target.write_bytes(b"half")
        raise ModelError("llama.cpp says no")

    monkeypatch.setattr(quantize, "requantize", fail)
    path, note = faster_copy(source, tmp_path / "cache")
    assert path == source
    assert "llama.cpp says no" in note
    assert list((tmp_path / "cache" / "models").iterdir()) == []


def test_a_cache_that_cannot_be_written_means_the_original(source, made, tmp_path):
    (tmp_path / "cache").write_text("a file")
    assert faster_copy(source, tmp_path / "cache")[0] == source
