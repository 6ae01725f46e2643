"""The checker's figures: public entailment sets, and pairs made by code or written by hand through rules and checker as
the product runs them.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np

from qa.answer.amounts import as_written
from qa.answer.checks import Premise, decide
from qa.corpus import sentences as splitter
from qa.models.checker import GeneratorChecker
from training.corrupt import sentence_claims
from training.data import ROOT, Pair, pairs, passages
from training.score import area, balanced, interval, mean_with_interval
from training.written import claimed, invented

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from qa.models.seams import Generator

Row = dict[str, Any]
PUBLIC = ("wice", "healthver", "climate-fever")
"""Sets whose pairs go to the checker alone."""
HELD = ("held", "articles", "premises")
"""Written claims held out of training, judged both ways: on sentences, on whole passages, on written premises."""
BATCH = 64
DOCUMENTS = 200
HALVINGS = 200
DECIDED = {"supported": 1.0, "unsupported": 0.0}
"""What the rules' verdict counts as beside a probability; None leaves it to the checker."""
PREMISE_TOKENS = 1800
"""At most, beside a claim and the instructions in a context of 2048."""


def public(origin: str, count: int) -> list[Pair]:
    """A fixed sample of one development set, claims of one premise side by side."""
    found = pairs("entail_dev", origin)
    chosen = random.Random(0).sample(found, min(count, len(found)))
    return sorted(chosen, key=lambda p: p.premise)


def made(count: int, seed: int = 0) -> list[Pair]:
    """Sentences of development passages against themselves, lighter copies, and corrupted copies, half and half."""
    rng = random.Random(seed)
    found: list[Pair] = []
    everything = passages("qa_dev", "squad2", "squad1")
    while len(found) < count:
        premise, claims = sentence_claims(rng.choice(everything).text, rng) or ("", [])
        found += [Pair(premise, c, s, "itself or lighter" if s else "corrupted") for c, s in claims]
    return found[:count]


def written(name: str) -> list[Pair]:
    """The pairs of one file in evals/checker."""
    lines = (ROOT / "evals" / "checker" / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    found = map(json.loads, filter(str.strip, lines))
    return [Pair(row["premise"], row["claim"], row["label"] == "supported", row["kind"]) for row in found]


def held_out(count: int, part: str = "held") -> list[Pair]:
    """Written claims on which nothing was trained."""
    name = "claims" if part == "held" else part
    lot = invented(out=True) if part == "premises" else claimed(name, out=True)
    found = [Pair(one.premise, claim, label, "written") for one in lot for claim, label in one.claims]
    return found[:count]


def itself(count: int) -> list[Pair]:
    """Every sentence of at most 200 development passages, against itself."""
    texts = [p.text for p in passages("qa_dev", "squad2", "squad1")][:DOCUMENTS]
    found = [text[s.start : s.end] for text in texts for s in splitter.split(text)]
    return [Pair(sentence, sentence, True, "itself") for sentence in found][:count]


def shown(generator: Generator, premise: str) -> str:
    """As much of a premise as fits the model's context beside a claim: some of WiCE's are whole articles."""
    text = premise[:5000]
    while generator.count_tokens(text) > PREMISE_TOKENS:
        text = text[: len(text) * 3 // 4]
    return text


def support(generator: Generator, asked: Sequence[Pair], late: Callable[[], bool]) -> list[Row]:
    """For each pair, as many as fit the time: what the rules say (None where they leave it to the checker) and the
    checker's probability.
    """
    checker = GeneratorChecker(generator)
    found: list[Row] = []
    for start in range(0, len(asked), BATCH):
        if late():
            break
        part = asked[start : start + BATCH]
        scores = checker.support([(shown(generator, p.premise), as_written(p.claim, p.premise)) for p in part])
        for pair, score in zip(part, scores, strict=True):
            finding = decide(pair.claim, Premise(pair.premise))
            found.append(
                {
                    "claim": pair.claim,
                    "supported": pair.supported,
                    "origin": pair.origin,
                    "probability": score,
                    "rules": finding.verdict if finding else None,
                    "reasons": [str(r) for r in finding.reasons] if finding else [],
                }
            )
    return found


def alone(found: list[Row], threshold: float) -> dict[str, str]:
    """The checker without the rules: balanced accuracy and area under the curve, with intervals; and the first with the
    rules, which decide before it."""
    scores = np.array([r["probability"] for r in found])
    ruled = np.array([DECIDED.get(r["rules"], r["probability"]) for r in found])
    labels = np.array([float(r["supported"]) for r in found])

    def shown(measure: Callable[..., float], *rest: float) -> str:
        low, high = interval(lambda n: measure(scores[n], labels[n], *rest), len(scores))
        return f"{measure(scores, labels, *rest):.3f} [{low:.3f}, {high:.3f}] n={len(scores)}"

    best = best_threshold(scores, labels)
    return {
        f"balanced accuracy at {threshold:g}": shown(balanced, threshold),
        f"balanced accuracy at {threshold:g}, with the rules": f"{balanced(ruled, labels, threshold):.3f}",
        f"balanced accuracy at its best threshold {best:.2f} (optimistic)": shown(balanced, float(best)),
        f"balanced accuracy by the other half's best, {HALVINGS} halvings": f"{halved(scores, labels):.3f}",
        "AUC": shown(area),
    }


def best_threshold(scores: np.ndarray, labels: np.ndarray) -> float:
    """Of 49 between .02 and .98."""
    return float(max(np.linspace(0.02, 0.98, 49), key=lambda t: balanced(scores, labels, t)))


def halved(scores: np.ndarray, labels: np.ndarray) -> float:
    """Mean balanced accuracy of a random half at the threshold that is best on the other; halves without both labels
    do not count. Not a number where there are no others."""
    rng, found = np.random.default_rng(0), []
    for _ in range(HALVINGS):
        order = rng.permutation(len(scores))
        chosen, rest = order[: len(order) // 2], order[len(order) // 2 :]
        if all(0 < labels[half].mean() < 1 for half in (chosen, rest)):
            found.append(balanced(scores[rest], labels[rest], best_threshold(scores[chosen], labels[chosen])))
    return float(np.mean(found)) if found else float("nan")


def together(found: list[Row], threshold: float) -> dict[str, str]:
    """Shares of true claims kept and of false ones caught by the rules, by the checker, and by both in turn."""
    judges: dict[str, Callable[[Row], bool]] = {
        "rules": lambda r: r["rules"] != "unsupported",
        "checker": lambda r: bool(r["probability"] >= threshold),
        "together": lambda r: r["rules"] == "supported" or (r["rules"] is None and r["probability"] >= threshold),
    }
    true, false = ([r for r in found if r["supported"] is want] for want in (True, False))
    lines = {}
    for name, says in judges.items():
        if true:
            lines[f"true claims kept, {name}"] = mean_with_interval([float(says(r)) for r in true])
        if false:
            lines[f"false claims caught, {name}"] = mean_with_interval([float(not says(r)) for r in false])
    reasons = Counter(reason for r in true for reason in r["reasons"])
    return lines | ({"true claims rejected by rules, reasons": json.dumps(dict(reasons))} if reasons else {})


def summary(part: str, found: list[Row], threshold: float) -> dict[str, str]:
    """The figures of one part."""
    lines = alone(found, threshold) if part in (*PUBLIC, *HELD) else {}
    return lines if part in PUBLIC else lines | together(found, threshold)


def pairs_of(part: str, count: int) -> list[Pair]:
    """The pairs of one part. Raises ``KeyError`` for a part that does not exist."""
    if part in PUBLIC:
        return public(part, count)
    if part in HELD:
        return held_out(count, part)
    makers: dict[str, Callable[[], list[Pair]]] = {
        "made": lambda: made(min(count, 4000)),
        "swaps": lambda: written("swaps")[:count],
        "paraphrases": lambda: written("paraphrases")[:count],
        "itself": lambda: itself(count),
    }
    return makers[part]()
