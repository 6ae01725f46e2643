"""Questions of yes or no, sentence by sentence: what the checker holds of the claim that a yes makes, and of the one
that a no makes, in the sentences nearest to the question.

The reader takes a passage as a whole and often does not see that "the firm stayed out of the strike" answers whether
it walked out; the checker, which is shown that sentence alone, does. And where the reader is sure, it does not say by
which sentence: "in a video it denied any part" shares no word with the question, and only the checker finds it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from qa.answer.amounts import as_written
from qa.answer.assertions import assertion, denial
from qa.answer.clusters import about
from qa.answer.confidence import log_odds
from qa.answer.instructions import plain_sentences
from qa.answer.locate import text_of
from qa.answer.negation import reverses
from qa.answer.question import Question
from qa.answer.read import Reading
from qa.types import Hit, Span

if TYPE_CHECKING:
    from qa.models.seams import Checker, Embedder

NEAREST = 6
"""Sentences that are checked, of all passages: each takes two looks of some eighty milliseconds."""
APART = 2.0
"""Times the odds of the other claim that the one must have before a sentence decides anything. Odds, because the
checker holds much of a denial that is only worded like the sentence: .98 against .82 is far apart all the same."""
DECISIVE = 0.6
"""The checker's probability from which it is believed against the reader of the same passage."""
ABOUT = 0.6
"""Share of a question's content that a sentence must have to decide it by its words."""
SURE = 0.9
"""The reader's probability from which its passage is searched for the sentence that bears its word, where the one that
shares most words with the question does not decide it."""
MOST_SEARCHED = 2
"""Passages that are searched so, the surest first; of each the sentences nearest to the question, at most
``LOOKED_AT``, each one look."""
LOOKED_AT = 10


class Judges(Protocol):
    """As much of an engine as deciding needs."""

    @property
    def checker(self) -> Checker:
        """Whether a sentence bears a claim."""
        ...

    @property
    def embedder(self) -> Embedder:
        """Which sentences are near to the question."""
        ...


@dataclass(frozen=True, slots=True)
class _Verdict:
    hit: Hit
    sentence: Span
    word: str
    borne: float


def decided(judges: Judges, question: Question, readings: Sequence[Reading]) -> list[Reading]:
    """The readings, and in place of those of passages that a sentence decides, what it says: with a probability between
    the reader's that the passage answers and the checker's that the sentence does."""
    verdicts = {id(v.hit): v for v in sorted(_verdicts(judges, question, readings), key=lambda v: v.borne)}
    joined = [_joined(reading, verdicts.get(id(reading.hit))) for reading in readings]
    for i in _unborne(question, joined):
        joined[i] = _joined(joined[i], _found(judges, question, joined[i]))
    return joined


def decides(question: Question, reading: Reading) -> bool:
    """Whether a reading's sentence decides a question of yes or no: by the checker, by its words, or by a plain
    denial."""
    if reading.borne is not None or about(question, reading) >= ABOUT:
        return True
    return reverses(assertion(question.text), reading.evidence)


def _unborne(question: Question, readings: Sequence[Reading]) -> list[int]:
    """Where the reader is sure and its sentence decides nothing."""
    found = [i for i, r in enumerate(readings) if r.text and r.answerable >= SURE and not decides(question, r)]
    return sorted(found, key=lambda i: -readings[i].answerable)[:MOST_SEARCHED]


def _claims(question: Question) -> dict[str, str]:
    """What each word would make of the question."""
    return {"yes": assertion(question.text), "no": denial(question.text)}


def _found(judges: Judges, question: Question, reading: Reading) -> _Verdict | None:
    """The sentence of the reading's passage that bears its word best, if it decides the question."""
    held = [(reading.hit, span) for span in plain_sentences(reading.hit.passage)]
    claims = _claims(question)
    near = _nearest(judges, question, held, LOOKED_AT)
    support = judges.checker.support([(text, as_written(claims[reading.text], text)) for _, text in near])
    (held_by, text), borne = max(zip(near, support, strict=True), key=lambda pair: pair[1])
    other = "no" if reading.text == "yes" else "yes"
    [against] = judges.checker.support([(text, as_written(claims[other], text))])
    word = _word(claims, {reading.text: borne, other: against}, text, judges.checker.threshold)
    return _Verdict(*held_by, word, borne) if word == reading.text else None


def _joined(reading: Reading, verdict: _Verdict | None) -> Reading:
    if verdict is None or (reading.text and reading.text != verdict.word and verdict.borne < DECISIVE):
        return reading
    agreed = reading.answerable if reading.text in ("", verdict.word) else 1.0 - reading.answerable
    odds = (log_odds(agreed) + log_odds(verdict.borne)) / 2
    certainty = reading.certainty if reading.text == verdict.word else 0.5
    span = verdict.sentence
    return replace(
        reading,
        text=verdict.word,
        span=span,
        sentence=span,
        answerable=1.0 / (1.0 + math.exp(-odds)),
        certainty=certainty,
        borne=verdict.borne,
    )


def _verdicts(judges: Judges, question: Question, readings: Sequence[Reading]) -> list[_Verdict]:
    """Of the sentences nearest to the question those that bear the one claim and not the other."""
    held = [(r.hit, span) for r in readings if not r.unread for span in plain_sentences(r.hit.passage)]
    near = _nearest(judges, question, held, NEAREST)
    claims = _claims(question)
    pairs = [(text, as_written(claim, text)) for _, text in near for claim in claims.values()]
    support = iter(judges.checker.support(pairs))
    found = []
    for one, text in near:
        of_each = {word: next(support) for word in claims}
        word = _word(claims, of_each, text, judges.checker.threshold)
        if word:
            found.append(_Verdict(*one, word, of_each[word]))
    return found


def _nearest(
    judges: Judges, question: Question, held: Sequence[tuple[Hit, Span]], most: int
) -> list[tuple[tuple[Hit, Span], str]]:
    """The sentences nearest to the question, nearest first, each with its text on one line."""
    if not held:
        return []
    texts = [" ".join(text_of(hit.passage, span).split()) for hit, span in held]
    asked, *sentences = judges.embedder.encode([question.text, *texts])
    order = sorted(range(len(held)), key=lambda i: -float(sentences[i] @ asked))[:most]
    return [(held[i], texts[i]) for i in order]


def _word(claims: Mapping[str, str], support: Mapping[str, float], sentence: str, threshold: float) -> str:
    """What a sentence decides; empty where it bears neither claim well enough, or both, or where grammar sees that it
    denies the one that it seems to bear. Where grammar agrees, half the support is enough."""
    word, other = sorted(claims, key=lambda w: -support[w])
    confirmed, denied = reverses(claims[other], sentence), reverses(claims[word], sentence)
    enough = threshold / 2 if confirmed and not denied else threshold
    apart = log_odds(support[word]) - log_odds(support[other])
    sure = support[word] >= enough and apart >= math.log(APART)
    return word if sure and (confirmed or not denied) else ""
