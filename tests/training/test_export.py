import numpy as np
import pytest

from training.export_gguf import permuted, tensors


def test_permutation_interleaves_the_halves_of_each_head():
    rows = np.arange(8, dtype=np.float32)[:, None]
    assert permuted(rows, 2)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


def test_only_query_and_key_outputs_are_permuted():
    torch = pytest.importorskip("torch")
    q, v = torch.randn(576, 16), torch.randn(192, 16)
    names = "base_model.model.model.layers.3.self_attn.{}.lora_B.default.weight"
    found = tensors({names.format("q_proj"): q, names.format("v_proj"): v})
    assert sorted(found) == ["blk.3.attn_q.weight.lora_b", "blk.3.attn_v.weight.lora_b"]
    assert np.array_equal(found["blk.3.attn_v.weight.lora_b"], v.numpy())
    assert np.array_equal(np.sort(found["blk.3.attn_q.weight.lora_b"], axis=0), np.sort(q.numpy(), axis=0))
    assert not np.array_equal(found["blk.3.attn_q.weight.lora_b"], q.numpy())
