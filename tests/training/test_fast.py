"""The fast step against transformers and peft on a small llama with random weights, in fp32."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from training.pack import IGNORED, Tokens, pack

if TYPE_CHECKING:
    from training.pack import Pack

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
peft = pytest.importorskip("peft")


pytestmark = [
    pytest.mark.filterwarnings("ignore::FutureWarning:transformers"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning:torch"),
]


@pytest.fixture
def small() -> Any:
    torch.manual_seed(3)
    config = transformers.LlamaConfig(
        vocab_size=96,
        hidden_size=48,
        intermediate_size=80,
        num_hidden_layers=2,
        num_attention_heads=6,
        num_key_value_heads=2,
        attn_implementation="eager",
    )
    modules = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
    lora = peft.LoraConfig(r=4, lora_alpha=8, target_modules=modules, task_type="CAUSAL_LM")
    model = peft.get_peft_model(transformers.LlamaForCausalLM(config), lora)
    for parameter in model.parameters():
        if parameter.requires_grad:
            torch.nn.init.normal_(parameter, std=0.2)
    return model


def packs() -> list[Pack]:
    one = Tokens(2, [5, 6, 7, 8, 9], [([10, 11], [12, 13]), ([14], [15]), ([16, 17, 18], [19, 20, 21])])
    two = Tokens(1, [30, 31], [([32, 33], [34])])
    return [pack([one]), pack([two, one])]


def plain(model: Any, batch: Pack) -> Any:
    """Logits at answer tokens as transformers computes them."""
    inner = model.base_model.model
    bias = torch.zeros(batch.mask.shape).masked_fill(~batch.mask, torch.finfo(torch.float32).min)[None, None]
    hidden = inner.model(
        input_ids=batch.ids[None], position_ids=batch.positions[None], attention_mask=bias, use_cache=False
    ).last_hidden_state[0]
    return inner.lm_head(hidden[(batch.labels != IGNORED).nonzero()[:, 0] - 1])


def gradients(model: Any, logits: Any, labels: Any) -> dict[str, Any]:
    model.zero_grad()
    torch.nn.functional.cross_entropy(logits, labels).backward()
    return {name: p.grad.clone() for name, p in model.named_parameters() if p.grad is not None}


def test_logits_and_gradients_are_those_of_the_plain_model(small: Any) -> None:
    from training.fast import Fast
    from training.lora import answer_logits

    batch = packs()
    with torch.compiler.set_stance("force_eager"):
        ours, labels, example = answer_logits(Fast(small), batch)
        found = gradients(small, ours, labels)
    theirs = torch.cat([plain(small, each) for each in batch])
    wanted = gradients(small, theirs, labels)

    assert labels.tolist() == [12, 13, 15, 19, 20, 21, 34, 12, 13, 15, 19, 20, 21]
    assert example.tolist() == [0, 0, 1, 2, 2, 2, 3, 4, 4, 5, 6, 6, 6]
    assert torch.allclose(ours, theirs, atol=1e-4)
    assert found.keys() == wanted.keys()
    assert len(found) == 2 * 7 * 2
    for name, gradient in wanted.items():
        assert torch.allclose(found[name], gradient, atol=1e-4), name


def test_layers_that_stay_get_no_gradient_and_change_no_other_gradient(small: Any) -> None:
    from training.base_model import hold
    from training.fast import Fast
    from training.lora import answer_logits

    with torch.compiler.set_stance("force_eager"):
        logits, labels, _ = answer_logits(Fast(small), packs())
        everything = gradients(small, logits, labels)
        hold(small, 1)
        held, _, _ = answer_logits(Fast(small), packs())
        upper = gradients(small, held, labels)

    assert torch.equal(held, logits)
    assert upper.keys() == {name for name in everything if ".layers.1." in name}
    assert len(upper) == 7 * 2
    for name, gradient in upper.items():
        assert torch.allclose(gradient, everything[name], atol=1e-6), name
