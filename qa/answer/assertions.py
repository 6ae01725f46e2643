"""A question of yes or no as the two claims that its answers make, by word order and word lists.

What the checker is asked, and what rules compare: the better such a claim reads, the better both judge it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from qa.answer.verbs import BASES, PASTS, is_participle, past, third_person

AUX = (
    "is|are|was|were|has|have|had|do|does|did|can|could|will|would|should|may|might|must"
    "|shall|isn't|aren't|wasn't|weren't|didn't|doesn't|don't|hasn't|haven't|hadn't|won't|can't|cannot|couldn't|wouldn't"
    "|shouldn't"
)
"""What a question of yes or no begins with."""
_DO, _HAVE, _BE = ("do", "does", "did"), ("has", "have", "had"), ("is", "are", "was", "were")
_DETERMINERS = frozenset(
    "the a an any some no all both each every his her their its our my your this that these those another".split()
)
_ARTICLES = frozenset("the a an his her their its our my your another one".split())
_PRONOUNS = frozenset("it he she they we you i there".split())
_ADVERBS = frozenset("still ever already also not never just even again yet really actually now only then both".split())
_WHICH_TIME = frozenset(("last", "first", "next"))
"""Before a verb these say when: "did he last win"."""
_CLAUSES = frozenset(
    "when while before after because if until till unless since although though as who which that".split()
)
PREPOSITIONS = frozenset(
    """in on at from to with by for about against near under over into out off up down within without between among
    through during behind beside beyond across along around inside outside above below like worth due""".split()
)
_ADJECTIVES = frozenset(
    """able absent afraid alive alone available aware busy clear closed complete dead drunk dry due empty false fit free
    full good guilty hungry ill innocent insured large late legal likely married new open possible present pregnant
    ready responsible right safe sick sorry sufficient sure true unable unhurt wet willing wrong young old""".split()
)
_NO_VERBS = frozenset(
    """thing nothing something anything everything king bring spring string evening morning building wedding meeting
    ceiling during sibling pudding""".split()
)
_NOUNS = frozenset(
    """vote march strike plan work play fire protest attack report search race trade return offer claim call talk
    increase order visit drop fall test trial raid fight cut dispute force house guard mine plant watch board fund
    stage screen study market ship storm flood crash coach group""".split()
)
"""What may also be a verb."""
_SOME = {"any": "some", "anyone": "someone", "anybody": "somebody", "anything": "something"}
_NONE = {
    "any": "no", "anyone": "nobody", "anybody": "nobody", "anything": "nothing", "either": "neither",
    "all": "not all", "every": "not every", "everyone": "not everyone", "everybody": "not everybody",
    "each": "not each", "both": "not both", "no": "some", "nobody": "somebody", "none": "some", "neither": "one",
}  # fmt: skip
"""What the denial of a subject's first word is."""
_SHORT = {"wo": "will", "ca": "can", "cannot": "can"}
"""Auxiliaries without their denial."""
_DENIES = re.compile(r"^(?:not|never)\s+", re.I)
_COMPARES = frozenset("more most less least".split())


@dataclass(frozen=True, slots=True)
class Parts:
    """A question of yes or no taken apart; ``subject`` and ``predicate`` in the question's words."""

    aux: str
    subject: str
    predicate: str
    verbal: bool = True
    """Whether a verb was seen, the first word of the predicate behind its adverbs."""
    negative: bool = False
    """Whether the auxiliary denies: "didn't"."""


def assertion(question: str) -> str:
    """A yes/no question as the claim that a "yes" makes: `Was the wall breached?` gives `The wall was breached.`"""
    body = _body(question)
    parts = taken_apart(body)
    if parts is None:
        return sentence(re.sub(rf"^(?:{'|'.join(_DO)})\s+", "", body, flags=re.I))
    positive = replace(parts, subject=_replaced(parts.subject, _SOME), predicate=_positive(parts.predicate))
    return _told(positive)


def denial(question: str) -> str:
    """A yes/no question as the claim that a "no" makes: `Was the wall breached?` gives `The wall was not breached.`"""
    parts = taken_apart(_body(question))
    if parts is None:
        claim = assertion(question)
        return f"It is not so that {claim[:1].lower()}{claim[1:]}"
    of_any = re.match(r"any (?=of\b)", parts.subject, re.I)
    nobody = f"none {parts.subject[of_any.end() :]}" if of_any else _replaced(parts.subject, _NONE)
    if nobody != parts.subject:
        return _told(replace(parts, subject=nobody))
    if parts.aux == "must":
        return f"It is not so that {parts.subject} must {parts.predicate}."
    told = f"{parts.subject} {parts.aux} not {parts.predicate}"
    told = re.sub(r"\bnot (?:still|any longer)\b", "no longer", re.sub(r"\bnot ever\b", "not", told))
    return sentence(re.sub(r"^(there \w+) not (?:an?|any)\b", r"\1 no", told, flags=re.I))


def _body(question: str) -> str:
    body = question.strip().rstrip("?!. ").strip()
    return re.sub(r"^(?:and|so|but)\s+", "", body, flags=re.I)


def taken_apart(body: str) -> Parts | None:
    """Auxiliary, subject and predicate; None where no auxiliary stands in front, or it is not seen where the last
    begins."""
    match = re.match(rf"^(?P<aux>{AUX})\s+(?P<rest>.+)$", body, re.I)
    if match is None:
        return None
    words = match["rest"].split()
    typed = match["aux"].lower()
    aux = typed.removesuffix("n't")
    aux = _SHORT.get(aux, aux)
    at, verbal = _predicate(aux, [word.strip(",;:\"'“”").lower() for word in words], words)
    if not at:
        return None
    predicate = " ".join(words[at:])
    positive = _DENIES.sub("", predicate)
    return Parts(aux, " ".join(words[:at]), positive, verbal, aux != typed or positive != predicate)


def _predicate(aux: str, low: Sequence[str], words: Sequence[str]) -> tuple[int, bool]:
    """Place of the first word of the predicate, 0 where it is not seen, and whether a verb was seen."""
    start = 1 if low[0] not in _DETERMINERS else 2
    clause = (i for i in range(start, len(low)) if low[i] in _CLAUSES or words[i - 1].endswith(","))
    end = next(clause, len(low))
    seen = [i for i in range(start, len(low)) if _may_follow(aux, low[i]) and not _describes(low, i)]
    seen = [i for i in seen if words[i].islower() and not (low[i] in _WHICH_TIME and i + 1 in seen)]
    verbs = [i for i in seen if i < end] or _behind_relative(aux, low, end, [i for i in seen if i > end])
    if aux in _BE and len(verbs) > 1 and verbs[1] == verbs[0] + 1 and low[verbs[0]].endswith("ing"):
        verbs = verbs[1:]
    if low[0] in _PRONOUNS:
        return (1 if len(low) > 1 else 0), bool(verbs)
    if aux not in _BE + _HAVE and len(verbs) > 1 and _is_noun(low, verbs, end):
        verbs = verbs[1:]
    found = verbs[0] if verbs else _without_verb(aux, low, start, end)
    if aux in _BE and "than" in low[start + 1 : found]:
        return low.index("than", start + 1) - 1, False
    if aux in _BE and "to" in low[start:found] and low[low.index("to", start) + 1] == "be":
        found = low.index("to", start)
    while found > start and (low[found - 1] in _ADVERBS or low[found - 1].endswith("ly")):
        found -= 1
    return (found if found < len(low) else 0), bool(verbs)


def _behind_relative(aux: str, low: Sequence[str], at: int, seen: Sequence[int]) -> list[int]:
    """Of the verbs seen behind a relative clause's first word the one that is not of that clause, its last."""
    if at + 1 >= len(low) or low[at] not in ("that", "who", "which") or not seen:
        return []
    own = low[at + 1] in PASTS and not is_participle(low[at + 1])
    return [seen[-1]] if len(seen) > 1 or own or aux in _DO else []


def _may_follow(aux: str, word: str) -> bool:
    """Whether a word is a verb in the form that an auxiliary wants."""
    if aux in _BE:
        return is_participle(word) or (len(word) > 4 and word.endswith("ing") and word not in _NO_VERBS)
    if aux in _HAVE:
        return is_participle(word)
    return word in BASES or word == "be"


def _is_noun(low: Sequence[str], verbs: Sequence[int], end: int) -> bool:
    """Whether the first of two words that may both be the verb is a noun: "did the vote fail", "did the strike on the
    station cost", but "did police use live rounds"."""
    first, second = verbs[:2]
    if low[first] not in _NOUNS:
        return False
    behind = low[second + 1] if second + 1 < end else ""
    closed = not behind or behind in PREPOSITIONS or behind in _DETERMINERS or behind in _ADVERBS
    beside = second == first + 1 and closed
    return beside or (second == end - 1 and low[first + 1] in PREPOSITIONS and "to" not in low[first:second])


def _describes(low: Sequence[str], at: int) -> bool:
    """Whether a word that may be a verb stands before or as a noun: "the armed group", "a strike", "of dropping it"."""
    before = low[at - 1]
    owned = before.endswith(("'s", "’s")) and not is_participle(low[at])
    if low[at].endswith("ing") and (before == "of" or before in PREPOSITIONS):
        return True
    return before in _ARTICLES or owned or (before.endswith("ly") and at > 1 and low[at - 2] in _ARTICLES)


def _without_verb(aux: str, low: Sequence[str], start: int, end: int) -> int:
    """Where the predicate of a form of "be" begins that has no participle: at an adverb, an adjective, a preposition
    other than "of", or a second noun phrase; at the last word where nothing of these is seen."""
    if aux not in _BE or (end < len(low) and low[end] in ("that", "who", "which")):
        return 0
    for i in range(start, end):
        if low[i] in _ADVERBS | _ADJECTIVES | PREPOSITIONS | _COMPARES or low[i].endswith(("able", "ible")):
            return i
        if i + 1 < len(low) and low[i + 1] == "than":
            return i
        if low[i] in _ARTICLES and low[i - 1] != "of":
            return i
    return end - 1 if end - 1 >= start else 0


def _told(parts: Parts) -> str:
    """The claim, as if asked without a denial."""
    return sentence(" ".join(told_verb(replace(parts, negative=False))))


def told_verb(parts: Parts) -> tuple[str, str, str]:
    """Subject, verb and what follows it, as told: "did" and "does" in the verb; a form of "be" with the verb that it is
    of ("was carrying"). The verb is empty where none was seen, and the auxiliary with the subject."""
    deny = " not" if parts.negative else ""
    if not parts.verbal:
        return f"{parts.subject} {parts.aux}{deny}", "", parts.predicate
    words = parts.predicate.split()
    at = next((i for i, word in enumerate(words) if _may_follow(parts.aux, word.lower().strip(","))), 0)
    adverbs, verb, tail = " ".join(words[:at]), words[at].strip(","), " ".join(words[at + 1 :])
    while words[at].lower() in ("be", "been") and tail and _finishes(tail.split()[0]):
        more, _, tail = tail.partition(" ")
        verb = f"{verb} {more}"
        if not _is_adverb(more):
            break
    if parts.aux in _DO and not deny:
        verb = {"did": past, "does": third_person}.get(parts.aux, str)(verb)
        return parts.subject, f"{adverbs} {verb}".strip(), tail
    return parts.subject, " ".join(f"{parts.aux}{deny} {adverbs} {verb}".split()), tail


def _finishes(word: str) -> bool:
    """Whether a word behind "be" belongs to its verb."""
    return _may_follow("is", word.lower()) or _is_adverb(word)


def _is_adverb(word: str) -> bool:
    return word.lower() in _ADVERBS or word.endswith("ly")


def is_do(aux: str) -> bool:
    """Whether an auxiliary is a form of "do"."""
    return aux.lower().removesuffix("n't") in _DO


def _positive(predicate: str) -> str:
    """The predicate as a claim says it: "suffered some damage", not "ever suffered any damage"."""
    told = re.sub(r"^ever\s+", "", predicate, flags=re.I)
    return re.sub(r"\b(any(?:one|body|thing)?)\b", lambda m: _SOME[m[1].lower()], told, flags=re.I)


def _replaced(subject: str, others: dict[str, str]) -> str:
    first, _, rest = subject.partition(" ")
    return f"{others.get(first.lower(), first)} {rest}".strip()


def sentence(text: str) -> str:
    """On one line, with a capital and a full stop."""
    text = " ".join(text.split())
    return f"{text[:1].upper()}{text[1:].removesuffix('.')}." if text else text
