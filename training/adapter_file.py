"""A GGUF adapter as it lies on disk: its matrices, if they count as much as this code's own do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from training.layout import ALPHA, RANK

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def matrices(path: Path) -> dict[str, NDArray[np.float32]]:
    """By their names in the file: `….lora_a` of shape (r, in), `….lora_b` of shape (out, r), in llama.cpp's order of
    rows. Raises ``ValueError`` where they are added with another scale than alpha over rank of what is trained here: in
    a file of that scale they would have another effect.
    """
    from gguf import GGUFReader

    file = GGUFReader(path)
    found = {tensor.name: np.array(tensor.data, np.float32) for tensor in file.tensors}
    alpha = float(file.fields["adapter.lora.alpha"].contents())
    rank = next(len(value) for name, value in found.items() if name.endswith(".lora_a"))
    if alpha / rank != ALPHA / RANK:
        raise ValueError(f"{path}: adds {alpha / rank:g} times what it has, not {ALPHA / RANK:g}")
    return found
