"""What may reach a terminal: no control characters, no direction overrides, nothing invisible that hides something."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

_STEERING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb"
    r"\U000e0000-\U000e007f\ud800-\udfff]"
)
# Scripts in which a joiner or non-joiner is spelling: Arabic and its kin, the Indic ones, Khmer, Mongolian, Meetei.
_SPELT = "\u0600-\u109f\u1780-\u18af\ua840-\uabff\ufb50-\ufdff\ufe70-\ufefc"
_PICTURE = "\u2190-\u2bff\u3030\u303d\U0001f000-\U0001faff"
_JOINERS = re.compile(
    f"(?<=[{_SPELT}])([\u200c\u200d])[\u200c\u200d]*(?=[{_SPELT}])"
    f"|(?<=[{_PICTURE}\ufe0f])(\u200d)[\u200c\u200d]*(?=[{_PICTURE}])"
    "|[\u200c\u200d]+"
)


def clean(text: str) -> str:
    """Text without anything that steers a terminal or hides from a reader; newlines and tabs stay, and so do joiners
    inside words of scripts that are spelt with them and inside joined emoji."""
    return joined(_STEERING.sub("", text))


def joined(text: str, instead: Callable[[str], str] = lambda _: "", pictures: bool = True) -> str:
    """Text in which (non-)joiners stand only where they join, one at a time; ``pictures``: between emoji, too.

    What else there is of them is given to ``instead``."""

    def place(match: re.Match[str]) -> str:
        kept = match.group(1) or (match.group(2) if pictures else None) or ""
        return kept + instead(match.group()[len(kept) :])

    return _JOINERS.sub(place, text)


def escape_hostile(json_text: str) -> str:
    """JSON text in which what ``clean`` would take away is written as escapes: the same values, safe to print."""
    return joined(_STEERING.sub(lambda match: _escaped(match.group()), json_text), _escaped)


def _escaped(characters: str) -> str:
    return json.dumps(characters)[1:-1]


def one_line(text: str) -> str:
    """``clean`` text with every run of white space made one space."""
    return " ".join(clean(text).split())
