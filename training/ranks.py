"""Training in several processes of one thread each, which meet once a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


class Plan(Protocol):
    """As much of a training's plan as starting it needs."""

    @property
    def folder(self) -> Path:
        """Where its processes find each other, and its weights end up."""
        ...

    @property
    def ranks(self) -> int:
        """Processes."""
        ...


P = TypeVar("P", bound=Plan)


def run(train: Callable[[P, int], object], plan: P) -> None:
    """``train`` a plan in each of its ranks; in this process where there is one."""
    import torch

    plan.folder.mkdir(parents=True, exist_ok=True)
    (plan.folder / "meeting").unlink(missing_ok=True)
    if plan.ranks == 1:
        train(plan, 0)
    else:
        torch.multiprocessing.spawn(_rank, (train, plan), nprocs=plan.ranks)


def _rank(rank: int, train: Callable[[P, int], object], plan: P) -> None:
    import torch

    address = f"file://{plan.folder.resolve()}/meeting"
    torch.distributed.init_process_group("gloo", init_method=address, rank=rank, world_size=plan.ranks)
    train(plan, rank)
    torch.distributed.destroy_process_group()
