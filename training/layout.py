"""Names and order of weights: transformers' own, and those of GGUF's llama layout."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

HEADS, KEY_HEADS = 9, 3
RANK, ALPHA = 24, 48
"""Of the adapters; the share that they add is their quotient."""
_TO_GGUF = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
_TURNED = {"attn_q": HEADS, "attn_k": KEY_HEADS}
_PARAMETER = re.compile(r"layers\.(\d+)\.(\w+\.\w+_proj)\.lora_([AB])\.")

Rows = NDArray[np.float32]


def permuted(rows: Rows, heads: int) -> Rows:
    """Rows of a query or key matrix (shape (out, r)) in the order of GGUF's llama layout, which interleaves the
    rotary halves.
    """
    out, rank = rows.shape
    return rows.reshape(heads, 2, out // heads // 2, rank).swapaxes(1, 2).reshape(out, rank)


def unpermuted(rows: Rows, heads: int) -> Rows:
    """The way back from ``permuted``."""
    out, rank = rows.shape
    return rows.reshape(heads, out // heads // 2, 2, rank).swapaxes(1, 2).reshape(out, rank)


def tensor_of(parameter: str) -> tuple[str, str]:
    """The GGUF name of the matrix that a parameter of an adapter belongs to, and its side, `a` or `b`."""
    match = _PARAMETER.search(parameter)
    assert match, parameter
    layer, module, side = match.groups()
    return f"blk.{layer}.{_TO_GGUF[module]}.weight", side.lower()


def turned(tensor: str, rows: Rows) -> Rows:
    """The output side of a matrix's adapter as GGUF has it."""
    heads = _TURNED.get(tensor.split(".")[2])
    return permuted(rows, heads) if heads else rows


def straight(tensor: str, rows: Rows) -> Rows:
    """The way back from ``turned``."""
    heads = _TURNED.get(tensor.split(".")[2])
    return unpermuted(rows, heads) if heads else rows
