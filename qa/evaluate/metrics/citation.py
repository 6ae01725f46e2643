"""Citations: ALCE's recall and precision with any checker, and what can be compared letter by letter.

ALCE (Gao et al., 2023): a sentence is recalled when its citations together support it; a citation is precise when
its sentence is recalled
and it either supports the sentence alone or is needed for the rest to support it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.evaluate.metrics.retrieval import Located, overlap
from qa.evaluate.metrics.text import names_any

Supports = Callable[[str, str], bool]
"""(premise, claim) → whether the premise supports the claim."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of an answer and the quotes that it cites."""

    text: str
    quotes: tuple[str, ...]


def sentence_recall(claim: Claim, supports: Supports) -> bool:
    """Whether the quotes, joined, support the sentence; a sentence without a citation is not recalled.

    >>> word = lambda premise, text: text in premise
    >>> sentence_recall(Claim("b", ("a", "b")), word), sentence_recall(Claim("b", ()), word)
    (True, False)
    """
    return bool(claim.quotes) and supports(" ".join(claim.quotes), claim.text)


def precise(claim: Claim, supports: Supports) -> list[bool]:
    """For each citation of the sentence, whether it is relevant by ALCE's definition.

    >>> word = lambda premise, text: text in premise
    >>> precise(Claim("b", ("a", "b")), word), precise(Claim("c", ("a", "b")), word)
    ([False, True], [False, False])
    """
    if not sentence_recall(claim, supports):
        return [False] * len(claim.quotes)
    return [_relevant(n, claim, supports) for n in range(len(claim.quotes))]


def _relevant(n: int, claim: Claim, supports: Supports) -> bool:
    rest = claim.quotes[:n] + claim.quotes[n + 1 :]
    return supports(claim.quotes[n], claim.text) or not rest or not supports(" ".join(rest), claim.text)


def recall(claims: Sequence[Claim], supports: Supports) -> float:
    """Share of sentences that their citations support. NaN without sentences.

    >>> recall([Claim("a", ("a",)), Claim("b", ("a",))], lambda premise, text: text in premise)
    0.5
    """
    return _mean([sentence_recall(claim, supports) for claim in claims])


def precision(claims: Sequence[Claim], supports: Supports) -> float:
    """Share of citations that are relevant. 0 when nothing is cited; NaN without sentences.

    >>> precision([Claim("a", ("a", "x")), Claim("b", ("b",))], lambda premise, text: text in premise)
    0.6666666666666666
    """
    judged = [one for claim in claims for one in precise(claim, supports)]
    return _mean(judged) if judged else (0.0 if claims else math.nan)


def uncited(claims: Sequence[Claim]) -> float:
    """Share of sentences without a citation. NaN without sentences.

    >>> uncited([Claim("a", ()), Claim("b", ("b",))])
    0.5
    """
    return _mean([not claim.quotes for claim in claims])


def quotes_exact(cited: Sequence[tuple[str | None, int, int, str]]) -> float:
    """Share of citations (document text, start, end, quote) whose quote is what stands at the span. A document that
    does not exist counts against.

    >>> quotes_exact([("100 Marines", 0, 3, "100"), ("100 Marines", 0, 3, "750"), (None, 0, 1, "x")])
    0.3333333333333333
    """
    return _mean([text is not None and bool(quote) and text[start:end] == quote for text, start, end, quote in cited])


def gold_document(cited: Sequence[str], gold: Sequence[str]) -> float:
    """1 when some citation points into a gold document.

    >>> gold_document(["seeds/a.md"], ["a.md"]), gold_document([], ["a.md"])
    (1.0, 0.0)
    """
    return float(any(names_any(document, gold) for document in cited))


def gold_overlap(cited: Sequence[Located], gold: Sequence[Located]) -> float:
    """The largest share of a gold span's characters, or of a cited span's where that one is shorter, that lies in both.

    >>> gold_overlap([Located("a", 0, 10)], [Located("a", 5, 25)]), gold_overlap([], [Located("a", 5, 25)])
    (0.5, 0.0)
    """
    return max((max(overlap(one, other), overlap(other, one)) for one in gold for other in cited), default=0.0)


def _mean(values: Sequence[bool]) -> float:
    return sum(values) / len(values) if values else math.nan
