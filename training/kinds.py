"""What the rules on kinds of answers do to right answers, and to tempting ones: `python -m training.kinds`.

Every question that was written or comes with SQuAD's and QED's training passages is put beside its own answer, and each
refused one beside what a careless reader would say; no model takes part. `qa/answer/fitting.py` was read off them.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from qa.answer.counting import counted
from qa.answer.fitting import fits
from qa.answer.locate import locate, sentence_of, text_of
from qa.answer.question import parse
from qa.answer.read import Reading
from training import written
from training.data import passages
from training.reading import hit_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from qa.types import Hit
    from training.data import Passage

KINDS = ("number", "time", "person", "place")
Told = tuple[str, bool, bool]
"""Kind of the question, whether the answer is right, whether the rules let it be one."""


def everything() -> Iterator[tuple[Passage, Mapping[str, str]]]:
    """Passages with their questions, and what tempts in those that they do not answer."""
    for name in ("questions", "queries", "explanations"):
        yield from ((one.passage, one.tempting) for one in written.asked(name))
    yield from ((one.passage, one.tempting) for one in written.told())
    for origin in ("squad2", "qed"):
        yield from ((passage, {}) for passage in passages("qa_train", origin))


def judged(passage: Passage, tempting: Mapping[str, str]) -> Iterator[Told]:
    """Each of its questions that asks for an amount, a time, a person or a place."""
    hit = hit_of(passage)
    for question in passage.questions:
        answer = question.answer if question.answerable else tempting.get(question.text, "")
        kind = parse(question.text).kind
        fit = fitting(hit, question.text, answer) if answer and kind in KINDS else None
        if fit is not None:
            yield kind, question.answerable, fit


def fitting(hit: Hit, question: str, answer: str) -> bool | None:
    """Whether the passage read to say so answers a question of its kind; None where it does not say so."""
    asked = parse(question)
    span = locate(answer, hit.passage, asked.content)
    if span is None:
        return None
    read = Reading(hit, text_of(hit.passage, span), span, sentence_of(hit.passage, span), 1.0, 1.0)
    return fits(asked, counted(asked, read))


def report(told: Counter[Told]) -> list[str]:
    """What to print: by kind, how many right and how many tempting answers the rules reject."""
    lines = [f"{'kind':<10}{'right':>8}{'rejected':>10}{'tempting':>10}{'rejected':>10}"]
    for kind in KINDS:
        right, wrong = (told[kind, one, False] + told[kind, one, True] for one in (True, False))
        lines.append(f"{kind:<10}{right:>8}{told[kind, True, False]:>10}{wrong:>10}{told[kind, False, False]:>10}")
    return lines


def main() -> None:
    told = Counter(one for passage, tempting in everything() for one in judged(passage, tempting))
    print(*report(told), sep="\n")


if __name__ == "__main__":
    main()
