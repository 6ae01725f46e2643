"""A question of yes or no as the two claims that its answers make, by word order and word lists.

What the checker is asked, and what rules compare: the better such a claim reads, the better both judge it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.verbs import BASES, is_participle, past, third_person

AUX = (
    "is|are|was|were|has|have|had|do|does|did|can|could|will|would|should|may|might|must"
    "|isn't|aren't|wasn't|weren't|didn't|doesn't|hasn't|haven't"
)
"""What a question of yes or no begins with."""
_DO, _HAVE, _BE = ("do", "does", "did"), ("has", "have", "had"), ("is", "are", "was", "were")
_DETERMINERS = frozenset(
    "the a an any some no all both each every his her their its our my your this that these those another".split()
)
_ARTICLES = frozenset("the a an his her their its our my your another one".split())
_PRONOUNS = frozenset("it he she they we you i there".split())
_ADVERBS = frozenset("still ever already also not never just even again yet really actually now only then both".split())
_CLAUSES = frozenset("when while before after because if until till unless since although though as who which".split())
_PREPOSITIONS = frozenset(
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
_TAKES_VERB = frozenset("help let make go come try dare be have get".split())
_SOME = {"any": "some", "anyone": "someone", "anybody": "somebody", "anything": "something"}
_NONE = {"any": "no", "anyone": "nobody", "anybody": "nobody", "anything": "nothing", "all": "not all"}


@dataclass(frozen=True, slots=True)
class _Parts:
    """A question taken apart; ``subject`` and ``predicate`` in the question's words."""

    aux: str
    subject: str
    predicate: str


def assertion(question: str) -> str:
    """A yes/no question as the claim that a "yes" makes: `Was the wall breached?` gives `The wall was breached.`"""
    body = _body(question)
    parts = _taken_apart(body)
    if parts is None:
        return _sentence(re.sub(rf"^(?:{'|'.join(_DO)})\s+", "", body, flags=re.I))
    return _told(parts, _replaced(parts.subject, _SOME), _positive(parts.predicate))


def denial(question: str) -> str:
    """A yes/no question as the claim that a "no" makes: `Was the wall breached?` gives `The wall was not breached.`"""
    parts = _taken_apart(_body(question))
    if parts is None:
        claim = assertion(question)
        return f"It is not so that {claim[:1].lower()}{claim[1:]}"
    nobody = _replaced(re.sub(r"^any of\b", "none of", parts.subject, flags=re.I), _NONE)
    if nobody != parts.subject:
        return _told(parts, nobody, parts.predicate)
    told = f"{parts.subject} {parts.aux} not {parts.predicate}"
    told = re.sub(r"\bnot (?:still|any longer)\b", "no longer", re.sub(r"\bnot ever\b", "not", told))
    return _sentence(re.sub(r"^(there \w+) not (?:an?|any)\b", r"\1 no", told, flags=re.I))


def _body(question: str) -> str:
    body = question.strip().rstrip("?!. ").strip()
    return re.sub(r"^(?:and|so|but)\s+", "", body, flags=re.I)


def _taken_apart(body: str) -> _Parts | None:
    """None where no auxiliary stands in front, or it is not seen where the predicate begins."""
    match = re.match(rf"^(?P<aux>{AUX})\s+(?P<rest>.+)$", body, re.I)
    if match is None:
        return None
    words = match["rest"].split()
    aux = match["aux"].lower().removesuffix("n't")
    at = _predicate(aux, [word.strip(",;:\"'“”").lower() for word in words], words)
    return _Parts(aux, " ".join(words[:at]), " ".join(words[at:])) if at else None


def _predicate(aux: str, low: Sequence[str], words: Sequence[str]) -> int:
    """Place of the first word of the predicate; 0 where it is not seen."""
    start = 1 if low[0] not in _DETERMINERS else 2
    if low[0] in _PRONOUNS:
        return 1 if len(low) > 1 else 0
    clause = (i for i in range(start, len(low)) if low[i] in _CLAUSES or words[i - 1].endswith(","))
    end = next(clause, len(low))
    verbs = [i for i in range(start, end) if _may_follow(aux, low[i]) and not _describes(low, i)]
    if aux not in _BE + _HAVE and len(verbs) > 1 and _is_noun(low, verbs[0], verbs[1], end):
        verbs = verbs[1:]
    found = verbs[0] if verbs else _without_verb(aux, low, start, end)
    while found > start and (low[found - 1] in _ADVERBS or low[found - 1].endswith("ly")):
        found -= 1
    return found if found < len(low) else 0


def _may_follow(aux: str, word: str) -> bool:
    """Whether a word is a verb in the form that an auxiliary wants."""
    if aux in _BE:
        return is_participle(word) or (len(word) > 4 and word.endswith("ing") and word not in _NO_VERBS)
    if aux in _HAVE:
        return is_participle(word)
    return word in BASES or word == "be"


def _is_noun(low: Sequence[str], first: int, second: int, end: int) -> bool:
    """Whether the first of two words that may both be the verb is a noun: "did the vote fail", but "did police use live
    rounds"."""
    behind = low[second + 1] if second + 1 < end else ""
    closed = not behind or behind in _PREPOSITIONS or behind in _DETERMINERS or behind in _ADVERBS
    return second == first + 1 and closed and low[first] not in _TAKES_VERB


def _describes(low: Sequence[str], at: int) -> bool:
    """Whether a word that may be a verb stands before or as a noun: "the armed group", "a strike", "of dropping it"."""
    before = low[at - 1]
    owned = before.endswith(("'s", "’s")) and not is_participle(low[at])
    if low[at].endswith("ing") and (before == "of" or before in _PREPOSITIONS):
        return True
    return before in _ARTICLES or owned or (before.endswith("ly") and at > 1 and low[at - 2] in _ARTICLES)


def _without_verb(aux: str, low: Sequence[str], start: int, end: int) -> int:
    """Where the predicate of a form of "be" begins that has no participle: at an adverb, an adjective, a preposition
    other than "of", or a second noun phrase; at the last word where nothing of these is seen."""
    if aux not in _BE:
        return 0
    for i in range(start, end):
        if low[i] in _ADVERBS or low[i] in _ADJECTIVES or low[i] in _PREPOSITIONS:
            return i
        if low[i] in _ARTICLES and low[i - 1] != "of":
            return i
    return end - 1 if end - 1 >= start else 0


def _told(parts: _Parts, subject: str, predicate: str) -> str:
    """The claim: with "did" and "does" in the verb, where they ask."""
    if parts.aux not in _DO:
        return _sentence(f"{subject} {parts.aux} {predicate}")
    adverbs, verb, tail = _verb_of(predicate)
    told = {"did": past, "does": third_person}.get(parts.aux, str)(verb)
    return _sentence(f"{subject} {adverbs} {told} {tail}")


def _positive(predicate: str) -> str:
    """The predicate as a claim says it: "suffered some damage", not "ever suffered any damage"."""
    told = re.sub(r"^ever\s+", "", predicate, flags=re.I)
    return re.sub(r"\b(any(?:one|body|thing)?)\b", lambda m: _SOME[m[1].lower()], told, flags=re.I)


def _verb_of(predicate: str) -> tuple[str, str, str]:
    """Adverbs, verb and the rest."""
    words = predicate.split()
    at = next((i for i, word in enumerate(words) if word.lower().strip(",") in BASES), 0)
    return " ".join(words[:at]), words[at], " ".join(words[at + 1 :])


def _replaced(subject: str, others: dict[str, str]) -> str:
    first, _, rest = subject.partition(" ")
    return f"{others.get(first.lower(), first)} {rest}".strip()


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + text[1:] + "." if text else text
