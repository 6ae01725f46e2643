"""Questions beside the passages that a search brings up for them: what the reranker learns from."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from qa.corpus.passages import embedding_text
from training import written
from training.data import Passage, passages, shuffled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

ORIGINS = ("squad2", "squad1", "qed", "boolq")
WRONG = 4
"""Passages beside the right one."""
NEAREST = 24
TOPICS = 0.12
"""Share of the examples that ask with a topic instead of a question."""
HELD_OUT_ARTICLES = {"squad2": 3, "squad1": 3}
HELD_OUT_QED = 800
"""Passages. Fusion is chosen on what is held out."""
_WORD = re.compile(r"[A-Za-z][\w-]{2,}")

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Example:
    """A question and passages, the right one first; of a topic none is right, the teacher's order is the aim."""

    question: str
    texts: tuple[str, ...]
    similar: tuple[float, ...]
    """Of the question and each passage, by the embedder: the order that unanswering passages should keep."""
    kind: str
    """`question`, `unanswerable` (its first passage is on the topic and does not answer) or `topic`."""
    doubtful: tuple[bool, ...]
    """Whether a wrong passage holds the words of an accepted answer, and so may answer after all."""


def split(seed: int = 0) -> tuple[list[Passage], list[Passage]]:
    """Training passages, and those of held-out articles."""
    everything = passages("qa_train", *ORIGINS)
    rng = random.Random(seed)
    away: set[tuple[str, str]] = set()
    for origin, count in HELD_OUT_ARTICLES.items():
        titles = sorted({p.title for p in everything if p.origin == origin})
        away |= {(origin, title) for title in rng.sample(titles, count)}
    qed = sorted({p.title for p in everything if p.origin == "qed"})
    away |= {("qed", title) for title in rng.sample(qed, HELD_OUT_QED)}
    titles_away = {title for _, title in away}
    held = [p for p in everything if (p.origin, p.title) in away]
    return [p for p in everything if p.title not in titles_away], held


LONGEST = 1200
"""Characters of a written passage's text: more is not read to its end."""
EACH, EACH_REPORT = 1, 3
"""Questions drawn of each passage, of each report of an event."""


def with_written(kept: list[Passage], held: list[Passage], seed: int) -> list[Passage]:
    """The passages, those that questions were written on and the written reports, each with some of its questions."""
    rng = random.Random(seed)
    away = {p.title for p in held}
    by_text = {p.text: p for p in kept}
    for name in ("questions", "queries", "explanations"):
        for one in written.asked(name):
            if one.passage.title in away or len(one.passage.text) > LONGEST:
                continue
            known = by_text.get(one.passage.text, replace(one.passage, questions=()))
            by_text[known.text] = replace(known, questions=known.questions + one.passage.questions)
    return [_drawn_of(p, EACH, rng) for p in by_text.values()] + [_drawn_of(p, EACH_REPORT, rng) for p in _reports()]


def _drawn_of(passage: Passage, most: int, rng: random.Random) -> Passage:
    drawn = rng.sample(passage.questions, min(most, len(passage.questions)))
    return replace(passage, questions=tuple(drawn))


def _reports() -> list[Passage]:
    """The written reports, with the questions that they answer; what another report of the event answers as well counts
    as an answer of both. A question that none answers goes with the first report."""
    found = []
    for event in written.events():
        told = [written.told_by(event, place).passage for place in range(len(event["reports"]))]
        for report in told:
            questions = []
            for number, question in enumerate(report.questions):
                given = tuple(p.questions[number].answer for p in told if p.questions[number].answerable)
                if question.answerable:
                    questions.append(replace(question, accepted=given))
                elif not given and report is told[0]:
                    questions.append(question)
            found.append(replace(report, questions=tuple(questions)))
    return found


def full(passage: Passage) -> str:
    """What the model reads of a passage: as the embedder, the title and the text."""
    return embedding_text(passage.title, passage.text)


class Lexical:
    """Cosines of tf-idf vectors: cheap hard negatives, the same kind that lexical retrieval brings up."""

    def __init__(self, texts: Sequence[str]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer

        self.vectorizer = TfidfVectorizer(sublinear_tf=True, stop_words="english", dtype=np.float32)
        self.matrix = self.vectorizer.fit_transform(texts).T.tocsc()

    def scores(self, questions: Sequence[str]) -> Floats:
        """Shape (questions, texts)."""
        return np.asarray((self.vectorizer.transform(questions) @ self.matrix).toarray(), np.float32)


@dataclass(frozen=True, slots=True)
class Near:
    """For every question its nearest passages, by dense and lexical order joined, with the embedder's cosines."""

    found: NDArray[np.int64]
    similar: Floats


def nearest(questions: Sequence[str], lexical: Lexical, asked: Floats, kept: Floats, own: NDArray[np.int64]) -> Near:
    """``own`` passages, then the best others; all of shape (questions, 1 + NEAREST)."""
    found = np.empty((len(questions), NEAREST + 1), np.int64)
    similar = np.empty(found.shape, np.float32)
    for start in range(0, len(questions), 256):
        rows = slice(start, start + 256)
        dense = asked[rows] @ kept.T
        joined = _places(dense) + _places(lexical.scores(questions[rows]))
        joined[np.arange(len(joined)), own[rows]] = np.inf
        order = np.argsort(-joined, axis=1)[:, : NEAREST + 1]
        found[rows] = order
        similar[rows] = np.take_along_axis(dense, order, 1)
    return Near(found, similar)


def _places(scores: Floats) -> Floats:
    """Reciprocal ranks of the best 200 of each row, zero elsewhere."""
    top = np.argpartition(-scores, 200, axis=1)[:, :200]
    order = np.take_along_axis(top, np.argsort(-np.take_along_axis(scores, top, 1), axis=1), 1)
    places = np.zeros_like(scores)
    np.put_along_axis(places, order, (1 / (60 + np.arange(1, 201, dtype=np.float32)))[None], 1)
    return places


def topic(passage: Passage, rng: random.Random) -> str:
    """What somebody types who names a subject and asks nothing: the title, a question's content words, or some words
    of one sentence."""
    kind = rng.random()
    if kind < 0.3 and passage.origin == "qed":
        return passage.title.replace("_", " ")
    if kind < 0.6 and passage.questions:
        words = _WORD.findall(rng.choice(passage.questions).text)[1:]
    else:
        words = _WORD.findall(rng.choice(passage.text.split(". ")))
        start = rng.randrange(max(1, len(words) - 7))
        words = words[start : start + rng.randint(3, 7)]
    return " ".join(words) or passage.title


def examples(
    kept: list[Passage], embed: Callable[[Sequence[str]], Floats], seed: int, cache: Path
) -> Iterator[Example]:
    """Examples without end. Each question comes once before any comes again. What is near is kept in ``cache``."""
    rng = random.Random(seed)
    texts = [full(p) for p in kept]
    asked = [
        (i, q.text, "question" if q.answerable else "unanswerable", q) for i, p in enumerate(kept) for q in p.questions
    ]
    topics = rng.choices(range(len(kept)), k=int(TOPICS * len(asked)))
    lines = [text for _, text, _, _ in asked] + [topic(kept[i], rng) for i in topics]
    own = np.asarray([i for i, *_ in asked] + topics)
    near = _remembered(cache, lambda: nearest(lines, Lexical(texts), embed(lines), embed(texts), own))
    while True:
        for number in shuffled(list(range(len(lines))), rng):
            found, similar = near.found[number], near.similar[number]
            kind = asked[number][2] if number < len(asked) else "topic"
            places = [0, *_drawn(kind, rng)]
            if kind != "topic" and _aside(asked[number][3].accepted):
                places = [0, *[p for p in range(1, NEAREST) if kept[found[p]].title != kept[found[0]].title][:WRONG]]
            chosen = [kept[i] for i in found[places]]
            accepted = asked[number][3].accepted if kind == "question" else ()
            yield Example(
                lines[number],
                tuple(full(p) for p in chosen),
                tuple(float(similar[p]) for p in places),
                kind,
                tuple(place > 0 and holds(p, accepted) for place, p in zip(places, chosen, strict=True)),
            )


def _remembered(cache: Path, make: Callable[[], Near]) -> Near:
    if not cache.is_file():
        near = make()
        np.savez(cache, found=near.found, similar=near.similar)
    with np.load(cache, allow_pickle=False) as arrays:
        return Near(arrays["found"], arrays["similar"])


def _drawn(kind: str, rng: random.Random) -> list[int]:
    """Places of the wrong passages: mostly the best, which are those that the reranker will have to tell apart."""
    if kind == "topic":
        return sorted(rng.sample(range(1, NEAREST + 1), WRONG))
    return sorted([*rng.sample(range(1, 7), WRONG - 1), rng.randint(7, NEAREST)])


def _aside(accepted: Sequence[str]) -> bool:
    """Whether nothing tells if another passage of the article answers: a yes or a no stands nowhere."""
    return bool(accepted) and all(a in {"yes", "no"} for a in accepted)


def holds(passage: Passage, accepted: Sequence[str]) -> bool:
    """Whether a passage has the words of an accepted answer."""
    text = passage.text.lower()
    return any(a.lower() in text for a in accepted if a not in {"yes", "no"})
