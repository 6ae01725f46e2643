"""The nouns of the pipeline: frozen values that pass from room to room, with no behaviour beyond what their fields
imply.

Offsets are counted in characters (code points) of ``Document.text``, start inclusive and end exclusive, everywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

Verdict = Literal["supported", "partial", "unsupported"]
Status = Literal["answered", "refused"]
Cancel = Callable[[], bool]
"""Asked between steps and between tokens; true means: stop now and keep what is finished."""


def never() -> bool:
    """The ``Cancel`` of a caller that never cancels."""
    return False


class Reason(StrEnum):
    """Why a sentence, a citation or a whole answer is not simply supported. The names are part of the JSON and stay."""

    QUOTE_NOT_FOUND = "QUOTE_NOT_FOUND"
    NUMBER_MISMATCH = "NUMBER_MISMATCH"
    NAME_MISMATCH = "NAME_MISMATCH"
    NEGATION = "NEGATION"
    NO_EVIDENCE = "NO_EVIDENCE"
    LOW_SUPPORT = "LOW_SUPPORT"
    CONFLICT = "CONFLICT"
    STALE_SOURCE = "STALE_SOURCE"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Characters ``start`` to ``end`` (exclusive) of one document's text."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share at least one character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Document:
    """One file as read: its text after decoding and cleaning, which every offset counts in."""

    path: str
    """As it was indexed: relative to the folder that holds the store where it lies below it, absolute elsewhere;
    `/` between parts."""
    text: str
    title: str = ""
    publisher: str = ""
    date: str = ""
    """ISO 8601: a day, a month or a year; empty when the file does not say."""
    sha256: str = ""
    """Of the file's bytes, not of the text."""
    pages: tuple[int, ...] = ()
    """Offset at which each page starts, the first one 0; empty for formats without pages."""


@dataclass(frozen=True, slots=True)
class Source:
    """What the catalogue knows of one document, without its text."""

    path: str
    title: str
    publisher: str
    date: str
    sha256: str
    characters: int
    passages: int
    group: str
    """Documents that are near-copies of each other share a group: they count as one independent source."""

    @property
    def label(self) -> str:
        """How a person names the source: publisher, else title, else path."""
        return self.publisher or self.title or self.path


@dataclass(frozen=True, slots=True)
class Passage:
    """A window of whole sentences: ``document.text[start:end] == text``, always."""

    document: str
    start: int
    end: int
    text: str
    sentences: tuple[Span, ...]
    """Offsets in the document, in order, inside the window, without overlap."""
    page: int | None = None
    """Of the first character, counted from 1."""
    id: int = -1
    """Given by the store; -1 before."""


@dataclass(frozen=True, slots=True)
class Rank:
    """Place (from 1) and raw score of a passage in one ranked list."""

    place: int
    score: float


@dataclass(frozen=True, slots=True)
class Hit:
    """A retrieved passage, why it was retrieved, and whom it stands for."""

    passage: Passage
    source: Source
    score: float
    """Fused score; comparable inside one result list only."""
    ranks: Mapping[str, Rank] = field(default_factory=dict)
    """By list: `dense` (cosine), `lexical` (negated bm25: larger is better), `rerank` (probability)."""
    copies: tuple[Source, ...] = ()
    """Near-copies of this passage in other documents, collapsed into it."""


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search may look at; empty fields do not restrict."""

    sources: tuple[str, ...] = ()
    """Matched without case against publisher and title (substring) and path (substring or glob)."""
    since: str = ""
    until: str = ""
    """ISO dates, both inclusive; a document without a date is left out as soon as either is given."""


@dataclass(frozen=True, slots=True)
class Citation:
    """One span that an answer points to. ``n`` counts from 1 in reading order."""

    n: int
    document: str
    title: str
    publisher: str
    date: str
    page: int | None
    start: int
    end: int
    quote: str
    verdict: Verdict
    passage: int = -1
    """Id of the passage that holds the span; not part of the published JSON."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer, without its ``[n]`` marks, and what checking it found."""

    text: str
    citations: tuple[int, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    support: float | None = None
    """The checker's probability, where it was asked; not part of the published JSON."""


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A value that some sources give and others do not, with who gives it."""

    value: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Coverage:
    """What became of one source in a summary."""

    document: str
    title: str
    publisher: str
    citations: tuple[int, ...]
    """Of the summary's sentences that this source supports; empty when it contributes none."""
    reason: str = ""
    """Why it contributes nothing; empty when it contributes."""


@dataclass(frozen=True, slots=True)
class ModelRecord:
    """Which models and prompts made an answer: enough to make it again."""

    generator: str
    adapter: str
    embedder: str
    checker: str
    prompt_sha256: str
    seed: int


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer or a summary, checked. ``answer`` is the sentences with their marks, joined, and nothing else."""

    question: str
    status: Status
    reason: str
    """Empty when answered; else a ``Reason`` followed by a sentence for a person."""
    answer: str
    short: str
    """The bare value ("100") where the question asks for one; else empty."""
    confidence: float
    sentences: tuple[Sentence, ...]
    citations: tuple[Citation, ...]
    disagreements: tuple[Disagreement, ...]
    model: ModelRecord
    fingerprint: str
    """Of the index that was searched."""
    timings_ms: Mapping[str, float] = field(default_factory=dict)
    id: str | None = None
    coverage: tuple[Coverage, ...] = ()
    """Of a summary: one entry a source; empty for an answer."""
    nearest: tuple[Hit, ...] = ()
    """Of a refusal: the passages that came nearest; not part of the published JSON."""
    notes: tuple[str, ...] = ()
    """What the reader should know of the making ("used 5 of 9 passages: …"); not an error."""


@dataclass(frozen=True, slots=True)
class Retrieved:
    """Search is done; these passages are read next."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of text that a generator wrote, unchecked."""

    text: str


@dataclass(frozen=True, slots=True)
class Drafted:
    """Sentence ``index`` (from 0) stands, unchecked. Its citations are provisional."""

    index: int
    sentence: Sentence
    citations: tuple[Citation, ...]
    """All citations known so far."""


@dataclass(frozen=True, slots=True)
class Verified:
    """Sentence ``index`` was checked; ``sentence`` replaces the draft, or is None when it was dropped."""

    index: int
    sentence: Sentence | None
    citations: tuple[Citation, ...]
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """The last event. What ``answer`` holds replaces everything shown before."""

    answer: Answer


Event = Retrieved | Token | Drafted | Verified | Done
