"""How much a reading counts."""

from __future__ import annotations

import pytest

from qa.answer.clusters import about
from qa.answer.question import parse
from qa.answer.read import Reading
from qa.types import Hit, Passage, Source, Span

FIRST = "The Sarrow government protested."
SOURCE = Source("a.md", "Harbour news", "", "", "0" * 64, 80, 1, "a.md")


@pytest.mark.parametrize(
    ("second", "share"),
    [("It said the captain was detained.", 1.0), ("Officials said the captain was detained.", 0.5)],
)
def test_a_pronoun_leans_on_the_sentence_before(second, share):
    text = f"{FIRST} {second}"
    spans = Span(0, len(FIRST)), Span(len(FIRST) + 1, len(text))
    hit = Hit(Passage("a.md", 0, len(text), text, spans), SOURCE, 1.0)
    reading = Reading(hit, "yes", spans[1], spans[1], 0.9, 0.9)
    assert about(parse("Did the Sarrow government say the captain was detained?"), reading) == pytest.approx(
        share, abs=0.11
    )
