"""Step three: equal answers are brought together, independent sources counted, and rivals kept in sight."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answer.checks import is_quote
from qa.answer.confidence import log_odds
from qa.answer.contrary import contrary
from qa.answer.counting import answer_quantity, counted, counts_what_is_asked
from qa.answer.names import missing_names, names
from qa.answer.negation import reverses
from qa.answer.occasion import differ, parted
from qa.answer.quantities import quantities, same_value
from qa.answer.question import Question, assertion, denial, statement
from qa.answer.read import Reading
from qa.answer.words import content, coverage, fold

if TYPE_CHECKING:
    from qa.answer.engine import Engine

RIVAL_SHARE = 0.35
"""Of the winner's score, from which another value counts as a disagreement. Below it, it is more often a misreading."""


VAGUE_WEIGHT = 0.4
"""Of an amount without a number beside one with: "scores" wins only where no source gives a number with conviction."""
RIVAL_SUPPORT = {"number": 0.5, "time": 1.0, "yesno": 0.5, "person": 1.0, "place": 1.0, "other": 1.0}
"""Of the checker's threshold, what the claim that a rival makes must reach against its own sentence."""
YES_NO_ABOUT = 0.6
"""Share of a yes/no question's content that a sentence must have to decide it."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Readings that give the same answer, strongest first."""

    label: str
    readings: tuple[Reading, ...]
    score: float
    vague: bool = False
    """Whether the answer is an amount without a number ("scores"): it never outvotes a number."""

    @property
    def sources(self) -> int:
        """How many independent sources give it: near-copies count once."""
        return len({reading.hit.source.group for reading in self.readings})

    def by_source(self) -> list[Reading]:
        """The strongest reading of each independent source, strongest first."""
        seen: dict[str, Reading] = {}
        for reading in self.readings:
            seen.setdefault(reading.hit.source.group, reading)
        return list(seen.values())


@dataclass(frozen=True, slots=True)
class Agreement:
    """The answer that the sources bear best, and the others."""

    best: Cluster | None
    rivals: tuple[Cluster, ...]
    """Other values of the same kind, strongest first; each is borne by a source that does not give the best."""
    confidence: float
    features: dict[str, float]


def agree(engine: Engine, question: Question, readings: Sequence[Reading]) -> Agreement:
    """Cluster, rank, and say how sure the winner is. Without any fitting reading, ``best`` is None and confidence 0."""
    moved = [counted(question, r) for r in readings if r.text]
    fitting = [(r, _strength(question, r)) for r in moved if _fits(question, r)]
    clusters = _clusters(question, fitting)
    if not clusters:
        return Agreement(None, (), 0.0, {})
    best = max(clusters, key=lambda c: c.score * (VAGUE_WEIGHT if c.vague else 1.0))
    others = [c for c in clusters if c is not best and _rival(question, c, best)]
    supported, *borne = engine.checker.support([_claim(question, c) for c in (best, *others)])
    if counts_what_is_asked(question, best.readings[0]) < 1.0 and supported < engine.checker.threshold:
        return Agreement(None, (), 0.0, {})
    threshold = engine.checker.threshold
    sure = [c for c, support in zip(others, borne, strict=True) if support >= _needed(question, c) * threshold]
    rivals = _with_contrary(question, best, sure, readings)
    features = _features(question, best, rivals, supported)
    return Agreement(best, rivals, engine.calibration.confidence(features), features)


def _needed(question: Question, rival: Cluster) -> float:
    """Share of the checker's threshold that a rival's claim must reach: half where its sentence has all that was
    asked."""
    full = any(_about(question, r) == 1.0 for r in rival.readings)
    return min(RIVAL_SUPPORT[question.kind], 0.5) if full else RIVAL_SUPPORT[question.kind]


def _with_contrary(
    question: Question, best: Cluster, rivals: Sequence[Cluster], readings: Sequence[Reading]
) -> tuple[Cluster, ...]:
    """The rivals and what code finds beside them; a contradiction that a rival already tells joins it."""
    found = contrary(question, best.readings[0], [r.hit for r in readings])
    told = [(r, 1.0) for rival in rivals for r in rival.readings]
    holders = {r.hit.source.group for r in best.readings} if question.kind == "number" else set()
    new = [(r, _strength(question, r)) for r in found if r.hit.source.group not in holders]
    new = [(r, weight) for r, weight in new if not any(_same(question, r, known) for known, _ in told)]
    return (*rivals, *_clusters(question, new))


def _claim(question: Question, cluster: Cluster) -> tuple[str, str]:
    """The cluster's best sentence, and what it must say for the cluster to be right: as a pair for the checker."""
    told = assertion(question.text) if question.kind == "yesno" else statement(question.text, cluster.label)
    if question.kind == "yesno" and cluster.label == "no":
        told = denial(question.text)
    return cluster.readings[0].evidence, told


def _fits(question: Question, reading: Reading) -> bool:
    """Whether the reading is of the kind that the question asks for."""
    if question.kind == "number":
        return answer_quantity(reading) is not None
    if question.kind == "yesno":
        return _about(question, reading) >= YES_NO_ABOUT or reverses(assertion(question.text), reading.evidence)
    if question.kind == "time":
        return any(
            q.kind in ("date", "measure", "number") for q in quantities(reading.text, reading.hit.source.date)
        ) or bool(content(reading.text))
    return True


def _strength(question: Question, reading: Reading) -> float:
    """How much one reading counts: its probability, its place among the hits, and whether its sentence is about what
    was asked."""
    about = _about(question, reading)
    place = min((rank.place for rank in reading.hit.ranks.values()), default=1)
    return (
        reading.answerable
        * (0.4 + 0.6 * about)
        * (1.0 / (1.0 + 0.05 * (place - 1)))
        * counts_what_is_asked(question, reading)
    )


def _about(question: Question, reading: Reading) -> float:
    """Share of the question's content that the bearing sentence, or its document's title, has."""
    evidence = f"{reading.evidence} {reading.hit.source.title}"
    return coverage(" ".join(question.content), evidence) if question.content else 1.0


def _clusters(question: Question, weighted: Sequence[tuple[Reading, float]]) -> list[Cluster]:
    groups: list[list[tuple[Reading, float]]] = []
    for item in sorted(weighted, key=lambda pair: -pair[1]):
        for group in groups:
            if _same(question, group[0][0], item[0]):
                group.append(item)
                break
        else:
            groups.append([item])
    return [_cluster(question, group) for group in groups]


def _cluster(question: Question, group: Sequence[tuple[Reading, float]]) -> Cluster:
    by_source: dict[str, float] = {}
    for reading, weight in group:
        key = reading.hit.source.group
        by_source[key] = max(by_source.get(key, 0.0), weight)
    quantity = answer_quantity(group[0][0]) if question.kind == "number" else None
    return Cluster(
        _clearest(question, [r for r, _ in group]),
        tuple(r for r, _ in group),
        sum(by_source.values()),
        bool(quantity and quantity.kind == "vague"),
    )


def _clearest(question: Question, readings: Sequence[Reading]) -> str:
    """The strongest reading's value, in digits where any reading of the cluster has digits."""
    labels = [label(question, reading) for reading in readings]
    if question.kind != "number":
        return labels[0]
    return next((one for one in labels if one[:1].isdigit()), labels[0])


def label(question: Question, reading: Reading) -> str:
    """The bare value a person would say: the number alone where a count was asked, else the answer as read."""
    if question.kind == "number":
        quantity = answer_quantity(reading)
        if quantity is not None and quantity.kind in ("number", "percent", "money", "vague"):
            return quantity.text
    return reading.text.strip().strip(".,;:")


def _same(question: Question, a: Reading, b: Reading) -> bool:
    if question.kind == "yesno":
        return a.text == b.text
    if question.kind == "number":
        left, right = answer_quantity(a), answer_quantity(b)
        return left is not None and right is not None and not differ(left, right)
    if question.kind == "time":
        left_days, right_days = (quantities(r.text, r.hit.source.date) for r in (a, b))
        if left_days and right_days:
            return any(same_value(x, y) for x in left_days for y in right_days)
    return _same_words(a.text, b.text)


def _same_words(a: str, b: str) -> bool:
    left, right = set(content(a)), set(content(b))
    if not left or not right:
        return fold(a) == fold(b)
    return len(left & right) / min(len(left), len(right)) >= 0.6


RIVAL_SHARES = {
    "number": RIVAL_SHARE, "time": RIVAL_SHARE, "yesno": RIVAL_SHARE, "person": 0.6, "place": 0.6, "other": 0.7,
}  # fmt: skip
"""Kinds of question whose answers can contradict each other. Two persons or two places are more often both right."""
SHORT = 4
"""Content words of an answer of no known kind, up to which it can contradict another."""


def _rival(question: Question, cluster: Cluster, best: Cluster) -> bool:
    """Whether a cluster contradicts the winner: borne by a source of its own, nearly as strongly, and not said beside
    the winner. One report may well quote a yes and a no."""
    share = RIVAL_SHARES.get(question.kind)
    holders = {r.hit.source.group for r in best.readings}
    own = [r for r in cluster.readings if question.kind == "yesno" or r.hit.source.group not in holders]
    if share is None or not own or _said_together(question, cluster, best):
        return False
    mean = best.score / best.sources
    strong = [
        r
        for r in own
        if r.answerable >= 0.5
        and _strength(question, r) >= share * mean
        and counts_what_is_asked(question, r) == 1.0
        and not parted(question, best.readings[0], r)
    ]
    return bool(strong) and _can_contradict(question, cluster, best)


def _can_contradict(question: Question, cluster: Cluster, best: Cluster) -> bool:
    """Whether two answers of this kind exclude each other: two names, or two short answers to one "what is the"."""
    told = [(c.label, c.readings[0]) for c in (cluster, best)]
    if question.kind in ("person", "place"):
        return bool(names(f"the {cluster.label}")) and _about(question, cluster.readings[0]) >= ABOUT_NAMED
    if question.kind != "other":
        return True
    one = _ONE.search(question.text)
    if one is None:
        return False
    # The kind of thing that is asked for ("which team") need not stand beside its name.
    wanted = " ".join(question.content - set(content(one.group(1) or "")))
    return all(len(content(label_)) <= SHORT and coverage(wanted, r.evidence) >= ABOUT_NAMED for label_, r in told)


_ONE = re.compile(r"\b(?:what|which)\b (?:(\w+) )?(?:is|was|did|does|won|has|led|came)\b", re.I)
ABOUT_NAMED = 0.6
"""Share of the question's content that a sentence must have for another name or short answer to be a rival."""


def _said_together(question: Question, cluster: Cluster, best: Cluster) -> bool:
    """Whether one sentence gives both answers: then they answer different things, or one is part of the other."""
    if question.kind == "yesno":
        return False
    pairs = [(cluster.label, r) for r in best.readings] + [(best.label, r) for r in cluster.readings]
    return any(is_quote(label_, reading.evidence) for label_, reading in pairs)


def _features(question: Question, best: Cluster, rivals: Sequence[Cluster], supported: float) -> dict[str, float]:
    top = best.readings[0]
    surroundings = f"{top.hit.passage.text}\n{top.hit.source.title}\n{top.hit.source.date}"
    rerank = top.hit.ranks.get("rerank") or top.hit.ranks.get("dense")
    return {
        "answerable": log_odds(max(r.answerable for r in best.readings)),
        "certainty": top.certainty,
        "sources": math.log((1 + best.sources) / 2),
        "covered": coverage(" ".join(sorted(question.content)), surroundings) if question.content else 1.0,
        "unnamed": float(bool(missing_names(_lower_first(question.text), surroundings))),
        "retrieved": rerank.score if rerank else 0.0,
        "supported": supported - 0.5,
        "rival": max((r.score / best.score for r in rivals), default=0.0),
    }


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
