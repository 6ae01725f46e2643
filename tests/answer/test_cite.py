from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.cite import Numbering, unmarked, with_marks
from qa.answer.write import Evidence
from qa.types import Hit, Passage, Source, Span

TEXT = "One. Two. Three."
SOURCE = Source("a.md", "Title", "Publisher", "2020-01-01", "0" * 64, len(TEXT), 1, "a.md")
PASSAGE = Passage("a.md", 0, len(TEXT), TEXT, (Span(0, 4), Span(5, 9), Span(10, 16)), page=3, id=7)
HIT = Hit(PASSAGE, SOURCE, 1.0)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("It rained.", "It rained [1][2]."),
        ("Did it rain?", "Did it rain [1][2]?"),
        ("Stop!", "Stop [1][2]!"),
        ("It rained", "It rained [1][2]"),
        ('"It rained."', '"It rained." [1][2]'),
        ("And then...", "And then... [1][2]"),
        ("It rained. ", "It rained [1][2]."),
    ],
)
def test_marks_stand_before_the_final_stop(text, shown):
    assert with_marks(text, (1, 2)) == shown
    assert with_marks(text, ()) == text


@given(st.text(), st.lists(st.integers(1, 99), unique=True, max_size=4))
def test_the_marks_of_a_sentence_are_its_citations(text, numbers):
    shown = with_marks(unmarked(text), tuple(numbers))
    assert [int(n) for n in re.findall(r"\[(\d+)\]", shown)] == numbers


def test_a_span_is_numbered_once_in_reading_order():
    numbering = Numbering()
    first, second = Evidence(HIT, Span(5, 9)), Evidence(HIT, Span(0, 4))
    assert [numbering.cite(e, "supported") for e in (first, second, first)] == [1, 2, 1]
    citation = numbering.all[0]
    assert (citation.n, citation.quote, citation.page, citation.passage) == (1, "Two.", 3, 7)
    assert (citation.document, citation.title, citation.publisher, citation.date) == (
        "a.md", "Title", "Publisher", "2020-01-01",
    )  # fmt: skip
    assert [c.n for c in numbering.all] == [1, 2]
