"""The checker of last resort: how many of a claim's content words its premise has. Needs no model and cannot tell
support from similarity."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.words import coverage


class LexicalChecker:
    """Implements ``Checker``. Deliberately strict: every third unknown word already makes a claim unsupported."""

    name = "lexical"
    threshold = 0.75

    def support(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """Share of the claim's distinct content stems found in the premise."""
        return [coverage(claim, premise) for premise, claim in pairs]
