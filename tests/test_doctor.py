import shutil

import pytest

from qa import doctor, resources
from qa.config import Config
from qa.doctor import Finding, examine
from qa.models import probe


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def config(tmp_path, cache):
    return Config(store=tmp_path / "index", cache_dir=cache, data_dir=tmp_path / "data")


@pytest.fixture
def quick(monkeypatch):
    """Without hashing the models' hundreds of megabytes again."""
    monkeypatch.setattr(doctor, "_hash", lambda name, path, expected: Finding(name, True, path.name))


@pytest.fixture(autouse=True)
def child(monkeypatch):
    """What the child process would find; no test but the slow ones starts a real one."""
    answers = []
    monkeypatch.setattr(probe, "try_model", lambda _: answers[0] if answers else "")
    return answers


def by_name(findings):
    return {finding.name: finding for finding in findings}


def test_a_whole_installation_is_found_whole(config):
    findings = examine(config)
    assert [finding for finding in findings if not finding.ok] == []
    names = [finding.name for finding in findings]
    for name in ("Python", "processor", "threads", "model file", "model hash", "llama.cpp", "embedder hash", "index"):
        assert name in names


def test_a_crash_of_llama_names_the_cpu_and_the_command(config, quick, child, monkeypatch):
    monkeypatch.setattr(probe, "processor", lambda: probe.Processor("Xeon 9", frozenset({"amx_tile"})))
    child.append("crashed in its first inference (SIGSEGV)")
    finding = by_name(examine(config))["llama.cpp"]
    assert not finding.ok
    assert "Xeon 9" in finding.detail
    assert "pip install" in finding.fix


def test_a_missing_llama_is_told(config, quick, monkeypatch):
    monkeypatch.setattr(probe, "llama_version", lambda: "")
    finding = by_name(examine(config))["llama.cpp"]
    assert "is not installed" in finding.detail
    assert "llama-cpp-python==" in finding.fix


def test_a_model_that_is_a_text_file(config, quick, tmp_path):
    path = tmp_path / "model.gguf"
    path.write_text("hello")
    found = by_name(examine(Config(model=str(path), cache_dir=config.cache_dir, data_dir=config.data_dir)))
    assert not found["generator"].ok
    assert "is not a GGUF model" in found["generator"].detail


def test_a_damaged_index_and_more_threads_than_cores(config, quick):
    config.store.mkdir()
    (config.store / "manifest.json").write_text("{")
    found = by_name(
        examine(Config(store=config.store, cache_dir=config.cache_dir, data_dir=config.data_dir, threads=999))
    )
    assert not found["index"].ok
    assert not found["threads"].ok


@pytest.mark.parametrize("obstacle", ["full", "file"])
def test_a_copy_that_cannot_be_made_is_told_with_the_reason(quick, tmp_path, monkeypatch, obstacle):
    cache = tmp_path / "own"
    if obstacle == "full":
        monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(10, 10, 0))
    else:
        cache.write_text("a file")
    finding = next(doctor._copy(Config(cache_dir=cache, data_dir=tmp_path / "data")))
    assert not finding.ok
    assert ("no room" if obstacle == "full" else "cannot be written") in finding.detail
    assert "cache_dir" in finding.fix


def test_a_damaged_copy_is_told_with_its_folder(config, quick):
    from qa.models.quantize import copy_folder
    from qa.models.registry import find_files, to_merge

    files = find_files(config)
    folder = copy_folder(files.model, config.cache_dir, to_merge(files))
    folder.mkdir(parents=True)
    (folder / "model.gguf").write_bytes(b"half")
    finding = by_name(examine(config))["faster copy"]
    shutil.rmtree(folder)
    assert not finding.ok
    assert str(folder) in finding.fix


def test_a_model_of_another_content_is_told(tmp_path):
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF")
    finding = doctor._hash("model hash", path, "0" * 64)
    assert not finding.ok
    assert "--force-reinstall" in finding.fix


def test_an_examination_that_fails_is_a_finding(config, quick, monkeypatch):
    def fall(_):
        raise ZeroDivisionError("oops")
        yield

    monkeypatch.setattr(doctor, "_memory", fall)
    assert by_name(examine(config))["memory"] == Finding(
        "memory", False, "the examination itself failed: ZeroDivisionError: oops"
    )


def test_memory_is_read_from_the_system(tmp_path):
    path = tmp_path / "meminfo"
    path.write_text("MemTotal: 10 kB\nMemAvailable:    2048 kB\n")
    assert doctor._available_memory(path) == 2 << 20
    assert doctor._available_memory(tmp_path / "missing") is None


@pytest.mark.parametrize(
    ("file", "name"), [("spans.onnx", "span reader"), ("reranker.onnx", "reranker"), ("reader.gguf", "reader")]
)
def test_damaged_weights_are_told(config, quick, tmp_path, monkeypatch, file, name):
    copy = tmp_path / "package"
    shutil.copytree(resources._PACKAGE / "weights", copy / "weights")
    with (copy / "weights" / file).open("r+b") as stream:
        stream.write(b"broken")
    monkeypatch.setattr(resources, "_PACKAGE", copy)
    found = {one.name: one for one in doctor._weights(config)}
    assert [one.name for one in found.values() if not one.ok] == [name]
    assert found[name].fix == "install qa again"
