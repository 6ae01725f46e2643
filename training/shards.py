"""Training groups in tokens, made beforehand, a file for each source: a GPU learns faster than they can be made, and
the machine that has one need not have the data sets. `python -m training.shards --help`.
"""

from __future__ import annotations

import argparse
import random
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from training.data import Pair, Passage
    from training.pack import Group, Tokens

FOLDER = Path(__file__).parent / "cache" / "shards"
ASKED = 8
"""Questions a group of the development sets."""


@dataclass(frozen=True, slots=True)
class Grouped:
    """One group as `training.pack.Tokens` has it; apart from it, since that imports what a bare machine lacks."""

    opening: int
    prefix: NDArray[np.uint16]
    branches: tuple[tuple[NDArray[np.uint16], NDArray[np.uint16]], ...]


def write(path: Path, groups: Iterable[Tokens], tokens: int) -> tuple[int, int]:
    """Groups until there are so many tokens; returns how many of both. The file holds ``ids``, all tokens in a row, and
    ``shape``, of each group: opening, prefix, number of branches, and of each branch the lengths of both parts.
    """
    ids: list[int] = []
    shape: list[int] = []
    count = 0
    for group in groups:
        if len(ids) >= tokens:
            break
        ids += group.prefix
        shape += [group.opening, len(group.prefix), len(group.branches)]
        for question, answer in group.branches:
            ids += question + answer
            shape += [len(question), len(answer)]
        count += 1
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        np.savez(stream, ids=np.array(ids, np.uint16), shape=np.array(shape, np.uint16))
    return count, len(ids)


def read(path: Path) -> list[Grouped]:
    """What ``write`` wrote."""
    with np.load(path, allow_pickle=False) as stored:
        ids, shape = stored["ids"], stored["shape"].tolist()
    found = []
    place = at = 0

    def taken(length: int) -> NDArray[np.uint16]:
        nonlocal at
        at += length
        part: NDArray[np.uint16] = ids[at - length : at]
        return part

    while place < len(shape):
        opening, prefix, count = shape[place : place + 3]
        lengths = shape[place + 3 : place + 3 + 2 * count]
        place += 3 + 2 * count
        head = taken(prefix)
        branches = tuple((taken(q), taken(a)) for q, a in zip(lengths[::2], lengths[1::2], strict=True))
        found.append(Grouped(opening, head, branches))
    return found


def in_tokens(groups: Iterable[Group]) -> Iterator[Tokens]:
    """Those that are short enough."""
    from training.base_model import base_folder
    from training.pack import load_tokenizer, tokenize

    tokenizer = load_tokenizer(base_folder())
    yield from (made for group in groups if (made := tokenize(group, tokenizer)) is not None)


def of_source(name: str, seed: str) -> Iterator[Tokens]:
    """A source's groups in tokens, without end."""
    from training.sources import SOURCES

    return in_tokens(SOURCES[name](random.Random(f"{seed}-{name}")))


def development() -> dict[str, list[Group]]:
    """What a training is looked at with, by name: questions of the development articles; questions, questions of yes or
    no and claims that were written and held out; public pairs. Not those of `evals/checker`, which judge."""
    from training import checking, written
    from training.data import passages
    from training.groups import answer_word
    from training.pack import Group

    def asked(task: str, passage: Passage) -> Iterator[Group]:
        context = {"title": passage.title.replace("_", " "), "passage": passage.text}
        for first in range(0, len(passage.questions), ASKED):
            part = passage.questions[first : first + ASKED]
            yield Group(task, context, tuple((q.text, q.answer) for q in part))

    def claims(pairs: Sequence[Pair]) -> list[Group]:
        return [Group("support", {"premise": p.premise}, ((p.claim, answer_word(p.supported)),)) for p in pairs]

    public = [pair for name in ("healthver", "climate-fever") for pair in checking.public(name, 300)]
    return {
        "squad": [g for p in passages("qa_dev", "squad2") for g in asked("read", p)],
        "written": [g for one in written.asked(out=True) for g in asked("read", one.passage)],
        "settled": [g for p in written.settled(out=True) for g in asked("yesno", p)],
        "held": claims(checking.held_out(2000)),
        "public": claims(public),
    }


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wanted", nargs="*", help="SOURCE=TOKENS; without any, what a training is looked at with")
    parser.add_argument("--folder", type=Path, default=FOLDER)
    parser.add_argument("--seed", default="0")
    options = parser.parse_args(given)
    for each in options.wanted:
        name, _, tokens = each.partition("=")
        groups, written = write(options.folder / f"{name}.npz", of_source(name, options.seed), int(float(tokens)))
        print(f"{name}: {groups} groups, {written} tokens", flush=True)
    for name, found in development().items() if not options.wanted else ():
        print(name, *write(options.folder / f"dev_{name}.npz", in_tokens(found), 10**9), flush=True)


if __name__ == "__main__":
    main()
