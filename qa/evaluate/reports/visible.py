"""Hostile text in a page: escaped, and what would hide or turn it shown by its number."""

from __future__ import annotations

import html
import re

_HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


def visible(text: str) -> str:
    """HTML in which nothing of the text is markup and nothing of it is invisible.

    >>> visible("<b>\\u202e&")
    '&lt;b&gt;<span class="ctl">U+202E</span>&amp;'
    """
    parts = []
    last = 0
    for match in _HIDDEN.finditer(text):
        parts += [html.escape(text[last : match.start()]), f'<span class="ctl">U+{ord(match.group()):04X}</span>']
        last = match.end()
    return "".join([*parts, html.escape(text[last:])])
