"""Step two: each passage is read alone with the question; the reply is the shortest answer that the passage states, or
a refusal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from qa.answer.asking import LEAST_PROMISE, TEMPLATE_TOKENS, Asked, Readers, asked_of, fits, passes, request_of
from qa.answer.assertions import assertion
from qa.answer.instructions import addresses_reader, plain_sentences
from qa.answer.locate import locate, sentence_of, text_of
from qa.answer.names import names
from qa.answer.negation import reverses
from qa.answer.pointing import Choice, choose, insisted, pooled
from qa.answer.question import Question, parse
from qa.answer.words import content, fold
from qa.models.seams import Completion
from qa.resources import REFUSAL
from qa.types import Cancel, Hit, Passage, Source, Span, never

if TYPE_CHECKING:
    from qa.models.seams import Generator

DOUBTED = 0.2
"""Probability that a refused passage holds an answer after all, from which it is looked at again."""
SECOND_LOOKS = 2
"""At most so many passages."""
_WEEKDAY = re.compile(r"(?:mon|tues|wednes|thurs|fri|satur|sun)day", re.I)
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?|July?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?"
    r"|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE_BEHIND = re.compile(rf",? (?:the )?(?:{_DAY}(?: of)? {_MONTH}|{_MONTH} {_DAY})(?!\w)(?:,? \d{{4}}(?!\w))?")
_REFUSALS = re.compile(
    r"\b(not found|no answer|does(?: not|n't) (?:say|mention|state|specify|contain|provide)|"
    r"not (?:mentioned|stated|specified|given|provided)|"
    r"(?:don't|do not|cannot|can't) (?:know|answer|determine|find)|no (?:information|mention)|unanswerable|unknown)\b"
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What reading one passage gave."""

    hit: Hit
    text: str
    """The answer in the passage's own words; `yes` or `no` for a yes/no question; empty when the passage holds none."""
    span: Span | None
    """Of the answer in the document; of the bearing sentence for yes/no. None when ``text`` is empty."""
    sentence: Span | None
    """The sentence or sentences that hold the span."""
    answerable: float
    """Probability that the passage holds this answer: one minus the refusal's, 0.5 where the model cannot say; moved by
    the span reader where it was asked."""
    certainty: float
    """Geometric mean probability of the answer's tokens; 0.5 where the model cannot say."""
    unread: bool = False
    """The passage was left out because it does not fit the model's context."""
    passed: bool = False
    """The passage was not read because neither the span reader nor the reranker sees an answer in it, and others hold
    one."""
    pointed: float | None = None
    """Log-probability of the answer by the span reader; None where it was not asked."""
    borne: float | None = None
    """Probability by the checker that the bearing sentence decides a question of yes or no; None where it was not
    asked, or left it open."""

    @property
    def evidence(self) -> str:
        """Text of the bearing sentence; empty without one."""
        return text_of(self.hit.passage, self.sentence) if self.sentence else ""

    @property
    def before(self) -> str:
        """Text of the sentence before the bearing one; empty without one."""
        if self.sentence is None:
            return ""
        earlier = [s for s in plain_sentences(self.hit.passage) if s.end <= self.sentence.start]
        return text_of(self.hit.passage, earlier[-1]) if earlier else ""


def read(readers: Readers, question: Question, hits: Sequence[Hit], cancel: Cancel = never) -> list[Reading]:
    """One reading a hit, in order; a passage that does not fit the model's context is marked unread, and one that needs
    no reading passed. Raises what the generator raises."""
    asked = asked_of(readers, question, hits)
    fitting = {i for i, one in enumerate(asked) if fits(readers.generator, one.request)}
    if not readers.generator.info.trained_reader:
        return _told(readers, question, asked, _replies(readers, asked, fitting, cancel))
    passed = {i for i in fitting if passes(asked[i])}
    replies = _replies(readers, asked, fitting - passed, cancel)
    readings = _told(readers, question, asked, replies, passed)
    if not cancel() and not any(reading.text for reading in readings):
        replies |= _replies(readers, asked, {i for i in passed if not passes(asked[i], LEAST_PROMISE)}, cancel)
        readings = _told(readers, question, asked, replies, passed)
    if not cancel() and not any(reading.text for reading in readings):
        for i in _doubted(replies):
            again = replace(asked[i].request, barred=(REFUSAL,))
            readings[i] = _reading(readers, question, asked[i], readers.generator.complete([again], cancel)[0])
    for i, reply in replies.items():
        if not readings[i].text:
            readings[i] = _pointed_at(readers, question, asked[i], reply) or readings[i]
    return readings


def _replies(readers: Readers, asked: Sequence[Asked], which: Set[int], cancel: Cancel) -> dict[int, Completion]:
    """What the generator replies about these passages: one batch."""
    order = sorted(which)
    found = readers.generator.complete([asked[i].request for i in order], cancel) if order else []
    return dict(zip(order, found, strict=True))


def _told(
    readers: Readers,
    question: Question,
    asked: Sequence[Asked],
    replies: Mapping[int, Completion],
    passed: Set[int] = frozenset(),
) -> list[Reading]:
    """What the replies say, and of passages without one that they were left out."""
    return [
        _reading(readers, question, one, replies[i]) if i in replies else _left_out(one.hit, passed=i in passed)
        for i, one in enumerate(asked)
    ]


def _doubted(replies: Mapping[int, Completion]) -> list[int]:
    """Where every passage was refused, those that were refused least surely. They are asked again, for the answer that
    they would give. The probability of the refusal stays with it: whether it is worth stating is for the confidence to
    say.

    Only of a model whose refusals are calibrated: nothing else would hold back what it says against its own word."""
    found = (i for i, reply in replies.items() if REFUSAL in reply.candidates and _answerable(reply) >= DOUBTED)
    return sorted(found, key=lambda i: -_answerable(replies[i]))[:SECOND_LOOKS]


def read_ahead(generator: Generator, held: Iterable[tuple[Source, Passage]], cancel: Cancel = never) -> None:
    """Evaluate passages before any question about them, so that the first answers need not wait for it. Raises what the
    generator raises."""
    blank = parse("?")
    for source, passage in held:
        if cancel():
            return
        request = replace(request_of(blank, Hit(passage, source, 0.0)), max_tokens=1, candidates=())
        if generator.count_tokens(request.user) + TEMPLATE_TOKENS <= generator.info.context // 2:
            generator.complete([request], cancel)


def _left_out(hit: Hit, passed: bool) -> Reading:
    return Reading(hit, "", None, None, 0.0, 0.0, unread=not passed, passed=passed)


def _reading(readers: Readers, question: Question, asked: Asked, reply: Completion) -> Reading:
    hit, answerable, text = asked.hit, _answerable(reply), reply.text.strip()
    silent = Reading(hit, "", None, None, min(answerable, 0.5), 0.0)
    if _refuses(text) or reply.stopped == "cancelled":
        return silent
    choice = choose(asked.view, reply) if asked.view else Choice(text, reply.logprob, tokens=reply.tokens)
    if question.kind == "yesno":
        return _yes_or_no(question, hit, text, answerable, _certainty(readers, choice))
    return _located(readers, question, hit, choice, answerable) or silent


def _certainty(readers: Readers, choice: Choice) -> float:
    """Geometric mean probability of the answer's tokens; 0.5 where nobody says."""
    if choice.logprob is None:
        return 0.5
    tokens = readers.generator.count_tokens(choice.text) + 1 if choice.tokens is None else choice.tokens
    return math.exp(choice.logprob / max(1, tokens))


def _located(readers: Readers, question: Question, hit: Hit, choice: Choice, answerable: float) -> Reading | None:
    """The answer at its place in the passage; None where it stands nowhere, or in a sentence that speaks to the
    reader."""
    span = locate(choice.text, hit.passage, question.content)
    if span is None or addresses_reader(text_of(hit.passage, sentence_of(hit.passage, span))):
        return None
    if question.kind == "time" and "day of the week" not in fold(question.text):
        span = _with_its_date(hit.passage, span)
    sentence = sentence_of(hit.passage, span)
    if choice.pointed is not None:
        answerable = pooled(answerable, choice.pointed)
    certainty = _certainty(readers, choice)
    return Reading(hit, text_of(hit.passage, span), span, sentence, answerable, certainty, pointed=choice.pointed)


def _pointed_at(readers: Readers, question: Question, asked: Asked, reply: Completion) -> Reading | None:
    """What a refused passage says where the span reader points, if both readers together do not hold it too unlikely;
    the refusal's probability stays with it, and the confidence says what it is worth."""
    choice = insisted(asked.view, reply, _answerable(reply)) if asked.view and reply.stopped != "cancelled" else None
    if choice is None or question.kind == "yesno":
        return None
    return _located(readers, question, asked.hit, choice, _answerable(reply))


def _refuses(text: str) -> bool:
    return not text or _REFUSALS.search(fold(text)) is not None


def _with_its_date(passage: Passage, span: Span) -> Span:
    """A weekday together with the date that stands behind it: "Tuesday" of "on Tuesday, December 31, the ..."."""
    if not _WEEKDAY.fullmatch(text_of(passage, span)):
        return span
    date = _DATE_BEHIND.match(passage.text, span.end - passage.start)
    return Span(span.start, passage.start + date.end()) if date else span


def _answerable(completion: Completion) -> float:
    refusal = completion.candidates.get(REFUSAL)
    return 0.5 if refusal is None else 1.0 - min(1.0, math.exp(refusal))


def _yes_or_no(question: Question, hit: Hit, reply: str, answerable: float, certainty: float) -> Reading:
    """The model's word, unless the bearing sentence plainly denies what the question supposes: then it is "no"."""
    word = re.match(r"\W*(yes|no)\b", fold(reply))
    claim = assertion(question.text)
    bearing = bearing_sentence(hit.passage, claim)
    if word is None or bearing is None:
        return Reading(hit, "", None, None, min(answerable, 0.5), 0.0)
    denied = reverses(claim, text_of(hit.passage, bearing))
    return Reading(hit, "no" if denied else word.group(1), bearing, bearing, answerable, certainty)


def bearing_sentence(passage: Passage, claim: str) -> Span | None:
    """The sentence that shares most content stems with the claim; None when none shares any.

    What is said of somebody counts twice as much as who it is: "none was seriously hurt" may leave the name out."""
    named = set(content(" ".join(names(claim[:1].lower() + claim[1:]))))
    worth = {stem: 1 if stem in named else 2 for stem in content(claim)}
    scored = [
        (sum(worth.get(stem, 0) for stem in set(content(text_of(passage, s)))), -i, s)
        for i, s in enumerate(plain_sentences(passage))
    ]
    best = max(scored, default=(0, 0, Span(0, 0)))
    return best[2] if best[0] else None
