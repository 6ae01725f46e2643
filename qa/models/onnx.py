"""The only door to onnxruntime: its sessions, and the exported embedder, without torch in the process."""

from __future__ import annotations

import os
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.models.files import read_json, sealed, threads_or_cores
from qa.models.seams import EmbedderInfo, Vectors

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

_BATCH = 8
"""Texts in one run: measured best on 2 cores; larger batches fall out of the cache (32 takes 1.25 times as long)."""
_CHUNK = 4096
"""Texts tokenised and sorted by length at once: bounds memory."""


class OnnxEmbedder:
    """The embedder that ``export`` wrote into a folder. Weights load at the first ``encode``."""

    def __init__(self, folder: Path, *, threads: int | None = None) -> None:
        manifest = read_json(folder / "manifest.json")
        if not sealed(folder, manifest.get("files")):
            raise ModelError(
                f"the exported embedding model in {folder} is damaged", "delete the folder; it is made again"
            )
        self.info = EmbedderInfo(str(manifest["id"]), int(str(manifest["dimension"])), int(str(manifest["max_tokens"])))
        self._folder = folder
        self._threads = threads
        self._pad = int(str(manifest["pad_id"]))

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode``."""
        vectors = np.empty((len(texts), self.info.dimension), np.float32)
        for start in range(0, len(texts), _CHUNK):
            part = self._truncating.encode_batch_fast(list(texts[start : start + _CHUNK]))
            order = sorted(range(len(part)), key=lambda i: len(part[i].ids), reverse=True)
            for first in range(0, len(order), _BATCH):
                rows = order[first : first + _BATCH]
                found = self._session.run(["vectors"], self._feed([part[i] for i in rows]))[0]
                vectors[[start + i for i in rows]] = found
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """See ``Embedder.count_tokens``."""
        found = self._plain.encode_batch_fast(list(texts), add_special_tokens=False)
        return [len(encoding.ids) for encoding in found]

    def _feed(self, batch: list[Encoding]) -> dict[str, NDArray[np.int64]]:
        return feed(batch, self._pad, self._inputs)

    @cached_property
    def _session(self) -> Any:
        return session(self._folder / "model.onnx", self._threads)

    @cached_property
    def _inputs(self) -> list[str]:
        return [entry.name for entry in self._session.get_inputs()]

    @cached_property
    def _plain(self) -> Tokenizer:
        return tokenizer(self._folder / "tokenizer.json")

    @cached_property
    def _truncating(self) -> Tokenizer:
        return tokenizer(self._folder / "tokenizer.json", max_tokens=self.info.max_tokens)


def tokenizer(path: Path, max_tokens: int | None = None) -> Tokenizer:
    """A tokenizer that does not pad, and truncates only when ``max_tokens`` is given."""
    from tokenizers import Tokenizer as FastTokenizer

    try:
        made = FastTokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception
        raise ModelError(f"the tokenizer {path} cannot be read: {error}") from error
    made.no_padding()
    if max_tokens is None:
        made.no_truncation()
    else:
        made.enable_truncation(max_tokens)
    return made


def library() -> Any:
    """onnxruntime, silenced: from its import on it would upload events, and keep an identifier of this device in the
    user's cache."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    return onnxruntime


def session(path: Path, threads: int | None = None) -> Any:
    """An inference session on the CPU. Raises ``ModelError`` for a file that is no ONNX graph."""
    onnxruntime = library()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads_or_cores(threads)
    options.inter_op_num_threads = 1
    options.log_severity_level = 4
    # Idle threads sleep instead of spinning: 10 % less work in all, and the other models get the cores.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises a dozen unrelated classes
        raise ModelError(f"the model {path} cannot be loaded: {str(error).splitlines()[0]}") from error


def feed(batch: list[Encoding], pad: int, inputs: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """The graph's inputs, each of shape (len(batch), longest), padded to the longest of the batch."""
    longest = max(len(encoding.ids) for encoding in batch)
    arrays = {name: np.zeros((len(batch), longest), np.int64) for name in inputs}
    arrays["input_ids"].fill(pad)
    for row, encoding in enumerate(batch):
        length = len(encoding.ids)
        arrays["input_ids"][row, :length] = encoding.ids
        arrays["attention_mask"][row, :length] = 1
        if "token_type_ids" in arrays:
            arrays["token_type_ids"][row, :length] = encoding.type_ids
    return arrays
