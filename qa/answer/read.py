"""Step two: each passage is read alone with the question; the reply is the shortest answer that the passage states, or
a refusal."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from qa.answer.instructions import addresses_reader, plain_sentences
from qa.answer.locate import locate, sentence_of, text_of
from qa.answer.names import names
from qa.answer.negation import reverses
from qa.answer.pointing import Choice, View, choose, pooled, views
from qa.answer.question import Question, assertion, parse
from qa.answer.words import content, fold
from qa.corpus.cleaning import clean
from qa.models.seams import Completion, Request
from qa.models.sighting import UNSEEN
from qa.resources import REFUSAL, prompt
from qa.types import Cancel, Hit, Passage, Source, Span, never

if TYPE_CHECKING:
    from qa.models.seams import Generator, Locator

MAX_ANSWER_TOKENS = 32
"""Of a read answer: the longest of a hundred SQuAD answers has about 25."""
DOUBTED = 0.2
"""Probability that a refused passage holds an answer after all, from which it is looked at again."""
SECOND_LOOKS = 2
"""At most so many passages."""
POINTLESS = -8.0
"""Log-probability of the likeliest place by the span reader, below which it points nowhere."""
BESIDE = 0.1
"""The reranker's probability, below which a passage is beside the question. Passages of which both say so are not read:
44 in a hundred of those found for 564 questions, with 1 of the 365 readings that were right."""
FAR_BESIDE = 0.03
"""The same where the reranker speaks alone, for questions of yes or no: 28 in a hundred, with none of the 26 right
readings (of other questions 24 in a hundred, with none of the 365)."""
TEMPLATE_TOKENS = 32
"""Kept free for the chat template around a prompt and for the refusal that is scored beside it."""
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
    """The passage was not read because neither the span reader nor the reranker sees an answer in it."""
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


def _short(generator: Generator, places: Sequence[str]) -> list[str]:
    """Those that the generator could reply with: to the span reader a run of letters of any length is one token, and as
    a candidate it would not fit the context."""
    return [place for place in places if generator.count_tokens(place) <= MAX_ANSWER_TOKENS]


class Readers(Protocol):
    """As much of an engine as reading needs."""

    @property
    def generator(self) -> Generator:
        """The first reader."""
        ...

    @property
    def locator(self) -> Locator | None:
        """The second; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class _Asked:
    """A passage on its way: what the generator is asked about it, and what the span reader saw in it."""

    hit: Hit
    request: Request
    view: View | None


def read(readers: Readers, question: Question, hits: Sequence[Hit], cancel: Cancel = never) -> list[Reading]:
    """One reading a hit, in order; a passage that does not fit the model's context is marked unread, and one that needs
    no reading passed. Raises what the generator raises."""
    asked = _asked(readers, question, hits)
    trained = readers.generator.info.trained_reader
    passed = {i for i, one in enumerate(asked) if trained and _passes(one)}
    fitting = [i for i, one in enumerate(asked) if i not in passed and _fits(readers.generator, one.request)]
    completions = readers.generator.complete([asked[i].request for i in fitting], cancel) if fitting else []
    readings = [_left_out(hit, passed=i in passed) for i, hit in enumerate(hits)]
    for i, completion in zip(fitting, completions, strict=True):
        readings[i] = _reading(readers, question, asked[i], completion)
    if trained and not any(reading.text for reading in readings):
        replies = dict(zip(fitting, completions, strict=True))
        for i in _doubted(replies) if not cancel() else ():
            again = replace(asked[i].request, barred=(REFUSAL,))
            readings[i] = _reading(readers, question, asked[i], readers.generator.complete([again], cancel)[0])
    return readings


def _doubted(replies: Mapping[int, Completion]) -> list[int]:
    """Where every passage was refused, those that were refused least surely. They are asked again, for the answer that
    they would give. The probability of the refusal stays with it: whether it is worth stating is for the confidence to
    say.

    Only of a model whose refusals are calibrated: nothing else would hold back what it says against its own word."""
    found = (i for i, reply in replies.items() if REFUSAL in reply.candidates and _answerable(reply) >= DOUBTED)
    return sorted(found, key=lambda i: -_answerable(replies[i]))[:SECOND_LOOKS]


def _asked(readers: Readers, question: Question, hits: Sequence[Hit]) -> list[_Asked]:
    """The span reader looks first: where it points, a generator that was trained to read says how likely that is."""
    requests = [_request(question, hit) for hit in hits]
    if readers.locator is None or question.kind == "yesno":
        return [_Asked(hit, request, None) for hit, request in zip(hits, requests, strict=True)]
    seen = views(readers.locator, _flat(question.text), [_shown(hit) for hit in hits])
    if readers.generator.info.trained_reader:
        requests = [
            replace(one, candidates=tuple(dict.fromkeys((*one.candidates, *_short(readers.generator, view.places)))))
            for one, view in zip(requests, seen, strict=True)
        ]
    return [_Asked(*one) for one in zip(hits, requests, seen, strict=True)]


def read_ahead(generator: Generator, held: Iterable[tuple[Source, Passage]], cancel: Cancel = never) -> None:
    """Evaluate passages before any question about them, so that the first answers need not wait for it. Raises what the
    generator raises."""
    blank = parse("?")
    for source, passage in held:
        if cancel():
            return
        request = replace(_request(blank, Hit(passage, source, 0.0)), max_tokens=1, candidates=())
        if generator.count_tokens(request.user) + TEMPLATE_TOKENS <= generator.info.context // 2:
            generator.complete([request], cancel)


def _request(question: Question, hit: Hit) -> Request:
    task = prompt("yesno" if question.kind == "yesno" else "read")
    shown = dict(zip(("title", "passage"), _shown(hit), strict=True))
    user, prefix = task.fill(**shown, question=_flat(question.text)), task.begin(**shown)
    return Request(task.system, user, MAX_ANSWER_TOKENS, stop=("\n",), candidates=(REFUSAL,), prefix=prefix)


def _shown(hit: Hit) -> tuple[str, str]:
    """Title and text as both readers see them."""
    return _flat(hit.source.title), _flat(_quoted(hit.passage))


def _quoted(passage: Passage) -> str:
    """The passage's text, less the sentences that speak to the program that reads it."""
    kept = plain_sentences(passage)
    if len(kept) == len(passage.sentences):
        return passage.text
    return " ".join(text_of(passage, span) for span in kept)


def _flat(text: str) -> str:
    """One line without control characters, so that no text can end its place in the prompt."""
    return " ".join(clean(text).split())


def _fits(generator: Generator, request: Request) -> bool:
    needed = generator.count_tokens(request.system) + generator.count_tokens(request.user)
    return needed + request.max_tokens + TEMPLATE_TOKENS <= generator.info.context


def _passes(asked: _Asked) -> bool:
    """Whether all that looked at the passage already hold that it has no answer. What none looked at is read."""
    rerank = asked.hit.ranks.get("rerank")
    if rerank is None:
        return False
    if asked.view is None:
        return rerank.score < FAR_BESIDE
    return rerank.score < BESIDE and max(map(asked.view.likelihood, asked.view.places), default=UNSEEN) < POINTLESS


def _left_out(hit: Hit, passed: bool) -> Reading:
    return Reading(hit, "", None, None, 0.0, 0.0, unread=not passed, passed=passed)


def _reading(readers: Readers, question: Question, asked: _Asked, reply: Completion) -> Reading:
    hit, answerable, text = asked.hit, _answerable(reply), reply.text.strip()
    silent = Reading(hit, "", None, None, min(answerable, 0.5), 0.0)
    if _refuses(text) or reply.stopped == "cancelled":
        return silent
    choice = choose(asked.view, reply) if asked.view else Choice(text, reply.logprob)
    tokens = reply.tokens if choice.text == text else readers.generator.count_tokens(choice.text) + 1
    certainty = math.exp(choice.logprob / max(1, tokens)) if choice.logprob is not None else 0.5
    if question.kind == "yesno":
        return _yes_or_no(question, hit, text, answerable, certainty)
    span = locate(choice.text, hit.passage, question.content)
    if span is None or addresses_reader(text_of(hit.passage, sentence_of(hit.passage, span))):
        return silent
    if question.kind == "time" and "day of the week" not in fold(question.text):
        span = _with_its_date(hit.passage, span)
    sentence = sentence_of(hit.passage, span)
    if choice.pointed is not None:
        answerable = pooled(answerable, choice.pointed)
    return Reading(hit, text_of(hit.passage, span), span, sentence, answerable, certainty, pointed=choice.pointed)


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
