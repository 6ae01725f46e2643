"""Questions of yes or no, sentence by sentence: what the checker holds of the claim that a yes makes, and of the one
that a no makes, in the sentences nearest to the question.

The reader takes a passage as a whole and often does not see that "the firm stayed out of the strike" answers whether
it walked out; the checker, which is shown that sentence alone, does.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from qa.answer.amounts import as_written
from qa.answer.confidence import log_odds
from qa.answer.instructions import plain_sentences
from qa.answer.locate import text_of
from qa.answer.negation import reverses
from qa.answer.question import Question, assertion, denial
from qa.answer.read import Reading
from qa.types import Hit, Span

if TYPE_CHECKING:
    from qa.models.seams import Checker, Embedder

NEAREST = 6
"""Sentences that are checked, of all passages: each takes two looks of some eighty milliseconds."""
APART = 2.0
"""Times as much as the one claim must have of the other before a sentence decides anything."""
DECISIVE = 0.6
"""The checker's probability from which it is believed against the reader of the same passage."""


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
    return [_joined(reading, verdicts.get(id(reading.hit))) for reading in readings]


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
    if not held:
        return []
    texts = [" ".join(text_of(hit.passage, span).split()) for hit, span in held]
    asked, *sentences = judges.embedder.encode([question.text, *texts])
    order = sorted(range(len(held)), key=lambda i: -float(sentences[i] @ asked))[:NEAREST]
    claims = {"yes": assertion(question.text), "no": denial(question.text)}
    pairs = [(texts[i], as_written(claim, texts[i])) for i in order for claim in claims.values()]
    support = iter(judges.checker.support(pairs))
    found = []
    for i in order:
        of_each = {word: next(support) for word in claims}
        word = _word(claims, of_each, texts[i], judges.checker.threshold)
        if word:
            found.append(_Verdict(*held[i], word, of_each[word]))
    return found


def _word(claims: Mapping[str, str], support: Mapping[str, float], sentence: str, threshold: float) -> str:
    """What a sentence decides; empty where it bears neither claim well enough, or both, or where grammar sees that it
    denies the one that it seems to bear. Where grammar agrees, half the support is enough."""
    word, other = sorted(claims, key=lambda w: -support[w])
    confirmed, denied = reverses(claims[other], sentence), reverses(claims[word], sentence)
    enough = threshold / 2 if confirmed and not denied else threshold
    sure = support[word] >= enough and support[word] >= APART * support[other]
    return word if sure and (confirmed or not denied) else ""
