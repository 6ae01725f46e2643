"""Where the answer goes in a claim: behind the verb, behind a preposition, at the end with what makes it a time."""

from __future__ import annotations

import re

from qa.answer.assertions import PREPOSITIONS, Parts, is_do, taken_apart, told_verb
from qa.answer.verbs import BASES, is_participle
from qa.answer.words import FUNCTION_WORDS, fold, stem, words

LONE = frozenset("shortly early late last this next yesterday today tonight about around just soon nearly".split())
_YEAR = re.compile(r"^(?:\d{4}s?|(?:early |late |mid-)?(?:[A-Z][a-z]+ )\d{4}|(?:in )?[A-Z][a-z]+)$")
_WANTS = re.compile(
    r"\b(?:want|agree|tr(?:y|ie)|plan|hope|intend|meant|decid|refus|threaten|promis|need|ha[sd]|have|beg[ai]n|start|continu"
    r"|fail|manag|offer|forc|expect|suppos|going|due|order|ask|told|allow|urg)"
)
"""Verbs behind which "to" and a verb belong to them, so that the answer is of that verb."""
_CLOCK = re.compile(r"\d[:.]\d\d\b|\b[ap]\.?m\b|o'clock|\bnoon\b|\bmidnight\b|\bpast\b|\bhalf\b", re.I)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.I)
Groups = dict[str, str]
"""Of a question's form, by name: ``p`` preposition, ``n`` what is asked for, ``x`` auxiliary, ``r`` the rest."""


def predicates(rest: str, aux: str) -> bool:
    """Whether what follows an auxiliary begins with a predicate, not with a subject."""
    first = rest.split(maxsplit=1)[0].lower()
    if first in ("not", "also", "still", "never"):
        return True
    if is_do(aux):
        return False
    if aux.lower() in ("can", "could", "will", "would", "should", "may", "might", "must", "shall"):
        return first in BASES or first in ("be", "have")
    return is_participle(first) or first.endswith(("ing", "ly")) or first in PREPOSITIONS


def as_object(found: Groups, answer: str) -> str:
    """The answer behind the verb, or at the end behind a preposition; empty where no verb is seen."""
    parts = parts_of(found)
    subject, verb, tail = told_verb(parts) if parts else ("", "", "")
    if not verb:
        return ""
    return f"{subject} {_completed(verb, tail, answer, taken=(subject.lower(), verb) == ('it', 'took'))}"


def _completed(verb: str, tail: str, answer: str, *, taken: bool) -> str:
    """A verb and what follows it with the answer between or behind."""
    if verb in ("does", "did", "do") and not tail:
        return answer
    left, todo, right = f" {tail} ".partition(" to do ")
    if todo:
        return f"{verb} {left} to {answer.removeprefix('to ')} {right}"
    if tail and tail.rsplit(maxsplit=1)[-1].lower() in PREPOSITIONS | {"of"}:
        return f"{verb} {tail} {answer}"
    if tail.startswith("to ") and _WANTS.search(verb):
        to, _, behind = tail[3:].partition(" ")
        return f"{verb} to {to} {answer} {behind}"
    return f"{verb} {answer} {'for ' if taken else ''}{tail}"


def parts_of(found: Groups) -> Parts | None:
    """What follows the question's auxiliary, taken apart; None where no predicate is seen."""
    return taken_apart(f"{found['x']} {found['r']}")


def whole(parts: Parts) -> str:
    """What the question says by itself, told."""
    subject, verb, tail = told_verb(parts)
    return f"{subject} {verb} {tail}"


def timed(answer: str) -> str:
    """The answer as it says when: in a year, on a day, at an hour; as it stands where it has its preposition."""
    if begins_with_preposition(answer) or answer.split(maxsplit=1)[0].lower() in LONE:
        return answer
    if re.search(r"\bago$|^the \w+ (?:before|after)\b|^the (?:next|same|following)\b", answer, re.I):
        return answer
    if re.fullmatch(r"(?:the )?(?:early |late )?(?:spring|summer|autumn|winter)(?: of)?(?: \d{4})?", answer, re.I):
        return f"in {answer}"
    day, hour = _WEEKDAY.search(answer), _CLOCK.search(answer)
    if _YEAR.match(answer) and day is None:
        return f"in {answer}"
    return f"{'at' if hour and (day is None or hour.start() < day.start()) else 'on'} {answer}"


def begins_with_preposition(answer: str) -> bool:
    """Whether the answer brings its own preposition: "in Lisk", "after the vote"."""
    return fold(answer).partition(" ")[0] in PREPOSITIONS | {"before", "after", "until", "since"}


def without_repeat(answer: str, noun: str) -> str:
    """`100 Marines` before the noun `Marines` becomes `100`."""
    tail = words(noun)[-1:]
    kept = answer.split()
    if tail and kept and words(kept[-1]) and stem(words(kept[-1])[-1]) == stem(tail[0]) and len(kept) > 1:
        kept.pop()
        while len(kept) > 1 and fold(kept[-1]) in FUNCTION_WORDS:
            kept.pop()
    return " ".join(kept)
