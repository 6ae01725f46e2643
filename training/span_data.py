"""Questions beside one passage each, and where in its tokens the answer stands: what the span reader learns from."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.corpus.passages import embedding_text
from qa.resources import REFUSAL
from training.mixture import apart, turns

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tokenizers import Encoding, Tokenizer

    from training.pack import Group


WRITTEN = {"squad": 0.20, "qed": 0.08, "qamr": 0.02, "news": 0.05, "written": 0.65}
QUERIES = {"squad": 0.15, "qed": 0.08, "qamr": 0.02, "news": 0.05, "written": 0.30, "queries": 0.40}
ACCOUNTS = {
    "squad": 0.15,
    "qed": 0.08,
    "qamr": 0.02,
    "news": 0.03,
    "written": 0.12,
    "queries": 0.12,
    "explanations": 0.18,
    "events": 0.30,
}
SHARES = {"written": WRITTEN, "queries": QUERIES, "accounts": ACCOUNTS}
"""Of all examples, by source; the mixtures by name."""
WAITING = 600
"""Examples from which the next is drawn, so that the questions of one passage do not come in a row."""
PLACES = 6
"""At most so many places of an answer's words count; a number that stands everywhere is no aim."""


@dataclass(frozen=True, slots=True)
class Example:
    """A pair in tokens and the spans (first, last token) that are right; (0, 0) means that there is no answer."""

    encoding: Encoding
    spans: tuple[tuple[int, int], ...]


def examples(tokenizer: Tokenizer, seed: str, shares: Mapping[str, float] = WRITTEN) -> Iterator[Example]:
    """Without end, from one seed."""
    for one in apart(_questions(seed, shares), WAITING, random.Random(seed)):
        if (made := example(tokenizer, *one)) is not None:
            yield made


def _questions(seed: str, shares: Mapping[str, float]) -> Iterator[tuple[str, str, str]]:
    return asked(turns(seed, shares, lambda one: len(one.branches)))


def asked(groups: Iterable[Group]) -> Iterator[tuple[str, str, str]]:
    """(question, passage with its title, answer)."""
    for group in groups:
        text = embedding_text(group.context["title"], group.context["passage"])
        for question, answer in group.branches:
            yield question, text, answer


def example(tokenizer: Tokenizer, question: str, text: str, answer: str) -> Example | None:
    """None where the answer's words do not stand in what the model can read of the passage."""
    encoding = tokenizer.encode(question, text)
    if answer == REFUSAL:
        return Example(encoding, ((0, 0),))
    found = re.finditer(rf"(?<!\w){re.escape(answer)}(?!\w)", text)
    spans = [tokens_of(encoding, m.start(), m.end()) for m in found]
    kept = tuple(span for span in spans if span is not None)[:PLACES]
    return Example(encoding, kept) if kept else None


def tokens_of(encoding: Encoding, start: int, end: int) -> tuple[int, int] | None:
    """First and last token of the characters ``start`` to ``end`` of the passage; None when they were cut off."""
    first, last = encoding.char_to_token(start, 1), encoding.char_to_token(end - 1, 1)
    return None if first is None or last is None else (first, last)
