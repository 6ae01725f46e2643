"""Faithfulness: does the answer say only what its cited spans say."""

from __future__ import annotations

import math
from collections.abc import Sequence

from qa.evaluate.metrics.citation import Claim
from qa.evaluate.metrics.entail import supports
from qa.evaluate.metrics.numbers import missing_numbers, numbers
from qa.evaluate.metrics.text import names, words


def supported(claims: Sequence[Claim]) -> float:
    """Share of sentences that some cited span, or all of them together, supports by the independent checker. NaN
    without sentences.

    >>> supported([Claim("It sent 100 Marines.", ("It sent 100 Marines.",)), Claim("It sent 750.", ("It sent 100.",))])
    0.5
    """
    if not claims:
        return math.nan
    held = [any(supports(q, claim.text) for q in (*claim.quotes, " ".join(claim.quotes))) for claim in claims]
    return sum(held) / len(held)


def numbers_cited(claims: Sequence[Claim], short: str = "") -> float | None:
    """Share of the numbers in sentences, and in the short value, that occur in a span cited beside them; None
    without numbers.

    >>> numbers_cited([Claim("100 Marines and 750 soldiers", ("one hundred Marines",))])
    0.5
    >>> numbers_cited([Claim("Marines came", ("Marines came",))]) is None
    True
    """
    pairs = [(claim.text, claim.quotes) for claim in claims]
    pairs += [(short, tuple(quote for claim in claims for quote in claim.quotes))] if short else []
    total = sum(len(numbers(text)) for text, _ in pairs)
    lost = sum(len(missing_numbers(text, quotes)) for text, quotes in pairs)
    return 1 - lost / total if total else None


def invented_names(claims: Sequence[Claim], known: Sequence[str] = ()) -> float | None:
    """Share of the names in sentences that neither the sentence's cited spans nor ``known`` texts (question,
    titles) hold; None without names.

    >>> invented_names([Claim("On Monday Mark Esper spoke", ("Mark Esper spoke",))])  # Monday is invented
    0.3333333333333333
    """
    total = lost = 0
    for claim in claims:
        source = set(words(" ".join((*claim.quotes, *known))))
        found = names(claim.text)
        total += len(found)
        lost += sum(not set(words(name)) <= source for name in found)
    return lost / total if total else None
