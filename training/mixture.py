"""The order in which the reader sees its training groups: each source gets its share of the tokens, endlessly,
from one seed.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, TypeVar

from training.data import pairs, passages
from training.groups import answer_word
from training.pack import Group
from training.sources import SOURCES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from training.sources import Source

T = TypeVar("T")
WHOLE = {
    "squad": 0.40,
    "qed": 0.20,
    "qamr": 0.02,
    "boolq": 0.05,
    "news": 0.05,
    "news_claims": 0.02,
    "licensed": 0.08,
    "swaps": 0.05,
    "answers": 0.13,
}
"""Of all tokens, prefix included."""
LAST = {
    "written": 0.39,
    "written_yesno": 0.12,
    "written_claims": 0.12,
    "written_answers": 0.05,
    "squad": 0.20,
    "qed": 0.03,
    "boolq": 0.03,
    "news": 0.02,
    "licensed": 0.02,
    "swaps": 0.02,
}
"""The same in the last part, in which the reader goes on with what was written for it."""
CLAIMS = {
    "written_claims": 0.52,
    "written_answers": 0.12,
    "licensed": 0.16,
    "swaps": 0.10,
    "answers": 0.06,
    "news_claims": 0.04,
}
"""The checker's own part, in which nothing is read."""
QUERIES = {
    "queries": 0.34,
    "invented_claims": 0.17,
    "article_claims": 0.09,
    "squad": 0.10,
    "written": 0.10,
    "written_yesno": 0.04,
    "written_claims": 0.08,
    "licensed": 0.04,
    "swaps": 0.04,
}
"""The third part: what is asked of a search engine, and claims on science and policy."""
DEBATE = {
    "queries": 0.22,
    "invented_claims": 0.30,
    "article_claims": 0.13,
    "squad": 0.10,
    "written": 0.09,
    "written_yesno": 0.04,
    "written_claims": 0.05,
    "licensed": 0.04,
    "swaps": 0.03,
}
"""The fourth part: mostly claims."""
JUDGE = {
    "invented_claims": 0.30,
    "article_claims": 0.13,
    "written_claims": 0.12,
    "licensed": 0.06,
    "swaps": 0.05,
    "written_answers": 0.04,
    "qed": 0.10,
    "squad": 0.08,
    "queries": 0.05,
    "written": 0.04,
    "written_yesno": 0.03,
}
"""The claims once more; paragraphs of Natural Questions are read again."""
ACCOUNTS = {
    "events": 0.34,
    "event_yesno": 0.07,
    "event_answers": 0.03,
    "pointed_answers": 0.05,
    "explanations": 0.17,
    "qed": 0.10,
    "squad": 0.09,
    "queries": 0.03,
    "written_yesno": 0.02,
    "invented_claims": 0.04,
    "article_claims": 0.02,
    "written_claims": 0.02,
    "licensed": 0.02,
}
"""The last part: several reports of one event, and questions that need more than a name."""
SHARES = {
    "whole": WHOLE,
    "last": LAST,
    "claims": CLAIMS,
    "queries": QUERIES,
    "debate": DEBATE,
    "judge": JUDGE,
    "accounts": ACCOUNTS,
}
"""The mixtures by name."""


def size(group: Group) -> int:
    """A rough token count, good enough for shares."""
    return (
        45 + sum(map(len, group.context.values())) // 4 + sum(12 + len(q) // 4 + len(a) // 4 for q, a in group.branches)
    )


def turns(
    seed: str, shares: Mapping[str, float], cost: Callable[[Group], float], other: Mapping[str, Source] | None = None
) -> Iterator[Group]:
    """Groups without end; the source that is furthest behind its share of the cost comes next. ``other`` sources stand
    for those of the same name."""
    sources = {**SOURCES, **(other or {})}
    streams = {name: sources[name](random.Random(f"{seed}-{name}")) for name in shares}
    used = dict.fromkeys(streams, 0.0)
    while True:
        name = min(used, key=lambda n: used[n] / shares[n])
        group = next(streams[name])
        used[name] += cost(group)
        yield group


def apart(source: Iterator[T], waiting: int, rng: random.Random) -> Iterator[T]:
    """The same without end, each out of so many that wait: what comes of one passage does not come in a row."""
    held: list[T] = []
    while True:
        while len(held) < waiting:
            held.append(next(source))
        place = rng.randrange(len(held))
        held[place], held[-1] = held[-1], held[place]
        yield held.pop()


def mixture(seed: str, shares: Mapping[str, float]) -> Iterator[Group]:
    """What is learnt from, in shares of the tokens."""
    return turns(seed, shares, size)


def development() -> list[Group]:
    """A small fixed sample of the development sets, seen at checkpoints."""
    rng = random.Random(0)
    found = [
        Group("read", {"title": p.title, "passage": p.text}, tuple((q.text, q.answer) for q in p.questions[:10]))
        for p in rng.sample(passages("qa_dev", "squad2"), 16)
    ]
    found += [
        Group("yesno", {"title": p.title, "passage": p.text}, tuple((q.text, q.answer) for q in p.questions))
        for p in rng.sample(passages("qa_dev", "boolq"), 30)
    ]
    held = [p for p in pairs("entail_dev", "healthver", "climate-fever") if len(p.premise) < 700]
    balanced_pairs = rng.sample([p for p in held if p.supported], 25) + rng.sample(
        [p for p in held if not p.supported], 25
    )
    return found + [
        Group("support", {"premise": p.premise}, ((p.claim, answer_word(p.supported)),)) for p in balanced_pairs
    ]
