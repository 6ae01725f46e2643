"""The span reader's pairs in tokens, made beforehand, as `training.shards` does for the reader:
`python -m training.span_shards --help`.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from training.shards import FOLDER

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray
    from tokenizers import Tokenizer

    from training.span_data import Example


@dataclass(frozen=True, slots=True)
class Pair:
    """Tokens of question and passage, the first ``asked`` of the question, and the right spans."""

    ids: NDArray[np.uint16]
    asked: int
    spans: tuple[tuple[int, int], ...]


def write(path: Path, examples: Iterable[Example], count: int) -> int:
    """The first so many; returns the number of tokens. The file holds ``ids``, all tokens in a row, and ``shape``, of
    each pair: tokens, those of the question, number of spans, and first and last token of each."""
    ids: list[int] = []
    shape: list[int] = []
    for _, one in zip(range(count), examples, strict=False):
        ids += one.encoding.ids
        shape += [len(one.encoding.ids), one.encoding.type_ids.index(1), len(one.spans)]
        shape += [place for span in one.spans for place in span]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        np.savez(stream, ids=np.array(ids, np.uint16), shape=np.array(shape, np.uint16))
    return len(ids)


def read(path: Path) -> list[Pair]:
    """What ``write`` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        ids, shape = stored["ids"], stored["shape"].tolist()
    found = []
    place = at = 0
    while place < len(shape):
        length, asked, count = shape[place : place + 3]
        spans = shape[place + 3 : place + 3 + 2 * count]
        found.append(Pair(ids[at : at + length], asked, tuple(zip(spans[::2], spans[1::2], strict=True))))
        place, at = place + 3 + 2 * count, at + length
    return found


def of_source(name: str, seed: str) -> Iterator[Example]:
    """A source's pairs, those of one passage side by side, without end."""
    from training.sources import SOURCES
    from training.span_data import asked, example
    from training.train_spans import MAX_TOKENS

    tokenizer = tokenizer_of(MAX_TOKENS)
    for question, text, answer in asked(SOURCES[name](random.Random(f"{seed}-{name}"))):
        if (made := example(tokenizer, question, text, answer)) is not None:
            yield made


def tokenizer_of(longest: int) -> Tokenizer:
    """The embedder's, without padding; of too long a pair the passage is cut."""
    from transformers import AutoTokenizer

    from training import rerank_model

    return rerank_model.tokenizer_of(AutoTokenizer.from_pretrained(rerank_model.base()), longest, "only_second")


def development() -> Iterator[Example]:
    """Questions of the development articles."""
    from qa.corpus.passages import embedding_text
    from training.data import passages
    from training.span_data import example
    from training.train_spans import MAX_TOKENS

    tokenizer = tokenizer_of(MAX_TOKENS)
    for passage in passages("qa_dev", "squad2"):
        text = embedding_text(passage.title.replace("_", " "), passage.text)
        for question in passage.questions:
            if (made := example(tokenizer, question.text, text, question.answer)) is not None:
                yield made


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wanted", nargs="*", help="SOURCE=PAIRS; without any, what a training is looked at with")
    parser.add_argument("--folder", type=Path, default=FOLDER.parent / "span_shards")
    parser.add_argument("--seed", default="0")
    options = parser.parse_args(given)
    for each in options.wanted:
        name, _, count = each.partition("=")
        tokens = write(options.folder / f"{name}.npz", of_source(name, options.seed), int(float(count)))
        print(f"{name}: {count} pairs, {tokens} tokens", flush=True)
    if not options.wanted:
        print("dev_squad", write(options.folder / "dev_squad.npz", development(), 10**9), "tokens")


if __name__ == "__main__":
    main()
