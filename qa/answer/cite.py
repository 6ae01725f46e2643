"""Citations: spans numbered from 1 in reading order, each span once."""

from __future__ import annotations

import re

from qa.answer.write import Evidence
from qa.types import Citation, Verdict


class Numbering:
    """Gives each cited span its number. A better verdict of a later sentence does not change an earlier one."""

    def __init__(self) -> None:
        self._citations: dict[tuple[str, int, int], Citation] = {}

    def cite(self, evidence: Evidence, verdict: Verdict) -> int:
        """The span's number, the next free one when it is new."""
        source, span = evidence.hit.source, evidence.span
        key = (source.path, span.start, span.end)
        if key not in self._citations:
            self._citations[key] = Citation(
                n=len(self._citations) + 1,
                document=source.path,
                title=source.title,
                publisher=source.publisher,
                date=source.date,
                page=evidence.passage.page,
                start=span.start,
                end=span.end,
                quote=evidence.text,
                verdict=verdict,
                passage=evidence.passage.id,
            )
        return self._citations[key].n

    @property
    def all(self) -> tuple[Citation, ...]:
        """In the order of their numbers."""
        return tuple(self._citations.values())


_MARK = re.compile(r"\[(\d+(?:\s*[,–-]\s*\d+)*)\]")


def unmarked(text: str) -> str:
    """A document's own `[3]` as `(3)`: in an answer, such a mark is a citation and nothing else."""
    return _MARK.sub(r"(\1)", text)


def with_marks(text: str, numbers: tuple[int, ...]) -> str:
    """The sentence with its marks: ``Text. [1][2]`` becomes ``Text [1][2].`` for a final stop."""
    if not numbers:
        return text
    marks = "".join(f"[{n}]" for n in numbers)
    body = text.rstrip()
    for stop in (".", "!", "?"):
        if body.endswith(stop) and not body.endswith(("..", '."')):
            return f"{body[:-1]} {marks}{stop}"
    return f"{body} {marks}"
