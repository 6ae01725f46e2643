"""A GGUF model as a ``Generator``: each request alone, after a beginning that may be remembered from an earlier one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from qa.errors import ModelError
from qa.models.engine import CHUNK, MAX_SEQUENCES, WHOLE, Engine, Logits, State
from qa.models.prefixes import Prefixes
from qa.models.reply import ReplyText
from qa.models.seams import Completion, GeneratorInfo, Request
from qa.models.shelf import Shelf
from qa.models.tree import Node, TokenTree, shared_prefix
from qa.types import Cancel, never

_PREFIX_ROOM = 160_000_000
"""Bytes of remembered beginnings: about 35 passages of 200 tokens with the default model."""
_MIN_HEAD = 8
"""Tokens before the user's text from which it is worth remembering them for other prefixes."""
_PROSE_FROM = 1_000_000_000
"""Parameters from which a model is trusted to write sentences of its own from evidence."""


@dataclass(slots=True)
class _Job:
    """One request on its way."""

    request: Request
    prompt: list[int]
    marks: list[int]
    """Lengths of the prompt's beginnings that are remembered, ascending."""
    candidates: dict[str, list[int]]
    barred: list[int]
    """Tokens that the reply may not begin with."""
    reply: ReplyText
    pending: list[int] = field(default_factory=list)
    """Tokens of the reply that are chosen and not evaluated yet; empty when the reply is complete."""
    tokens: int = 0
    logprob: float = 0.0
    stopped: str = ""
    scores: dict[str, float] = field(default_factory=dict)

    def completion(self) -> Completion:
        logprob = self.logprob if self.tokens else None
        return Completion(self.reply.text, logprob, self.tokens, self.scores, self.stopped or "cancelled")


class LlamaGenerator:
    """A GGUF model in this process, greedy.

    With ``whole_prefix``, and with an adapter whose file says so, every token of a request's prefix sees all of it: a
    passage is read with what comes later in it in view, and only the question and the reply from left to right.
    Each request is evaluated alone, in batches that follow from its own tokens, so equal requests give equal bytes
    whatever is asked beside or before them, and whether their prefix is remembered or not. Reading passages one by one
    is no slower than side by side: attention then looks at one passage, not at all of them.
    """

    def __init__(  # noqa: PLR0913 - keywords only, each a fact about the model that is loaded
        self,
        path: Path,
        *,
        name: str = "",
        threads: int | None = None,
        context: int = 2048,
        adapter: Path | None = None,
        adapter_name: str = "",
        trained_reader: bool = False,
        whole_prefix: bool = False,
        note: str = "",
        shelf: Shelf | None = None,
    ) -> None:
        self._engine = Engine(path, threads=threads, context=context, adapter=adapter, whole=whole_prefix)
        self._prefixes = Prefixes(_PREFIX_ROOM, shelf)
        self.info = GeneratorInfo(
            name=name or path.name,
            adapter=adapter_name or (adapter.name if adapter else ""),  # also when it is merged into the file
            context=self._engine.context,
            trained_reader=trained_reader,
            writes_prose=self._engine.parameters >= _PROSE_FROM,
            note=note,
        )

    def close(self) -> None:
        """Free the model's memory."""
        with self._engine.lock:
            self._prefixes.clear()
            self._engine.close()

    def count_tokens(self, text: str) -> int:
        """See ``Generator.count_tokens``."""
        return len(self._engine.tokens(text, special=False))

    def complete(self, requests: Sequence[Request], cancel: Cancel = never) -> list[Completion]:
        """See ``Generator.complete``."""
        jobs = [self._job(request) for request in requests]
        with self._engine.lock:
            for job in jobs:
                self._start(job, cancel)
                while self._step(job, cancel):
                    pass
        return [job.completion() for job in jobs]

    def stream(self, request: Request, cancel: Cancel = never) -> Iterator[str]:
        """See ``Generator.stream``."""
        job = self._job(request)
        with self._engine.lock:
            self._start(job, cancel)
            going = True
            while going:
                going = self._step(job, cancel)
                if piece := job.reply.fresh(final=not going):
                    yield piece

    def _job(self, request: Request) -> _Job:
        prompt = self._engine.prompt(request.system, request.user)
        candidates = {text: self._engine.tokens(text, special=False) for text in request.candidates}
        if len(prompt) + request.max_tokens > self._engine.context:
            raise ModelError(
                f"a prompt of {len(prompt)} tokens and a reply of up to {request.max_tokens} do not fit the context of "
                f"{self._engine.context} tokens of {self.info.name}"
            )
        scored = sum(map(len, candidates.values()))
        if len(candidates) >= MAX_SEQUENCES or len(prompt) + scored > self._engine.cells:
            raise ModelError(
                f"{len(candidates)} candidate replies of {scored} tokens are too many to score beside a prompt of "
                f"{len(prompt)} tokens"
            )
        barred = [tokens[0] for text in request.barred if (tokens := self._engine.tokens(text, special=False))]
        return _Job(request, prompt, self._marks(request, prompt), candidates, barred, ReplyText(request.stop))

    def _marks(self, request: Request, prompt: list[int]) -> list[int]:
        if not request.prefix:
            return []
        system, text = request.system, request.prefix
        length = min(shared_prefix(self._engine.opening(system, text), prompt), len(prompt) - 1)
        head = min(shared_prefix(self._engine.opening(system, ""), prompt), length)
        return [head, length] if _MIN_HEAD <= head < length else [length] if length else []

    def _state(self, prompt: list[int], marks: list[int], cancel: Cancel) -> State | None:
        """What the model holds after the last mark, remembered or evaluated now; None when cancelled."""
        end = marks[-1]
        kept = self._prefixes.get(prompt[:end])
        if kept is not None:
            return kept
        start = 0
        if marks[:-1]:
            before = self._state(prompt, marks[:-1], cancel)
            if before is None:
                return None
            self._engine.restore(before)
            start = marks[-2]
        else:
            self._engine.clear()
        nodes = [Node(token, start + i, [0]) for i, token in enumerate(prompt[start:end])]
        # The first token takes up the attention that is of no use elsewhere; seeing others, it would not.
        if self._evaluate(nodes, cancel, whole=self._engine.whole and start > 0) is None:
            return None
        state = self._engine.save()
        self._prefixes.put(prompt[:end], state)
        return state

    def _start(self, job: _Job, cancel: Cancel) -> None:
        """Evaluate the prompt and the candidates; leaves the job with its first tokens, or cancelled."""
        start = job.marks[-1] if job.marks else 0
        if job.marks:
            state = self._state(job.prompt, job.marks, cancel)
            if state is None:
                return
            # Also when it was evaluated just now: the cells must lie the same way every time.
            self._engine.restore(state)
        else:
            self._engine.clear()
        rest = job.prompt[start:]
        tree = TokenTree(start)
        trunk = tree.add(0, rest, wanted_from=len(rest) - 1)
        paths = {}
        for sequence, (text, tokens) in enumerate(job.candidates.items(), 1):
            self._engine.share(sequence)
            paths[text] = tree.add(sequence, rest + tokens, wanted_from=len(rest) - 1)[len(rest) - 1 :]
        found = self._evaluate(tree.nodes, cancel)
        if found is None:
            return
        for sequence, (text, path) in enumerate(paths.items(), 1):
            self._engine.drop(sequence)
            job.scores[text] = self._score(job.candidates[text], [found[index] for index in path])
        self._follow(job, tree, trunk[-1], found)

    def _follow(self, job: _Job, tree: TokenTree, index: int, found: dict[int, Logits]) -> None:
        """Choose tokens for as long as the reply is the beginning of a candidate: those are evaluated already."""
        node: int | None = index
        while node is not None:
            self._take(job, found[node])
            node = tree.child(node, job.pending[-1]) if job.pending else None

    def _evaluate(self, nodes: list[Node], cancel: Cancel, *, whole: bool = False) -> dict[int, Logits] | None:
        """Logits of the wanted nodes; None when cancelled."""
        found: dict[int, Logits] = {}
        size = WHOLE if whole else CHUNK
        for start in range(0, len(nodes), size):
            if cancel():
                return None
            rows = enumerate(self._engine.evaluate(nodes[start : start + size], whole=whole), start)
            found.update((index, logits) for index, logits in rows if logits is not None)
        return found

    def _score(self, tokens: list[int], logits: list[Logits]) -> float:
        wanted = [*tokens, self._engine.end_of_turn]
        return float(sum(_logprob(row, token) for row, token in zip(logits, wanted, strict=True)))

    def _step(self, job: _Job, cancel: Cancel) -> bool:
        """One more token; false when the reply is complete or cancelled."""
        if not job.pending:
            return False
        first = len(job.prompt) + job.tokens - len(job.pending)
        nodes = [Node(token, first + i, [0]) for i, token in enumerate(job.pending)]
        nodes[-1].wanted = True
        found = self._evaluate(nodes, cancel)
        if found is None:
            return False
        job.pending = []
        self._take(job, found[len(nodes) - 1])
        return bool(job.pending)

    def _take(self, job: _Job, logits: Logits) -> None:
        """Choose the most probable token and decide whether the reply goes on."""
        token = _likeliest(logits, () if job.tokens else job.barred)
        job.tokens += 1
        job.logprob += _logprob(logits, token)
        if self._engine.ends_turn(token):
            job.stopped = "stop"
        else:
            job.reply.add(self._engine.piece(token))
            job.stopped = "stop" if job.reply.ended else "length" if job.tokens >= job.request.max_tokens else ""
        if job.stopped:
            job.reply.finish()
            job.pending = []
        else:
            job.pending.append(token)


def _likeliest(logits: Logits, barred: Sequence[int]) -> int:
    if not barred:
        return int(np.argmax(logits))
    allowed = logits.copy()
    allowed[list(barred)] = -np.inf
    return int(np.argmax(allowed))


def _logprob(logits: Logits, token: int) -> float:
    top = logits.max()
    return float(logits[token] - top - np.log(np.exp(logits - top).sum(dtype=np.float64)))
