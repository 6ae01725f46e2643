"""What every implementation of a seam must do, fakes and real models alike."""

from __future__ import annotations

import numpy as np

from qa.models.seams import Checker, Embedder, Generator, Locator, Request, Reranker


def embedder_contract(embedder: Embedder) -> None:
    texts = ["Rain fell.", "Nine boats left the harbour at dawn on Friday.", "Rain fell.", "", "a " * 700]
    vectors = embedder.encode(texts)
    assert vectors.shape == (5, embedder.info.dimension)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    for row, text in zip(vectors, texts, strict=True):
        np.testing.assert_allclose(embedder.encode([text])[0], row, atol=1e-5)
    assert embedder.encode([]).shape == (0, embedder.info.dimension)
    assert embedder.count_tokens([]) == []
    counts = embedder.count_tokens(["one", "one two three four"])
    assert counts[0] >= 1
    assert counts[1] > counts[0]
    assert embedder.info.id
    assert embedder.info.max_tokens > 16


def generator_contract(generator: Generator) -> None:
    requests = [
        Request("Reply briefly.", "Say the word rain.", max_tokens=8),
        Request("Reply briefly.", "Say the word snow.", max_tokens=8, candidates=("not found",)),
    ]
    replies = generator.complete(requests)
    assert len(replies) == 2
    for reply in replies:
        assert reply.stopped in {"stop", "length"}
        assert 0 < reply.tokens <= 9
        assert reply.logprob is None or reply.logprob <= 0
    if replies[1].candidates:
        assert set(replies[1].candidates) == {"not found"}
        assert replies[1].candidates["not found"] <= 0
    assert generator.complete([]) == []
    assert generator.complete(requests, lambda: True)[0].stopped == "cancelled"
    assert list(generator.stream(requests[0], lambda: True)) == []
    assert "".join(generator.stream(requests[0])) == generator.complete(requests[:1])[0].text
    assert generator.count_tokens("") == 0
    assert generator.count_tokens("rain and snow and wind") >= 5
    assert generator.info.name
    assert generator.info.context >= 256


def checker_contract(checker: Checker) -> None:
    pairs = [("Nine boats left.", "Nine boats left."), ("Nine boats left.", "Snow covered the town hall in May.")]
    found = checker.support(pairs)
    assert len(found) == 2
    assert all(0.0 <= p <= 1.0 for p in found)
    assert checker.support([]) == []
    assert checker.support(pairs[::-1]) == found[::-1]
    assert 0.0 < checker.threshold < 1.0
    assert checker.name


def locator_contract(locator: Locator) -> None:
    texts = ["Nine boats left the harbour on Monday.", "Snow fell.", ""]
    found = locator.sight("how many boats left", texts)
    assert len(found) == 3
    for one, text in zip(found, texts, strict=True):
        (again,) = locator.sight("how many boats left", [text])
        assert (again.best(3), again.nowhere) == (one.best(3), one.nowhere)
        assert all(0 <= start < end <= len(text) for start, end in one.best(3))
        assert all(one.likelihood(*span) <= 0 for span in one.best(3))
        assert one.nowhere <= 0
    assert locator.sight("how many", []) == []
    assert locator.name


def reranker_contract(reranker: Reranker) -> None:
    found = reranker.score("how many boats left", ["Nine boats left.", "Snow fell."])
    assert len(found) == 2
    assert all(0.0 <= p <= 1.0 for p in found)
    assert reranker.score("how many", []) == []
    assert reranker.name
