"""Whether a source bears a claim's amounts and dates: the same, one made round, or one that follows from two others.

What follows by arithmetic is not thereby supported: it is only left to the entailment checker.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from qa.answer.derived import derived, rest_of
from qa.answer.names import names
from qa.answer.quantities import Quantity, agrees, quantities
from qa.answer.units import measure
from qa.answer.words import content

_PAIRS = re.compile(r"\b(?:both|pair|couple|second|twins?|double|neither|either)\b", re.I)
"""Ways to say two without a number."""
LISTED = 6
"""The greatest count that may stand for a list of names or things told one by one."""
DERIVED = Decimal("0.15")
"""Share by which a sum or share may be off a rounded claim ("more than 40" of 43); "more than 3" of it says nothing."""
_ITEMS = re.compile(r",|;|\band\b|\bor\b")
_BORDERS = re.compile(r"[,;:.()]\s|\b(?:and|but|while|whereas|against|or|of whom)\b")
_ALL = re.compile(
    r"\b(?<!nearly )(?<!almost )(?<!virtually )"
    r"(?:all|every|each|(?:the|its|their) (?:entire|whole)|everyone|everybody)\b"
    r"(?! (?:but|other|second|third)\b)",
    re.I,
)
_PART = re.compile(
    r"\b(?:some|most|many|several|few|half|part|partly|majority|minority|mostly|almost all|nearly all|rest|others?)\b",
    re.I,
)

_WRITTEN = ("number", "percent", "measure")
_ARTICLE = re.compile(
    r"\b(?:an?|the|its|their|his|her|per|each|every|this|that|last|next)[\s-]+"
    r"(?:(?:previous|following|past|last|next|first|second) )?([a-z]+)"
    r"|\b(decade|year|month|week|day)-?long\b",
    re.I,
)
_OUT_OF = re.compile(r"\b(?:of|among)(?: (?:the|its|their|his|her|these|those|all))*\s*$", re.I)
_OLD = re.compile(r"[ -](?:years?|months?)[ -]olds?\b", re.I)
_ENDS = re.compile(r"[.;!?]\s")


def unborne_quantities(claim: str, premise: str, date: str = "") -> list[Quantity]:
    """The claim's amounts and dates that the premise, written on the ISO day ``date``, gives neither itself nor by
    simple arithmetic, or gives only for another thing."""
    given = quantities(premise, date)
    if date:
        given = [*given, *quantities(date)]
    return [q for q in quantities(claim, date) if not _borne(q, given, claim, premise)]


def as_written(claim: str, premise: str) -> str:
    """The claim with its numbers as the premise writes the same ones: a small model that has to know that "100" is "one
    hundred" beside all else often does not."""
    given = [q for q in quantities(premise) if q.kind in _WRITTEN]
    for mine in reversed([q for q in quantities(claim) if q.kind in _WRITTEN]):
        alike = [g for g in given if (g.kind, g.low, g.written) == (mine.kind, mine.low, mine.written)]
        if alike and not any(g.text.casefold() == mine.text.casefold() for g in alike):
            text = alike[0].text if mine.span.start == 0 else alike[0].text.lower()
            text = text[0].upper() + text[1:] if mine.span.start == 0 else text
            claim = claim[: mine.span.start] + text + claim[mine.span.end :]
    return claim


def _borne(wanted: Quantity, given: Sequence[Quantity], claim: str, premise: str) -> bool:
    if wanted.kind in ("vague", "ordinal"):
        return _not_denied(wanted, given)
    if wanted.low == 2 and _PAIRS.search(premise):
        return True
    # A bare number beside amounts in euros is in euros.
    currencies = {g.unit for g in given if g.kind == wanted.kind == "money"}
    foreign = bool(currencies) and wanted.unit not in currencies
    equal = [g for g in given if _agrees(wanted, g, premise) and (g.kind == wanted.kind or not foreign)]
    if not equal:
        told = _follows(wanted, given) or _listed(wanted, given, premise) or _single(wanted, premise)
        return told or _of_the_rest(wanted, given, claim)
    if not _of_its_thing(wanted, equal, given, claim, premise):
        return _follows(wanted, given)
    return not _moved(wanted, equal, given, claim, premise)


def _agrees(wanted: Quantity, given: Quantity, premise: str = "") -> bool:
    if agrees(wanted, given):
        return True
    # "from 50 to 80 euros" and "19-year-old": the unit stands with the other number, or is no part of the claim.
    if {wanted.kind, given.kind} == {"number", "date"}:
        year, number = (wanted, given) if wanted.kind == "date" else (given, wanted)
        return year.day[0] == number.written and year.day[1] is None
    if {wanted.kind, given.kind} == {"measure", "ordinal"}:  # after 63 minutes, in the 63rd minute
        return wanted.written == given.written
    if {wanted.kind, given.kind} == {"number", "percent"}:  # by seven points
        number, share = (wanted, given) if wanted.kind == "number" else (given, wanted)
        pointed = number.written == share.written and number.unit.startswith("point") and "point" in share.text
        return pointed or 0 < 100 * number.low == share.low < 100  # a ratio of 0.50, half
    if (
        given.kind == "measure"
        and given.unit == "months"
        and wanted.kind == "number"
        and _OLD.match(premise, given.span.end)
    ):
        return wanted.written == given.written  # a boy of twelve, a 12-year-old boy
    bare = given if not given.unit else wanted if not wanted.unit else None
    other = wanted if bare is given else given
    return (
        bare is not None
        and bare.kind == "number"
        and other.kind in ("money", "measure", "number")
        and bare.written == other.written
        and bare.bound == other.bound
    )


def _single(wanted: Quantity, premise: str) -> bool:
    """Whether an article gives the hour, day or decade that the amount comes to: "a day before", "a decade" for ten
    years."""
    if wanted.kind != "measure":
        return False
    units = (a or b for a, b in _ARTICLE.findall(premise))
    return any(measure(unit.lower()) == (wanted.unit, wanted.low) for unit in units)


_NAME_BEFORE = re.compile(r"\b[A-Z]\w+[ -]$")


def _of_a_name(wanted: Quantity, claim: str, premise: str) -> bool:
    """Whether both have the number as part of a name: Apollo 11."""
    before = _NAME_BEFORE.search(claim[: wanted.span.start])
    return before is not None and f"{before.group()}{wanted.text}" in premise


def _of_its_thing(
    wanted: Quantity, equal: Sequence[Quantity], given: Sequence[Quantity], claim: str, premise: str
) -> bool:
    """Not when the counted thing stands there with another number: "750 Marines" by "750 soldiers and 100 Marines"."""
    if wanted.kind != "number" or not wanted.unit or _of_a_name(wanted, claim, premise):
        return True
    head = set(wanted.unit.split()[:2])
    elsewhere = any(head & set(g.unit.split()) and not agrees(wanted, g) for g in given)
    own = any(head & set(g.unit.split()) or not (g.unit or _scored(g, premise)) for g in equal)
    own = own or any(_scored(g, premise) and _partners(g, given) & head for g in equal)
    return own or not elsewhere or any(_out_of(g, head, given, premise) for g in equal)


def _out_of(part: Quantity, head: set[str], given: Sequence[Quantity], text: str) -> bool:
    """Whether the amount is a part of those counted before it: the seven of "of the 52 samples, seven held lead"."""
    wholes = (g for g in given if head & set(g.unit.split()) and g.span < part.span and part.low <= g.low)
    return any(
        _OUT_OF.search(text[: g.span.start]) and not _ENDS.search(text, g.span.end, part.span.start) for g in wholes
    )


def _scored(quantity: Quantity, text: str) -> bool:
    """Whether the amount is half of a pair such as a vote or a score: 5-2."""
    return "-" in (text[quantity.span.end : quantity.span.end + 1], text[quantity.span.start - 1 : quantity.span.start])


def _partners(quantity: Quantity, given: Sequence[Quantity]) -> set[str]:
    """What the other half of a pair counts: the votes of "68-32 vote"."""
    return {word for g in given if g.span.start == quantity.span.end + 1 for word in g.unit.split()}


def _not_denied(wanted: Quantity, given: Sequence[Quantity]) -> bool:
    """Of "hundreds of" and "third": whether no other amount or place of the same thing stands there instead."""
    head = set(wanted.unit.split()[:2])
    rivals = [g for g in given if head & set(g.unit.split()) and (g.kind == "ordinal") == (wanted.kind == "ordinal")]
    if wanted.kind == "ordinal":
        return not rivals or any(g.low == wanted.low for g in given)
    if wanted.high >= 10**9 or not rivals:
        return True
    return any(g.high >= wanted.low and g.low <= wanted.high for g in rivals) or _follows(wanted, given)


def _follows(wanted: Quantity, given: Sequence[Quantity]) -> bool:
    """Whether the amount is a sum, a difference or a share of what is given, or the years between two dates."""
    share = Decimal("0.5") if wanted.kind == "percent" and wanted.bound in ("min", "least") else DERIVED
    near = (d for d in derived(wanted, given) if abs(d.low - wanted.low) <= share * max(d.low, wanted.low))
    return any(agrees(wanted, found) for found in near) or (
        wanted.kind == "vague" and any(agrees(wanted, found) for found in derived(wanted, given))
    )


_REST = re.compile(r"\b(?:rest|remain\w*|others?|elsewhere|else|not|none|never|without)\b|n't\b", re.I)


def _of_the_rest(wanted: Quantity, given: Sequence[Quantity], claim: str) -> bool:
    """Whether the claim speaks of the others and gives the share that is left for them: 10 percent beside 90. Of the
    same things that would be another number."""
    return bool(_REST.search(claim)) and any(agrees(wanted, left) for left in rest_of(wanted, given))


def _listed(wanted: Quantity, given: Sequence[Quantity], premise: str) -> bool:
    """Whether a small count may stand for things that the premise names one by one."""
    if wanted.kind != "number" or not 2 <= wanted.low <= LISTED or wanted.low != int(wanted.low):
        return False
    head = set(wanted.unit.split()[:1])
    counted = any(head & set(g.unit.split()) for g in given)
    return not counted and max(len(names(premise)), len(_ITEMS.findall(premise)) + 1) >= wanted.low


def _moved(wanted: Quantity, equal: Sequence[Quantity], given: Sequence[Quantity], claim: str, premise: str) -> bool:
    """Whether the claim says of one amount what the premise says of another: "14 in Sindh" of "23 in Sindh and 14 in
    Punjab". By the words around each, where all of the claim's stand with the other."""
    if wanted.kind not in ("number", "percent", "money", "date") or len(equal) != 1:
        return False
    own = _around(equal[0], premise)
    said = _around(wanted, claim)
    for rival in given:
        if rival is equal[0] or rival.kind != equal[0].kind or rival.span.end > len(premise) or agrees(wanted, rival):
            continue
        other = _around(rival, premise)
        # Words of its own: without any it is told in short, "the second 30", and has the other's.
        if own - other and said & (other - own) and not said & (own - other) and said <= other | own:
            return True
    return False


def _around(quantity: Quantity, text: str) -> frozenset[str]:
    """Content stems between the borders of the phrase in which the amount stands, amounts apart."""
    start = max((m.end() for m in _BORDERS.finditer(text, 0, quantity.span.start)), default=0)
    following = _BORDERS.search(text, quantity.span.end)
    phrase = text[start : following.start() if following else len(text)]
    return frozenset(w for w in content(phrase) if not w[0].isdigit()) - frozenset(content(quantity.text))


def partly(claim: str, premise: str) -> bool:
    """Whether the claim says of all what the premise says of a part: "all passengers" of "71 of the passengers"."""
    if re.search(r"\bboth\b", claim, re.I) and re.search(r"\bone of (?:them|the)\b", premise, re.I):
        return not re.search(r"\bboth\b", premise, re.I)
    found = _ALL.search(claim)
    if found is None or _ALL.search(premise) or re.search(r"\bnot (?:all|every)\b", claim, re.I):
        return False
    after = claim[found.end() : found.end() + 60]
    whole, heads = quantities(after[:12]), frozenset(w for w in content(after)[:3] if not w[0].isdigit())
    given = [q for q in quantities(premise) if q.kind in ("number", "percent", "vague")]
    counted = any(
        heads & set(content(premise[q.span.end : q.span.end + 40])[:3])
        and (premise[q.span.end : q.span.end + 4] == " of " or not whole or not agrees(whole[0], q))
        for q in given
    )
    return counted or any(heads & set(content(premise[m.end() : m.end() + 40])[:3]) for m in _PART.finditer(premise))
