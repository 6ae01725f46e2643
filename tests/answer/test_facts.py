from __future__ import annotations

import numpy as np
import pytest

from qa.answer.clashes import clashes
from qa.answer.facts import compare, gather, narrow, tellable
from qa.answer.write import Evidence
from qa.testing import HashEmbedder
from qa.types import Hit, Passage, Source, Span

EMBEDDER = HashEmbedder(dimension=4096)


def evidence(text: str, document: str, group: str | None = None) -> Evidence:
    source = Source(document, "", document, "2020-01-01", "0" * 64, len(text), 1, group or document)
    span = Span(0, len(text))
    return Evidence(Hit(Passage(document, 0, len(text), text, (span,)), source, 1.0), span)


def values(*texts: str) -> list[tuple[str, ...]]:
    """The values of every clash between texts of different sources."""
    found = clashes(compare(EMBEDDER, [evidence(t, f"{i}.md") for i, t in enumerate(texts)]))
    return [tuple(value for value, _ in clash.values) for clash in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The outer wall of the embassy was breached.", True),
        ("It was breached by the crowd on Tuesday.", False),
        ("Was the outer wall of the embassy breached?", False),
        ("Embassy wall breached by crowd in Baghdad", False),
        ("Too short.", False),
        ("The wall " + "of the old embassy " * 20 + "fell.", False),
        ("However, the outer wall of the embassy held.", False),
    ],
)
def test_a_sentence_of_a_summary_stands_alone(text, expected):
    assert tellable(text) is expected


def test_sentences_that_tell_the_same_are_one_fact_ranked_by_its_sources():
    told = "The crowd breached the outer wall of the embassy in Baghdad."
    facts = gather(
        EMBEDDER,
        compare(
            EMBEDDER,
            [
                evidence("Growers picked forty tonnes of apples.", "farm.md"),
                evidence(told, "a.md"),
                evidence("The angry crowd breached the outer wall of the embassy in Baghdad.", "b.md"),
            ],
        ),
    )
    assert [len(f.members) for f in facts] == [2, 1]
    assert facts[0].sources == ("a.md", "b.md") or facts[0].sources == ("b.md", "a.md")


def test_copies_do_not_raise_a_fact():
    texts = ["The crowd breached the wall.", "The crowd breached the wall."]
    facts = gather(EMBEDDER, compare(EMBEDDER, [evidence(t, f"{i}.md", "one") for i, t in enumerate(texts)]))
    assert [f.sources for f in facts] == [("one",)]


def test_nothing_gives_nothing():
    material = compare(EMBEDDER, [])
    assert gather(EMBEDDER, material) == []
    assert clashes(material) == []
    assert narrow(EMBEDDER, material, "walls") is material


def test_a_topic_keeps_what_is_near_it():
    material = compare(
        EMBEDDER, [evidence("The crowd breached the wall.", "a.md"), evidence("Apples ripen in autumn.", "b.md")]
    )
    kept = narrow(EMBEDDER, material, "apples in autumn")
    assert [e.passage.document for e in kept.candidates] == ["b.md"]
    assert kept.likeness.shape == (1, 1)
    assert np.allclose(kept.likeness, 1.0)


def test_other_numbers_of_one_thing_clash():
    assert values(
        "The Pentagon sent 100 Marines to the embassy in Baghdad.",
        "The Pentagon sent 120 Marines to the embassy in Baghdad.",
    ) == [("100 Marines", "120 Marines")]


@pytest.mark.parametrize(
    "texts",
    [
        ("The army sent 100 Marines to the embassy.", "The army sent one hundred Marines to the embassy."),
        ("The army sent 100 Marines to the embassy.", "The army sent 750 soldiers to the embassy."),
        ("The army sent 100 Marines to the embassy.", "Farmers counted 120 Marines on a distant island."),
        ("The crowd breached the outer wall.", "The crowd burned the reception room."),
    ],
)
def test_what_can_both_be_true_does_not_clash(texts):
    assert values(*texts) == []


def test_one_source_does_not_contradict_itself():
    texts = ("The army sent 100 Marines to the embassy.", "The army sent 120 Marines to the embassy.")
    assert clashes(compare(EMBEDDER, [evidence(t, f"{i}.md", "one") for i, t in enumerate(texts)])) == []


def test_a_denial_clashes_with_what_it_denies():
    (clash,) = values(
        "The outer wall of the old embassy was breached by the crowd.",
        "The outer wall of the old embassy was not breached by the crowd.",
    )
    assert len(clash) == 2


def test_three_numbers_make_one_clash():
    form = "The Pentagon sent {} Marines to the embassy in Baghdad."
    (clash,) = values(form.format(100), form.format(120), form.format(150), form.format(100))
    assert sorted(clash) == ["100 Marines", "120 Marines", "150 Marines"]
