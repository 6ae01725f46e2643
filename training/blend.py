"""The weighted mean of several adapters' effects as one adapter of the usual rank: `python -m training.blend --help`.

Runs that began with the same weights err differently; the mean of what they add to the base errs less than each. The
mean has a higher rank; of it is kept what matters most (singular values).
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

from training.export_gguf import TARGET, averaged, write
from training.layout import RANK, tensor_of

if TYPE_CHECKING:
    from collections.abc import Sequence

State = dict[str, Any]
"""An adapter by peft's names."""


def blended(states: Sequence[State], weights: Sequence[float], rank: int = RANK) -> State:
    """One adapter of that rank from several of any, each with its weight; all have the same scale."""
    import torch

    made: State = {}
    for name in states[0]:
        if ".lora_A." not in name:
            continue
        up = name.replace(".lora_A.", ".lora_B.")
        a = torch.cat([state[name].float() for state in states])
        b = torch.cat([state[up].float() * weight for state, weight in zip(states, weights, strict=True)], 1)
        left, small_b = torch.linalg.qr(b)
        right, small_a = torch.linalg.qr(a.T)
        u, values, v = torch.linalg.svd(small_b @ small_a.T)
        root = values[:rank].sqrt()
        made[up] = left @ u[:, :rank] * root
        made[name] = root[:, None] * (v[:rank] @ right.T)
    return made


def state_of(path: Path, names: Sequence[str]) -> State:
    """A GGUF adapter by the names that a run's state has. Raises ``ValueError`` where its scale is another."""
    from training.base_model import values_of

    values = values_of(path)
    return {name: values[tensor_of(name)] for name in names}


def main(given: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="+", help="FOLDER=WEIGHT of runs, the first one such, or ADAPTER.gguf=WEIGHT")
    parser.add_argument("--target", type=Path, default=TARGET)
    parser.add_argument("--note", default="")
    options = parser.parse_args(given)
    states: list[State] = []
    weights = []
    for part in options.parts:
        place, _, weight = part.rpartition("=")
        path = Path(place)
        states.append(state_of(path, list(states[0])) if path.suffix == ".gguf" else averaged(path))
        weights.append(float(weight))
    write(blended(states, weights), options.target, options.note)
    print(f"{options.target}: {options.target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
