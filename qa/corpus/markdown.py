"""Markdown as its reader sees it: marks, link targets, images, comments and fences go; bullets and line breaks stay."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path

from qa.corpus.cleaning import clean
from qa.corpus.decoding import decode
from qa.corpus.frontmatter import first_line_title, front_matter, iso_date
from qa.corpus.hidden import without_markup
from qa.corpus.reader import MEGABYTE, Extract

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})[^`\n]*\Z")
_HEADING = re.compile(r" {0,3}#{1,6}(?:[ \t]+|\Z)")
_UNDERLINE = re.compile(r" {0,3}(?:=+|-{2,})[ \t]*\Z")
_RULE = re.compile(r" {0,3}(?:(?:\*[ \t]*){3,}|(?:-[ \t]*){3,}|(?:_[ \t]*){3,})\Z")
_DEFINITION = re.compile(r" {0,3}\[(?!\^)[^\]\n]{1,200}\]:[ \t]*\S+.*\Z")
_FOOTNOTE = re.compile(r"\A {0,3}\[\^[^\]\n]{1,50}\]:[ \t]*")
_TABLE_RULE = re.compile(r"\|?(?:[ \t]*:?-+:?[ \t]*\|)+(?:[ \t]*:?-+:?[ \t]*)?\Z")
_QUOTE = re.compile(r"\A(?: {0,3}>[ \t]?)+")
_BULLET = re.compile(r"\A([ \t]*)[*+-][ \t]+(?:\[[ xX]\][ \t]+)?(?=\S)")

_CODE = re.compile(r"(?<!`)(`{1,8})(?!`)([^`]+)\1(?!`)")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_IMAGE = re.compile(
    r"!\[[^\[\]]{0,1000}\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+[\"'][^\"'\n]*[\"'])?\s*\)|\[[^\[\]]{0,200}\])"
)
_LINK = re.compile(
    r"\[([^\[\]]{0,1000})\](?:\([^()\s]*(?:\([^()\s]*\)[^()\s]*)*(?:\s+[\"'][^\"'\n]*[\"'])?\s*\)|\[[^\[\]]{0,200}\])"
)
_FOOTNOTE_MARK = re.compile(r"\[\^[^\]\s]{1,50}\]")
_AUTOLINK = re.compile(r"<((?:https?|mailto|ftp):[^<>\s]{1,2000}|[^<>\s@]{1,100}@[^<>\s@]{1,200})>")
_STARS = re.compile(r"(?<![*\\])(\*{1,3})(?=[^\s*])([^*]{1,5000}?)(?<=[^\s*])\1(?!\*)")
_BARS = re.compile(r"(?<![\w_])(_{1,3})(?=[^\s_])((?:[^_]|(?<=\w)_(?=\w)){1,5000}?)(?<=[^\s_])\1(?![\w_])")
_STRUCK = re.compile(r"~~(?=\S)([^~\n]{1,5000})~~")
_GAP = re.compile(r"(?<=[^\s]) {2,}(?=[^\s])")
_PUNCTUATION = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
_SHIELD = {char: chr(0x80 + i) for i, char in enumerate(_PUNCTUATION)}
"""Escaped punctuation travels as C1 controls, of which there are as many and which clean text never holds."""
_UNSHIELD = {ord(shield): char for char, shield in _SHIELD.items()}


class MarkdownReader:
    """CommonMark and the usual extensions, as readable text."""

    suffixes = (".md", ".markdown", ".mdown")
    limit = 16 * MEGABYTE

    def read(self, path: Path, data: bytes) -> Extract:  # noqa: ARG002 - the seam's signature
        """See ``Reader``."""
        fields, source = front_matter(clean(decode(data)))
        lines = list(_lines(_without_hidden(source)))
        text = clean(_inline("\n".join(lines)))
        heading = next((line[1:] for line in lines if line.startswith(_HEAD)), "")
        title = fields.get("title") or clean(_inline(heading)) or first_line_title(text)
        return Extract(text, title, fields.get("publisher", ""), iso_date(fields.get("date", "")))


_HEAD = "\x01"
"""Marks a heading's line until the title is found; ``clean`` removes it."""


def _shield(text: str) -> str:
    return "".join(_SHIELD.get(char, char) for char in text)


def _without_hidden(source: str) -> str:
    """Code is shielded from every later step, then comments, tags and hidden elements go."""
    lines: list[str] = []
    fence = ""
    for line in source.split("\n"):
        match = _FENCE.match(line)
        if fence:
            closes = match is not None and match.group(1).startswith(fence) and line.strip() == match.group(1)
            lines.append("" if closes else _shield(line))
            fence = "" if closes else fence
        elif match:
            fence = match.group(1)
            lines.append("")
        else:
            lines.append(line)
    text = _CODE.sub(lambda match: _shield(match.group(2)), "\n".join(lines))
    text = _ESCAPE.sub(lambda match: _SHIELD[match.group(1)], text)
    return without_markup(_AUTOLINK.sub(r"\1", text))


def _lines(source: str) -> Iterator[str]:
    """Block marks off. Headings stand between blank lines, so that no sentence runs on from one into the text."""
    before = ""
    for raw in source.split("\n"):
        line = _FOOTNOTE.sub("", _QUOTE.sub("", raw, count=1), count=1)
        heading = _HEADING.match(line)
        if heading:
            yield from ("", _HEAD + _without_closing_marks(line[heading.end() :]), "")
        elif (before and _UNDERLINE.match(line)) or any(mark.match(line) for mark in (_RULE, _DEFINITION)):
            yield ""
        elif _TABLE_RULE.match(line.strip()):
            continue
        else:
            yield _row(_BULLET.sub(r"\1- ", line, count=1))
        before = line.strip()


def _without_closing_marks(heading: str) -> str:
    bare = heading.rstrip().rstrip("#")
    return bare.rstrip() if not bare or bare[-1] in " \t" else heading.strip()


def _row(line: str) -> str:
    """A table's row with its cells apart; any other line as it is."""
    bare = line.strip()
    if not (bare.startswith("|") and bare.endswith("|") and len(bare) > 2):
        return line
    return " | ".join(cell.strip() for cell in bare[1:-1].split("|"))


def _inline(text: str) -> str:
    text = _FOOTNOTE_MARK.sub("", _IMAGE.sub("", text))
    text = _LINK.sub(r"\1", _LINK.sub(r"\1", text))
    paragraphs = text.split("\n\n")
    text = "\n\n".join(_plain(paragraph) for paragraph in paragraphs)
    return _GAP.sub(" ", html.unescape(text).translate(_UNSHIELD))


def _plain(paragraph: str) -> str:
    """Emphasis off, the inner one first."""
    for _ in range(2):
        paragraph = _STARS.sub(r"\2", paragraph)
        paragraph = _BARS.sub(r"\2", paragraph)
    return _STRUCK.sub(r"\1", paragraph)
