"""Groups in tokens laid into rows of one length, batch after batch, by worker processes: what a GPU is fed with."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from training import shards

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from training.shards import Grouped

LENGTH = 576
"""The longest group, `training.pack.MAX_GROUP`, fits."""
WAITING = 96
"""Groups among which one is looked for that still fits into a row."""


@dataclass(slots=True)
class Batch:
    """Tokens (rows, length): ``ids``, ``positions``, number of the ``group`` in its row (-1 behind the last), of the
    ``branch`` in its group (0 in the prefix), whether it is of the passage read ``whole``. Of the k answer tokens:
    ``places``, flat, of the token before, ``labels``, and the ``example`` among the ``answers`` that it belongs to.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    group: torch.Tensor
    branch: torch.Tensor
    whole: torch.Tensor
    places: torch.Tensor
    labels: torch.Tensor
    example: torch.Tensor
    answers: int
    used: int
    """Tokens that are no filling."""

    def to(self, device: str) -> Batch:
        """Itself on a device."""
        moved: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return Batch(**{n: v.to(device, non_blocking=True) if torch.is_tensor(v) else v for n, v in moved.items()})


def size(group: Grouped) -> int:
    """Its tokens."""
    return len(group.prefix) + sum(len(q) + len(a) for q, a in group.branches)


def filled(groups: Iterator[Grouped], waiting: int = WAITING) -> Iterator[list[Grouped]]:
    """Rows of groups, each begun with the one that has waited longest; every group comes once."""
    pool: list[Grouped] = []
    more = True
    while more or pool:
        while more and len(pool) < waiting:
            if (one := next(groups, None)) is None:
                more = False
            else:
                pool.append(one)
        room, row, rest = LENGTH, [], []
        for one in pool:
            if size(one) <= room:
                row.append(one)
                room -= size(one)
            else:
                rest.append(one)
        if not row:
            return
        pool = rest
        yield row


def batch_of(rows: Sequence[Sequence[Grouped]]) -> Batch:
    """Rows of groups as one batch."""
    shape = (len(rows), LENGTH)
    ids, positions = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    owner, branch = np.full(shape, -1, np.int64), np.zeros(shape, np.int64)
    whole = np.zeros(shape, np.bool_)
    places: list[int] = []
    labels: list[int] = []
    example: list[int] = []
    answers = used = 0
    for number, row in enumerate(rows):
        at = 0
        for place, group in enumerate(row):
            prefix = len(group.prefix)
            ids[number, at : at + prefix] = group.prefix
            positions[number, at : at + prefix] = np.arange(prefix)
            whole[number, at + group.opening : at + prefix] = True
            owner[number, at : at + size(group)] = place
            at += prefix
            for index, (question, answer) in enumerate(group.branches, 1):
                length = len(question) + len(answer)
                ids[number, at : at + len(question)] = question
                ids[number, at + len(question) : at + length] = answer
                positions[number, at : at + length] = prefix + np.arange(length)
                branch[number, at : at + length] = index
                first = number * LENGTH + at + len(question) - 1
                places += range(first, first + len(answer))
                labels += answer.tolist()
                example += [answers] * len(answer)
                answers += 1
                at += length
        used += at
    return Batch(
        torch.from_numpy(ids),
        torch.from_numpy(positions),
        torch.from_numpy(owner),
        torch.from_numpy(branch),
        torch.from_numpy(whole),
        torch.tensor(places),
        torch.tensor(labels),
        torch.tensor(example),
        answers,
        used,
    )


def batches_of(groups: Sequence[Grouped], rows: int) -> Iterator[Batch]:
    """All groups once; the last batches repeat rows of no answers to keep their shape."""
    waiting: list[list[Grouped]] = []
    for row in filled(iter(sorted(groups, key=size, reverse=True)), len(groups)):
        waiting.append(row)
        if len(waiting) == rows:
            yield batch_of(waiting)
            waiting = []
    if waiting:
        yield batch_of([*waiting, *[[]] * (rows - len(waiting))])


def endless(groups: Sequence[Grouped], rng: np.random.Generator) -> Iterator[Grouped]:
    """Each pass in another order."""
    while True:
        for number in rng.permutation(len(groups)):
            yield groups[number]


def mixed(
    sources: Mapping[str, Sequence[Grouped]], shares: Mapping[str, float], rng: np.random.Generator
) -> Iterator[Grouped]:
    """The source that is furthest behind its share of the tokens comes next, as in `training.mixture`."""
    streams = {name: endless(groups, rng) for name, groups in sources.items()}
    used = dict.fromkeys(streams, 0)
    while True:
        name = min(used, key=lambda n: used[n] / shares[n])
        group = next(streams[name])
        used[name] += size(group)
        yield group


class _Stream(IterableDataset[Batch]):
    def __init__(self, folder: Path, shares: Mapping[str, float], rows: int, seed: int) -> None:
        self.folder, self.shares, self.rows, self.seed = folder, dict(shares), rows, seed

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        number = 0 if worker is None else worker.id
        count = 1 if worker is None else worker.num_workers
        sources = {n: shards.read(self.folder / f"{n}.npz")[number::count] for n in self.shares}
        rows = filled(mixed(sources, self.shares, np.random.default_rng([self.seed, number])))
        while True:
            yield batch_of([next(rows) for _ in range(self.rows)])


def stream(folder: Path, shares: Mapping[str, float], rows: int, seed: int, workers: int) -> DataLoader[Batch]:
    """Without end, of the shards of a folder; each worker has its own part of the groups."""
    return DataLoader(
        _Stream(folder, shares, rows, seed),
        batch_size=None,
        num_workers=workers,
        prefetch_factor=8 if workers else None,
    )
