import shutil

import numpy as np
import pytest

from qa.errors import ModelError
from qa.models import quantize
from qa.models.engine import WHOLE_KEY
from qa.models.quantize import copy_folder, faster_copy, intact, merge, merged_whole


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


def test_a_copy_that_another_process_made_meanwhile_stays(source, monkeypatch, tmp_path):
    cache, count = tmp_path / "cache", []

    def requantize(source, target, threads):
        count.append(1)
        if len(count) == 1:
            count.append(faster_copy(source, cache)[0].stat().st_ino)
        target.write_bytes(b"GGUF fast")

    monkeypatch.setattr(quantize, "requantize", requantize)
    assert faster_copy(source, cache)[0].stat().st_ino == count[-1]
    assert [path.name for path in (cache / "models").iterdir()] == [copy_folder(source, cache).name]


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


RANK, ALPHA = 2, 4.0


def gguf_file(path, tensors, alpha=None, whole=None):
    from gguf import GGUFWriter

    writer = GGUFWriter(path, "llama")
    if alpha is not None:
        writer.add_float32("adapter.lora.alpha", alpha)
    if whole is not None:
        writer.add_bool(WHOLE_KEY, whole)
    for name, value in tensors.items():
        writer.add_tensor(name, value)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def tensors_of(path):
    from gguf import GGUFReader

    return {tensor.name: np.array(tensor.data) for tensor in GGUFReader(path).tensors}


@pytest.fixture
def matrices():
    random = np.random.default_rng(0)
    return {
        "blk.0.attn_q.weight": random.normal(size=(6, 4)).astype(np.float16),
        "blk.0.ffn_up.weight": random.normal(size=(8, 4)).astype(np.float16),
        "blk.0.attn_norm.weight": random.normal(size=4).astype(np.float32),
    }


def low_rank(name, rows, columns, seed=1):
    random = np.random.default_rng(seed)
    return {
        f"{name}.lora_a": random.normal(size=(RANK, columns)).astype(np.float16),
        f"{name}.lora_b": random.normal(size=(rows, RANK)).astype(np.float16),
    }


def test_merging_adds_the_scaled_product_and_nothing_else(tmp_path, matrices):
    model = gguf_file(tmp_path / "m.gguf", matrices)
    low = low_rank("blk.0.attn_q.weight", 6, 4)
    merge(model, gguf_file(tmp_path / "a.gguf", low, ALPHA))
    a, b = (low[f"blk.0.attn_q.weight.lora_{side}"].astype(np.float64) for side in "ab")
    expected = {**matrices, "blk.0.attn_q.weight": matrices["blk.0.attn_q.weight"] + ALPHA / RANK * (b @ a)}
    for name, value in tensors_of(model).items():
        np.testing.assert_allclose(value, expected[name], rtol=1e-3, atol=1e-3)
        assert value.dtype == matrices[name].dtype


@pytest.mark.parametrize("says", [True, False, None])
def test_a_copy_knows_how_its_adapter_reads(gguf, tmp_path, says):
    low = low_rank("blk.0.attn_q.weight", 576, 576)
    adapter = gguf_file(tmp_path / "a.gguf", low, ALPHA, says)
    path, note = faster_copy(gguf, tmp_path / "cache", adapter=adapter)
    assert not note
    assert merged_whole(path) is (says is True)
    assert not merged_whole(gguf)


@pytest.mark.parametrize(
    ("name", "rows", "columns", "alpha"),
    [
        ("blk.9.attn_q.weight", 6, 4, ALPHA),
        ("blk.0.attn_q.weight", 5, 4, ALPHA),
        ("blk.0.attn_q.weight", 6, 3, ALPHA),
        ("blk.0.attn_q.weight", 6, 4, None),
        ("token_embd.weight", 6, 4, ALPHA),
    ],
)
def test_an_adapter_that_does_not_fit_is_an_error(tmp_path, matrices, name, rows, columns, alpha):
    model = gguf_file(tmp_path / "m.gguf", {**matrices, "token_embd.weight": matrices["blk.0.attn_q.weight"]})
    with pytest.raises(ModelError, match="merged"):
        merge(model, gguf_file(tmp_path / "a.gguf", low_rank(name, rows, columns), alpha))


def test_an_adapter_that_cannot_be_merged_means_the_original_and_a_note(source, made, tmp_path):
    adapter = tmp_path / "a.gguf"
    adapter.write_bytes(b"GGUF rubbish")
    path, note = faster_copy(source, tmp_path / "cache", adapter=adapter)
    assert path == source
    assert "merged" in note
    assert list((tmp_path / "cache" / "models").iterdir()) == []


def test_another_adapter_gets_another_copy(source, tmp_path):
    adapter = tmp_path / "a.gguf"
    adapter.write_bytes(b"GGUF one")
    first = copy_folder(source, tmp_path, adapter)
    adapter.write_bytes(b"GGUF three")
    assert len({first, copy_folder(source, tmp_path, adapter), copy_folder(source, tmp_path)}) == 3
