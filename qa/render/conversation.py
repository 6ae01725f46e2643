"""Several answers as one text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from qa.render.html import to_html
from qa.render.json import answer_to_json, dump
from qa.render.markdown import to_markdown
from qa.types import Answer


def conversation(answers: Sequence[Answer], kind: Literal["md", "json", "html"]) -> str:
    """The answers in their order, as Markdown, a JSON array or an HTML page."""
    if kind == "json":
        return dump([answer_to_json(answer) for answer in answers], indent=2) + "\n"
    return to_html(answers) if kind == "html" else "\n---\n\n".join(map(to_markdown, answers))
