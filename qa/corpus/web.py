"""Saved web pages: the article without its boilerplate. The one door to `trafilatura` and `lxml`. Fetches nothing."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from qa.corpus.cleaning import clean, one_line
from qa.corpus.decoding import decode
from qa.corpus.frontmatter import iso_date
from qa.corpus.reader import MEGABYTE, Extract
from qa.errors import UnreadableError

_DECLARED = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{2,40})|encoding=[\"']([A-Za-z0-9_.:-]{2,40})[\"']",
    re.IGNORECASE,
)
_PROLOGUE = re.compile(r"\s*<\?xml[^>]{0,500}\?>")
_HIDING = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])", re.IGNORECASE)
_DROPPED = frozenset({"script", "style", "template", "noscript", "iframe", "object", "svg", "nav"}) | frozenset(
    {"button", "select", "textarea"}
)
_CHROME = frozenset({"footer", "aside", "header"})
_NOISE = frozenset(
    {"ad", "ads", "advert", "advertisement", "advertising", "sponsored", "cookie", "cookies", "gdpr", "newsletter"}
)
_NAME_PARTS = re.compile(r"[A-Za-z]+")
_NOISE_LIMIT = 600
"""Characters. What is named like an advertisement and holds more than this is a wrapper around the page."""
_BLOCKS = frozenset(
    {"address", "article", "blockquote", "body", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "hr", "li"}
    | {
        "main",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "td",
        "th",
        "tr",
        "ul",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
    }
)


class WebReader:
    """HTML and XHTML. Title, publisher and date come from the page's metadata."""

    suffixes = (".html", ".htm", ".xhtml")
    limit = 16 * MEGABYTE

    def read(self, path: Path, data: bytes) -> Extract:  # noqa: ARG002 - the seam's signature
        """See ``Reader``. A page in which no article is recognised gives all its visible text."""
        source = _source(data)
        _quiet()
        try:
            return _extract(source)
        except UnreadableError:
            raise
        except Exception as error:  # a foreign parser on hostile input: whatever it raises, one file is skipped
            raise UnreadableError(f"cannot be read as HTML: {one_line(str(error)) or type(error).__name__}") from error


def _source(data: bytes) -> str:
    match = _DECLARED.search(data[:4096])
    declared = (match.group(1) or match.group(2)).decode() if match else ""
    if b"\0" in data and data[:2] not in (b"\xff\xfe", b"\xfe\xff"):
        data = data if data[:4].count(0) > 1 else data.replace(b"\0", b"")
    return _PROLOGUE.sub("", decode(data, declared), count=1)


def _quiet() -> None:
    """Its log speaks of its own failures in terms that help nobody here."""
    for name in ("trafilatura", "htmldate", "justext", "courlan"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _extract(source: str) -> Extract:
    from lxml import html as lxml_html
    from trafilatura import bare_extraction, extract_metadata

    parser = lxml_html.HTMLParser(remove_comments=True, remove_pis=True, recover=True)
    tree = lxml_html.document_fromstring(source, parser=parser)
    known = extract_metadata(tree, date_config={"extensive_search": False, "original_date": True}, extensive=False)
    _prune(tree)
    plain = "\n\n".join(_visible(tree))
    found = bare_extraction(tree, include_comments=False, include_tables=True, with_metadata=False)
    article = _article(found.body) if found is not None and found.body is not None else ""
    text = clean(article) if len(article) > 0.2 * min(len(plain), 2000) else clean(plain)
    return Extract(text, known.title or "", known.sitename or "", iso_date(known.date or ""))


def _prune(tree: Any) -> None:
    """Take out what a browser does not show and what is no text of the page, before any text is looked at."""
    from lxml import etree

    walk = etree.iterwalk(tree, events=("start",))
    doomed = []
    for _, element in walk:
        if not isinstance(element.tag, str) or element.tag in ("html", "head", "body"):
            continue
        hidden = "hidden" in element.attrib or _HIDING.search(element.get("style", ""))
        if element.tag in _DROPPED or hidden or _is_noise(element):
            doomed.append(element)
            walk.skip_subtree()
    for element in doomed:
        if element.getparent() is not None:
            element.drop_tree()


def _is_noise(element: Any) -> bool:
    """Whether its class or id calls it an advertisement or a consent banner."""
    names = f"{element.get('class', '')} {element.get('id', '')}".lower()
    if _NOISE.isdisjoint(_NAME_PARTS.findall(names)):
        return False
    length = 0
    for text in element.itertext():
        length += len(text)
        if length > _NOISE_LIMIT:
            return False
    return True


def _article(body: Any) -> str:
    """The extracted article: one paragraph a block, list items with a bullet, table rows with their cells apart."""
    return "\n\n".join(_articles(body))


def _articles(element: Any) -> Iterator[str]:
    for child in element:
        if child.tag == "list":
            items = (" ".join("".join(item.itertext()).split()) for item in child.iter("item"))
            yield "\n".join(f"- {item}" for item in items if item)
        elif child.tag == "table":
            yield "\n".join(
                " | ".join(" ".join("".join(cell.itertext()).split()) for cell in row.iter("cell"))
                for row in child.iter("row")
            )
        elif child.tag == "code" or (child.tag == "quote" and not len(child)):
            yield "\n".join(line.rstrip() for line in "".join(child.itertext()).split("\n")).strip("\n")
        elif child.tag in ("div", "body") or (child.tag == "quote" and len(child.findall("p"))):
            yield from _articles(child)
        else:
            yield " ".join("".join(child.itertext()).split())
        if child.tail and child.tail.strip():
            yield " ".join(child.tail.split())


def _visible(tree: Any) -> Iterator[str]:
    """All blocks of text in the body but navigation, for pages without an article. Iterative: trees can be deep."""
    from lxml import etree

    held: list[str] = []
    skipping = 0
    body = tree.find("body")
    for event, element in etree.iterwalk(tree if body is None else body, events=("start", "end")):
        if not isinstance(element.tag, str):
            continue
        start = event == "start"
        if element.tag in _BLOCKS or element.tag == "br":
            yield from _flushed(held)
        if element.tag in _CHROME:
            skipping += 1 if start else -1
        text = element.text if start else element.tail
        if text and not skipping and element.tag not in ("title", "head"):
            held.append(("- " if start and element.tag == "li" else "") + text)
    yield from _flushed(held)


def _flushed(held: list[str]) -> Iterator[str]:
    line = " ".join("".join(held).split())
    held.clear()
    if line:
        yield line
