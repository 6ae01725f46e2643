"""An answer as Markdown: the text with its marks, then the sources as a numbered list of quotations."""

from __future__ import annotations

import re

from qa.render.clean import one_line
from qa.types import Answer, Citation, Sentence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~])")


def to_markdown(answer: Answer) -> str:
    """Ends with one newline. Text of documents is escaped, so that it cannot become a link, an image or markup."""
    lines = [f"**{_escape(answer.question) or 'Checked text'}**", "", _body(answer), ""]
    if answer.disagreements:
        lines += ["**The sources disagree**", ""]
        lines += [f"- {_escape(d.value)} {_marks(d.citations)}" for d in answer.disagreements] + [""]
    if answer.citations:
        lines += ["**Sources**", ""] + [_source(c) for c in answer.citations] + [""]
    if answer.coverage:
        lines += ["**Coverage**", "", "| source | contributes |", "|---|---|"]
        lines += [
            f"| {_escape(c.publisher or c.title or c.document)} | {_marks(c.citations) or _escape(c.reason)} |"
            for c in answer.coverage
        ] + [""]
    lines += [f"*Note: {_escape(note)}*" for note in answer.notes]
    return "\n".join(lines).rstrip() + "\n"


def _body(answer: Answer) -> str:
    if answer.status == "refused":
        return f"*Not answered. {_escape(answer.reason)}*"
    parts = [f"{_escape(s.text)} {_marks(s.citations)}{_verdict(s)}".strip() for s in answer.sentences]
    return " ".join(parts)


def _verdict(sentence: Sentence) -> str:
    """Nothing where it is supported; else the verdict and what it rests on."""
    if sentence.verdict == "supported":
        return ""
    return f" *({_escape(', '.join((sentence.verdict, *sentence.reasons)))})*"


def _marks(numbers: tuple[int, ...]) -> str:
    return "".join(f"\\[{n}\\]" for n in numbers)


def _source(c: Citation) -> str:
    place = f", page {c.page}" if c.page else ""
    head = ", ".join(_escape(x) for x in (c.publisher, c.title, c.date) if x) or _escape(c.document)
    return f"{c.n}. {head} ({_escape(c.document)}{place}, {c.start}–{c.end}): “{_escape(c.quote)}”"


def _escape(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", one_line(text))
