"""A small retrain in minutes: `python -m training.check` asserts that the loss falls and that the export agrees
with torch.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from training import encoders, export_gguf, lora, span_export, train_reader, train_spans


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=3)
    parser.add_argument("--questions", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        plan = lora.Plan(train_reader.COURSE, options.minutes, folder, threads=options.threads, evaluate_every=0)
        falls(lora.train(plan))
        state, adapter = export_gguf.averaged(folder), folder / "adapter.gguf"
        export_gguf.write(state, adapter)
        found = export_gguf.compare(adapter, state, options.questions, threads=options.threads)
        print(found)
        assert found["same_answers"] >= 0.9, "llama.cpp and torch answer differently"
        assert found["mean_difference"] < 0.3, "llama.cpp and torch give different probabilities"
        falls(train_spans.train(encoders.Plan(options.minutes, folder, warm=5)))
        span_export.export(folder, folder)
        found = span_export.compare(folder, folder, options.questions)
        print(found)
        assert found["mean_difference"] < 0.3, "ONNX Runtime and torch give different probabilities"


def falls(losses: list[float]) -> None:
    """Raises ``AssertionError`` when the last quarter of a run is hardly better than the first."""
    tail = max(1, len(losses) // 4)
    before, after = sum(losses[:tail]) / tail, sum(losses[-tail:]) / tail
    print(f"{len(losses)} steps: mean loss {before:.3f} in the first quarter, {after:.3f} in the last")
    assert after < 0.8 * before, "the loss does not fall"


if __name__ == "__main__":
    main()
