"""Who does what to whom in a clause: the words on either side of a verb, turned where it is passive."""

from __future__ import annotations

from qa.answer.grammar import BE, NOUN, RELATIVE, SUBJECTS, VERB, Clause, Predicate, is_empty, root_of
from qa.answer.words import IRREGULAR_VERBS

_BETWEEN = frozenset("not never also well now still been being already yet later first often again twice once".split())


_TIMES = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday today yesterday tomorrow week month year day morning
    afternoon evening night""".split()
)
"""No one acts on these: "defended it on Monday" and "on Monday defended" have the same sides."""
_PARTICLES = frozenset("today yesterday later first off out up down back away over together".split())
"""May stand between a participle and its `by`."""
_PARTICIPLES = frozenset("written given taken known seen shown drawn driven chosen spoken stolen thrown worn".split())
"""Are no past tense: without a `have` they are passive."""


def side(clause: Clause, earlier: list[Clause]) -> None:
    """Give each verb its agents and patients; a passive turns them."""
    for predicate in clause.predicates:
        if predicate.kind == NOUN:
            continue
        at = predicate.at
        left, right = _heads(clause, 0, at), _heads(clause, at + 1, len(clause.tokens))
        opening = not left
        twin = _coordinate(clause, at)
        pronoun = SUBJECTS & set(clause.tokens[:at])
        predicate.subject = (
            frozenset() if pronoun else twin.subject if twin else _inherited(clause, earlier) if opening else left
        )
        predicate.direct = bool(left) and not twin and not pronoun and not _apposed(clause, earlier)
        by = clause.tokens.index("by", at) if "by" in clause.tokens[at + 1 : at + 9] else -1
        if _passive(clause.tokens, at) or (opening and not clause.opener and predicate.word.endswith("ed") and by > 0):
            predicate.agents = _heads(clause, by + 1, len(clause.tokens)) if by > 0 else frozenset()
            predicate.patients = predicate.subject
        else:
            predicate.agents, predicate.patients = predicate.subject, right


def _coordinate(clause: Clause, at: int) -> Predicate | None:
    """The verb to which an `and` or a `to` ties the one at this place: they have one subject."""
    if clause.tokens[at - 1 : at] == ["to"]:
        return next((p for p in clause.predicates if p.kind == VERB and p.at < at), None)
    before = at - 1
    while before >= 0 and is_empty(clause.tokens[before]) and clause.tokens[before] not in ("and", "or", "nor"):
        before -= 1
    if before < 1 or clause.tokens[before] not in ("and", "or", "nor"):
        return None
    return next((p for p in clause.predicates if p.kind == VERB and p.at < before), None)


def _apposed(clause: Clause, earlier: list[Clause]) -> bool:
    """Whether a clause follows, after a comma, one without a verb: "Diana, Princess of Wales died"."""
    return bool(earlier) and clause.stop == "," and not any(p.kind == VERB for p in earlier[-1].predicates)


def _passive(tokens: list[str], at: int) -> bool:
    if not (tokens[at].endswith(("ed", "en")) or tokens[at] in IRREGULAR_VERBS):
        return False
    before = [t for t in tokens[max(0, at - 4) : at] if not t.endswith("ly") and t not in _BETWEEN]
    after = tokens[at + 1 : at + 5] if tokens[at + 1 : at + 2] == ["and"] else tokens[at + 1 : at + 2]
    if after and after[0] in _PARTICLES:
        after = tokens[at + 1 : at + 3]
    bare = tokens[at] in _PARTICIPLES and not (before and before[-1] in ("have", "has", "had", "having"))
    return (bool(before) and before[-1] in BE) or "by" in after or bare


def _inherited(clause: Clause, earlier: list[Clause]) -> frozenset[str]:
    """The subject of a verb that opens its clause: what stands without a verb right before it, relative clauses apart
    ("Haddad, who is 61, resigned"); else the subject of the clause before."""
    if clause.opener and clause.opener not in RELATIVE:
        return frozenset()
    found: frozenset[str] = frozenset()
    for before in reversed(earlier):
        verb = next((p for p in before.predicates if p.kind == VERB), None)
        if verb is not None and before.opener in RELATIVE and not clause.opener:
            continue
        if verb is not None:
            return found or (verb.subject if not clause.opener else _heads(before, verb.at + 1, len(before.tokens)))
        found |= _heads(before, 0, len(before.tokens))
    return found


def _heads(clause: Clause, start: int, end: int) -> frozenset[str]:
    """Names and the last word of each noun phrase between two places of the clause."""
    tokens = clause.tokens
    return frozenset(
        root_of(tokens[i])
        for i in range(start, end)
        if not is_empty(tokens[i])
        and tokens[i] not in _TIMES
        and (clause.named[i] or i + 1 >= end or is_empty(tokens[i + 1]) or not tokens[i + 1][0].isalpha())
    )
