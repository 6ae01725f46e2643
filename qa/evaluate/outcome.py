"""What came back for one case, and the subject under test that gives it: the one seam between the evaluation and
the product."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from qa.errors import QAError
from qa.evaluate.cases import Case
from qa.evaluate.metrics.citation import Supports
from qa.types import Answer, Done, Event, Hit, Retrieved

Runner = Callable[[Case], Iterable[Event]]
"""Puts a case's question to the product: its events, the last one ``Done``."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is evaluated, bound to one corpus."""

    run: Runner
    documents: Mapping[str, str]
    """Text of every document of the corpus by the path that answers use."""
    supports: Supports
    """The product's own checker, for the metrics that are measured with both."""
    models: Mapping[str, str] = field(default_factory=dict)
    """Part → name and hash; part of the fingerprint."""
    variant: Callable[[str], Runner] | None = None
    """A runner whose ranked list is disturbed in the named way; None where the subject cannot."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """An answer and the passages that were read for it."""

    answer: Answer
    hits: tuple[Hit, ...] = ()


def drain(events: Iterable[Event]) -> Outcome:
    """All events of one question. Raises ``QAError`` when they end without an answer."""
    hits: tuple[Hit, ...] = ()
    answer: Answer | None = None
    for event in events:
        if isinstance(event, Retrieved):
            hits = event.hits
        elif isinstance(event, Done):
            answer = event.answer
    if answer is None:
        raise QAError("the pipeline ended without an answer", "run the question with qa ask to see why")
    return Outcome(answer, hits)


def relative(outcome: Outcome, folder: str) -> Outcome:
    """Paths below ``folder`` without it, and no timings: what depends on the machine does not belong in a report."""
    prefix = folder.rstrip("/") + "/"

    def strip(path: str) -> str:
        return path.removeprefix(prefix)

    def short(hit: Hit) -> Hit:
        passage = replace(hit.passage, document=strip(hit.passage.document))
        copies = tuple(replace(one, path=strip(one.path)) for one in hit.copies)
        return replace(hit, passage=passage, source=replace(hit.source, path=strip(hit.source.path)), copies=copies)

    answer = replace(
        outcome.answer,
        citations=tuple(replace(one, document=strip(one.document)) for one in outcome.answer.citations),
        coverage=tuple(replace(one, document=strip(one.document)) for one in outcome.answer.coverage),
        nearest=tuple(short(hit) for hit in outcome.answer.nearest),
        timings_ms={},
        fingerprint="",
    )
    return Outcome(answer, tuple(short(hit) for hit in outcome.hits))


@lru_cache
def _adapter() -> TypeAdapter[Outcome]:
    return TypeAdapter(Outcome)


def to_json(outcome: Outcome) -> Any:
    """As plain values for a JSON file."""
    return _adapter().dump_python(outcome, mode="json")


def from_json(data: Any) -> Outcome:
    """The inverse of ``to_json``. Raises ``pydantic.ValidationError`` when the data is something else."""
    return _adapter().validate_python(data)
