"""An independent checker, lexical and numeric: whether a premise plainly holds a claim. It shares nothing with the
checker inside the product.

It knows no paraphrase, so it is stricter than a model on free prose and exact on the evidence's own words. As a
second opinion its
errors are of another kind than the product's, which is its purpose.
"""

from __future__ import annotations

from qa.evaluate.metrics.numbers import content_besides, missing_numbers
from qa.evaluate.metrics.text import content, names, negations, plain, stem, words

THRESHOLD = 0.7
"""Share of the claim's content words that the premise must hold."""


def support(premise: str, claim: str) -> float:
    """From 0 to 1: the share of the claim's content words that the premise holds; 0 when a number or a name is
    missing or negation differs.

    >>> support("The Pentagon sent 100 Marines from Kuwait.", "The Pentagon sent one hundred Marines.")
    1.0
    >>> support("The Pentagon sent 100 Marines.", "The Pentagon sent 750 Marines.")
    0.0
    >>> support("The embassy was not breached.", "The embassy was breached.")
    0.0
    >>> support("The embassy was attacked by a crowd.", "A crowd attacked the gate.")
    0.6666666666666666
    """
    if plain(claim).lower().rstrip(".") in plain(premise).lower() and plain(claim):
        return 1.0
    if missing_numbers(claim, [premise]) or bool(negations(claim)) != bool(negations(premise)):
        return 0.0
    if {stem(word) for name in names(claim) for word in words(name)} - {stem(word) for word in words(premise)}:
        return 0.0
    wanted = content_besides(claim) or content(claim)
    return len(wanted & content(premise)) / len(wanted) if wanted else 0.0


def supports(premise: str, claim: str) -> bool:
    """Whether ``support`` reaches ``THRESHOLD``.

    >>> supports("The embassy was attacked by a crowd.", "A crowd attacked the gate.")
    False
    """
    return support(premise, claim) >= THRESHOLD
