"""A question and an answer as one claim, for the checker: the answer put where the question leaves its place.

The checker learnt from sentences that people would write, so a claim that reads like one is judged better.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.answer.assertions import AUX, PREPOSITIONS, Parts, is_do, sentence, taken_apart, told_verb
from qa.answer.verbs import BASES, PASTS, is_participle
from qa.answer.words import FUNCTION_WORDS, fold, stem, words

_AUX = rf"(?:{AUX}|had)"
_LONE = frozenset("shortly early late last this next yesterday today tonight about around just soon nearly".split())
_YEAR = re.compile(r"^(?:\d{4}s?|(?:early |late |mid-)?(?:[A-Z][a-z]+ )\d{4}|(?:in )?[A-Z][a-z]+)$")
_RELATIVE = frozenset("that who which when where because".split())
_WANTS = re.compile(
    r"\b(?:want|agree|tr(?:y|ie)|plan|hope|intend|meant|decid|refus|threaten|promis|need|ha[sd]|have|beg[ai]n|start|continu"
    r"|fail|manag|offer|forc|expect|suppos|going|due|order|ask|told|allow|urg)"
)
"""Verbs behind which "to" and a verb belong to them, so that the answer is of that verb."""
_CLOCK = re.compile(r"\d[:.]\d\d\b|\b[ap]\.?m\b|o'clock|\bnoon\b|\bmidnight\b|\bpast\b|\bhalf\b", re.I)
_WEEKDAY = re.compile(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b", re.I)
_PARTICLES = frozenset("out up down off like worth due".split())
_PLACED = rf"(?:{'|'.join(sorted(PREPOSITIONS - _PARTICLES))}|of|since|until|thanks to)"


def statement(question: str, answer: str) -> str:
    """The question turned into a claim that gives ``answer``; rough grammar is no harm.

    Falls back to ``question: answer`` where no form fits.
    """
    body, frame = _framed(question.strip().rstrip("?!. ").strip())
    answer = answer.strip() if _HALF_DAY.search(answer) else answer.strip().rstrip(".,;")
    for pattern, form in _FORMS:
        match = pattern.match(body)
        told = form(match.groupdict(), answer) if match else ""
        if told:
            return sentence(f"{told}{frame}")
    return sentence(f"{body}{frame}: {answer}")


def _framed(body: str) -> tuple[str, str]:
    """The question, and what stood before it or between commas, put behind: "When the crush started, how many ...",
    "When, according to the firm, did ..."."""
    before = _BEFORE.match(body)
    if before:
        return before["rest"], f" {before['frame'][:1].lower()}{before['frame'][1:]}"
    between = _BETWEEN.match(body)
    return (f"{between['a']} {between['rest']}", f" {between['frame']}") if between else (body, "")


Groups = dict[str, str]
"""Of a question's form, by name: ``p`` preposition, ``n`` what is asked for, ``x`` auxiliary, ``r`` the rest."""


def _how_many(found: Groups, answer: str) -> str:
    if any(word.lower() in PASTS or is_participle(word) for word in found["n"].split()):
        return ""
    counted = answer if found["w"].lower() == "much" else f"{_without_repeat(answer, found['n'])} {found['n']}"
    if _predicates(found["r"]) and not is_do(found["x"]):
        return f"{counted} {found['x']} {found['r']}"
    return _as_object(found, counted) or ("" if is_do(found["x"]) else f"{counted} {found['x']} {found['r']}")


def _so_many(found: Groups, answer: str) -> str:
    """ "How many guards lost": the rest is told of the answer."""
    noun, _, rest = found["r"].partition(" ")
    return f"{_without_repeat(answer, noun)} {noun} {rest}"


def _of_how_many(found: Groups, answer: str) -> str:
    return _with_preposition(found, f"{_without_repeat(answer, found['n'] or '')} {found['n'] or ''}".strip())


def _why(found: Groups, answer: str) -> str:
    parts = _parts(found)
    if parts is None:
        return ""
    because = "" if fold(answer).startswith(("because", "to ", "due to", "in order")) else "because "
    return f"{_whole(parts)} {because}{answer}"


def _when(found: Groups, answer: str) -> str:
    parts = _parts(found)
    if parts is None:
        return f"{found['r']} {found['x']} {_timed(answer)}"
    return f"{_whole(parts)} {_timed(answer)}"


def _where(found: Groups, answer: str) -> str:
    placed = answer if _begins_with_preposition(answer) else f"{(found.get('p') or 'in').lower()} {answer}"
    parts = _parts(found)
    return f"{_whole(parts)} {placed}" if parts else f"{found['r']} {found['x']} {placed}"


def _with_preposition(found: Groups, answer: str) -> str:
    """ "In which year was", "by whom were", "of what calibre was"."""
    parts = _parts(found)
    if parts is None:
        return ""
    bare = _begins_with_preposition(answer) or answer.split(maxsplit=1)[0].lower() in _LONE
    return f"{_whole(parts)} {answer if bare else found['p'].lower() + ' ' + answer}"


def _on_behalf(found: Groups, answer: str) -> str:
    return _with_preposition({**found, "p": f"at the {found['n']} of"}, answer)


def _whose(found: Groups, answer: str) -> str:
    return _as_object(found, f"{answer}'s {found['n']}") if is_do(found["x"]) else ""


def _asked(found: Groups, answer: str) -> str:
    """What stands for "what", "which N" or "how big": the subject where a predicate follows at once, else an object,
    else the other side of "is"."""
    asked = (found.get("n") or "").split()
    if any(word.lower() in PASTS or is_participle(word) or word.lower() in _RELATIVE for word in asked):
        return ""
    if _predicates(found["r"]) and not is_do(found["x"]):
        return f"{answer} {found['x']} {found['r']}"
    return _as_object(found, answer) or ("" if is_do(found["x"]) else f"{found['r']} {found['x']} {answer}")


def _predicates(rest: str) -> bool:
    """Whether what follows an auxiliary begins with a predicate, not with a subject."""
    first = rest.split(maxsplit=1)[0].lower()
    return is_participle(first) or first.endswith(("ing", "ly")) or first in PREPOSITIONS | {"not", "also", "still"}


def _as_object(found: Groups, answer: str) -> str:
    """The answer behind the verb, or at the end behind a preposition; empty where no verb is seen."""
    parts = _parts(found)
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


def _subject(found: Groups, answer: str) -> str:
    """ "What caused", "which auditor declined", "what share goes": the answer does it."""
    rest = found["r"].split()
    owner = ("'s", "’s")
    at = next((i for i, word in enumerate(rest[:6]) if _finite(word, i) and not rest[i - 1].endswith(owner)), None)
    return f"{answer} {' '.join(rest[at:])}" if at is not None else ""


def _finite(word: str, at: int) -> bool:
    low = word.lower()
    singular = at > 0 and low.endswith("s") and (low[:-1] in BASES or low[:-2] in BASES)
    return low in PASTS or is_participle(low) or singular


def _parts(found: Groups) -> Parts | None:
    return taken_apart(f"{found['x']} {found['r']}")


def _whole(parts: Parts) -> str:
    subject, verb, tail = told_verb(parts)
    return f"{subject} {verb} {tail}"


def _timed(answer: str) -> str:
    if _begins_with_preposition(answer) or answer.split(maxsplit=1)[0].lower() in _LONE:
        return answer
    day, hour = _WEEKDAY.search(answer), _CLOCK.search(answer)
    if _YEAR.match(answer) and day is None:
        return f"in {answer}"
    return f"{'at' if hour and (day is None or hour.start() < day.start()) else 'on'} {answer}"


def _begins_with_preposition(answer: str) -> bool:
    return fold(answer).partition(" ")[0] in PREPOSITIONS | {"before", "after", "until", "since"}


def _without_repeat(answer: str, noun: str) -> str:
    """`100 Marines` before the noun `Marines` becomes `100`."""
    tail = words(noun)[-1:]
    kept = answer.split()
    if tail and kept and words(kept[-1]) and stem(words(kept[-1])[-1]) == stem(tail[0]) and len(kept) > 1:
        kept.pop()
        while len(kept) > 1 and fold(kept[-1]) in FUNCTION_WORDS:
            kept.pop()
    return " ".join(kept)


def _form(pattern: str, form: Callable[[Groups, str], str]) -> tuple[re.Pattern[str], Callable[[Groups, str], str]]:
    return re.compile(pattern, re.I), form


_REST = rf"(?P<x>{_AUX}) (?P<r>.+)$"
_HALF_DAY = re.compile(r"\b[ap]\.m\.$", re.I)
_ASKING = r"(?:who|whom|whose|what|which|where|when|why|how)"
_BEFORE = re.compile(rf"^(?P<frame>(?!{_ASKING}\b(?!\s+the\b))[^,?]+), (?P<rest>(?:\w+ )?{_ASKING}\b.+)$", re.I)
_BETWEEN = re.compile(rf"^(?P<a>{_ASKING}), (?P<frame>according to [^,]+), (?P<rest>.+)$", re.I)
_FORMS = (
    _form(rf"^how (?P<w>many|much) (?!(?:{AUX})\b)(?P<n>.+?) {_REST}", _how_many),
    _form(r"^how many (?P<r>.+)$", _so_many),
    _form(rf"^(?P<p>{_PLACED}) how (?:many|much|far|long)(?: (?P<n>.+?))?? {_REST}", _of_how_many),
    _form(r"^who(?:m)? (?P<r>(?!do\b|does\b|did\b).+)$", lambda found, answer: f"{answer} {found['r']}"),
    _form(rf"^why {_REST}", _why),
    _form(rf"^when {_REST}", _when),
    _form(rf"^(?:(?P<p>from|to) )?where {_REST}", _where),
    _form(rf"^at whose (?P<n>\w+) {_REST}", _on_behalf),
    _form(rf"^(?P<p>{_PLACED}) (?:whom|what|which|who|when)(?: [^?]*?)?? {_REST}", _with_preposition),
    _form(rf"^whose (?P<n>\w+) {_REST}", _whose),
    _form(r"^whose (?P<r>.+)$", lambda found, answer: f"{answer}'s {found['r']}"),
    _form(rf"^(?:what|which|who|whom|how)(?: (?P<n>[^?]*?))?? {_REST}", _asked),
    _form(r"^(?:what|which) (?P<r>.+)$", _subject),
)
