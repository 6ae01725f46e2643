"""The only door to sentence_transformers and torch: any embedding model, and the export of common ones to ONNX.

Importing the libraries takes seconds, so this module is entered when a model is exported for the first time, or for a
model whose pipeline cannot be exported.
"""

from __future__ import annotations

import logging
import os
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np

from qa.errors import ModelError
from qa.models.files import wait_calmly
from qa.models.seams import EmbedderInfo, Vectors

PROBES = (
    "Rain.",
    "The committee met on 12 March 2019 and approved a budget of $4.5 million.",
    "Is the bridge open? Nobody said so; the mayor's office did not answer, although two reporters asked on Friday. "
    * 3,
    "Übergröße, naïve café, 東京, and an odd word: antidisestablishmentarianism.",
    "word " * 400,
)
"""Texts of different lengths, in one batch: an exported model must give their vectors as the original does."""

_EXPORTABLE = ({"Transformer", "Pooling"}, {"Transformer", "Pooling", "Normalize"})


class TorchEmbedder:
    """An embedding model run by sentence_transformers."""

    def __init__(self, folder: Path, *, id: str, threads: int | None = None) -> None:  # noqa: A002 - as in EmbedderInfo
        import torch

        if threads:
            torch.set_num_threads(threads)
        self._model = load(folder)
        tokens = int(self._model.max_seq_length or 512)
        self.info = EmbedderInfo(id, int(self._model.get_embedding_dimension()), tokens)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode``."""
        if not texts:
            return np.zeros((0, self.info.dimension), np.float32)
        with quiet():
            found = self._model.encode(list(texts), batch_size=8, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, dtype=np.float32)

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See ``Embedder.count_tokens``."""
        if not texts:
            return []
        with quiet():
            return [len(ids) for ids in self._model.tokenizer(list(texts), add_special_tokens=False)["input_ids"]]


def load(folder: Path) -> Any:
    """The sentence_transformers model in a folder on disk; no code from it runs, no network is used."""
    os.environ["HF_HUB_OFFLINE"] = "1"
    # It brings the OpenMP library that llama.cpp then shares.
    wait_calmly()
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    with quiet():
        from sentence_transformers import SentenceTransformer

        try:
            return SentenceTransformer(
                str(folder),
                device="cpu",
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            ).eval()
        except Exception as error:  # whatever a foreign model folder makes the library raise
            raise ModelError(f"the embedding model in {folder} cannot be loaded: {_line(error)}") from error


def export(folder: Path, target: Path) -> dict[str, Any]:
    """Write `model.onnx` and `tokenizer.json` of the model in ``folder`` to ``target`` and prove that they agree.

    Returns dimension, max_tokens, the graph's inputs and the padding token's id. Raises ``ModelError`` when the model's
    pipeline is not Transformer, Pooling and perhaps Normalize, or when the exported graph is not the same function.
    """
    model = load(folder)
    why = _unexportable(model)
    if why:
        raise ModelError(f"the embedding model in {folder} is not exported: {why}")
    try:
        with quiet():
            return _export(model, target)
    except ModelError:
        raise
    except Exception as error:  # the exporter raises anything
        raise ModelError(f"the embedding model in {folder} cannot be exported: {_line(error)}") from error


def _unexportable(model: Any) -> str:
    names = {type(module).__name__ for module in model}
    if names not in _EXPORTABLE:
        return f"it has the parts {', '.join(sorted(names))}"
    if model.default_prompt_name or getattr(model[0], "do_lower_case", False):
        return "it changes texts before reading them"
    if not getattr(model.tokenizer, "is_fast", False):
        return "its tokenizer has no fast form"
    return ""


def _export(model: Any, target: Path) -> dict[str, Any]:
    import torch

    class Graph(torch.nn.Module):  # type: ignore[misc]
        """Token ids to unit vectors: the model's own pipeline, normalised (which changes unit rows by nothing)."""

        def __init__(self, inputs: list[str]) -> None:
            super().__init__()
            self.model = model
            self.inputs = inputs

        def forward(self, *tensors: Any) -> Any:
            features = dict(zip(self.inputs, tensors, strict=True))
            return torch.nn.functional.normalize(self.model(features)["sentence_embedding"], dim=-1)

    features = model.tokenizer(list(PROBES[:2]), padding=True, return_tensors="pt")
    inputs = [name for name in ("input_ids", "attention_mask", "token_type_ids") if name in features]
    with torch.inference_mode():
        torch.onnx.export(
            Graph(inputs).eval(),
            tuple(features[name] for name in inputs),
            str(target / "model.onnx"),
            input_names=inputs,
            output_names=["vectors"],
            dynamic_axes={name: {0: "batch", 1: "sequence"} for name in inputs},
            # The tracing exporter: 1.6 s instead of 6.7 s, and its graph runs 12 % faster than the newer one's.
            dynamo=False,
        )
    (target / "tokenizer.json").write_text(model.tokenizer.backend_tokenizer.to_str(), encoding="utf-8")
    expected = model.encode(list(PROBES), normalize_embeddings=True, show_progress_bar=False)
    np.save(target / "probes.npy", np.asarray(expected, dtype=np.float32))
    return {
        "dimension": int(model.get_embedding_dimension()),
        "max_tokens": int(model.max_seq_length or 512),
        "inputs": inputs,
        "pad_id": int(model.tokenizer.pad_token_id or 0),
    }


@contextmanager
def quiet() -> Iterator[None]:
    """Without the libraries' warnings, progress bars and log lines: stderr belongs to the program."""
    before = {name: logging.getLogger(name).level for name in ("sentence_transformers", "transformers", "torch")}
    os.environ["HF_HUB_DISABLE_PROGRESS_BARS"] = "1"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name in before:
            logging.getLogger(name).setLevel(logging.ERROR)
        try:
            _silence_bars()
            yield
        finally:
            for name, level in before.items():
                logging.getLogger(name).setLevel(level)


def _silence_bars() -> None:
    from transformers.utils import logging as bars

    bars.disable_progress_bar()


def _line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0][:300]
