"""Step three: equal answers are brought together, independent sources counted, and rivals kept in sight."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from qa.answer.accounts import Nearness, accounts, nearness
from qa.answer.amounts import as_written
from qa.answer.assertions import assertion, denial
from qa.answer.clusters import Cluster, clusters, same, strength
from qa.answer.confidence import log_odds
from qa.answer.contrary import contrary
from qa.answer.counting import counted, counts_what_is_asked
from qa.answer.deciding import decided
from qa.answer.fitting import fits
from qa.answer.names import missing_names
from qa.answer.pointing import LEAST
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.answer.rivals import is_rival, may_be_rival, needed
from qa.answer.statements import statement
from qa.answer.words import coverage

if TYPE_CHECKING:
    from qa.answer.confidence import Calibration
    from qa.models.seams import Checker, Embedder

VAGUE_WEIGHT = 0.4
"""Of an amount without a number beside one with: "scores" wins only where no source gives a number with conviction."""
MIDDLING = -2.0
"""The span reader's log-probability of an answer of which it says neither good nor bad."""
MOST_FAINT = 2
"""Of answers that only the checker can make rivals it is asked about at most so many."""
MOST_ACCOUNTS = 3
"""Of other values the checker is asked about at most, the strongest first: each takes it a tenth of a second."""


@dataclass(frozen=True, slots=True)
class Agreement:
    """The answer that the sources bear best, and the others."""

    best: Cluster | None
    rivals: tuple[Cluster, ...]
    """Other values of the same kind, strongest first; each is borne by a source that does not give the best."""
    confidence: float
    features: dict[str, float]


class Judges(Protocol):
    """As much of an engine as agreeing needs."""

    @property
    def checker(self) -> Checker:
        """Whether a sentence bears an answer."""
        ...

    @property
    def embedder(self) -> Embedder:
        """Which sentences tell of one thing."""
        ...

    @property
    def calibration(self) -> Calibration:
        """What all signals together are worth."""
        ...


def agree(engine: Judges, question: Question, readings: Sequence[Reading]) -> Agreement:
    """Cluster, rank, and say how sure the winner is. Without any fitting reading, ``best`` is None and confidence 0."""
    if question.kind == "yesno":
        readings = decided(engine, question, readings)
    moved = [counted(question, r) for r in readings if r.text]
    groups = clusters(question, [(r, strength(question, r)) for r in moved if fits(question, r)])
    while groups:
        best = max(groups, key=lambda c: c.score * (VAGUE_WEIGHT if c.vague else 1.0))
        told = _told(engine, question, readings, groups, best)
        if told is not None:
            return told
        groups = [c for c in groups if c is not best]
    return Agreement(None, (), 0.0, {})


def _told(
    engine: Judges, question: Question, readings: Sequence[Reading], groups: Sequence[Cluster], best: Cluster
) -> Agreement | None:
    """The best cluster and what contradicts it; None where it counts another thing and the checker says so too."""
    near = nearness(engine.embedder, question, best.readings[0])
    read = [c for c in groups if c is not best and is_rival(question, c, best, near)]
    others = [*read, *_accounts(question, (best, *read), readings, near)]
    faint = _faint(question, best, [c for c in groups if c is not best and not _among(question, c, others)], near)
    supported, *borne = engine.checker.support([_claim(question, c) for c in (best, *others, *(c for c, _ in faint))])
    threshold = engine.checker.threshold
    if counts_what_is_asked(question, best.readings[0]) < 1.0 and supported < threshold:
        return None
    wanted = [*((c, needed(question, c) * threshold) for c in others), *faint]
    sure = [c for (c, least), support in zip(wanted, borne, strict=True) if support >= least]
    rivals = _with_contrary(question, best, sure, readings)
    features = _features(question, best, rivals, supported)
    features["share"] = _share(groups, [best, *(c for c in sure if c in groups)])
    return Agreement(best, rivals, engine.calibration.confidence(features), features)


def _faint(question: Question, best: Cluster, others: Sequence[Cluster], near: Nearness) -> list[tuple[Cluster, float]]:
    """Answers of which no reader is convinced, and what the checker must hold of each to tell it beside the best."""
    found = ((c, may_be_rival(question, c, best, near)) for c in others)
    return [(c, least) for c, least in found if least is not None][:MOST_FAINT]


def _among(question: Question, cluster: Cluster, others: Sequence[Cluster]) -> bool:
    """Whether a value is told by one of these already."""
    return any(same(question, cluster.readings[0], r) for one in others for r in one.readings)


def _share(groups: Sequence[Cluster], told: Sequence[Cluster]) -> float:
    """What the answers that are told have of all answers' score: a rival that is told beside the winner is no doubt
    about it."""
    total = sum(c.score for c in groups)
    return sum(c.score for c in told) / total if total else len(told) / len(groups)


def _accounts(
    question: Question, told: Sequence[Cluster], readings: Sequence[Reading], near: Nearness
) -> list[Cluster]:
    """Values that sources of their own give in sentences near to the winner's, beside those that are told already."""
    best = told[0]
    holders = {r.hit.source.group for r in best.readings}
    known = [r for c in told for r in c.readings]
    found = [r for r in accounts(question, best.readings[0], readings, near) if r.hit.source.group not in holders]
    new = [(r, strength(question, r)) for r in found if not any(same(question, r, one) for one in known)]
    return clusters(question, new)[:MOST_ACCOUNTS]


def _with_contrary(
    question: Question, best: Cluster, rivals: Sequence[Cluster], readings: Sequence[Reading]
) -> tuple[Cluster, ...]:
    """The rivals and what grammar finds beside them that is not told already."""
    found = contrary(question, best.readings[0], [r.hit for r in readings])
    told = [r for rival in rivals for r in rival.readings]
    new = [(r, strength(question, r)) for r in found if not any(same(question, r, known) for known in told)]
    return (*rivals, *clusters(question, new))


def _claim(question: Question, cluster: Cluster) -> tuple[str, str]:
    """The cluster's best sentence, and what it must say for the cluster to be right: as a pair for the checker."""
    told = assertion(question.text) if question.kind == "yesno" else statement(question.text, cluster.label)
    if question.kind == "yesno" and cluster.label == "no":
        told = denial(question.text)
    evidence = cluster.readings[0].evidence
    return evidence, as_written(told, evidence)


def _features(question: Question, best: Cluster, rivals: Sequence[Cluster], supported: float) -> dict[str, float]:
    """What the winner and its rivals give: all but ``share``."""
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
        "borne": log_odds(supported),
        "place": math.log(min((rank.place for rank in top.hit.ranks.values()), default=1)),
        "pointed": 0.0 if top.pointed is None else max(LEAST, top.pointed) - MIDDLING,
        "rival": max((r.score / best.score for r in rivals), default=0.0),
    }


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
