"""A question and an answer as one claim, for the checker: the answer put where the question leaves its place.

The checker learnt from sentences that people would write, so a claim that reads like one is judged better.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.answer.assertions import AUX, PREPOSITIONS, is_do, sentence
from qa.answer.placing import (
    LONE,
    Groups,
    as_object,
    begins_with_preposition,
    parts_of,
    predicates,
    timed,
    whole,
    without_repeat,
)
from qa.answer.verbs import BASES, PASTS, is_participle
from qa.answer.words import fold

_ARTICLES = frozenset("the a an his her their its our my your".split())
_HOW_MUCH = frozenset("never nearly almost first last later also still".split())
_COMPARATIVE = re.compile(r"^(?:more|less|further|\w{3,}er)\b", re.I)
_SHARE = re.compile(r"^(?:share|percentage|per ?cent|proportion|part|fraction) of (?P<whole>.+)$", re.I)
_LENGTH = re.compile(
    r"^(?!an? ).*\b"
    r"(?:inch(?:es)?|foot|feet|yards?|miles?|(?:kilo|centi|milli)?met(?:re|er)s?|km|cm|mm|years?|months?|weeks?|days?)$",
    re.I,
)
_THEN = re.compile(r"\s(?:when|while|before|after|by the time|at the time)\b", re.I)
_RELATIVE = frozenset("that who which when where because".split())
_PARTICLES = frozenset("out up down off like worth due".split())
_PLACED = rf"(?:{'|'.join(sorted(PREPOSITIONS - _PARTICLES))}|of|since|until|thanks to)"


def statement(question: str, answer: str) -> str:
    """The question turned into a claim that gives ``answer``; rough grammar is no harm.

    Falls back to ``question: answer`` where no form fits.
    """
    body, frame = _framed(_ELSE.sub(r"\1", question.strip().rstrip("?!. ").strip()))
    answer = answer.strip() if _HALF_DAY.search(answer) else answer.strip().rstrip(".,;")
    for pattern, form in () if not answer.split() or _TWOFOLD.search(body) else _FORMS:
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


def _how_many(found: Groups, answer: str) -> str:
    if any(word.lower() in PASTS or is_participle(word) for word in found["n"].split()):
        return ""
    counted = _counted(found, answer)
    if found["r"].lower().startswith("there "):
        return f"there {found['x']} {counted} {found['r'][len('there ') :]}"
    if predicates(found["r"], found["x"]):
        return f"{counted} {found['x']} {found['r']}"
    if _COMPARATIVE.match(found["n"]) and not is_do(found["x"]):
        return f"{found['r']} {found['x']} {counted}"
    return as_object(found, counted) or ("" if is_do(found["x"]) else f"{counted} {found['x']} {found['r']}")


def _counted(found: Groups, answer: str) -> str:
    """So many of what is counted: "12 seats", "a third of the budget", "20 per cent higher", "two months of notice"."""
    noun = found["n"]
    if found["w"].lower() == "many":
        return answer if fold(answer) in ("once", "twice") else f"{without_repeat(answer, noun)} {noun}"
    if noun.lower() in ("money", "time"):
        return answer
    return f"{answer} {noun}" if noun.startswith("of ") or _COMPARATIVE.match(noun) else f"{answer} of {noun}"


def _so_many(found: Groups, answer: str) -> str:
    """ "How many guards lost": the rest is told of the answer."""
    noun, _, rest = found["r"].partition(" ")
    return f"{_counted({**found, 'n': noun}, answer)} {rest}"


def _at_a_distance(found: Groups, answer: str) -> str:
    """ "How long before the merger did"."""
    parts = parts_of(found)
    return f"{whole(parts)} {answer} {found['n']}" if parts else ""


def _of_size(found: Groups, answer: str) -> str:
    """ "How high is the tower": so many metres high; "how far from shore was it when": what happened then stays
    behind."""
    parts = parts_of(found)
    away = found["away"] or ""
    if is_do(found["x"]) and away:
        return f"{whole(parts)} {answer} {away}" if parts else ""
    if is_do(found["x"]) or (parts and parts.verbal) or predicates(found["r"], found["x"]):
        return ""
    sized = found["n"] if _LENGTH.search(answer) and not away else ""
    then = _THEN.search(found["r"])
    subject, behind = (found["r"][: then.start()], found["r"][then.start() :]) if then else (found["r"], "")
    return " ".join(filter(None, (subject, found["x"], answer, sized, away, behind.strip())))


def _in_the_end(found: Groups, answer: str) -> str:
    """How often and in what manner."""
    parts = parts_of(found)
    return f"{whole(parts)} {answer}" if parts else f"{found['r']} {found['x']} {answer}"


def _who(found: Groups, answer: str) -> str:
    """ "Who was sent", "who has the board dismissed", "who was the contract awarded to"."""
    asked = f"{answer} {found['x']} {found['r']}"
    if predicates(found["r"], found["x"]):
        return asked
    parts = parts_of(found)
    of_be = found["x"].lower() in ("is", "are", "was", "were")
    if parts is None or not parts.verbal or (of_be and found["r"].split()[-1].lower() not in PREPOSITIONS | {"of"}):
        return asked
    return as_object(found, answer) or asked


def _of_how_many(found: Groups, answer: str) -> str:
    return _with_preposition(found, f"{without_repeat(answer, found['n'] or '')} {found['n'] or ''}".strip())


def _why(found: Groups, answer: str) -> str:
    parts = parts_of(found)
    if parts is None:
        return ""
    because = "" if fold(answer).startswith(("because", "to ", "due to", "in order")) else "because "
    return f"{whole(parts)} {because}{answer}"


def _when(found: Groups, answer: str) -> str:
    parts = parts_of(found)
    if parts is None:
        return "" if is_do(found["x"]) else f"{found['r']} {found['x']} {timed(answer)}"
    return f"{whole(parts)} {timed(answer)}"


def _where(found: Groups, answer: str) -> str:
    parts = parts_of(found)
    if parts is None and is_do(found["x"]):
        return ""
    told = whole(parts) if parts else f"{found['r']} {found['x']}"
    bare = begins_with_preposition(answer) or told.split()[-1].lower() in ("from", "to", "in", "at", "into")
    return f"{told} {answer if bare else (found.get('p') or 'in').lower() + ' ' + answer}"


def _with_preposition(found: Groups, answer: str) -> str:
    """ "In which year was", "by whom were", "of what calibre was"."""
    parts = parts_of(found)
    if parts is None:
        return ""
    bare = begins_with_preposition(answer) or answer.split(maxsplit=1)[0].lower() in LONE
    return f"{whole(parts)} {answer if bare else found['p'].lower() + ' ' + answer}"


def _on_behalf(found: Groups, answer: str) -> str:
    return _with_preposition({**found, "p": f"{found['p']} the {found['n']} of"}, answer)


def _whose(found: Groups, answer: str) -> str:
    return as_object(found, f"{answer}'s {found['n']}") if is_do(found["x"]) else ""


def _asked(found: Groups, answer: str) -> str:
    """What stands for "what", "which N" or "how big": the subject where a predicate follows at once, else an object,
    else the other side of "is"."""
    asked = (found.get("n") or "").split()
    if any(word.lower() in PASTS or is_participle(word) or word.lower() in _RELATIVE for word in asked):
        return ""
    share = _SHARE.match(" ".join(asked))
    answer = f"{answer} of {share['whole']}" if share else answer
    if predicates(found["r"], found["x"]):
        return f"{answer} {found['x']} {found['r']}"
    if told := as_object(found, answer):
        return told
    if is_do(found["x"]):
        return ""
    has = found["x"].lower() in ("has", "have", "had")
    named = found["r"][:1].isupper() or found["r"].split()[0].lower() in _ARTICLES
    pronoun, _, behind = found["r"].partition(" ")
    if pronoun.lower() in ("it", "he", "she", "they"):
        return f"{pronoun} {found['x']} {answer} {behind}"
    turned = bool(asked) and found["w"].lower() != "how" and (has or not named)
    return f"{answer} {found['x']} {found['r']}" if turned else f"{found['r']} {found['x']} {answer}"


def _subject(found: Groups, answer: str) -> str:
    """ "What caused", "which auditor never declined", "what share goes": the answer does it."""
    rest = found["r"].split()
    first = 0 if found["w"].lower() == "what" else 1
    owner = ("'s", "’s")
    place = (i for i, word in enumerate(rest[:6]) if _finite(word, i >= first) and not rest[i - 1].endswith(owner))
    at = next(place, None)
    if at is None:
        return ""
    while at and (rest[at - 1].lower() in _HOW_MUCH or rest[at - 1].endswith("ly")):
        at -= 1
    share = _SHARE.match(" ".join(rest[:at]))
    return f"{answer}{' of ' + share['whole'] if share else ''} {' '.join(rest[at:])}"


def _finite(word: str, present: bool) -> bool:
    low = word.lower()
    bases = {low[:-1], low[:-2], f"{low[:-3]}y"} if present and low.endswith("s") else set()
    return low in PASTS or is_participle(low) or bool(bases & BASES)


def _form(pattern: str, form: Callable[[Groups, str], str]) -> tuple[re.Pattern[str], Callable[[Groups, str], str]]:
    return re.compile(pattern, re.I), form


_REST = rf"(?P<x>{AUX}) (?P<r>.+)$"
_HALF_DAY = re.compile(r"\b[ap]\.m\.$", re.I)
_ELSE = re.compile(r"^(\w+) (?:else|exactly)\b", re.I)
_TWOFOLD = re.compile(r"\band (?:\w+ )?(?:who|whom|whose|what|which|where|when|why|how)\b", re.I)
_ASKING = r"(?:who|whom|whose|what|which|where|when|why|how)"
_BEFORE = re.compile(rf"^(?P<frame>(?!{_ASKING}\b(?!\s+the\b))[^,?]+), (?P<rest>(?:\w+ )?{_ASKING}\b.+)$", re.I)
_BETWEEN = re.compile(rf"^(?P<a>{_ASKING}), (?P<frame>according to [^,]+), (?P<rest>.+)$", re.I)
_FORMS = (
    _form(rf"^how (?P<w>many|much) (?!(?:{AUX})\b)(?P<n>.+?) {_REST}", _how_many),
    _form(rf"^how (?P<w>many|much) (?P<r>(?!(?:{AUX})\b).+)$", _so_many),
    _form(rf"^how (?:long|soon|far|much earlier|much later) (?P<n>(?:before|after) .+?) {_REST}", _at_a_distance),
    _form(
        rf"^how (?P<n>far|deep|high|tall|wide|thick|long|old)"
        rf"(?: (?P<away>away|(?:from|off|below|above|under) .+?))?? {_REST}",
        _of_size,
    ),
    _form(rf"^how(?: often| soon| exactly)? {_REST}", _in_the_end),
    _form(rf"^(?P<p>{_PLACED}) how (?:many|much|far|long)(?: (?P<n>.+?))?? {_REST}", _of_how_many),
    _form(rf"^who(?:m)? (?!do\b|does\b|did\b){_REST}", _who),
    _form(r"^who(?:m)? (?P<r>(?!do\b|does\b|did\b).+)$", lambda found, answer: f"{answer} {found['r']}"),
    _form(rf"^why {_REST}", _why),
    _form(rf"^when {_REST}", _when),
    _form(rf"^(?:(?P<p>from|to) )?where {_REST}", _where),
    _form(rf"^(?P<p>{_PLACED}) whose (?P<n>\w+) {_REST}", _on_behalf),
    _form(rf"^(?P<p>{_PLACED}) (?:whom|what|which|who|when)(?: [^?]*?)?? {_REST}", _with_preposition),
    _form(rf"^whose (?P<n>\w+) {_REST}", _whose),
    _form(r"^whose (?P<r>.+)$", lambda found, answer: f"{answer}'s {found['r']}"),
    _form(rf"^(?P<w>what|which|who|whom|how)(?: (?P<n>[^?]*?))?? {_REST}", _asked),
    _form(r"^(?P<w>what|which) (?P<r>.+)$", _subject),
)
