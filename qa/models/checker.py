"""The trained generator as a checker: the probability of "yes" against "no" when asked whether a text says a claim."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.models.files import read_json
from qa.models.seams import Checker, Completion, Generator, Request
from qa.resources import prompt, weights

_YES, _NO = "yes", "no"
_THRESHOLD = 0.5


class GeneratorChecker:
    """Asks the generator `prompts/support.txt` about each pair; pairs that share a premise share its evaluation."""

    def __init__(self, generator: Generator, threshold: float = _THRESHOLD) -> None:
        self._generator = generator
        self._prompt = prompt("support")
        self.threshold = threshold

    @property
    def name(self) -> str:
        """The adapter that was trained for this, else the model."""
        return self._generator.info.adapter or self._generator.info.name

    def support(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """See ``Checker.support``."""
        distinct = list(dict.fromkeys(pairs))
        replies = self._generator.complete([self._request(premise, claim) for premise, claim in distinct])
        found = dict(zip(distinct, map(_probability, replies), strict=True))
        return [found[pair] for pair in pairs]

    def _request(self, premise: str, claim: str) -> Request:
        user = self._prompt.fill(premise=premise, claim=claim)
        prefix = self._prompt.begin(premise=premise)
        return Request(self._prompt.system, user, max_tokens=2, candidates=(_YES, _NO), prefix=prefix)


def load_checker(generator: Generator) -> Checker | None:
    """The checker that the trained generator can be; None when the generator was not trained for it.

    Its threshold is the calibrated one that ships with the weights, else one half.
    """
    if not generator.info.trained_reader:
        return None
    path = weights("checker.json")
    found = read_json(path).get("threshold") if path else None
    return GeneratorChecker(generator, float(found) if isinstance(found, int | float) else _THRESHOLD)


def _probability(reply: Completion) -> float:
    """Softmax over the two candidates; from the words themselves where the backend gives no probabilities."""
    yes, no = reply.candidates.get(_YES), reply.candidates.get(_NO)
    if yes is None or no is None:
        return 1.0 if reply.text.strip().lower().startswith(_YES) else 0.0
    return 1.0 / (1.0 + math.exp(min(700.0, no - yes)))
