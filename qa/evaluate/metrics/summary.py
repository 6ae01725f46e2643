"""Summaries of several sources."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from qa.evaluate.metrics.citation import Claim, precision, recall
from qa.evaluate.metrics.entail import support, supports
from qa.evaluate.metrics.text import content, names_any, words

FACT = 0.6
"""Share of a fact's content words that one sentence of the summary must hold, its numbers, names and negation
included."""


def source_coverage(cited: Sequence[str], documents: Sequence[str]) -> float:
    """Share of the documents that some sentence cites. NaN without documents.

    >>> source_coverage(["a.md"], ["seeds/a.md", "seeds/b.md"])
    0.5
    """
    return sum(names_any(document, cited) for document in documents) / len(documents) if documents else math.nan


def states_fact(sentences: Sequence[str], fact: str) -> bool:
    """Whether one sentence, or two neighbours together, hold the fact.

    >>> states_fact(["The Pentagon sent 100 Marines from Kuwait."], "100 Marines were sent")
    True
    >>> states_fact(["It sent 750 soldiers."], "100 Marines were sent")
    False
    """
    windows = [*sentences, *(f"{one} {two}" for one, two in pairwise(sentences))]
    return any(support(window, fact) >= FACT for window in windows)


def fact_coverage(sentences: Sequence[str], facts: Sequence[str]) -> float:
    """Share of the facts that the summary states. NaN without facts.

    >>> fact_coverage(["It sent 100 Marines."], ["100 Marines were sent", "The ambassador left Baghdad"])
    0.5
    """
    return sum(states_fact(sentences, fact) for fact in facts) / len(facts) if facts else math.nan


def citation_f1(claims: Sequence[Claim]) -> float:
    """Harmonic mean of citation recall and precision by the independent checker.

    >>> claims = [Claim("It sent 100 Marines.", ("It sent 100 Marines.",)), Claim("It sent 750.", ("It sent 100.",))]
    >>> citation_f1(claims)
    0.5
    """
    found, right = recall(claims, supports), precision(claims, supports)
    return 2 * found * right / (found + right) if found + right else 0.0


def redundancy(sentences: Sequence[str]) -> float:
    """Mean over the sentences after the first of the largest share of content words already said by one earlier
    sentence. NaN without sentences.

    >>> redundancy(["Marines came.", "Marines came.", "Protesters left early."])
    0.5
    """
    if not sentences:
        return math.nan
    seen = [content(sentence) for sentence in sentences]
    repeated = [max(len(one & other) / max(1, len(one)) for other in seen[:n]) for n, one in enumerate(seen) if n]
    return sum(repeated) / len(repeated) if repeated else 0.0


def compression(summary: str, sources: Sequence[str]) -> float:
    """Words of the sources over words of the summary: 10 means a tenth of the length. NaN without a summary.

    >>> compression("one two", ["a b c d", "e f"])
    3.0
    """
    length = len(words(summary))
    return sum(len(words(source)) for source in sources) / length if length else math.nan
