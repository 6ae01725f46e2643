"""What the bounds on reading spare: counted, and seen by reading what the product would not."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from qa.answer.asking import FAR_BESIDE, PROMISE
from qa.answer.engine import Engine
from qa.answer.question import parse
from qa.answer.read import read
from qa.models.seams import GeneratorInfo
from qa.testing import FixedLocator, HashEmbedder, ScriptedGenerator
from qa.types import Hit, Passage, Rank, Source, Span
from training.first_look import Found, left_out, report, spared, watched

SOURCE = Source("a.md", "T", "", "", "0" * 64, 80, 1, "a.md")
TEXTS = ("100 Marines were sent.", "Snow fell on 3 days.", "Some 70 of them left.")
RERANK = (0.9, FAR_BESIDE / 2, FAR_BESIDE * 2)


def hits() -> list[Hit]:
    found = [Hit(Passage("a.md", 0, len(text), text, (Span(0, len(text)),)), SOURCE, 1.0) for text in TEXTS]
    scored = zip(found, RERANK, strict=True)
    return [replace(hit, ranks={"dense": Rank(1, 1.0), "rerank": Rank(1, score)}) for hit, score in scored]


def engine() -> Engine:
    generator = ScriptedGenerator(
        lambda request: next(said for said in ("100", "3", "70") if said in request.user),
        info=GeneratorInfo(name="scripted", context=4096, trained_reader=True),
    )
    return Engine(cast("Any", None), HashEmbedder(), generator, locator=FixedLocator("100"))


def test_every_passage_is_read_and_kept_with_what_was_seen_first() -> None:
    question, kept, made = parse("How many  Marines were sent?"), [], engine()
    assert [one.text for one in read(made, question, hits())] == ["100", "", ""]
    everything = watched(made, kept).steps.read(made, question, hits(), lambda: False)
    assert [one.text for one in everything] == ["100", "3", "70"]
    assert [(one.question, one.rerank, one.text) for one in kept] == [
        (question.typed, score, text) for score, text in zip(RERANK, ("100", "3", "70"), strict=True)
    ]
    assert kept[0].promise > PROMISE > kept[1].promise


def test_questions_of_yes_or_no_are_not_counted() -> None:
    kept, made = [], engine()
    watched(made, kept).steps.read(made, parse("Were Marines sent?"), hits(), lambda: False)
    assert kept == []


FOUND = [
    Found("a", 0.9, -1.0, "100", right=True),
    Found("a", 0.1, -7.5, "100", right=True),
    Found("b", 0.1, -7.5, "3", right=True),
    Found("b", 0.6, -7.5, "4"),
]


def test_the_product_reads_on_where_the_rest_holds_no_answer() -> None:
    silent = [replace(one, question="c", text="", right=False) for one in FOUND]
    assert left_out([*FOUND, *silent], 0.05) == [False, True, True, False, *[False] * 4]
    assert left_out([*FOUND, *silent], 0.2) == [False, True, True, False, False, True, True, False]


def test_what_is_left_out_is_counted() -> None:
    of = spared(FOUND, [False, True, True, False])
    assert (of.passages, of.right, of.last) == (0.5, 2, 1)
    assert spared([], []).passages == 0.0


@pytest.mark.parametrize(
    ("bound", "counts"),
    [("promise -7", ["0.500", "2", "1"]), ("promise -8", ["0.000", "0", "0"]), ("reranker 0.1", ["0.000", "0", "0"])],
)
def test_what_the_reranker_holds_for_likelier_than_not_is_not_left_out(bound: str, counts: list[str]) -> None:
    (line,) = [line for line in report(FOUND) if line.startswith(f"{bound} ")]
    assert line.split()[2:] == counts
    assert report(FOUND)[0] == "4 passages of 2 questions, 3 right readings"
