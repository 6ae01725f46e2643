"""A turn's state as JSON and back, for the store of conversations."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from qa.errors import DamagedIndexError, QAError
from qa.tui.turn import Line, Place, TurnState
from qa.types import Answer, Citation, Reason

_PLAIN = ("question", "kind", "asked", "phase", "writing", "error", "dropped", "searched")


def pack(state: TurnState) -> str:
    """The state without its id, as one JSON object."""
    from qa.render.json import answer_to_json

    kept: dict[str, Any] = {name: getattr(state, name) for name in _PLAIN}
    kept["found"] = [asdict(place) for place in state.found]
    kept["lines"] = [asdict(line) for line in state.lines]
    kept["citations"] = [asdict(citation) for citation in state.citations]
    kept["answer"] = answer_to_json(state.answer) if state.answer else None
    # A lone surrogate cannot be stored as UTF-8; written as an escape it can, and JSON reads it back.
    return json.dumps(kept, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()


def unpack(text: str) -> TurnState:
    """The state that ``pack`` wrote. Raises ``QAError`` when the text is something else."""
    try:
        kept = json.loads(text)
        return TurnState(
            **{name: kept[name] for name in _PLAIN},
            found=tuple(Place(**place) for place in kept["found"]),
            lines=tuple(_line(line) for line in kept["lines"]),
            citations=tuple(_citation(citation) for citation in kept["citations"]),
            answer=_answer(kept["answer"]),
        )
    except (ValueError, KeyError, TypeError, QAError) as error:
        raise DamagedIndexError("a kept conversation is damaged", "delete it from the list of conversations") from error


def _answer(kept: dict[str, Any] | None) -> Answer | None:
    from qa.render.json import answer_from_json

    return answer_from_json(kept) if kept else None


def _line(kept: Mapping[str, Any]) -> Line:
    citations, reasons = tuple(kept["citations"]), tuple(Reason(reason) for reason in kept["reasons"])
    return Line(kept["text"], citations, kept["verdict"], reasons, kept["dropped"])


def _citation(kept: Mapping[str, Any]) -> Citation:
    return Citation(**{field.name: kept[field.name] for field in fields(Citation)})
