"""Hybrid search: dense and lexical candidates, joined by rank, reranked where there is a reranker, made diverse."""

from __future__ import annotations

from collections.abc import Mapping

from qa.corpus.passages import embedding_text
from qa.errors import UsageError
from qa.models.seams import Embedder, Reranker
from qa.retrieve.diversity import pick
from qa.retrieve.filters import allowed
from qa.retrieve.fusion import Ranked, fuse, lift
from qa.store import Index
from qa.types import Filters, Hit, Rank

POOL = 64
"""Candidates of each list. On NFCorpus dev queries 30, 64 and 100 differ by less than 0.004 nDCG@10."""

RERANKED = 16
"""Best fused candidates that a reranker reads: its cost grows with each."""

MAX_QUESTION = 20_000
"""Characters of a question that are searched for; an embedder cuts it far earlier."""

_NO_FILTERS = Filters()


def search(  # noqa: PLR0913 - a search's options, by name
    index: Index,
    embedder: Embedder,
    question: str,
    *,
    k: int = 8,
    filters: Filters = _NO_FILTERS,
    per_source: int = 3,
    reranker: Reranker | None = None,
    pool: int = POOL,
) -> list[Hit]:
    """The ``k`` best passages for a question, best first, each with its place in every list that found it.

    ``per_source`` caps the hits of one source (near-copies count as one) while other sources have something; ``pool``
    is the number of candidates a list gives. A reranker lifts what answers above its place in the two lists; where no
    passage answers, the order stays. Raises ``UsageError`` for an empty question, ``InputError`` for a source filter
    that fits nothing, ``StoreError``.
    """
    question = _checked(question, k)
    only = allowed(index, filters)
    wanted = max(pool, k)
    lists: dict[str, Ranked] = {
        "dense": _dense(index, embedder, question, wanted, only),
        "lexical": index.lexical(question, wanted, only),
    }
    fused = fuse(lists)
    if reranker is not None:
        lists["rerank"] = _rerank(index, reranker, question, fused[:RERANKED])
        fused = lift(fused, lists["rerank"])
    return pick(_hits(index, lists, fused), k, per_source)


def dense_only(index: Index, embedder: Embedder, question: str, k: int = 8) -> list[Hit]:
    """The ``k`` nearest passages by cosine and nothing else: for measuring."""
    return _alone(index, "dense", _dense(index, embedder, _checked(question, k), k, None))


def lexical_only(index: Index, question: str, k: int = 8) -> list[Hit]:
    """The ``k`` best passages by bm25 and nothing else: for measuring."""
    return _alone(index, "lexical", index.lexical(_checked(question, k), k))


def _alone(index: Index, name: str, ranked: Ranked) -> list[Hit]:
    return _hits(index, {name: ranked}, fuse({name: ranked}))


def _checked(question: str, k: int) -> str:
    if not question.strip():
        raise UsageError("the question is empty", 'write it in quotes: qa ask "how many …?"')
    if k < 1:
        raise UsageError(f"{k} passages cannot be searched for", "ask for one or more")
    return question[:MAX_QUESTION]


def _dense(index: Index, embedder: Embedder, question: str, k: int, only: frozenset[int] | None) -> Ranked:
    return index.dense(embedder.encode([question])[0], k, only)


def _rerank(index: Index, reranker: Reranker, question: str, candidates: Ranked) -> Ranked:
    """Candidates by probability, equal ones in their order."""
    ids = [number for number, _ in candidates]
    passages = index.passages(ids)
    titles = {path: index.source(path).title for path in {passage.document for passage in passages}}
    scores = reranker.score(question, [embedding_text(titles[p.document], p.text) for p in passages])
    return sorted(zip(ids, scores, strict=True), key=lambda pair: -pair[1])


def _hits(index: Index, lists: Mapping[str, Ranked], fused: Ranked) -> list[Hit]:
    """Every candidate as a hit, by fused score."""
    ranks: dict[int, dict[str, Rank]] = {number: {} for number, _ in fused}
    for name, ranked in lists.items():
        for place, (number, score) in enumerate(ranked, start=1):
            ranks[number][name] = Rank(place, score)
    passages = index.passages([number for number, _ in fused])
    sources = {path: index.source(path) for path in {passage.document for passage in passages}}
    return [
        Hit(passage, sources[passage.document], score, ranks[passage.id])
        for passage, (_, score) in zip(passages, fused, strict=True)
    ]
