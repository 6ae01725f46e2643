"""A sentence as clauses, and a clause as predicates with what stands on either side: enough grammar, by rules, to
compare who did what and what is denied.

No tagger is at hand, so a word counts as a verb by its form and its neighbours. What cannot be told is left open:
unknown sides and unknown signs never decide anything.
"""

from __future__ import annotations

import re
from functools import lru_cache

from qa.answer.grammar import Clause, Predicate, cut, is_negative
from qa.answer.polarity import embeds, sign
from qa.answer.sides import side

__all__ = ["Clause", "Predicate", "clauses", "is_negative", "sentences"]

_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+")


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """Cut at final stops; enough for comparing clauses."""
    return tuple(s for s in _SENTENCE_END.split(" ".join(text.split())) if s)


@lru_cache(maxsize=4096)
def clauses(sentence: str) -> tuple[Clause, ...]:
    """The sentence's clauses in order, with predicates signed and sided. Treat as read-only."""
    found = cut(sentence)
    embedded = 0
    for number, clause in enumerate(found):
        unsure = clause.opener in ("if", "unless", "whether") or (embedded != 0 and clause.opener == "that")
        sign(clause, number, unsure, embedded if clause.opener == "that" else 0)
        embedded = embeds(clause)
    for number, clause in enumerate(found):
        side(clause, found[:number])
    return tuple(found)
