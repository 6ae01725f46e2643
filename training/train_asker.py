"""LoRA training of the asker, from the reader's adapter: which question of SQuAD 2.0 that a passage does not answer
people wrote beside one like it that it answers.
"""

from __future__ import annotations

import argparse
import os
import random
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training import asking
from training.base_model import load_model
from training.data import passages, shuffled
from training.export_gguf import TARGET
from training.lora import Course, Plan, packs, run
from training.pack import MAX_PREFIX, Tokens
from training.train_reader import PACK_TOKENS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from training.data import Passage
    from training.fast import Fast
    from training.pack import Pack

NO_TITLE = 0.3
PAIR = 0.3
"""Likeness from which two questions of a passage are a pair."""
BRANCHES = 10


def groups(seed: str, tokenizer: Any) -> Iterator[Tokens]:
    """Passages with their pairs of questions, without end."""
    rng = random.Random(seed)
    everything = passages("qa_train", "squad2")
    while True:
        for passage in shuffled(everything, rng):
            kept = pairs(passage)
            title = "" if rng.random() < NO_TITLE else passage.title.replace("_", " ")
            tokens = prompt_of(title, passage.text, tokenizer)
            if kept and len(tokens.prefix) <= MAX_PREFIX:
                for old, new in shuffled(kept, rng)[:BRANCHES]:
                    tokens.branches.append(
                        (encoded(asking.tail(old), tokenizer), encoded(f"{new}<|im_end|>", tokenizer))
                    )
                yield tokens


def pairs(passage: Passage) -> list[tuple[str, str]]:
    """Each question that the passage does not answer, behind the one most like it that it answers, where one is."""
    own = [q.text for q in passage.questions if q.answerable]
    found = []
    for question in passage.questions:
        best = max(own, key=partial(asking.likeness, question.text), default="")
        if not question.answerable and best and asking.likeness(best, question.text) >= PAIR:
            found.append((best, question.text))
    return found


def prompt_of(title: str, passage: str, tokenizer: Any) -> Tokens:
    """As far as the questions of a passage share it."""
    opening = encoded(asking.opening(), tokenizer)
    return Tokens(len(opening), opening + encoded(asking.shared(title, passage), tokenizer), [])


def encoded(text: str, tokenizer: Any) -> list[int]:
    """Ids, without special tokens."""
    return list(tokenizer(text, add_special_tokens=False)["input_ids"])


def source(seed: str, tokenizer: Any) -> Iterator[Pack]:
    """Packs without end."""
    return packs(groups(seed, tokenizer), PACK_TOKENS)


def unwatched(tokenizer: Any) -> list[Pack]:  # noqa: ARG001
    """No development sample: what it asks is looked at by people, and its worth is what the reader learns."""
    return []


def nothing(model: Fast, dev: list[Pack], ranks: int) -> dict[str, float]:  # noqa: ARG001
    """No figure either."""
    return {}


def plan(minutes: float, seed: int, ranks: int, start: Path = TARGET) -> Plan:
    """From the reader's adapter."""
    course = Course(partial(load_model, start=start), source, unwatched, nothing)
    return Plan(course, minutes, asking.FOLDER, 5e-4, seed, ranks=ranks, evaluate_every=0)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=13)
    parser.add_argument("--seed", type=int, default=3)
    parser.add_argument("--ranks", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    run(plan(options.minutes, options.seed, options.ranks))


if __name__ == "__main__":
    main()
