"""Questions on passages that have none: a model that asks, taught by SQuAD, asks about paragraphs of other sets, and
what it asks is kept where the reader agrees with it. `python -m training.asking --help`.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.models.llama import Engine
from qa.models.seams import Request
from qa.models.tree import Node
from qa.resources import REFUSAL, prompt
from training.data import ROOT, Passage, Question, passages, shuffled
from training.pack import ASK, Group

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

ANSWERABLE, UNANSWERABLE = "a question that it answers", "a question that it does not answer"
MADE = ROOT / "training" / "cache" / "made.jsonl.gz"
MAX_QUESTIONS = 9
MAX_TOKENS = 48
HEAT, CALM = 0.9, 0.6
"""Temperatures: of the answer, so that a passage is asked about different things, and of the question."""
KEPT = {True: 0.1, False: 0.2}
"""Probability that the reader must give to the asked-for answer, or to a refusal."""


def asked(passage: Passage, rng: random.Random) -> Group:
    """A group that teaches asking: every question of a passage with its answer before it."""
    chosen = shuffled(list(passage.questions), rng)[:MAX_QUESTIONS]
    branches = tuple(
        (ANSWERABLE, f"{q.answer}\n{q.text}") if q.answerable else (UNANSWERABLE, f"{REFUSAL}\n{q.text}")
        for q in chosen
    )
    return Group("ask", {"title": passage.title.replace("_", " "), "passage": passage.text}, branches)


def asking(rng: random.Random) -> Iterator[Group]:
    """Groups without end, from both SQuAD versions."""
    everything = passages("qa_train", "squad2", "squad1")
    while True:
        for passage in shuffled(everything, rng):
            yield asked(passage, rng)


@dataclass(slots=True)
class Line:
    """One sequence that is being written."""

    sequence: int
    position: int
    tokens: list[int]
    after_answer: bool = False
    ended: bool = False


class Asker:
    """The asking model in llama.cpp; several questions on one passage are written side by side."""

    def __init__(self, model: Path, threads: int, seed: int) -> None:
        self.engine = Engine(model, threads=threads)
        self.random = np.random.default_rng(seed)

    def ask(self, passage: Passage, kinds: list[str]) -> list[tuple[str, str]]:
        """An (answer, question) for each kind wanted; none where the passage is too long."""
        shown = {"title": passage.title.replace("_", " "), "passage": " ".join(passage.text.split())}
        prompts = [self.engine.prompt(ASK.system, ASK.fill(**shown, kind=kind)) for kind in kinds]
        start = next(i for i in range(len(prompts[0])) if len({tuple(p[: i + 1]) for p in prompts}) > 1)
        if max(map(len, prompts)) + MAX_TOKENS * len(kinds) > self.engine.cells - 128:
            return []
        self.engine.clear()
        self._run([Node(token, place, [0]) for place, token in enumerate(prompts[0][:start])])
        lines = []
        for number, ids in enumerate(prompts, 1):
            self.engine.share(number)
            nodes = [Node(token, start + place, [number]) for place, token in enumerate(ids[start:])]
            nodes[-1].wanted = True
            logits = self._run(nodes)[-1]
            line = Line(number, len(ids), [])
            self._choose(line, logits)
            lines.append(line)
        while going := [line for line in lines if not line.ended]:
            nodes = [Node(line.tokens[-1], line.position, [line.sequence], wanted=True) for line in going]
            for line, logits in zip(going, self._run(nodes), strict=True):
                line.position += 1
                self._choose(line, logits)
        return [found for line in lines if (found := self._read(line))]

    def _run(self, nodes: list[Node]) -> list[Any]:
        found: list[Any] = []
        for start in range(0, len(nodes), 128):
            found += self.engine.evaluate(nodes[start : start + 128])
        return found

    def _choose(self, line: Line, logits: NDArray[np.float32]) -> None:
        top = np.argpartition(logits, -40)[-40:]
        scaled = logits[top] / (CALM if line.after_answer else HEAT)
        shares = np.exp(scaled - scaled.max())
        token = int(self.random.choice(top, p=shares / shares.sum()))
        if self.engine.ends_turn(token) or len(line.tokens) >= MAX_TOKENS:
            line.ended = True
            return
        line.tokens.append(token)
        line.after_answer = line.after_answer or b"\n" in self.engine.piece(token)

    def _read(self, line: Line) -> tuple[str, str] | None:
        text = b"".join(map(self.engine.piece, line.tokens)).decode("utf-8", "replace")
        answer, _, question = (part.strip() for part in text.partition("\n"))
        return (answer, question) if question.endswith("?") and "\n" not in question else None


def plausible(passage: Passage, answer: str, question: str) -> bool:
    """Whether an asked question can be used at all: its answer stands in the passage and is not given away."""
    if len(question) < 12 or question.lower() in passage.text.lower():
        return False
    if answer == REFUSAL:
        return True
    whole = re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", passage.text) is not None
    return whole and answer.lower() not in question.lower() and len(answer.split()) <= 12


def agreed(reader: Any, passage: Passage, found: list[tuple[str, str]]) -> list[tuple[str, str, float]]:
    """What the reader agrees with, and how much: the probability of the asked-for answer, or of a refusal."""
    task = prompt("read")
    shown = {"title": passage.title.replace("_", " "), "passage": " ".join(passage.text.split())}
    requests = [
        Request(task.system, task.fill(**shown, question=question), 1, candidates=(answer,), prefix=task.begin(**shown))
        for answer, question in found
    ]
    replies = reader.complete(requests)
    scored = [(a, q, float(np.exp(r.candidates[a]))) for (a, q), r in zip(found, replies, strict=True)]
    return [(a, q, sure) for a, q, sure in scored if sure >= KEPT[a != REFUSAL]]


def made(path: Path = MADE) -> list[Passage]:
    """Passages with the questions that were made for them and with their own. Raises ``FileNotFoundError``."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        rows = [json.loads(line) for line in stream]
    return [
        Passage(row["title"], row["passage"], tuple(_question(*pair) for pair in row["questions"]), "made")
        for row in rows
    ]


def _question(text: str, answer: str) -> Question:
    return Question(text, answer, (answer,) if answer != REFUSAL else ())


def sources(seed: int) -> list[Passage]:
    """The paragraphs to ask about, of Natural Questions and BoolQ, in random order."""
    found = [p for p in passages("qa_train", "qed", "boolq") if 60 <= len(p.text.split()) <= 220]
    return shuffled(found, random.Random(seed))


def main() -> None:
    from training.product import merged, shipped

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("asker", help="an adapter that `training.train_reader --task asking` made, as GGUF", type=Path)
    parser.add_argument("reader", help="the reader's adapter", type=Path)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--part", type=int, default=0)
    parser.add_argument("--parts", type=int, default=1, help="of several processes, each of which takes its share")
    parser.add_argument("--out", type=Path, default=MADE)
    options = parser.parse_args()
    asker = Asker(merged(options.asker), options.threads, options.part)
    reader = shipped(options.reader, threads=options.threads)
    end = time.monotonic() + options.minutes * 60
    kinds = [ANSWERABLE] * 5 + [UNANSWERABLE] * 3
    with gzip.open(options.out, "wt", encoding="utf-8") as stream:
        for passage in sources(0)[options.part :: options.parts]:
            if time.monotonic() > end:
                break
            found = dict.fromkeys(pair for pair in asker.ask(passage, kinds) if plausible(passage, *pair))
            kept = agreed(reader, passage, list(found))
            own = [(q.text, q.answer) for q in passage.questions if passage.origin == "qed"]
            row = {
                "title": passage.title,
                "passage": passage.text,
                "questions": own + [(question, answer) for answer, question, _ in kept],
                "sure": [sure for _, _, sure in kept],
                "asked": len(found),
            }
            stream.write(json.dumps(row) + "\n")


if __name__ == "__main__":
    main()
