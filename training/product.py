"""The trained model as the product runs it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from qa.models.generator import LlamaGenerator
from qa.models.quantize import faster_copy, merged_whole
from training.base_model import base_gguf
from training.data import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def shipped(adapter: Path, base: Path | None = None, threads: int = 2) -> LlamaGenerator:
    """The adapter merged into an F16 copy of the base, as the product does; or beside another base, a GGUF.

    Raises ``OSError`` when no copy can be made.
    """
    if base is not None:
        return LlamaGenerator(base, threads=threads, adapter=adapter, trained_reader=True)
    path, hindrance = faster_copy(base_gguf(), ROOT / "training" / "cache", threads, adapter)
    if hindrance:
        raise OSError(hindrance)
    whole = merged_whole(path)
    return LlamaGenerator(path, threads=threads, adapter_name=adapter.name, trained_reader=True, whole_prefix=whole)
