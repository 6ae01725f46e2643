"""Groups without end of what was written for this training, from one seed each."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from qa.models.pairs import load_locator
from training import synth, written
from training.answers import pointed_claims, tempting_claims
from training.data import Passage, shuffled
from training.groups import WRITTEN, claim_group, read_group, yesno_group

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

    from training.pack import Group
    from training.written import Asked, Claimed


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
    everything = written.told_whether()
    while True:
        for passage in shuffled(everything, rng):
            yield yesno_group(_settled_mostly(passage, rng), rng)


def _settled_mostly(passage: Passage, rng: random.Random) -> Passage:
    told = [q for q in passage.questions if q.answerable]
    left_open = [q for q in passage.questions if not q.answerable]
    kept = rng.sample(left_open, min(len(left_open), round(0.7 * len(told)) + 1))
    return replace(passage, questions=(*told, *kept))


def yesno_of(everything: list[Passage], rng: random.Random) -> Iterator[Group]:
    """Passages with questions of yes or no, without end."""
    while True:
        for passage in shuffled(everything, rng):
            yield yesno_group(passage, rng)


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
