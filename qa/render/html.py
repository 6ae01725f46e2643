"""Answers as one HTML page that needs nothing else: no script, no outside resource; every text escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from qa.render.clean import one_line
from qa.types import Answer, Citation, Coverage, Sentence

_STYLE = """
body{font:16px/1.6 Georgia,serif;max-width:44rem;margin:3rem auto;padding:0 1rem;color:#1c1c1c;background:#fdfdfb}
body{overflow-wrap:anywhere}h2{font-size:1.15rem;margin:2.5rem 0 .5rem}a{color:#24589c;text-decoration:none}
.supported{border-bottom:2px solid #4c9a5f}.partial{border-bottom:2px solid #c79a2b}
.unsupported{border-bottom:2px dashed #b9453f}.refused{color:#8a5a00}
ol,table,.note{font-size:.9rem;color:#444}th,td{text-align:left;padding-right:1.5rem}q{font-style:italic}.where{color:#767676;font-size:.8rem}
@media(prefers-color-scheme:dark){body{background:#15171a;color:#e4e4e0}ol,table,.note{color:#b9b9b4}a{color:#8ab4f0}}
"""


def to_html(answers: Sequence[Answer], title: str = "qa") -> str:
    """A page with every question, its answer with marks that link to the quoted spans, disagreements and sources."""
    body = "\n".join(_answer(answer, number) for number, answer in enumerate(answers, 1))
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{_text(title)}</title><style>{_STYLE}</style></head><body>\n{body}\n</body></html>\n"
    )


def _answer(answer: Answer, number: int) -> str:
    parts = [f"<section><h2>{_text(answer.question or 'Checked text')}</h2>"]
    if answer.status == "refused":
        parts.append(f'<p class="refused">Not answered. {_text(answer.reason)}</p>')
    else:
        parts.append("<p>" + " ".join(_sentence(s, number) for s in answer.sentences) + "</p>")
    if answer.disagreements:
        rows = "".join(f"<li>{_text(d.value)} {_marks(d.citations, number)}</li>" for d in answer.disagreements)
        parts.append(f"<p><b>The sources disagree:</b></p><ul>{rows}</ul>")
    if answer.citations:
        parts.append("<ol>" + "".join(_source(c, number) for c in answer.citations) + "</ol>")
    if answer.coverage:
        rows = "".join(_covered(c, number) for c in answer.coverage)
        parts.append(f"<table><tr><th>source</th><th>contributes</th></tr>{rows}</table>")
    parts += [f'<p class="note">Note: {_text(note)}</p>' for note in answer.notes]
    return "".join(parts) + "</section>"


def _sentence(sentence: Sentence, number: int) -> str:
    why = f' title="{_text(", ".join(sentence.reasons))}"' if sentence.reasons else ""
    return f'<span class="{sentence.verdict}"{why}>{_text(sentence.text)}</span> {_marks(sentence.citations, number)}'


def _marks(numbers: tuple[int, ...], number: int) -> str:
    return "".join(f'<a href="#a{number}c{n}">[{n}]</a>' for n in numbers)


def _source(c: Citation, number: int) -> str:
    head = ", ".join(_text(x) for x in (c.publisher, c.title, c.date, f"page {c.page}" if c.page else "") if x)
    where = f'<span class="where">{_text(c.document)}:{c.start}-{c.end}</span>'
    return f'<li id="a{number}c{c.n}" value="{c.n}">{head} {where}<br><q>{_text(c.quote)}</q></li>'


def _covered(c: Coverage, number: int) -> str:
    part = _marks(c.citations, number) or _text(c.reason)
    return f"<tr><td>{_text(c.publisher or c.title or c.document)}</td><td>{part}</td></tr>"


def _text(text: str) -> str:
    return escape(one_line(text), quote=True)
