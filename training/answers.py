"""Claims as the product puts them to the checker: a question and an answer turned into a statement, beside the
sentence that the answer stands in.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from typing import TYPE_CHECKING

from qa.answer.amounts import as_written
from qa.answer.pointing import views
from qa.answer.statements import statement
from qa.answer.words import content
from training.corrupt import sentences
from training.synth import names

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.models.seams import Locator
    from training.data import Passage, Question
    from training.written import Asked

MAX_CLAIMS = 6
MAX_LOOKS = 6
"""Questions that the span reader is asked about one passage."""


def answer_claims(passage: Passage, rng: random.Random) -> tuple[str, list[tuple[str, bool]]] | None:
    """A premise around one sentence of the passage, and statements that it does or does not bear; None without any.

    True: a question with its answer in the sentence. False: the same question with another answer of the sentence that
    looks alike, and a question that the passage does not answer, or answers elsewhere, with an answer of the sentence.
    """
    everything = sentences(passage.text)
    by_sentence = [[q for q in passage.questions if q.answerable and _holds(s, q.answer)] for s in everything]
    useful = [n for n, found in enumerate(by_sentence) if found]
    if not useful:
        return None
    place = rng.choice(useful)
    sentence, own = everything[place], by_sentence[place]
    spans = sorted({q.answer for q in own})
    claims = [(statement(q.text, q.answer), True) for q in rng.sample(own, min(3, len(own)))]
    # Where a set asks one question a passage, another name of the sentence tempts.
    wrong = [(q, _alike(q.answer, spans, rng) or _alike(q.answer, _unasked(sentence, q), rng)) for q in own]
    others = [q for q in passage.questions if not _answered_by(q, sentence) and _nearest(q, everything) == place]
    wrong += [(q, _alike(q.answer if q.answerable else "", spans, rng)) for q in others]
    false = [(statement(q.text, answer), False) for q, answer in wrong if answer]
    claims += rng.sample(false, min(MAX_CLAIMS - len(claims), len(false), len(claims) + 1))
    before = everything[place - 1 : place] if place and rng.random() < 0.3 else []
    return " ".join([*before, sentence]), claims


def pointed_claims(
    locator: Locator, passage: Passage, others: Sequence[Question], rng: random.Random
) -> tuple[str, list[tuple[str, bool]]] | None:
    """A sentence of the passage and statements that it does or does not bear; None where nothing false is found.

    True: a question with its answer in the sentence. False: where the span reader points although the answer is
    another, or there is none: what the product would answer if it were wrong. ``others`` are questions that the passage
    does not answer.
    """
    everything = sentences(passage.text)
    tempted: dict[int, list[str]] = defaultdict(list)
    own = rng.sample(passage.questions, min(MAX_LOOKS - len(others), len(passage.questions)))
    for question in (*own, *others):
        places = views(locator, question.text, [(passage.title.replace("_", " "), passage.text)])[0].places
        for place in rng.sample(places, len(places)):
            at = next((n for n, sentence in enumerate(everything) if _holds(sentence, place)), None)
            if at is not None and not _overlaps(place, question):
                tempted[at].append(statement(question.text, place))
                break
    borne = {at: _borne(passage, everything[at]) for at in tempted}
    if not tempted:
        return None
    # A sentence that bears something teaches most: what is false of it differs from what is true by little.
    at = rng.choices(list(tempted), [1 + 4 * bool(borne[n]) for n in tempted])[0]
    true = rng.sample(borne[at], min(len(borne[at]), MAX_CLAIMS // 2))
    false = rng.sample(tempted[at], min(len(tempted[at]), len(true) + 1))
    claims = [(told, True) for told in true] + [(told, False) for told in false if told not in borne[at]]
    return everything[at], [(as_written(told, everything[at]), label) for told, label in claims]


def tempting_claims(asked: Asked, rng: random.Random) -> tuple[str, list[tuple[str, bool]]] | None:
    """A sentence of a passage and statements of what was asked about it: with the answers that stand in this sentence
    alone, and with what tempts there although the passage does not answer; None without a false one."""
    everything = sentences(asked.passage.text)
    true: dict[int, list[str]] = defaultdict(list)
    false: dict[int, list[str]] = defaultdict(list)
    for question in asked.passage.questions:
        answer = question.answer if question.answerable else asked.tempting.get(question.text, "")
        holding = [n for n, sentence in enumerate(everything) if answer and _holds(sentence, answer)]
        if len(holding) == 1:
            (true if question.answerable else false)[holding[0]].append(statement(question.text, answer))
    if not false:
        return None
    at = rng.choices(list(false), [1 + 4 * bool(true[n]) for n in false])[0]
    claims = [(told, True) for told in true[at]] + [(told, False) for told in false[at]]
    return everything[at], [(as_written(told, everything[at]), label) for told, label in claims]


def _borne(passage: Passage, sentence: str) -> list[str]:
    answered = (q for q in passage.questions if q.answerable and _holds(sentence, q.answer))
    return [statement(q.text, q.answer) for q in answered]


def _overlaps(place: str, question: Question) -> bool:
    """Whether the place shares a word with an accepted answer: then it may be right as well."""
    words = set(re.findall(r"\w+", place.lower()))
    return question.answerable and any(words & set(re.findall(r"\w+", a.lower())) for a in question.accepted)


def _holds(sentence: str, answer: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(answer)}(?!\w)", sentence) is not None


def _answered_by(question: Question, sentence: str) -> bool:
    return any(_holds(sentence, answer) for answer in question.accepted)


def _nearest(question: Question, everything: list[str]) -> int:
    """Which sentence shares most words with the question."""
    wanted = set(content(question.text))
    return max(range(len(everything)), key=lambda n: len(wanted & set(content(everything[n]))))


def _alike(answer: str, spans: list[str], rng: random.Random) -> str:
    """Another of the spans, of the same look if there is one; empty without another."""
    rest = [s for s in spans if not answer or (s not in answer and answer not in s)]
    alike = [s for s in rest if answer and _look(s) == _look(answer)]
    return rng.choice(alike or rest) if rest else ""


def _unasked(sentence: str, question: Question) -> list[str]:
    return [name for name in names(sentence) if name.lower() not in question.text.lower()]


def _look(text: str) -> tuple[bool, bool]:
    return any(c.isdigit() for c in text), text[:1].isupper()
