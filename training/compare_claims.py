"""The checker beside the cross-encoder of `train_claims`, on the same pairs: `python -m training.compare_claims
wice healthver climate-fever swaps paraphrases --count 200 --out FOLDER`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from training import checking, rerank_model, train_claims
from training.export_gguf import TARGET
from training.product import shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from training.checking import Row
    from training.data import Pair

BATCH = 16


def encoder(folder: Path) -> tuple[Any, Any]:
    """The trained cross-encoder and its tokenizer."""
    from transformers import AutoModelForSequenceClassification

    model = AutoModelForSequenceClassification.from_pretrained(folder)
    return model, rerank_model.tokenizer_of(rerank_model.load()[1], train_claims.MAX_TOKENS, train_claims.CUT)


def probabilities(model: Any, tokenizer: Any, pairs: Sequence[Pair]) -> list[float]:
    """That the premise bears the claim."""
    import torch

    found: list[float] = []
    with torch.inference_mode():
        for start in range(0, len(pairs), BATCH):
            part = tokenizer.encode_batch([(p.premise, p.claim) for p in pairs[start : start + BATCH]])
            found += torch.sigmoid(rerank_model.logits(model, part)).tolist()
    return found


def both(first: float, second: float) -> float:
    """Two probabilities as one: the mean of their log-odds."""
    odds = [np.log(p / (1 - p)) for p in np.clip((first, second), 1e-6, 1 - 1e-6)]
    return float(1 / (1 + np.exp(-np.mean(odds))))


def judged(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """The same rows by each judge: the checker, the encoder, and both."""
    encoders = [row | {"probability": row["encoder"]} for row in rows]
    joined = [row | {"probability": both(row["probability"], row["encoder"])} for row in rows]
    return {"checker": list(rows), "encoder": encoders, "both": joined}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="+")
    parser.add_argument("--folder", type=Path, default=train_claims.RUN)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--threshold", type=float, default=0.3)
    parser.add_argument("--out", type=Path, required=True, help="a folder for one JSONL file of rows a part")
    options = parser.parse_args()
    model, tokenizer = encoder(options.folder)
    generator = shipped(TARGET)
    options.out.mkdir(parents=True, exist_ok=True)
    for part in options.parts:
        pairs = checking.pairs_of(part, options.count)
        said = probabilities(model, tokenizer, pairs)
        found = checking.support(generator, pairs, lambda: False)
        rows = [row | {"encoder": one} for row, one in zip(found, said, strict=True)]
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (options.out / f"{part}.jsonl").write_text(lines, encoding="utf-8")
        for name, one in judged(rows).items():
            told = (
                checking.alone(one, options.threshold)
                if part in checking.PUBLIC
                else checking.together(one, options.threshold)
            )
            print(json.dumps({"part": part, "judge": name, **told}, indent=1), flush=True)


if __name__ == "__main__":
    main()
