"""Which other answers contradict the best one, so that a reader must see them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from qa.answer.accounts import NEAR, Nearness
from qa.answer.checks import is_quote
from qa.answer.clusters import Cluster, about, strength
from qa.answer.counting import amount_of, answer_quantity, counts_what_is_asked
from qa.answer.names import names
from qa.answer.occasion import parted
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.answer.words import content, coverage

RIVAL_SHARE = 0.35
"""Of the winner's score, from which another value counts as a disagreement. Below it, it is more often a misreading."""


RIVAL_SUPPORT = {"number": 0.5, "time": 1.0, "yesno": 0.5, "person": 1.0, "place": 1.0, "other": 1.0}
"""Of the checker's threshold, what the claim that a rival makes must reach against its own sentence."""


def needed(question: Question, rival: Cluster) -> float:
    """Share of the checker's threshold that a rival's claim must reach: half where its sentence has all that was
    asked."""
    full = any(about(question, r) == 1.0 for r in rival.readings)
    return min(RIVAL_SUPPORT[question.kind], 0.5) if full else RIVAL_SUPPORT[question.kind]


RIVAL_SHARES = {
    "number": RIVAL_SHARE, "time": RIVAL_SHARE, "yesno": RIVAL_SHARE, "person": 0.6, "place": 0.6, "other": 0.7,
}  # fmt: skip
"""Kinds of question whose answers can contradict each other. Two persons or two places are more often both right."""
HALF = 0.5
"""Share of what was asked that the sentence of another amount or time must have, where it is not nearly as near in
meaning as accounts must be: 18 of 18 second accounts have one or the other, and 3 of 8 misreadings."""
NEARISH = 0.7
SHORT = 4
"""Content words of an answer of no known kind, up to which it can contradict another."""


def is_rival(question: Question, cluster: Cluster, best: Cluster, near: Nearness) -> bool:
    """Whether a cluster contradicts the winner: borne by a source of its own, nearly as strongly, and not said beside
    the winner. One report may well quote a yes and a no."""
    share = RIVAL_SHARES.get("number" if _are_amounts(question, cluster, best) else question.kind)
    holders = {r.hit.source.group for r in best.readings}
    own = [r for r in cluster.readings if question.kind == "yesno" or r.hit.source.group not in holders]
    if share is None or not own or _said_together(question, cluster, best):
        return False
    mean = best.score / best.sources
    strong = [
        r
        for r in own
        if r.answerable >= 0.5
        and strength(question, r) >= share * mean
        and _counts_as_well(question, r, best)
        and not parted(question, best.readings[0], r)
    ]
    return bool(strong) and _can_contradict(question, cluster, best, strong, near)


def may_be_rival(question: Question, cluster: Cluster, best: Cluster, near: Nearness) -> float | None:
    """What the checker must hold at least of another answer that was read without conviction, or only pointed at, but
    in a sentence of another source that tells of the same as the winner's; None where even that would not do."""
    least = _least(question.text)
    if least is None and question.kind not in ("number", "person", "place"):
        return None
    holders = {r.hit.source.group for r in best.readings}
    rival = cluster.readings[0]
    if rival.hit.source.group in holders or _said_together(question, cluster, best):
        return None
    if not _counts_as_well(question, rival, best) or parted(question, best.readings[0], rival):
        return None
    if least is None and question.kind != "number" and not names(f"the {cluster.label}"):
        return None
    if any(len(content(one.label)) > LONG for one in (cluster, best)) or near([rival.evidence])[0] < NEAR:
        return None
    return least or SURELY


def _least(text: str) -> float | None:
    """The same by the form of the question: less where one thing can be only one of two answers."""
    if _SINGLE.search(text):
        return SINGLY
    return SURELY if _CAUSE.search(text) else None


def _counts_as_well(question: Question, rival: Reading, best: Cluster) -> bool:
    """Whether an amount is told of what was asked for as plainly as the winner's: of homes where that one is of houses,
    and dwellings were asked for."""
    return counts_what_is_asked(question, rival) >= counts_what_is_asked(question, best.readings[0])


def _can_contradict(
    question: Question, cluster: Cluster, best: Cluster, strong: Sequence[Reading], near: Nearness
) -> bool:
    """Whether two answers of this kind exclude each other: two names, or two short answers to one "what is the".
    ``strong`` are the cluster's readings that may stand against the winner."""
    told = [(c.label, c.readings[0]) for c in (cluster, best)]
    if question.kind in ("person", "place"):
        return bool(names(f"the {cluster.label}")) and near([cluster.readings[0].evidence])[0] >= NEAR
    if question.kind == "yesno":
        return True
    if question.kind != "other" or _are_amounts(question, cluster, best):
        rival = cluster.readings[0]
        return about(question, rival) >= HALF or near([rival.evidence])[0] >= NEARISH
    if not all(len(content(label_)) <= SHORT for label_, _ in told):
        return False
    return _both_about(question, told) or _tells_the_same(question, strong, near)


def _both_about(question: Question, told: Sequence[tuple[str, Reading]]) -> bool:
    """Whether one thing is asked for and both sentences have most of what was asked."""
    one = _ONE.search(question.text)
    if one is None:
        return False
    # The kind of thing that is asked for ("which team") need not stand beside its name.
    wanted = " ".join(question.content - set(content(one.group(1) or "")))
    return all(coverage(wanted, reading.evidence) >= ABOUT_NAMED for _, reading in told)


def _tells_the_same(question: Question, rivals: Sequence[Reading], near: Nearness) -> bool:
    """Whether something has one such property ("what type of aircraft was", "what is the language of") and another
    sentence, read without doubt, is near in meaning to the winner's; never what something is at all, which each source
    tells in its own way."""
    if _PROPERTY.search(question.text) is None:
        return False
    sure = [r.evidence for r in rivals if r.answerable >= SURE and answer_quantity(r) is None]
    return any(share >= ALIKE for share in near(sure))


def _are_amounts(question: Question, cluster: Cluster, best: Cluster) -> bool:
    """Whether both answer with a sum, a measure or a share of one unit, whatever word was asked with."""
    told = [amount_of(question, c.readings[0]) for c in (cluster, best)]
    return len({(one.kind, one.unit) for one in told if one}) == 1 and all(told)


SURELY = 0.85
"""The checker's probability from which it is believed about an answer that no reader is convinced of: of 32 numbers,
names and places with as much, 29 contradicted the winner."""
SINGLY = 0.5
"""The same of questions whose answers exclude each other: 5 of 5."""
LONG = 8
"""Content words of an answer to such a question, at most."""
_SINGLE = re.compile(
    r"^(?:\w+ )?(?:what|which) (?:kind|type|sort|brand|model|make|form) of\b"
    r"|^what (?:was|were|did|had|has|have)\b.*\bto do\b|^what (?:set off|killed|triggered|sparked)\b",
    re.I,
)
_CAUSE = re.compile(r"^what caused\b", re.I)
_ONE = re.compile(r"\b(?:what|which)\b (?:(\w+) )?(?:is|was|did|does|won|has|led|came)\b", re.I)
_PROPERTY = re.compile(
    r"^(?:\w+ )?(?:what|which) (?:(?:kind|type|sort|brand|model|form) of )?\w+(?: \w+)? (?:is|was|did|does|has|had)\b"
    r"|^what (?:is|was) the (?:\w+ ){1,3}of\b",
    re.I,
)
ALIKE = 1.0
"""Nearness from which two sentences tell of one thing although they share few words."""
SURE = 0.9
"""The reader's probability, below which such a sentence is not trusted."""
ABOUT_NAMED = 0.6
"""Share of the question's content that a sentence must have for another short answer to be a rival."""


def _said_together(question: Question, cluster: Cluster, best: Cluster) -> bool:
    """Whether one sentence gives both answers: then they answer different things, or one is part of the other."""
    if question.kind == "yesno":
        return False
    pairs = [(cluster.label, r) for r in best.readings] + [(best.label, r) for r in cluster.readings]
    return any(is_quote(label_, reading.evidence) for label_, reading in pairs)
