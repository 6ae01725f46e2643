"""Questions that a passage seems to answer and does not, made out of those that it answers: the prompt for the model
that makes them (`train_asker`, `ask`), and which of its questions are worth learning to refuse.
"""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import chain
from typing import TYPE_CHECKING

from qa.answer.words import content
from qa.resources import REFUSAL
from training.data import ROOT, Passage, Question
from training.synth import OPPOSITE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

FOLDER = ROOT / "training" / "runs" / "asker"
QUESTIONS = FOLDER / "questions.json"
"""What `ask` leaves: passages' texts, each with the questions made for it."""
SYSTEM = "You change a question so that the passage seems to answer it and does not."
ALIKE = 0.6
"""Likeness to its source, from which a question is an edit of it."""
_SMALL = frozenset(
    """a an the of in on at by for to from with and or as is are was were be been being do does did has have had what
    who whom whose which that when where why how many much this these those it its he his she her they their than there
    one kind type name called term into about during after before""".split()
)
_DENIAL = re.compile(r"\b(?:not|never|no|cannot|without|non)\b|n't\b", re.I)
SUSPECT = {"other word": 0.06, "added": 0.06, "no denial": 0.15}
"""Kinds of edits that may leave a question answerable: below this probability of a refusal, by a reader that was
trained before, they are taken for that."""


def opening() -> str:
    """What comes before the user's text, in the base model's chat template."""
    return f"<|im_start|>system\n{SYSTEM}<|im_end|>\n<|im_start|>user\n"


def shared(title: str, passage: str) -> str:
    """The user's text as far as all questions of a passage share it."""
    return (f"Title: {title}\n" if title else "") + f"Passage: {passage.strip()}\n"


def tail(question: str) -> str:
    """The rest of the prompt."""
    told = f"A question that the passage answers: {question}\nA question like it that the passage does not answer:"
    return f"{told}<|im_end|>\n<|im_start|>assistant\n"


def likeness(first: str, second: str) -> float:
    """Share of words in the same order, 0 to 1."""
    return SequenceMatcher(None, _words(first), _words(second)).ratio()


def kind_of_edit(source: str, made: str, passage: str) -> str:
    """What was changed: `denial`, `no denial`, `opposite`, `number`, `other word` or `added`; empty where it is no
    small edit, or surely leaves the question answerable.
    """
    if source.endswith("?") and not made.endswith("?"):
        return ""
    if SequenceMatcher(None, _words(source), _words(made), autojunk=False).ratio() < ALIKE:
        return ""
    if bool(_DENIAL.search(made)) != bool(_DENIAL.search(source)):
        return "denial" if _DENIAL.search(made) else "no denial"
    swapped, added, gone = _changes(_words(source), _words(made))
    new = {*added, *chain.from_iterable(y for _, y in swapped)}
    if new & {*gone, *chain.from_iterable(x for x, _ in swapped)}:  # only moved
        return ""
    other = [(x, y) for x, y in swapped if not _stems(x) & _stems(y)]
    if other:
        return _kind_of_swap(*other[0], passage)
    return "added" if any(word not in passage.lower() for word in added) else ""


def _kind_of_swap(old: Sequence[str], new: Sequence[str], passage: str) -> str:
    if any(OPPOSITE.get(x) == y for x in old for y in new):
        return "opposite"
    numbers = [word for word in new if word.isdigit()]
    if not numbers:
        return "other word"
    known = any(re.search(rf"\b{number}\b", passage) for number in numbers)
    return "number" if any(word.isdigit() for word in old) or not known else ""


def _changes(source: list[str], made: list[str]) -> tuple[list[tuple[list[str], list[str]]], list[str], list[str]]:
    """Of the words that mean something: what stands for what, what was added, and what left out."""
    swapped: list[tuple[list[str], list[str]]] = []
    added: list[str] = []
    gone: list[str] = []
    for how, i, j, k, m in SequenceMatcher(None, source, made, autojunk=False).get_opcodes():
        old, new = ([w for w in side if w not in _SMALL] for side in (source[i:j], made[k:m]))
        if how == "equal":
            continue
        if old and new:
            swapped.append((old, new))
        else:
            added += new
            gone += old
    return swapped, added, gone


def _stems(words: Sequence[str]) -> set[tuple[str, ...]]:
    return {tuple(content(word)) or (word,) for word in words}


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


@lru_cache(maxsize=1)
def made(path: Path = QUESTIONS) -> dict[str, list[str]]:
    """The questions that `ask` left, by their passage's text; none where it did not run."""
    if not path.exists():
        return {}
    found: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8"))
    return found


def with_made(passage: Passage, found: Callable[[], dict[str, list[str]]] = made) -> Passage:
    """The passage with the questions made for it, to be refused as its own unanswerable ones are."""
    more = tuple(Question(text, REFUSAL) for text in found().get(passage.text, ()))
    return replace(passage, questions=passage.questions + more) if more else passage


def sources(passage: Passage, count: int, rng: random.Random) -> list[Question]:
    """Questions of a passage out of which others are made."""
    own = [q for q in passage.questions if q.answerable]
    return rng.sample(own, min(count, len(own)))
