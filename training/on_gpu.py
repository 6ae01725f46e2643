"""The last part of the training on a GPU, from the weights that are there: `python -m training.on_gpu`. Ten minutes
beside the making of shards.

On a machine apart, `training.shards`, `training.gpu`, `training.blend`, `training.gpu_spans` and `training.span_export`
do the same one by one; the figures of the cards come from such a run.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from training import blend, gpu, gpu_spans, shards, span_export, span_shards
from training.base_model import base_gguf
from training.data import ROOT

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKENS = {
    "written": 9.5e6,
    "written_yesno": 2.6e6,
    "written_claims": 3.6e6,
    "written_answers": 2.4e6,
    "squad": 6.5e6,
    "qed": 6.5e6,
    "qamr": 0.6e6,
    "boolq": 2.2e6,
    "news": 1.5e6,
    "news_claims": 0.6e6,
    "licensed": 4.3e6,
    "swaps": 2e6,
    "answers": 0.9e6,
}
"""Of each source, for the reader."""
PAIRS = {"written": 95_000, "squad": 70_000, "qed": 70_000, "qamr": 8_000, "news": 20_000}
"""Of each source, for the span reader."""
RUNS = (
    ["--seconds", "300", "--seed", "0"],
    ["--seconds", "205", "--seed", "1", "--dropped", "0.1", "--share", "licensed=0.14", "--share", "squad=0.16"],
)
"""The reader's two runs from the same weights."""
WEIGHTS = (0.4, 0.4, 0.2)
"""Of the two runs and of the weights with which they began."""


def given(counts: dict[str, float]) -> list[str]:
    """As the programs that make shards want it."""
    return [f"{name}={count:.0f}" for name, count in counts.items()]


def run(weights: Path, folder: Path) -> None:
    """Reader and span reader. Raises ``RuntimeError`` without a GPU."""
    if not torch.cuda.is_available():
        raise RuntimeError("torch finds no GPU; without one: python -m training.run")
    for wanted in (given(TOKENS), []):
        shards.main([*wanted, "--folder", str(folder / "shards"), "--seed", "93"])
    for wanted in (given(dict(PAIRS)), []):
        span_shards.main([*wanted, "--folder", str(folder / "span_shards"), "--seed", "92"])
    reader, spans = weights / "reader.gguf", weights / "spans.onnx"
    parts = []
    for number, options in enumerate(RUNS):
        out = folder / f"reader{number}"
        places = ["--base", str(base_gguf()), "--start", str(reader), "--folder", str(folder / "shards")]
        gpu.main([*options, *places, "--out", str(out)])
        parts.append(f"{out / 'end'}={WEIGHTS[number]}")
    places = ["--start", str(spans), "--folder", str(folder / "span_shards"), "--out", str(folder / "spans")]
    gpu_spans.main(["--seconds", "100", *places])
    blend.main(
        [*parts, f"{reader}={WEIGHTS[-1]}", "--target", str(reader), "--note", "Two runs on a GPU, and their start."]
    )
    gpu_spans.unite(folder / "spans", folder / "united", spans, gpu_spans.BLEND)
    span_export.export(folder / "united", weights)


def main(asked: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, default=ROOT / "qa" / "weights")
    parser.add_argument("--folder", type=Path, default=ROOT / "training" / "runs" / "gpu")
    options = parser.parse_args(asked)
    run(options.weights, options.folder)


if __name__ == "__main__":
    main()
