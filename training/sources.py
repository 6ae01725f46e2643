"""What the reader and the checker can learn from: each source gives groups without end, from one seed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from qa.models.pairs import load_locator
from qa.resources import REFUSAL
from training import asking, corrupt, news, synth, written
from training.answers import answer_claims, pointed_claims, tempting_claims
from training.data import Pair, Passage, Question, passages, shuffled, training_pairs
from training.pack import Group

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    from training.written import Asked, Claimed

MAX_QUESTIONS = 9
WRITTEN = 13
"""The same of written questions, of which a passage has some fifteen; its tokens are read once for all."""
NO_TITLE = 0.3
EDITED = 0.85
"""Of the passages with few questions: beside questions that they do not answer."""
SHORTENED = 0.25
"""Of the passages that are read: without a sentence that answers something."""


def read_group(passage: Passage, questions: list[Question], rng: random.Random, most: int = MAX_QUESTIONS) -> Group:
    """A `read` group in random order; the title is left out at times, since documents come without one."""
    title = "" if rng.random() < NO_TITLE else passage.title.replace("_", " ")
    branches = tuple((q.text, q.answer) for q in shuffled(questions, rng)[:most])
    return Group("read", {"title": title, "passage": passage.text}, branches)


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


def answer_word(supported: bool) -> str:
    """The checker's reply."""
    return "yes" if supported else "no"


def claim_group(premise: str, claims: list[tuple[str, bool]], rng: random.Random) -> Group:
    """A `support` group."""
    return Group("support", {"premise": premise}, tuple((c, answer_word(s)) for c, s in shuffled(claims, rng)))


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


def written_read(rng: random.Random, name: str = "questions") -> Iterator[Group]:
    """Passages with the questions of one file that were written on them; in three of ten an answer is renamed."""
    return read_of(written.asked(name), rng)


def event_read(rng: random.Random) -> Iterator[Group]:
    """Written reports with the questions put to all reports of their event; what tempts comes before what does not."""
    everything = written.told()
    while True:
        for one in shuffled(everything, rng):
            passage = synth.renamed(one.passage, rng) if rng.random() < 0.3 else one.passage
            answered = [q for q in passage.questions if q.answerable]
            refused = [q for q in passage.questions if not q.answerable]
            refused.sort(key=lambda q: rng.random() - 0.6 * (q.text in one.tempting))
            kept = refused[: round(1.2 * len(answered)) + 1]
            yield read_group(passage, answered + kept, rng, WRITTEN)


def read_of(everything: list[Asked], rng: random.Random) -> Iterator[Group]:
    """Passages with what was asked about them, without end."""
    while True:
        for one in shuffled(everything, rng):
            passage = synth.renamed(one.passage, rng) if rng.random() < 0.3 else one.passage
            yield read_group(passage, list(passage.questions), rng, WRITTEN)


def written_yesno(rng: random.Random) -> Iterator[Group]:
    """Passages with the questions of yes or no that were written on them."""
    return yesno_of(written.settled(), rng)


def event_yesno(rng: random.Random) -> Iterator[Group]:
    """Written reports with the questions of yes or no put to all reports of their event, less some that are left
    open."""
    return yesno_of([_settled_mostly(one, rng) for one in written.told_whether()], rng)


def _settled_mostly(passage: Passage, rng: random.Random) -> Passage:
    told = [q for q in passage.questions if q.answerable]
    left_open = [q for q in passage.questions if not q.answerable]
    kept = rng.sample(left_open, min(len(left_open), round(0.7 * len(told)) + 1))
    return replace(passage, questions=(*told, *kept))


def yesno_of(everything: list[Passage], rng: random.Random) -> Iterator[Group]:
    """Passages with questions of yes or no, without end."""
    while True:
        for passage in shuffled(everything, rng):
            title = "" if rng.random() < NO_TITLE else passage.title.replace("_", " ")
            branches = tuple((q.text, q.answer) for q in shuffled(passage.questions, rng)[:MAX_QUESTIONS])
            yield Group("yesno", {"title": title, "passage": passage.text}, branches)


def written_claims(rng: random.Random, name: str = "claims") -> Iterator[Group]:
    """Sentences of passages, or whole ones, with the claims of one file that were written on them."""
    return claims_on(written.claimed(name), rng)


def invented_claims(rng: random.Random) -> Iterator[Group]:
    """Premises that were written, with claims."""
    return claims_on(written.invented(), rng)


def claims_on(everything: list[Claimed], rng: random.Random) -> Iterator[Group]:
    """Premises with their claims, without end."""
    while True:
        for one in shuffled(everything, rng):
            yield claim_group(one.premise, list(one.claims), rng)


def written_answers(rng: random.Random) -> Iterator[Group]:
    """Written questions as statements, with their answers and with what tempts where there is none."""
    return answers_of(written.asked(), rng)


def event_answers(rng: random.Random) -> Iterator[Group]:
    """The same of written reports."""
    return answers_of(written.told(), rng)


def pointed_answers(rng: random.Random) -> Iterator[Group]:
    """All that was written as questions, as statements with their answers and with what the span reader points at
    instead, where one is shipped."""
    locator = load_locator(threads=1)
    files = (written.asked(), written.asked("queries"), written.asked("explanations"))
    reports = written.told()
    everything = [*(one for found in files for one in found), *reports * 3]
    while True:
        for one in shuffled(everything, rng):
            found = pointed_claims(locator, one.passage, (), rng) if locator else tempting_claims(one, rng)
            if found and found[1]:
                yield claim_group(found[0], found[1], rng)


def answers_of(everything: list[Asked], rng: random.Random) -> Iterator[Group]:
    """What was asked as statements, without end."""
    while True:
        for one in shuffled(everything, rng):
            if found := tempting_claims(one, rng):
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
    "written": written_read,
    "written_yesno": written_yesno,
    "written_claims": written_claims,
    "written_answers": written_answers,
    "queries": lambda rng: written_read(rng, "queries"),
    "explanations": lambda rng: written_read(rng, "explanations"),
    "events": event_read,
    "event_yesno": event_yesno,
    "event_answers": event_answers,
    "pointed_answers": pointed_answers,
    "article_claims": lambda rng: written_claims(rng, "articles"),
    "invented_claims": invented_claims,
}
