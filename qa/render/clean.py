"""What may reach a terminal: no control characters, no direction overrides, nothing invisible."""

from __future__ import annotations

import json
import re

_HOSTILE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Text without anything that steers a terminal or hides from a reader; newlines and tabs stay."""
    return _HOSTILE.sub("", text)


def escape_hostile(json_text: str) -> str:
    """JSON text in which what ``clean`` would take away is written as escapes: the same values, safe to print."""
    return _HOSTILE.sub(lambda match: json.dumps(match.group())[1:-1], json_text)


def one_line(text: str) -> str:
    """``clean`` text with every run of white space made one space."""
    return " ".join(clean(text).split())
