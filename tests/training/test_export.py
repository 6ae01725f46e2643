import numpy as np
import pytest

from training.export_gguf import tensors
from training.layout import module_of, permuted, straight, tensor_of, turned, unpermuted

QUERY = "base_model.model.model.layers.3.self_attn.q_proj.lora_B.default.weight"


def test_permutation_interleaves_the_halves_of_each_head():
    rows = np.arange(8, dtype=np.float32)[:, None]
    assert permuted(rows, 2)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]
    assert np.array_equal(unpermuted(permuted(rows, 2), 2), rows)


def test_only_query_and_key_outputs_are_permuted():
    torch = pytest.importorskip("torch")
    q, v = torch.randn(576, 16), torch.randn(192, 16)
    found = tensors({QUERY: q, QUERY.replace("q_proj", "v_proj"): v})
    assert sorted(found) == ["blk.3.attn_q.weight.lora_b", "blk.3.attn_v.weight.lora_b"]
    assert np.array_equal(found["blk.3.attn_v.weight.lora_b"], v.numpy())
    assert np.array_equal(np.sort(found["blk.3.attn_q.weight.lora_b"], axis=0), np.sort(q.numpy(), axis=0))
    assert not np.array_equal(found["blk.3.attn_q.weight.lora_b"], q.numpy())


@pytest.mark.parametrize("module", ["self_attn.q_proj", "self_attn.k_proj", "self_attn.o_proj", "mlp.down_proj"])
def test_names_and_rows_find_their_way_back(module: str):
    name, side = tensor_of(f"base_model.model.model.layers.7.{module}.lora_B.default.weight")
    assert side == "b"
    assert module_of(name) == f"model.layers.7.{module}"
    rows = np.random.default_rng(0).normal(size=(576, 4)).astype(np.float32)
    assert np.array_equal(straight(name, turned(name, rows)), rows)
