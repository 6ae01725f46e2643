from __future__ import annotations

import pytest

from qa.errors import UsageError
from qa.retrieve import dense_only, lexical_only, search
from qa.retrieve.fusion import LIFT, K
from qa.testing import FixedReranker

TEXTS = {
    "river.md": "# The Rhine\n\nThe Rhine flows through Basel and Cologne. It reaches the North Sea at Rotterdam.",
    "war.md": "# The war\n\nThe war lasted seven years. It was fought in North America and in Europe.",
    "gas.md": "# Oxygen\n\nOxygen is a gas without colour. Plants release it. People breathe it in.",
}


def documents(hits) -> list[str]:
    return [hit.passage.document for hit in hits]


def test_the_best_passage_comes_first_with_the_reason(build, embedder):
    hits = search(build(TEXTS), embedder, "Where does the Rhine reach the North Sea?")
    assert documents(hits)[0] == "docs/river.md"
    first = hits[0]
    assert first.source.path == first.passage.document
    assert first.ranks["dense"].place == first.ranks["lexical"].place == 1
    assert 0 < first.ranks["dense"].score <= 1.0001
    assert first.ranks["lexical"].score > 0
    assert first.score == pytest.approx(2 / 61)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_hit_of_one_list_alone_has_one_rank(build, embedder):
    hits = search(build(TEXTS), embedder, "oxygen")
    others = [hit for hit in hits if hit.passage.document != "docs/gas.md"]
    assert others
    assert all(set(hit.ranks) == {"dense"} for hit in others)


def test_k_bounds_the_hits(build, embedder):
    index = build(TEXTS)
    assert len(search(index, embedder, "the war", k=1)) == 1
    assert len(search(index, embedder, "the war", k=100)) == 3
    with pytest.raises(UsageError):
        search(index, embedder, "the war", k=0)


def test_a_reranker_lifts_by_its_probability_and_lowers_nothing(build, embedder):
    index = build(TEXTS)
    question = "Where does the Rhine reach the North Sea?"
    plain = {hit.passage.document: hit.score for hit in search(index, embedder, question)}
    against = FixedReranker(lambda q, passage: 0.0 if "flows" in passage else 0.9 if "is a gas" in passage else 0.1)
    by_document = {hit.passage.document: hit for hit in search(index, embedder, question, reranker=against)}
    probabilities = {"docs/gas.md": 0.9, "docs/war.md": 0.1, "docs/river.md": 0.0}
    assert {name: hit.ranks["rerank"].score for name, hit in by_document.items()} == probabilities
    assert by_document["docs/river.md"].ranks["rerank"].place == 3
    expected = {name: plain[name] + LIFT * p / (K + 1) for name, p in probabilities.items()}
    assert {name: hit.score for name, hit in by_document.items()} == pytest.approx(expected)


def test_a_reranker_that_finds_no_answer_changes_nothing(build, embedder):
    index = build(TEXTS)
    plain = search(index, embedder, "the war in Europe")
    hits = search(index, embedder, "the war in Europe", reranker=FixedReranker(lambda q, passage: 0.0))
    assert [(hit.passage.id, hit.score) for hit in hits] == [(hit.passage.id, hit.score) for hit in plain]


def test_a_reranker_reads_the_title_as_the_embedder_does(build, embedder):
    read: list[str] = []
    reranker = FixedReranker(lambda q, passage: read.append(passage) or 0.5)
    search(build({"note.txt": "---\ntitle: Harbour log\n---\n\nIt left at noon."}), embedder, "it", reranker=reranker)
    assert read == ["Harbour log\nIt left at noon."]


def test_a_reranker_reads_only_the_best_candidates(build, embedder, monkeypatch):
    monkeypatch.setattr("qa.retrieve.hybrid.RERANKED", 2)
    read = []
    reranker = FixedReranker(lambda q, passage: read.append(passage) or 0.5)
    hits = search(build(TEXTS), embedder, "the war", reranker=reranker)
    assert len(read) == 2
    assert sum("rerank" in hit.ranks for hit in hits) == 2


@pytest.mark.parametrize("question", ["", "   ", "\n\t"])
def test_an_empty_question_is_a_clear_error(build, embedder, question):
    with pytest.raises(UsageError, match="the question is empty"):
        search(build(TEXTS), embedder, question)


@pytest.mark.parametrize("question", ["war " * 25_000, "x" * 100_000, "?!…", "\x1b[31mwar\x1b[0m", '" OR NEAR('])
def test_an_odd_question_is_searched_for(build, embedder, question):
    assert len(search(build(TEXTS), embedder, question)) == 3


def test_near_copies_in_other_documents_are_named_once(build, embedder):
    copy = TEXTS["war.md"]
    index = build({**TEXTS, "wire/war.md": copy, "agency/war.md": copy + "\n\nUpdated."})
    hits = search(index, embedder, "how long did the war last", k=8)
    about = [hit for hit in hits if "seven years" in hit.passage.text]
    assert len(about) == 1
    assert {about[0].source.path, *(s.path for s in about[0].copies)} == {
        "docs/war.md",
        "docs/wire/war.md",
        "docs/agency/war.md",
    }


def test_the_single_lists_for_measuring(build, embedder):
    index = build(TEXTS)
    assert documents(lexical_only(index, "oxygen")) == ["docs/gas.md"]
    assert documents(dense_only(index, embedder, "oxygen plants", k=1)) == ["docs/gas.md"]


def test_an_empty_index_gives_nothing(build, embedder, tmp_path):
    from qa.store import Index, remove

    build(TEXTS)
    remove(tmp_path / "index", list(TEXTS))
    with Index.open(tmp_path / "index") as index:
        assert search(index, embedder, "anything") == []
