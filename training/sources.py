"""What the reader and the checker can learn from: each source gives groups without end, from one seed."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, TypeAlias

from qa.models.pairs import load_locator
from qa.resources import REFUSAL
from training import asking, corrupt, news, synth, written_sources
from training.answers import answer_claims, pointed_claims
from training.data import Pair, Passage, Question, passages, shuffled, training_pairs
from training.groups import MAX_QUESTIONS, NO_TITLE, claim_group, read_group
from training.pack import Group

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

EDITED = 0.85
"""Of the passages with few questions: beside questions that they do not answer."""
SHORTENED = 0.25
"""Of the passages that are read: without a sentence that answers something."""


def foreign(passage: Passage, others: list[Passage], count: int, rng: random.Random) -> list[Question]:
    """Questions of other passages that this one does not answer: no accepted answer of theirs stands in it."""
    found: list[Question] = []
    text = passage.text.lower()
    for _ in range(count * 3):
        other = rng.choice(others)
        question = rng.choice(other.questions)
        known = other.text == passage.text or any(a.lower() in text for a in question.accepted)
        if question.answerable and not known and len(found) < count:
            found.append(Question(question.text, REFUSAL))
    return found


def squads() -> list[Passage]:
    """Of both SQuAD versions, with the questions that the asker made."""
    return [asking.with_made(passage) for passage in passages("qa_train", "squad2", "squad1")]


def squad(rng: random.Random) -> Iterator[Group]:
    """Both SQuAD versions: own questions and those that the asker made, questions of the same article's other passages,
    edited questions, renamed facts.
    """
    everything = squads()
    by_title: dict[str, list[Passage]] = defaultdict(list)
    for passage in everything:
        by_title[passage.title].append(passage)
    while True:
        for original in shuffled(everything, rng):
            passage = synth.renamed(original, rng) if rng.random() < 0.3 else original
            passage = (synth.shortened(passage, rng) if rng.random() < SHORTENED else None) or passage
            own = [q for q in passage.questions if q.answerable]
            refused = [q for q in passage.questions if not q.answerable]
            extra = synth.false_premises(passage, 1 if refused else 2, rng)
            siblings = [p for p in by_title[original.title] if p.text != original.text]
            wanted = 1 if refused else max(1, len(own) // 3)
            extra += foreign(passage, siblings, wanted, rng) if siblings else []
            if rng.random() < 0.3:
                extra += foreign(passage, everything, 1, rng)
            yield read_group(passage, balanced(own, refused, extra, rng), rng)


def balanced(own: list[Question], refused: list[Question], extra: list[Question], rng: random.Random) -> list[Question]:
    """At most ``MAX_QUESTIONS``: about 44 % refusals, the set's own before those made by code."""
    room = min(len(own), round(MAX_QUESTIONS * 0.56)) if own else 0
    kept = rng.sample(own, room)
    spare = MAX_QUESTIONS - room if not own else max(1, round(room * 0.85))
    return kept + (shuffled(refused, rng)[: max(1, spare - len(extra[:2]))] + shuffled(extra, rng))[:spare]


def single(origin: str, rng: random.Random) -> Iterator[Group]:
    """Sets with few questions a passage (QED) or many a sentence (QAMR), with foreign and edited questions
    beside them.
    """
    everything = passages("qa_train", origin)
    while True:
        for original in shuffled(everything, rng):
            passage = synth.renamed(original, rng) if rng.random() < 0.2 else original
            if rng.random() < SHORTENED and (less := synth.shortened(passage, rng)) is not None:
                yield read_group(less, list(less.questions), rng)
                continue
            own = rng.sample(passage.questions, min(6, len(passage.questions)))
            count = max(1, round(len(own) * 0.6)) if rng.random() < EDITED else 0
            extra = synth.false_premises(passage, count, rng) + foreign(passage, everything, count, rng)
            yield read_group(passage, own + shuffled(extra, rng)[:count], rng)


def boolq(rng: random.Random) -> Iterator[Group]:
    """Yes/no questions; one in three groups also has a question of another passage, to be refused."""
    everything = passages("qa_train", "boolq")
    while True:
        for passage in shuffled(everything, rng):
            title = "" if rng.random() < NO_TITLE else passage.title
            branches = [(q.text, q.answer) for q in passage.questions]
            if rng.random() < 0.33:
                branches.append((rng.choice(rng.choice(everything).questions).text, REFUSAL))
            yield Group("yesno", {"title": title, "passage": passage.text}, tuple(branches))


def licensed(rng: random.Random) -> Iterator[Group]:
    """Public entailment pairs by premise; FEVER claims are also put to the premise of another claim that shares
    a word.
    """
    by_origin: dict[str, list[Pair]] = defaultdict(list)
    for pair in training_pairs():
        if len(pair.premise) < 1800:
            by_origin[pair.origin].append(pair)
    weights = {"fever": 5, "mnli": 5, "rte": 2, "cb": 0.3, "expertqa": 1}
    order = {origin: shuffled(found, rng) for origin, found in sorted(by_origin.items())}
    place = dict.fromkeys(order, 0)
    while True:
        origin = rng.choices(list(order), [weights[o] for o in order])[0]
        pair = order[origin][place[origin] % len(order[origin])]
        place[origin] += 1
        claims = [(pair.claim, pair.supported)]
        if origin == "fever":
            other = corrupt.sharing(pair, order[origin], rng)
            claims += [(other.claim, False)] if other else []
        yield claim_group(pair.premise, claims, rng)


def swaps(rng: random.Random) -> Iterator[Group]:
    """Sentences of training passages against themselves, against corrupted copies, and against other sentences."""
    everything = passages("qa_train", "squad2", "squad1", "qed")
    while True:
        for passage in shuffled(everything, rng):
            found = corrupt.sentence_claims(passage.text, rng)
            if found:
                yield claim_group(found[0], found[1], rng)


def answers(rng: random.Random) -> Iterator[Group]:
    """Questions and answers of training passages as statements, beside the sentence of the answer: in three of four
    the false answers are those that the span reader points at, where one is shipped. Sets that have refusals of their
    own come twice."""
    locator = load_locator(threads=1)
    twice = squads()
    everything = [*twice, *twice, *passages("qa_train", "qed")]
    by_title: dict[str, list[Passage]] = defaultdict(list)
    for passage in twice:
        by_title[passage.title].append(passage)
    while True:
        for passage in shuffled(everything, rng):
            if locator is not None and rng.random() < 0.75:
                siblings = [p for p in by_title[passage.title] if p.text != passage.text]
                others = foreign(passage, siblings, 1, rng) if siblings else synth.false_premises(passage, 2, rng)
                found = pointed_claims(locator, passage, others, rng)
            else:
                found = answer_claims(passage, rng)
            if found and found[1]:
                yield claim_group(found[0], found[1], rng)


def news_read(rng: random.Random) -> Iterator[Group]:
    """Invented reports with questions on each fact and on facts that they lack."""
    while True:
        report = news.report(rng)
        questions = [Question(q, a) for q, a in report.questions]
        yield read_group(Passage(report.title, report.text, (), "news"), questions, rng)


def news_claims(rng: random.Random) -> Iterator[Group]:
    """Sentences of invented reports with claims worded otherwise, true and false."""
    while True:
        report = news.report(rng)
        if report.claims:
            yield claim_group(report.premise, shuffled(list(report.claims), rng)[:6], rng)


Source: TypeAlias = "Callable[[random.Random], Iterator[Group]]"
SOURCES: dict[str, Source] = {
    "squad": squad,
    "qed": lambda rng: single("qed", rng),
    "qamr": lambda rng: single("qamr", rng),
    "boolq": boolq,
    "news": news_read,
    "news_claims": news_claims,
    "licensed": licensed,
    "swaps": swaps,
    "answers": answers,
    "written": written_sources.written_read,
    "written_yesno": written_sources.written_yesno,
    "written_claims": written_sources.written_claims,
    "written_answers": written_sources.written_answers,
    "queries": lambda rng: written_sources.written_read(rng, "queries"),
    "explanations": lambda rng: written_sources.written_read(rng, "explanations"),
    "events": written_sources.event_read,
    "event_yesno": written_sources.event_yesno,
    "event_answers": written_sources.event_answers,
    "pointed_answers": written_sources.pointed_answers,
    "article_claims": lambda rng: written_sources.written_claims(rng, "articles"),
    "invented_claims": written_sources.invented_claims,
}
