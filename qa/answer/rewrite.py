"""A follow-up made to stand alone by rules and, where they find nothing, by a model that can write."""

from __future__ import annotations

from collections.abc import Sequence

from qa.answer.followup import Turn, accepted, leans, standalone
from qa.errors import ModelError
from qa.models.seams import Generator, Request
from qa.resources import prompt
from qa.types import Cancel, never

TURNS = 3
"""How many turns before the question the model is shown; rules look at all of them."""


def rewrite(generator: Generator, question: str, history: Sequence[Turn], cancel: Cancel = never) -> str:
    """The question standing alone, or unchanged where it already does or nobody finds what it leans on.

    The model is asked only where the rules fail and only if it writes prose; its rewrite is taken if it adds nothing.
    """
    by_rules = standalone(question, history)
    if by_rules != question or not history or not leans(question) or not generator.info.writes_prose:
        return by_rules
    shown = "\n".join(f"Question: {turn.question}\nAnswer: {turn.answer or 'none'}" for turn in history[-TURNS:])
    task = prompt("standalone")
    request = Request(task.system, task.fill(conversation=shown, question=question), max_tokens=60, stop=("\n",))
    try:
        proposal = generator.complete([request], cancel)[0].text.strip()
    except ModelError:  # the question as it stands can still be asked
        return question
    return proposal if accepted(proposal, question, history) else question
