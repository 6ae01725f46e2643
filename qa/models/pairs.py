"""Small trained models that read a question and a passage together: the reranker and the span reader."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from qa.errors import ModelError
from qa.models.files import read_json, sha256_of, threads_or_cores
from qa.models.onnx import feed, session, tokenizer
from qa.models.sighting import Sighting
from qa.resources import weights

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer


class _PairModel:
    """A file of weights that takes two texts at once. Weights load at the first use."""

    def __init__(self, model: Path, facts: dict[str, object], tokens: Path, *, threads: int | None = None) -> None:
        self._max_tokens = int(str(facts.get("max_tokens", 256)))
        self._pad = int(str(facts.get("pad_id", 0)))
        self._model = model
        self._tokens = tokens
        self._threads = threads
        self._sha256 = str(facts.get("sha256", ""))
        self.name = f"{model.stem}@{self._sha256[:12]}"

    @classmethod
    def shipped(cls, name: str, threads: int | None = None) -> Self | None:
        """The one that ships with the package under ``name``; None when this build has none. Raises ``ModelError``."""
        model, facts = (weights(f"{name}.{ending}") for ending in ("onnx", "json"))
        if model is None or facts is None:
            return None
        tokens = weights("pairs.tokenizer.json")
        if tokens is None:
            raise ModelError(f"the tokenizer of the model {model} is missing", "install qa again")
        return cls(model, read_json(facts), tokens, threads=threads)

    def intact(self) -> bool:
        """Whether the weights are those that were exported."""
        return sha256_of(self._model) == self._sha256

    def _outputs(self, pairs: Sequence[tuple[str, str]]) -> Iterator[tuple[Encoding, NDArray[np.float32]]]:
        """Tokens and output of each pair, the same whatever stands beside it; too long a pair is cut at its longer
        text."""
        model = self._session
        inputs = [entry.name for entry in model.get_inputs()]
        encoded = self._tokenizer.encode_batch(list(pairs))

        def run(one: Encoding) -> NDArray[np.float32]:
            # One pair a run: int8 scales are found for a whole run, and padding costs more than a run does.
            outputs: NDArray[np.float32] = model.run(None, feed([one], self._pad, inputs))[0][0]
            return outputs

        # A thread for each of several pairs, where one pair's threads would wait for each other: .84 of the time.
        with ThreadPoolExecutor(threads_or_cores(self._threads)) as pool:
            yield from zip(encoded, pool.map(run, encoded), strict=True)

    @cached_property
    def _session(self) -> Any:
        if not self.intact():
            raise ModelError(f"the model {self._model} is damaged", "install qa again")
        return session(self._model, threads=1)

    @cached_property
    def _tokenizer(self) -> Tokenizer:
        return tokenizer(self._tokens, max_tokens=self._max_tokens)


class CrossEncoder(_PairModel):
    """One probability a pair: a ``Reranker``."""

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """See ``Reranker.score``: probabilities in [0, 1]."""
        return self.probabilities([(question, passage) for passage in passages])

    def probabilities(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """One probability a pair."""
        return [_probability(logits) for _, logits in self._outputs(pairs)] if pairs else []


class SpanReader(_PairModel):
    """Two logits a token, of an answer's first and its last: a ``Locator``."""

    def sight(self, question: str, passages: Sequence[str]) -> list[Sighting]:
        """See ``Locator.sight``."""
        pairs = [(question, passage) for passage in passages]
        return [sighting(one, logits) for one, logits in self._outputs(pairs)] if pairs else []


def load_reranker(threads: int | None = None) -> CrossEncoder | None:
    """The trained reranker; None when this build has none. Raises ``ModelError``."""
    return CrossEncoder.shipped("reranker", threads)


def load_locator(threads: int | None = None) -> SpanReader | None:
    """The trained span reader; None when this build has none. Raises ``ModelError``."""
    return SpanReader.shipped("spans", threads)


def _probability(logits: NDArray[np.float32]) -> float:
    """Sigmoid of one logit, or softmax over two, of which the second means yes."""
    margin = float(logits[0]) if len(logits) == 1 else float(logits[1]) - float(logits[0])
    return float(1.0 / (1.0 + np.exp(-np.clip(margin, -700, 700))))


def sighting(pair: Encoding, logits: NDArray[np.float32]) -> Sighting:
    """Softmax over the tokens of the second text and the first token of all, which stands for "nowhere"; ``logits`` of
    shape (tokens, 2)."""
    inside = [0, *(place for place, part in enumerate(pair.sequence_ids) if part == 1)]
    kept = logits[inside].astype(np.float64)
    logs = kept - np.logaddexp.reduce(kept, axis=0)
    return Sighting([pair.offsets[i] for i in inside[1:]], logs[1:, 0], logs[1:, 1], float(logs[0].sum()))
