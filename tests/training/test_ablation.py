"""The product with parts left out."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from qa.answer.question import parse
from qa.resources import REFUSAL
from qa.testing import ScriptedGenerator
from qa.types import Hit, Passage, Source, Span
from training.ablation import ROWS, all_at_once

SOURCE = Source("a.md", "T", "", "", "0" * 64, 80, 1, "a.md")
TEXTS = ("Snow fell all day.", "100 Marines were sent.", "Later 100 Marines left.")
HITS = [Hit(Passage("a.md", 0, len(text), text, (Span(0, len(text)),)), SOURCE, 1.0) for text in TEXTS]
QUESTION = parse("How many Marines were sent?")


@pytest.mark.parametrize(
    ("reply", "found"), [("100 Marines", ["", "100 Marines", ""]), (REFUSAL, [""] * 3), ("7", [""] * 3)]
)
def test_one_prompt_holds_all_passages_and_its_reply_is_sought_in_them(reply, found):
    generator = ScriptedGenerator().enqueue(reply)
    readings = all_at_once(SimpleNamespace(generator=generator), QUESTION, HITS)
    assert [reading.text for reading in readings] == found
    (request,) = generator.requests
    assert all(text in request.user for text in TEXTS)


def test_each_row_has_one_part_more_and_the_last_is_the_product():
    engine = object()
    assert ROWS[-1].change(engine) is engine
    assert [row.trained for row in ROWS] == sorted(row.trained for row in ROWS)
