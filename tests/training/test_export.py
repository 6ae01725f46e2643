import numpy as np
import pytest

from training.export_gguf import tensors
from training.layout import permuted, unpermuted


def test_permutation_interleaves_the_halves_of_each_head():
    rows = np.arange(8, dtype=np.float32)[:, None]
    assert permuted(rows, 2)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]
    assert unpermuted(permuted(rows, 2), 2)[:, 0].tolist() == list(range(8))


def test_only_query_and_key_outputs_are_permuted():
    torch = pytest.importorskip("torch")
    q, v = torch.randn(576, 16), torch.randn(192, 16)
    names = "base_model.model.model.layers.3.self_attn.{}.lora_B.default.weight"
    found = tensors({names.format("q_proj"): q, names.format("v_proj"): v})
    assert sorted(found) == ["blk.3.attn_q.weight.lora_b", "blk.3.attn_v.weight.lora_b"]
    assert np.array_equal(found["blk.3.attn_v.weight.lora_b"], v.numpy())
    assert np.array_equal(np.sort(found["blk.3.attn_q.weight.lora_b"], axis=0), np.sort(q.numpy(), axis=0))
    assert not np.array_equal(found["blk.3.attn_q.weight.lora_b"], q.numpy())


def test_an_adapter_comes_back_from_its_file_and_meets_its_start_in_the_middle(tmp_path):
    torch = pytest.importorskip("torch")
    pytest.importorskip("gguf")
    from training.base_model import values_of
    from training.export_gguf import with_start, write
    from training.layout import RANK

    torch.manual_seed(1)
    names = "base_model.model.model.layers.{}.self_attn.{}.lora_{}.default.weight"
    state = {
        names.format(0, "q_proj", "B"): torch.randn(576, RANK),
        names.format(1, "v_proj", "A"): torch.randn(RANK, 576),
    }
    write(state, tmp_path / "adapter.gguf")
    values = values_of(tmp_path / "adapter.gguf")
    back = {"blk.0.attn_q.weight": ("b", "q_proj", 0, "B"), "blk.1.attn_v.weight": ("a", "v_proj", 1, "A")}
    for tensor, (side, module, layer, letter) in back.items():
        assert torch.allclose(values[tensor, side], state[names.format(layer, module, letter)], atol=2e-3)
    zero = {name: torch.zeros_like(value) for name, value in state.items()}
    for name, value in with_start(zero, tmp_path / "adapter.gguf").items():
        assert torch.allclose(value, state[name] / 2, atol=2e-3)


class _Habit:
    """A model that always replies with the same tokens, whatever is asked, and a tokeniser of four tokens."""

    WORDS = ("", "diox", "ygen", "d", "ioxygen", "<end>")
    END = 5

    def __init__(self, *reply: int) -> None:
        self.reply = (*reply, self.END)

    def logits(self, packs, rows):
        import torch

        from training.pack import IGNORED

        (pack,) = packs
        found = torch.zeros(len(rows), len(self.WORDS))
        for place, row in enumerate(rows.tolist()):
            before = pack.labels[: row + 1]
            said = int((before != IGNORED).sum()) if row >= 0 else 0
            found[place, self.reply[min(said, len(self.reply) - 1)]] = 4.0
        return found

    def decode(self, tokens):
        return "".join(self.WORDS[token] for token in tokens)


def test_one_text_reached_by_other_tokens_is_the_same_reply():
    import math

    from training.export_gguf import agreement
    from training.pack import Tokens

    asked = Tokens(1, [0, 0], [([0], [1, 2, _Habit.END])])
    certain = math.log(math.exp(4) / (math.exp(4) + 5))
    for model, same, tokens in ((_Habit(1, 2), True, 3), (_Habit(3, 4), True, 3), (_Habit(3, 2), False, 0)):
        ((agrees, score),) = agreement(model, asked, ["dioxygen"], model)
        assert agrees is same
        if same:
            assert math.isclose(score, tokens * certain, rel_tol=1e-5)
        else:
            assert score < 3 * certain - 4
