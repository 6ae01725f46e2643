"""Questions and claims that were written for this training on passages of the data sets, and their passages.

Passages stay with the data sets; the files here know them by hash. `README.md` says who wrote what, and how.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from qa.answer.words import content
from qa.resources import REFUSAL
from training.data import Passage, Question, rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

FOLDER = Path(__file__).parent
ORIGIN = "written"
HELD = "0"
"""With what the keys of passages begin on which nothing is trained: one in sixteen, for choices such as a threshold."""
LEAST = 2
"""Questions of each kind that every passage keeps."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A passage with its questions, and what a careless reader would answer to those that it does not answer; some
    queries tempt to nothing."""

    passage: Passage
    tempting: Mapping[str, str]
    """By question."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One to four sentences, and claims that they do and do not support."""

    premise: str
    claims: tuple[tuple[str, bool], ...]


def key(text: str) -> str:
    """By which the files know a passage."""
    return hashlib.sha256(text.encode()).hexdigest()[:10]


def lines(name: str) -> list[dict[str, Any]]:
    """All lines of one file, by its name without the ending."""
    with (FOLDER / f"{name}.jsonl").open(encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


@lru_cache(maxsize=1)
def texts() -> dict[str, tuple[str, str]]:
    """Title and text by key, of all passages of `qa_train` and all reports of `summary_train`."""
    found = {key(text): (row["title"], text) for row in rows("qa_train") for text in [row["passage"].strip()]}
    for row in rows("summary_train"):
        for report in row["docs"]:
            text = " ".join(report["text"].split())
            found[key(text)] = (report["title"].strip(), text)
    return found


def asked(name: str = "questions", *, out: bool = False) -> list[Asked]:
    """The questions of one file by passage, less those that words alone tell apart, those held ``out`` or the others.
    Raises ``KeyError`` where a data set lacks a passage."""
    learnt = [line for line in lines(name) if held(line) is out]
    return [told_apart_by_meaning(asked_of(line, *texts()[line["passage"]])) for line in learnt]


def held(line: dict[str, Any]) -> bool:
    """Whether a line is left out of every training: by its passage, or by the premise that it brings along."""
    return str(line["passage"] if "passage" in line else key(line["premise"])).startswith(HELD)


def asked_of(line: dict[str, Any], title: str, text: str) -> Asked:
    """One line beside its passage."""
    questions = [Question(question, answer, (answer,)) for question, answer in line["answered"]]
    questions += [Question(question, REFUSAL) for question, _ in line["refused"]]
    tempting = {question: answer for question, answer in line["refused"] if answer}
    return Asked(Passage(title, text, tuple(questions), ORIGIN), tempting)


def told_apart_by_meaning(one: Asked) -> Asked:
    """Without the answered questions that share the fewest words with their passage and the refused ones that share the
    most, until the refused share no more than the answered.

    Most of these questions were written so that the answered ones are in other words than the passage's and the refused
    ones in its own: words alone tell such apart (area under the curve .75), the other way than in the public sets.
    """
    known = {*content(one.passage.text), *content(one.passage.title)}
    by_share = sorted((shared(question.text, known), n) for n, question in enumerate(one.passage.questions))
    answered = [pair for pair in by_share if one.passage.questions[pair[1]].answerable]
    refused = [pair for pair in by_share if not one.passage.questions[pair[1]].answerable]
    while min(len(answered), len(refused)) > LEAST and _mean(refused) > _mean(answered):
        del answered[0], refused[-1]
    kept = sorted(n for _, n in (*answered, *refused))
    return replace(one, passage=replace(one.passage, questions=tuple(one.passage.questions[n] for n in kept)))


def _mean(pairs: Sequence[tuple[float, int]]) -> float:
    return sum(share for share, _ in pairs) / len(pairs)


def shared(text: str, known: set[str]) -> float:
    """Which part of a text's words is known; half for a text without any."""
    words = content(text)
    return sum(word in known for word in words) / len(words) if words else 0.5


def told(*, out: bool = False) -> list[Asked]:
    """The written reports, each with the questions put to all reports of its event, those held ``out`` or the others:
    whole events by their first report."""
    return [told_by(event, place) for event, place in _reports(out=out)]


def events(*, out: bool = False) -> list[dict[str, Any]]:
    """The lines of written events, those held ``out`` by their first report or the others."""
    return [event for event in lines("events") if key(event["reports"][0]["text"]).startswith(HELD) is out]


def _reports(*, out: bool) -> Iterator[tuple[dict[str, Any], int]]:
    """Each event with the place of each of its reports."""
    for event in events(out=out):
        yield from ((event, place) for place in range(len(event["reports"])))


def told_by(event: dict[str, Any], place: int) -> Asked:
    """One report of an event."""
    report = event["reports"][place]
    questions, tempting = [], {}
    for one in event["questions"]:
        answer, tempts = one["answers"][place], one["tempting"][place]
        questions.append(Question(one["q"], answer, (answer,)) if answer else Question(one["q"], REFUSAL))
        if tempts:
            tempting[one["q"]] = tempts
    return Asked(Passage(report["title"], report["text"], tuple(questions), ORIGIN), tempting)


def told_whether(*, out: bool = False) -> list[Passage]:
    """The written reports with the questions of yes or no that were put to all reports of their event."""
    return [whether_by(event, place) for event, place in _reports(out=out) if event.get("settled")]


def whether_by(event: dict[str, Any], place: int) -> Passage:
    """One report of an event, with `yes`, `no` or the refusal."""
    report = event["reports"][place]
    asked = [Question(one["q"], one["answers"][place] or REFUSAL) for one in event["settled"]]
    return Passage(report["title"], report["text"], tuple(asked), ORIGIN)


def settled(*, out: bool = False) -> list[Passage]:
    """The questions of yes or no by passage, with `yes`, `no` or the refusal, those held ``out`` or the others. Raises
    ``KeyError`` where a data set lacks a passage."""
    return [settled_of(line, *texts()[line["passage"]]) for line in lines("yesno") if held(line) is out]


def settled_of(line: dict[str, Any], title: str, text: str) -> Passage:
    """One line beside its passage."""
    replies = {"yes": "yes", "no": "no", "open": REFUSAL}
    asked = [Question(question, reply) for side, reply in replies.items() for question in line[side]]
    return Passage(title, text, tuple(asked), ORIGIN)


def claimed(name: str = "claims", *, out: bool = False) -> list[Claimed]:
    """The claims of one file by premise, those held ``out`` or the others. Raises ``KeyError`` where a data set lacks a
    passage."""
    return [claimed_of(line, texts()[line["passage"]][1]) for line in lines(name) if held(line) is out]


def invented(*, out: bool = False) -> list[Claimed]:
    """The claims on premises that were written as well, those held ``out`` or the others."""
    return [_beside(line["premise"], line) for line in lines("premises") if held(line) is out]


def claimed_of(line: dict[str, Any], text: str) -> Claimed:
    """One line beside its passage: some of its sentences, or all of it where none are named."""
    if "spans" not in line:
        return _beside(text, line)
    return _beside(" ".join(text[start:end] for start, end in line["spans"]), line)


def _beside(premise: str, line: dict[str, Any]) -> Claimed:
    claims = [(claim, True) for claim in line["supported"]] + [(claim, False) for claim in line["unsupported"]]
    return Claimed(premise, tuple(claims))
