"""The seams to models: one Protocol each, small enough that a fake is ten lines (see ``qa.testing``)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from qa.models.sighting import Sighting
from qa.types import Cancel, never

Vectors = NDArray[np.float32]
"""Shape (n, dimension), rows of length 1."""


@dataclass(frozen=True, slots=True)
class EmbedderInfo:
    """What an index must know of the embedder that made it."""

    id: str
    """Name and content hash of the weights: equal ids give equal vectors."""
    dimension: int
    max_tokens: int
    """Of one text, special tokens included; more is cut off by the model, so passages are made to fit."""


class Embedder(Protocol):
    """Texts to unit vectors."""

    @property
    def info(self) -> EmbedderInfo:
        """What an index records."""
        ...

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (len(texts), dimension), float32, of length 1. Row i depends on texts[i] alone."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """How many tokens of the model's own tokenizer each text takes, special ones apart. Loads no weights."""
        ...


@dataclass(frozen=True, slots=True)
class Request:
    """One prompt: a system text and a user text, wrapped by the generator in its model's own chat template."""

    system: str
    user: str
    max_tokens: int = 64
    stop: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    """Whole replies whose log-probability is wanted beside the generated one (for example the refusal)."""
    barred: tuple[str, ...] = ()
    """Replies that are not wanted: the reply begins with another token than they do. A backend that cannot choose
    tokens may give them all the same."""
    prefix: str = ""
    """A beginning of ``user`` that will come again with another end, such as a passage before its question: worth
    remembering evaluated. It changes a reply by rounding at most, unless the model was trained to read it whole: then
    it is read with its own end in view."""


@dataclass(frozen=True, slots=True)
class Completion:
    """A reply, greedy unless the generator was told otherwise."""

    text: str
    logprob: float | None
    """Sum over the reply's tokens, the end-of-turn token included; None where the backend does not say."""
    tokens: int
    candidates: Mapping[str, float] = field(default_factory=dict)
    """Log-probability of each candidate as the whole reply; empty where the backend cannot say."""
    stopped: str = "stop"
    """`stop`, `length` or `cancelled`."""


@dataclass(frozen=True, slots=True)
class GeneratorInfo:
    """What an answer records of its generator."""

    name: str
    adapter: str = ""
    """Name and hash of the LoRA adapter, or empty."""
    context: int = 2048
    """Tokens of prompt and reply together."""
    trained_reader: bool = False
    """Whether the model was trained for the tasks in `prompts/` (then its refusals are calibrated)."""
    writes_prose: bool = False
    """Whether sentences may be written freely from evidence; the small default keeps to the evidence's own words."""
    note: str = ""
    """What the user should know of how it was loaded, such as why it is slower than it could be."""


class Generator(Protocol):
    """A language model behind a chat template."""

    @property
    def info(self) -> GeneratorInfo:
        """What an answer records."""
        ...

    def count_tokens(self, text: str) -> int:
        """By the model's own tokenizer where there is one; a safe upper estimate elsewhere."""
        ...

    def complete(self, requests: Sequence[Request], cancel: Cancel = never) -> list[Completion]:
        """One completion a request, in order; deterministic (greedy). A shared ``prefix`` is evaluated once.

        Raises ``ModelError`` when a prompt does not fit the context, ``ServerError`` when a server fails.
        """
        ...

    def stream(self, request: Request, cancel: Cancel = never) -> Iterator[str]:
        """Pieces of one reply as they come. Same errors as ``complete``."""
        ...


class Checker(Protocol):
    """Whether a premise supports a claim."""

    @property
    def name(self) -> str:
        """Name and hash of the weights."""
        ...

    @property
    def threshold(self) -> float:
        """Probability from which a claim counts as supported; calibrated with the weights, not a free choice."""
        ...

    def support(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each (premise, claim), the probability in [0, 1] that the premise (one to three sentences) says it."""
        ...


class Reranker(Protocol):
    """Whether a passage answers a question."""

    @property
    def name(self) -> str:
        """Name and hash of the weights."""
        ...

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """Probability in [0, 1] for each passage, in order."""
        ...


class Locator(Protocol):
    """A reader that points: where in a passage the answer stands, or that it stands nowhere."""

    @property
    def name(self) -> str:
        """Name and hash of the weights."""
        ...

    def sight(self, question: str, passages: Sequence[str]) -> list[Sighting]:
        """One for each passage, in order; a passage's depends on nothing beside it."""
        ...
