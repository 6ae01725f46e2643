"""How likely an answer is right: a logistic model over what reading, agreement and checking said.

The weights are fitted on public questions and shipped; ``qa calibrate`` fits them on a user's own. They are data, in
``weights/confidence-*.json``, never constants hidden in the code that decides.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

from qa.errors import ConfigError
from qa.resources import weights

FEATURES = (
    "answerable", "certainty", "sources", "covered", "unnamed", "retrieved", "place", "borne", "rival", "share",
    "pointed",
)  # fmt: skip
"""In this order: log-odds that the best passage holds an answer; certainty of the best answer; log of one plus
independent agreeing sources less log 2; share of the question's content words that the evidence covers; 1 when the
evidence lacks a name of the question; best rerank or cosine score; log of the passage's best place in any list; the
checker's log-odds that the evidence bears "question as statement"; strength of the best rival beside the winner; the
winner's share of the strength of all answers; log-probability of the answer by the span reader, above what is
middling."""

PRIOR: Mapping[str, float] = {
    "bias": -1.6, "answerable": 0.6, "certainty": 1.0, "sources": 0.8, "covered": 2.2,
    "unnamed": -1.5, "retrieved": 0.8, "place": -0.3, "borne": 0.3, "rival": -0.3, "share": 1.0, "pointed": 0.3,
}  # fmt: skip
"""What is thought of each feature before any question was seen: a fit moves away from it as far as its questions
tell."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """Weights by feature, the decision threshold, and the risk-coverage curve that they gave where they were fitted."""

    weights: Mapping[str, float]
    threshold: float = 0.5
    curve: tuple[tuple[float, float, float], ...] = ()
    """(threshold, risk, coverage), by rising threshold."""
    fitted_on: str = ""
    extra: Mapping[str, object] = field(default_factory=dict)

    @classmethod
    def shipped(cls, kind: str = "trained") -> Calibration:
        """The shipped weights for a generator that was ``trained`` to read, or for ``any`` other; unfitted ones in a
        build without."""
        path = weights(f"confidence-{kind}.json")
        return cls.load(path) if path else cls(PRIOR)

    @classmethod
    def load(cls, path: Path) -> Calibration:
        """Raises ``ConfigError`` when the file is not one that ``save`` wrote."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            values = _weights(data["weights"])
            curve = tuple((float(t), float(r), float(c)) for t, r, c in data["curve"])
            threshold = float(data["threshold"])
            if not all(map(math.isfinite, (*values.values(), threshold, *chain.from_iterable(curve)))):
                raise ValueError("it holds a number that is not finite")
            return cls(values, threshold, curve, str(data["fitted_on"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ConfigError(
                f"the calibration {path} cannot be used: {error}", "make it again with: qa calibrate SUITE"
            ) from error

    def save(self, path: Path) -> None:
        """Write as JSON, whole or not at all."""
        data = {
            "weights": dict(self.weights),
            "threshold": self.threshold,
            "curve": [list(p) for p in self.curve],
            "fitted_on": self.fitted_on,
        }
        temporary = path.with_suffix(".tmp")
        temporary.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        temporary.replace(path)

    def confidence(self, features: Mapping[str, float]) -> float:
        """Probability in (0, 1) that an answer with these features is right."""
        total = self.weights["bias"] + sum(self.weights[name] * features[name] for name in FEATURES)
        return 1.0 / (1.0 + math.exp(-max(-30.0, min(30.0, total))))

    def cut(self, risk: float | None) -> float:
        """The threshold below which an answer is refused. With ``risk``: the lowest whose share of wrong answers stays
        within it."""
        if risk is None:
            return self.threshold
        fitting = [threshold for threshold, seen, _ in self.curve if seen <= risk]
        return min(fitting, default=1.0 if self.curve else self.threshold)


def _weights(data: Mapping[str, object]) -> dict[str, float]:
    """A feature that was unknown when they were fitted weighs nothing. Raises ``ValueError`` for one unknown here."""
    known = ("bias", *FEATURES)
    if strange := set(data) - set(known):
        raise ValueError(f"it weighs {', '.join(sorted(strange))}, which this version does not know")
    return {**dict.fromkeys(FEATURES, 0.0), **{name: float(str(data[name])) for name in ("bias", *data)}}


def log_odds(probability: float) -> float:
    """Clipped to ±6, so that one overconfident number cannot outweigh all else."""
    p = min(max(probability, 1e-9), 1 - 1e-9)
    return max(-6.0, min(6.0, math.log(p / (1 - p))))
