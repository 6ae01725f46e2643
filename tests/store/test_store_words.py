from __future__ import annotations

import sqlite3
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.store import Index, update
from qa.store.words import MAX_TERMS, phrase, terms


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How many Marines were sent?", ["marines", "sent"]),
        ("Who are they?", ["who", "are", "they"]),
        ("the U.S. embassy's 1,000 staff", ["u.s", "embassy", "1,000", "staff"]),
        ("O'Brien", ["o'brien"]),
        ("anti-government", ["anti", "government"]),
        ("Straße CAFÉ", ["strasse", "café"]),
        ("war war WAR", ["war"]),
        ("?!… --", []),
        ("", []),
    ],
)
def test_the_words_of_a_question(question, expected):
    assert terms(question) == expected


def test_a_question_of_100_000_characters_gives_a_bounded_query():
    assert len(terms(" ".join(f"word{number}" for number in range(12_000)))) == MAX_TERMS
    assert len(terms("x" * 100_000)[0]) <= 20_000


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_question_is_a_syntax_error(question):
    table = _table()
    for term in terms(question):
        table.execute("SELECT rowid FROM words WHERE words MATCH ?", (phrase(term),)).fetchall()


@cache
def _table():
    made = sqlite3.connect(":memory:")
    made.execute("CREATE VIRTUAL TABLE words USING fts5 (title, text, content='')")
    return made


HOSTILE = [
    '"',
    '""" OR "',
    "war NOT seven",
    "NEAR(war seven)",
    "title:war",
    "^war",
    "war*",
    "{war}",
    "war\x00seven",
    "'; DROP TABLE words",
]


@pytest.mark.parametrize("question", HOSTILE)
def test_query_syntax_is_only_words(store, docs, embedder, question):
    update(store, [docs], embedder)
    with Index.open(store) as index:
        found = index.lexical(question, 5)
        assert bool(found) == ("war" in question)


def test_stems_and_accents_do_not_matter(store, docs, embedder):
    (docs / "cafe.txt").write_text("Cafés in Zürich were closing.", encoding="utf-8")
    update(store, [docs], embedder)
    with Index.open(store) as index:
        for question in ("cafe", "CAFÉS", "zurich", "closed"):
            assert index.passages([index.lexical(question, 1)[0][0]])[0].document == "docs/cafe.txt"


def test_a_word_in_the_title_finds_the_document(store, docs, embedder):
    (docs / "x.md").write_text("# Gibraltar\n\nIt is a rock.", encoding="utf-8")
    update(store, [docs], embedder)
    with Index.open(store) as index:
        assert index.passages([index.lexical("gibraltar", 1)[0][0]])[0].document == "docs/x.md"


def test_allowed_restricts_both_lists(store, docs, embedder):
    update(store, [docs], embedder)
    with Index.open(store) as index:
        only = index.passage_ids(["docs/gas.txt"])
        vector = embedder.encode(["war river oxygen"])[0]
        assert {number for number, _ in index.dense(vector, 10, only)} == only
        assert {number for number, _ in index.lexical("war river oxygen", 10, only)} == only
        assert index.lexical("war river oxygen", 10, frozenset()) == []
        assert index.dense(vector, 10, frozenset()) == []
        assert index.dense(vector, 0) == []
        assert index.lexical("war", 0) == []


def test_a_word_that_most_passages_hold_still_counts(store, docs, embedder):
    for number in range(8):
        (docs / f"{number}.txt").write_text(
            f"The marines of unit {number} were ready." + " marines" * (number == 5), encoding="utf-8"
        )
    update(store, [docs], embedder)
    with Index.open(store) as index:
        found = index.lexical("marines", 20)
        assert len(found) == 8
        assert all(score > 0.05 for _, score in found)
        assert index.passages([found[0][0]])[0].document == "docs/5.txt"


def test_scores_add_up_over_the_words_and_rare_words_weigh_more(store, docs, embedder):
    update(store, [docs], embedder)
    with Index.open(store) as index:
        both, seven, north = (dict(index.lexical(question, 5)) for question in ("seven north", "seven", "north"))
        assert both == pytest.approx({i: seven.get(i, 0) + north.get(i, 0) for i in {*seven, *north}})
        assert len(north) == 2
        assert len(seven) == 1
        (war,) = seven
        assert seven[war] > north[war]
