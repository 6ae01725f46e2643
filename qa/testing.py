"""Fakes for every seam: deterministic, without a model file and without a network.

Public, so that programs built on `qa` test with them too.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

import numpy as np

from qa.models.seams import Completion, EmbedderInfo, GeneratorInfo, Request, Vectors
from qa.models.sighting import Sighting
from qa.types import Cancel, never

_WORD = re.compile(r"\w+")
_PIECE = re.compile(r"\s*\S+\s*")


@dataclass(frozen=True, slots=True)
class Breaks:
    """A scripted reply that fails part-way: a stream gives ``text`` and then raises; ``complete`` raises at once."""

    text: str
    error: Exception


Reply = str | Completion | Exception | Breaks
"""What a script may hold: a text, a whole completion, or a failure."""


class ScriptedGenerator:
    """A generator that replies from a queue (``enqueue``), else by ``reply(request)``, and keeps every request.

    A text is cut at the request's stop strings and at ``max_tokens`` words, as a model would. Its log-probability
    is -0.1 a word; a candidate's is that of the reply when they are equal, else -5.
    """

    def __init__(self, reply: Callable[[Request], Reply] | None = None, *, info: GeneratorInfo | None = None) -> None:
        self.info = info or GeneratorInfo(name="scripted", context=4096)
        self.requests: list[Request] = []
        self._reply = reply
        self._queue: deque[Reply] = deque()

    def enqueue(self, *replies: Reply) -> ScriptedGenerator:
        """Add replies to the queue; each request takes one."""
        self._queue.extend(replies)
        return self

    def count_tokens(self, text: str) -> int:
        """Words."""
        return len(text.split())

    def complete(self, requests: Sequence[Request], cancel: Cancel = never) -> list[Completion]:
        """See ``Generator.complete``."""
        return [self._complete(request, cancel) for request in requests]

    def stream(self, request: Request, cancel: Cancel = never) -> Iterator[str]:
        """See ``Generator.stream``: one word a piece."""
        reply = self._next(request)
        if isinstance(reply, Exception):
            raise reply
        text = reply.text if isinstance(reply, Breaks) else _completion(request, reply).text
        for piece in _PIECE.findall(text):
            if cancel():
                return
            yield piece
        if isinstance(reply, Breaks):
            raise reply.error

    def _complete(self, request: Request, cancel: Cancel) -> Completion:
        if cancel():
            return Completion("", None, 0, stopped="cancelled")
        reply = self._next(request)
        if isinstance(reply, Exception):
            raise reply
        if isinstance(reply, Breaks):
            raise reply.error
        return _completion(request, reply)

    def _next(self, request: Request) -> Reply:
        self.requests.append(request)
        if self._queue:
            return self._queue.popleft()
        if self._reply is None:
            raise AssertionError(f"no reply is scripted for the request {len(self.requests)}: {request.user[:200]!r}")
        return self._reply(request)


def _completion(request: Request, reply: str | Completion) -> Completion:
    if isinstance(reply, Completion):
        return reply
    text, stopped = _cut(request, reply)
    tokens = max(1, len(text.split()))
    logprob = -0.1 * tokens
    candidates = {candidate: logprob if candidate == text else -5.0 for candidate in request.candidates}
    return Completion(text, logprob, tokens, candidates, stopped)


def _cut(request: Request, text: str) -> tuple[str, str]:
    for stop in request.stop:
        text = text.split(stop, 1)[0]
    pieces = _PIECE.findall(text)
    if len(pieces) > request.max_tokens:
        return "".join(pieces[: request.max_tokens]).strip(), "length"
    return text.strip(), "stop"


class HashEmbedder:
    """A bag of hashed words as a unit vector: texts that share words are near each other, on every machine alike."""

    def __init__(self, dimension: int = 256, max_tokens: int = 256) -> None:
        self.info = EmbedderInfo(id=f"hash-{dimension}", dimension=dimension, max_tokens=max_tokens)

    def encode(self, texts: Sequence[str]) -> Vectors:
        """See ``Embedder.encode``."""
        vectors = np.zeros((len(texts), self.info.dimension), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            words = _WORD.findall(text.lower())[: self.info.max_tokens]
            for word in words:
                number = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
                row[(number >> 1) % self.info.dimension] += 1.0 if number & 1 else -1.0
            if not row.any():
                row[0] = 1.0
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Words of each text."""
        return [len(_WORD.findall(text)) for text in texts]


class FixedChecker:
    """A checker that gives every pair the same probability."""

    def __init__(self, probability: float = 1.0, threshold: float = 0.5) -> None:
        self.name = "fixed"
        self.threshold = threshold
        self.pairs: list[tuple[str, str]] = []
        self._probability = probability

    def support(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """See ``Checker.support``; the pairs are kept in ``pairs``."""
        self.pairs.extend(pairs)
        return [self._probability] * len(pairs)


class WordChecker:
    """A checker whose probability is the share of the claim's words that the premise holds."""

    def __init__(self, threshold: float = 0.7) -> None:
        self.name = "words"
        self.threshold = threshold

    def support(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """See ``Checker.support``."""
        return [_share(claim, premise) for premise, claim in pairs]


class FixedReranker:
    """A reranker that scores by ``score_of(question, passage)``; without one, by the share of shared words."""

    def __init__(self, score_of: Callable[[str, str], float] | None = None) -> None:
        self.name = "fixed"
        self._score_of = score_of

    def score(self, question: str, passages: Sequence[str]) -> list[float]:
        """See ``Reranker.score``."""
        score_of = self._score_of or _share
        return [score_of(question, passage) for passage in passages]


class FixedLocator:
    """A span reader that is sure of the given words in every passage that holds them, and of nowhere in any other."""

    def __init__(self, words: str = "") -> None:
        self.name = "fixed"
        self._words = words

    def sight(self, question: str, passages: Sequence[str]) -> list[Sighting]:  # noqa: ARG002 - the seam's
        """See ``Locator.sight``."""
        return [self._one(passage) for passage in passages]

    def _one(self, passage: str) -> Sighting:
        tokens = [match.span() for match in _WORD.finditer(passage)]
        at = passage.find(self._words) if self._words else -1
        sure, else_ = -0.1, -5.0
        first = [sure if start == at else else_ for start, _ in tokens]
        last = [sure if at >= 0 and end == at + len(self._words) else else_ for _, end in tokens]
        return Sighting(tokens, np.array(first), np.array(last), 2 * (else_ if at >= 0 else sure))


def _share(words_of: str, inside: str) -> float:
    wanted = set(_WORD.findall(words_of.lower()))
    return len(wanted & set(_WORD.findall(inside.lower()))) / len(wanted) if wanted else 0.0
