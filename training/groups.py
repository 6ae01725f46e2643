"""Groups of questions or claims beside one text, as the reader sees them in training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from training.data import Passage, Question, shuffled
from training.pack import Group

if TYPE_CHECKING:
    import random

MAX_QUESTIONS = 9
WRITTEN = 13
"""The same of written questions, of which a passage has some fifteen; its tokens are read once for all."""
NO_TITLE = 0.3


def read_group(passage: Passage, questions: list[Question], rng: random.Random, most: int = MAX_QUESTIONS) -> Group:
    """A `read` group in random order; the title is left out at times, since documents come without one."""
    context = _shown(passage, rng)
    return Group("read", context, tuple((q.text, q.answer) for q in shuffled(questions, rng)[:most]))


def yesno_group(passage: Passage, rng: random.Random) -> Group:
    """The same of questions of yes or no."""
    context = _shown(passage, rng)
    asked = shuffled(list(passage.questions), rng)[:MAX_QUESTIONS]
    return Group("yesno", context, tuple((q.text, q.answer) for q in asked))


def _shown(passage: Passage, rng: random.Random) -> dict[str, str]:
    title = "" if rng.random() < NO_TITLE else passage.title.replace("_", " ")
    return {"title": title, "passage": passage.text}


def answer_word(supported: bool) -> str:
    """The checker's reply."""
    return "yes" if supported else "no"


def claim_group(premise: str, claims: list[tuple[str, bool]], rng: random.Random) -> Group:
    """A `support` group."""
    return Group("support", {"premise": premise}, tuple((c, answer_word(s)) for c, s in shuffled(claims, rng)))
