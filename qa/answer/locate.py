"""Where in a passage a reader's answer stands. An answer that stands nowhere was not read but made up."""

from __future__ import annotations

import re

from qa.answer.quantities import agrees, quantities
from qa.answer.words import FUNCTION_WORDS, content, fold, stem, word_spans
from qa.types import Passage, Span

_LEAD = re.compile(r"^(?:the answer is|answer:|it is|they are|according to the passage,?)\s+", re.I)


def locate(answer: str, passage: Passage, question: frozenset[str] = frozenset()) -> Span | None:
    """The answer's span in the document, or None when the passage does not hold it.

    Tried in this order: the words as they are; the words with punctuation and case aside; an equal number written
    otherwise; the longest run of its words, when that run has at least two thirds of what the answer says. Of several
    places, the one whose sentence shares most with ``question`` (content stems).
    """
    answer = _LEAD.sub("", answer.strip()).strip().strip(".\"' ")
    if not answer:
        return None
    for spans in (
        _exact(answer, passage.text),
        _worded(answer, passage.text),
        _numeric(answer, passage.text),
        _partial(answer, passage.text),
    ):
        if spans:
            absolute = [Span(passage.start + s.start, passage.start + s.end) for s in spans]
            return max(absolute, key=lambda s: (_shared(passage, s, question), -s.start))
    return None


def sentence_of(passage: Passage, span: Span) -> Span:
    """The sentence of the passage that holds the start of ``span``; sentences are joined when the span runs over their
    border."""
    touched = [s for s in passage.sentences if s.overlaps(span)]
    return Span(touched[0].start, touched[-1].end) if touched else span


def text_of(passage: Passage, span: Span) -> str:
    """The characters of a document's span that lies in the passage."""
    return passage.text[span.start - passage.start : span.end - passage.start]


def _shared(passage: Passage, span: Span, question: frozenset[str]) -> int:
    return len(question & set(content(text_of(passage, sentence_of(passage, span)))))


def _exact(answer: str, text: str) -> list[Span]:
    pattern = r"(?<![^\W_])" + r"\s+".join(map(re.escape, answer.split())) + r"(?![^\W_])(?![.,]\d)"
    return [Span(m.start(), m.end()) for m in re.finditer(pattern, text, re.I)]


def _worded(answer: str, text: str) -> list[Span]:
    wanted = [fold(w) for w, _ in word_spans(answer)]
    have = word_spans(text)
    return [
        Span(have[i][1].start, have[i + len(wanted) - 1][1].end)
        for i in range(len(have) - len(wanted) + 1 if wanted else 0)
        if all(fold(have[i + j][0]).strip(".") == w.strip(".") for j, w in enumerate(wanted))
    ]


def _numeric(answer: str, text: str) -> list[Span]:
    wanted = quantities(answer)
    if len(wanted) != 1 or len(content(answer)) > 4:
        return []
    return [q.span for q in quantities(text) if agrees(wanted[0], q) and q.kind == wanted[0].kind]


def _partial(answer: str, text: str) -> list[Span]:
    wanted = [stem(fold(w).strip(".")) for w, _ in word_spans(answer) if fold(w) not in FUNCTION_WORDS]
    if len(wanted) < 3:
        return []
    have = [(stem(fold(w).strip(".")), span) for w, span in word_spans(text) if fold(w) not in FUNCTION_WORDS]
    best: tuple[int, Span] | None = None
    for i in range(len(have)):
        run = 0
        for w in wanted[wanted.index(have[i][0]) :] if have[i][0] in wanted else ():
            if i + run < len(have) and have[i + run][0] == w:
                run += 1
            else:
                break
        if run and (best is None or run > best[0]):
            best = (run, Span(have[i][1].start, have[i + run - 1][1].end))
    return [best[1]] if best and best[0] * 3 >= len(wanted) * 2 else []
