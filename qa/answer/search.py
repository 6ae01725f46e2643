"""Step one: the passages that are worth reading."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from qa.types import Hit

if TYPE_CHECKING:
    from qa.answer.engine import AskOptions, Engine


def search(engine: Engine, question: str, options: AskOptions) -> Sequence[Hit]:
    """At most ``options.top_k`` hits, best first, near-copies collapsed."""
    from qa import retrieve

    return retrieve.search(
        engine.index,
        engine.embedder,
        question,
        k=options.top_k,
        filters=options.filters,
        per_source=options.per_source,
        reranker=engine.reranker,
    )
