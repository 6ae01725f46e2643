"""Raw HTML inside a light markup: its comments, tags, and what a browser would not show. One pass, linear."""

from __future__ import annotations

import re

_TOKEN = re.compile(r"<!--|<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s[^<>]*)?)/?>")
_HIDING = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?![.\d])|\shidden(?=[\s=/]|$)", re.IGNORECASE
)
_NEVER_SHOWN = frozenset({"script", "style", "template", "noscript", "head", "title", "iframe", "object", "svg"})
_VOID = frozenset(
    {"br", "hr", "img", "input", "meta", "link", "area", "base", "col", "embed", "source", "track", "wbr"}
)
_BREAKS = frozenset(
    {
        "p",
        "div",
        "li",
        "ul",
        "ol",
        "table",
        "tr",
        "section",
        "article",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "blockquote",
    }
)


def without_markup(text: str) -> str:
    """``text`` without HTML comments, tags and hidden elements. An element that is hidden and never closed hides the
    rest, as it does in a browser; so does a comment."""
    kept: list[str] = []
    at, hiding, depth = 0, "", 0
    while match := _TOKEN.search(text, at):
        if not hiding:
            kept.append(text[at : match.start()])
        if match.group() == "<!--":
            end = text.find("-->", match.end())
            at = len(text) if end < 0 else end + 3
            continue
        at = match.end()
        closing, name = bool(match.group(1)), match.group(2).lower()
        if hiding:
            depth += 0 if name != hiding else -1 if closing else 1
            hiding = hiding if depth > 0 else ""
        elif not closing and name not in _VOID and (name in _NEVER_SHOWN or _HIDING.search(match.group(3))):
            hiding, depth = name, 1
        else:
            kept.append("\n" if name == "br" else "\n\n" if name in _BREAKS else "")
    return "".join(kept) if hiding else "".join(kept) + text[at:]
