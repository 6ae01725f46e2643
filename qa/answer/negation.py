"""Whether a claim says the opposite of its source: of one predicate, one asserts what the other denies, or they use
opposites; or the claim states as fact what the source leaves open.

Predicates are compared, not words of denial: "did not approve" and "rejected" agree, and what one clause denies leaves
its other words alone. What rules cannot tell is left to the entailment checker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.clauses import Clause, Predicate, clauses, is_negative, sentences
from qa.answer.numerals import ONES, TENS
from qa.answer.opposites import CONVERSE, POLE, SOFT
from qa.answer.roles import TOLD_SHARE, crossed, swapped
from qa.answer.words import content, coverage, fold


@dataclass(frozen=True, slots=True)
class _Texts:
    """The two texts and their clauses."""

    claim: str
    premise: str
    claimed: tuple[Clause, ...]
    given: tuple[Clause, ...]


_NO_OTHER = re.compile(
    r"\b(?:no(?! longer)|nobody|none|nothing|not since)\b.*\b(?:other|than|before|previously|so far|since|as \w+)\b"
    r"|\bno (?!longer)\w.* [a-z]+er\b",
    re.I,
)
_SUPERLATIVE = re.compile(r"\b(?:first|most|best|worst|record|[a-z]{3,}est)\b", re.I)
"""Together: "the tallest" is told as "none is taller", "the first" as "nobody before", which denies nothing."""
_DIGITS = re.compile(r"\d[\d,.]*")
OPPOSED_SHARE = 0.5
"""Of the claim's content that the premise must have before opposites decide."""
OPEN_SHARE = 0.6
"""Of the claim's content that must stand in what the premise leaves open."""


def reverses(claim: str, premise: str) -> bool:
    """Whether the claim denies what the premise asserts, asserts what it denies, or states what it leaves open."""
    if _NO_OTHER.search(claim) and _SUPERLATIVE.search(premise):
        return False
    texts = _Texts(claim, premise, _clauses(claim), _clauses(premise))
    return any(
        _reversed(p, c, texts)
        for c in texts.claimed
        for p in c.predicates
        if (p.sign or p.unsure) and not c.named[p.at]
    ) or states_what_is_open(claim, premise)


def _clauses(text: str) -> tuple[Clause, ...]:
    return tuple(clause for sentence in sentences(text) for clause in clauses(sentence))


def _reversed(p: Predicate, clause: Clause, texts: _Texts) -> bool:
    return any(
        _opposed((p, clause), (q, c), texts)
        for q, c in _rivals(p, texts.claimed, texts.given)
        if not _other_numbers(clause, c)
    )


def _rivals(p: Predicate, claimed: Sequence[Clause], given: Sequence[Clause]) -> list[tuple[Predicate, Clause]]:
    """Where the premise has the predicate, or else its opposite, with the other sign; empty when it also has it with
    the same one."""
    same = [(q, c) for c in given for q in c.predicates if q.root == p.root and _product(p, q)]
    if same and p.root in POLE and p.subject:
        # "Profit fell, while sales rose" does not have "profit rose".
        same = [(q, c) for q, c in same if not q.subject or q.subject & p.subject or q.sign != p.sign]
    if same:
        alone = all(q.sign == p.sign for c in claimed for q in c.predicates if q.root == p.root and q.sign)
        return same if alone and all(_product(p, q) < 0 for q, _ in same) else []
    if p.root not in POLE:
        return []
    name, side = POLE[p.root]
    shared = {q.root for c in claimed for q in c.predicates}
    free = [
        (q, c)
        for c in given
        for q in c.predicates
        if POLE.get(q.root, ("", 0))[0] == name and (q.root not in shared or q.subject & p.subject) and _product(p, q)
    ]
    return free if all(side * POLE[q.root][1] * _product(p, q) < 0 for q, _ in free) else []


def _product(p: Predicate, q: Predicate) -> int:
    """Negative when the two have other signs: of what both leave open, the signs inside their clauses."""
    return p.raw * q.raw if p.unsure and q.unsure and p.opener == q.opener else p.sign * q.sign


_Placed = tuple[Predicate, Clause]


def _opposed(mine: _Placed, other: _Placed, texts: _Texts) -> bool:
    (p, clause), (q, given) = mine, other
    if _of_other_class(p, q) or _other_parts(_amount(clause, p.at), _amount(given, q.at)):
        return False
    if p.root == q.root:
        return (p.denied or q.denied) and _one_matter(mine, other, texts) and _told_there(given, texts)
    turned = swapped(texts.claim, texts.premise) or crossed(texts.claim, texts.premise)
    return not turned and coverage(texts.claim, texts.premise) >= OPPOSED_SHARE and _same_sides(p, q, clause, given)


def _of_other_class(p: Predicate, q: Predicate) -> bool:
    """A noun and a verb ("approval is pending", "approved"), unless the noun itself is denied ("no breach")."""
    return {p.kind, q.kind} == {"noun", "verb"} and not (p if p.kind == "noun" else q).denied


def _one_matter(mine: _Placed, other: _Placed, texts: _Texts) -> bool:
    """Whether the two predicates are said of the same: their clauses share a further word, or the claim has none."""
    (p, clause), (q, given) = mine, other
    if p.subject and q.subject and not p.subject & (q.subject | q.patients) and p.subject & _roots(texts.premise):
        return False
    rest = clause.roots - {p.root}
    return not rest or bool(rest & (given.roots - {q.root})) or coverage(texts.claim, texts.premise) >= OPPOSED_SHARE


def _told_there(clause: Clause, texts: _Texts) -> bool:
    """Whether the sentence of that clause tells most of what the claim says: one word alone may be denied of something
    else."""
    told = (s for s in sentences(texts.premise) if clause in clauses(s))
    return any(coverage(texts.claim, s) >= TOLD_SHARE for s in told)


def _same_sides(p: Predicate, q: Predicate, mine: Clause, other: Clause) -> bool:
    """Of opposites: said of the same subject or object, or standing beside the same word."""
    if POLE[p.root][0] in CONVERSE:
        return bool(p.subject & q.subject)
    if p.subject and q.subject and not p.subject & q.subject:
        return bool(p.patients & q.patients)
    return bool(p.subject & q.subject or p.patients & q.patients or _beside(p, mine) & _beside(q, other))


def _beside(p: Predicate, clause: Clause) -> set[str]:
    words = [q.root for q in clause.predicates]
    at = words.index(p.root)
    return set(words[max(0, at - 1) : at] + words[at + 1 : at + 2])


def _amount(clause: Clause, at: int) -> str:
    """The first number or word of part in front of a place; empty without one."""
    return next((t for t in clause.tokens[:at] if t in _PARTS or t[0].isdigit() or t.split("-")[0] in TENS), "")


def _other_parts(mine: str, other: str) -> bool:
    """Whether two predicates are said of other parts: "two of the three engines failed" is not denied by "one did
    not"."""
    return bool(mine and other and mine != other)


_PARTS = frozenset("some most many several few half only all every each both".split()) | (frozenset(ONES) - {"zero"})


def _other_numbers(mine: Clause, other: Clause) -> bool:
    """Whether both clauses have numbers and share none: then they tell of different parts."""
    left, right = ({t for t in c.tokens if _DIGITS.match(t)} for c in (mine, other))
    return bool(left and right and not left & right)


def _roots(text: str) -> set[str]:
    return set(content(text))


def states_what_is_open(claim: str, premise: str) -> bool:
    """Whether a claim without any reserve states what the premise only supposes, doubts or denies to be known."""
    words = fold(claim).replace(".", "").split()
    if any(w.strip(",;:") in SOFT or is_negative(w) for w in words):
        return False
    wanted = _roots(claim)
    given = [p for c in _clauses(premise) for p in c.predicates]
    open_ = {p.root for p in given if p.unsure}
    plain = {p.root for p in given if not p.unsure and p.sign > 0}
    told = {
        p.root
        for c in _clauses(claim)
        for p in c.predicates
        if p.kind != "noun" and c.tokens[p.at - 1 : p.at] != ["to"]
    }
    return (
        len(wanted) >= 2
        and len(wanted & open_) >= OPEN_SHARE * len(wanted)
        and not wanted & open_ <= plain
        and bool(told & open_ - plain)
    )
