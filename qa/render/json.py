"""An answer as JSON and back. The shape is published as ``answer.schema.json`` beside this file; keys are only ever
added."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qa.errors import InputError
from qa.render.clean import escape_hostile
from qa.types import Answer, Citation, Coverage, Disagreement, ModelRecord, Reason, Sentence

_CITATION = ("n", "document", "title", "publisher", "date", "page", "start", "end", "quote", "verdict")
_MODEL = ("generator", "adapter", "embedder", "checker", "prompt_sha256", "seed")
_COVERAGE = ("document", "title", "publisher", "citations", "reason")


def answer_to_json(answer: Answer) -> dict[str, Any]:
    """The published form: plain JSON values in the documented order of keys."""
    data: dict[str, Any] = {"id": answer.id} if answer.id is not None else {}
    data |= {
        "question": answer.question,
        "status": answer.status,
        "reason": answer.reason,
        "answer": answer.answer,
        "short": answer.short,
        "confidence": answer.confidence,
        "sentences": [
            {
                "text": s.text,
                "citations": list(s.citations),
                "verdict": s.verdict,
                "reasons": [str(r) for r in s.reasons],
            }
            for s in answer.sentences
        ],
        "citations": [_pick(c, _CITATION) for c in answer.citations],
        "disagreements": [{"value": d.value, "citations": list(d.citations)} for d in answer.disagreements],
        "model": _pick(answer.model, _MODEL),
        "index": {"fingerprint": answer.fingerprint},
        "timings_ms": dict(answer.timings_ms),
    }
    if answer.coverage:
        data["coverage"] = [{**_pick(c, _COVERAGE), "citations": list(c.citations)} for c in answer.coverage]
    if answer.notes:
        data["notes"] = list(answer.notes)
    return data


def _pick(value: object, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(value, name) for name in names}


def dumps(answer: Answer, indent: int | None = None) -> str:
    """One JSON text: letters as they are, control and invisible characters as escapes, so that it is safe to print."""
    return dump(answer_to_json(answer), indent)


def dump(value: object, indent: int | None = None) -> str:
    """``dumps`` for any JSON value."""
    return escape_hostile(json.dumps(value, ensure_ascii=False, indent=indent))


def answer_from_json(data: Mapping[str, Any]) -> Answer:
    """The answer that ``answer_to_json`` wrote, less what is not published. Raises ``InputError`` when a key is missing
    or of the wrong shape."""
    try:
        return Answer(
            id=data.get("id"),
            question=data["question"],
            status=data["status"],
            reason=data["reason"],
            answer=data["answer"],
            short=data["short"],
            confidence=data["confidence"],
            sentences=tuple(
                Sentence(s["text"], tuple(s["citations"]), s["verdict"], tuple(Reason(r) for r in s["reasons"]))
                for s in data["sentences"]
            ),
            citations=tuple(Citation(**{k: c[k] for k in _CITATION}) for c in data["citations"]),
            disagreements=tuple(Disagreement(d["value"], tuple(d["citations"])) for d in data["disagreements"]),
            model=ModelRecord(**{k: data["model"][k] for k in _MODEL}),
            fingerprint=data["index"]["fingerprint"],
            timings_ms=dict(data["timings_ms"]),
            coverage=tuple(
                Coverage(**{**{k: c[k] for k in _COVERAGE}, "citations": tuple(c["citations"])})
                for c in data.get("coverage", ())
            ),
            notes=tuple(data.get("notes", ())),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"this is not an answer of qa: {error!r} is missing or wrong") from error


def schema() -> dict[str, Any]:
    """The published JSON Schema (draft 2020-12) of an answer."""
    loaded: dict[str, Any] = json.loads((Path(__file__).parent / "answer.schema.json").read_text(encoding="utf-8"))
    return loaded
