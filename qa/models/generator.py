"""A GGUF model as a ``Generator``: prompts that share a beginning are evaluated together, replies grow side by side."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from qa.errors import ModelError
from qa.models.llama import CHUNK, MAX_SEQUENCES, Engine, Logits
from qa.models.reply import ReplyText
from qa.models.seams import Completion, GeneratorInfo, Request
from qa.models.tree import Node, TokenTree, shared_prefix
from qa.types import Cancel, never

_PROSE_FROM = 1_000_000_000
"""Parameters from which a model is trusted to write sentences of its own from evidence."""


@dataclass(slots=True)
class _Job:
    """One request on its way."""

    request: Request
    prompt: list[int]
    candidates: dict[str, list[int]]
    sequence: int = -1
    reply: ReplyText = field(default_factory=ReplyText)
    tokens: int = 0
    logprob: float = 0.0
    stopped: str = ""
    next: Node | None = None
    scores: dict[str, float] = field(default_factory=dict)

    @property
    def cost(self) -> int:
        """Cells that the job takes when it shares nothing."""
        return len(self.prompt) + self.request.max_tokens + sum(map(len, self.candidates.values()))

    def completion(self) -> Completion:
        logprob = self.logprob if self.tokens else None
        return Completion(self.reply.text, logprob, self.tokens, self.scores, self.stopped or "cancelled")


class LlamaGenerator:
    """A GGUF model in this process, greedy.

    Every call starts from an empty cache, so the same requests give the same bytes, in whatever order they come. In
    other company the log-probability of a reply moves a little (measured: by up to 0.02 with F16 weights, 0.4 with
    Q8_0), because llama.cpp takes sums in another order: a model that is undecided may choose another word then.
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
    ) -> None:
        self._engine = Engine(path, threads=threads, context=context, adapter=adapter)
        self.info = GeneratorInfo(
            name=name or path.name,
            adapter=(adapter_name or adapter.name) if adapter else "",
            context=self._engine.context,
            trained_reader=trained_reader,
            writes_prose=self._engine.parameters >= _PROSE_FROM,
        )

    def close(self) -> None:
        """Free the model's memory."""
        with self._engine.lock:
            self._engine.close()

    def count_tokens(self, text: str) -> int:
        """See ``Generator.count_tokens``."""
        return len(self._engine.tokens(text, special=False))

    def complete(self, requests: Sequence[Request], cancel: Cancel = never) -> list[Completion]:
        """See ``Generator.complete``."""
        jobs = [self._job(request) for request in requests]
        # Sorted, so that prompts that begin alike meet in one group and the order of the requests changes nothing.
        ordered = sorted(jobs, key=lambda job: job.prompt)
        with self._engine.lock:
            for group in self._groups(ordered):
                self._start(group, cancel)
                while self._step(group, cancel):
                    pass
        return [job.completion() for job in jobs]

    def stream(self, request: Request, cancel: Cancel = never) -> Iterator[str]:
        """See ``Generator.stream``."""
        job = self._job(request)
        with self._engine.lock:
            self._start([job], cancel)
            going = True
            while going:
                going = self._step([job], cancel)
                if piece := job.reply.fresh(final=not going):
                    yield piece

    def _job(self, request: Request) -> _Job:
        prompt = self._engine.prompt(request.system, request.user)
        if len(prompt) + request.max_tokens > self._engine.context:
            raise ModelError(
                f"a prompt of {len(prompt)} tokens and a reply of up to {request.max_tokens} do not fit the context of "
                f"{self._engine.context} tokens of {self.info.name}"
            )
        candidates = {text: self._engine.tokens(text, special=False) for text in request.candidates}
        return _Job(request, prompt, candidates, reply=ReplyText(request.stop))

    def _groups(self, jobs: list[_Job]) -> Iterator[list[_Job]]:
        """Jobs that fit the cache together, in order; a beginning shared with the job before is counted once."""
        group: list[_Job] = []
        cells = sequences = 0
        for job in jobs:
            cost = job.cost - (shared_prefix(group[-1].prompt, job.prompt) if group else 0)
            width = 1 + len(job.candidates)
            if group and (cells + cost > self._engine.cells or sequences + width > MAX_SEQUENCES):
                yield group
                group, cells, sequences, cost = [], 0, 0, job.cost
            group.append(job)
            cells += cost
            sequences += width
        if group:
            yield group

    def _start(self, group: list[_Job], cancel: Cancel) -> None:
        """Evaluate all prompts and candidates; leaves each job with its first token, or cancelled."""
        tree = TokenTree()
        paths: list[tuple[_Job, str | None, list[int]]] = []
        sequence = 0
        for job in group:
            job.sequence = sequence
            ways: list[tuple[str | None, list[int]]] = [(None, []), *job.candidates.items()]
            for text, tokens in ways:
                path = tree.add(sequence, job.prompt + tokens, wanted_from=len(job.prompt) - 1)
                paths.append((job, text, path[len(job.prompt) - 1 :]))
                sequence += 1
        self._engine.clear()
        found = self._evaluate(tree.nodes, cancel)
        if found is None:
            return
        for job, text, path in paths:
            if text is None:
                self._take(job, found[path[0]])
            else:
                job.scores[text] = self._score(job.candidates[text], [found[index] for index in path])
        kept = {job.sequence for job in group}
        for unused in set(range(sequence)) - kept:
            self._engine.drop(unused)

    def _evaluate(self, nodes: list[Node], cancel: Cancel) -> dict[int, Logits] | None:
        found: dict[int, Logits] = {}
        for start in range(0, len(nodes), CHUNK):
            if cancel():
                return None
            rows = enumerate(self._engine.evaluate(nodes[start : start + CHUNK]), start)
            found.update((index, logits) for index, logits in rows if logits is not None)
        return found

    def _score(self, tokens: list[int], logits: list[Logits]) -> float:
        wanted = [*tokens, self._engine.end_of_turn]
        return float(sum(_logprob(row, token) for row, token in zip(logits, wanted, strict=True)))

    def _step(self, group: list[_Job], cancel: Cancel) -> bool:
        """One more token for every job that is not done; false when none was left."""
        active = [job for job in group if job.next is not None]
        if not active or cancel():
            return False
        nodes = [job.next for job in active if job.next is not None]
        for job, logits in zip(active, self._engine.evaluate(nodes), strict=True):
            if logits is not None:
                self._take(job, logits)
        return any(job.next is not None for job in active)

    def _take(self, job: _Job, logits: Logits) -> None:
        """Choose the most probable token and decide whether the reply goes on."""
        token = int(np.argmax(logits))
        position = job.next.position + 1 if job.next else len(job.prompt)
        job.next = None
        job.tokens += 1
        job.logprob += _logprob(logits, token)
        if self._engine.ends_turn(token):
            job.stopped = "stop"
        else:
            job.reply.add(self._engine.piece(token))
            job.stopped = "stop" if job.reply.ended else "length" if job.tokens >= job.request.max_tokens else ""
        if job.stopped:
            job.reply.finish()
        else:
            job.next = Node(token, position, [job.sequence], wanted=True)


def _logprob(logits: Logits, token: int) -> float:
    top = logits.max()
    return float(logits[token] - top - np.log(np.exp(logits - top).sum(dtype=np.float64)))
