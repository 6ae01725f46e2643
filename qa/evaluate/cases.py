"""Suites: what a person writes. A JSONL file of cases and, beside it under the same name, a TOML head.

The head names the corpus (a folder, or passages given inline), the task, the metrics that count and their
thresholds. Everything is
checked before anything runs: a malformed case is an ``InputError`` that names file and line.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError, model_validator

from qa.errors import InputError
from qa.evaluate.corpora import Corpus, Inline, Strict
from qa.evaluate.measures import MEASURES

FORMAT = "evals/README.md describes the format"
Expect = Literal["answered", "refused", "conflict"]


class Evidence(Strict):
    """A stretch of a document that answers the question, word for word."""

    document: str = Field(min_length=1)
    quote: str = Field(min_length=1)


class Case(Strict):
    """One question and what is known about its answer."""

    id: str = Field(min_length=1)
    question: str
    kind: str = Field(min_length=1)
    expect: Expect = "answered"
    answers: tuple[str, ...] = ()
    """Acceptable short answers; for a summary the facts that it must state."""
    evidence: tuple[Evidence, ...] = ()
    documents: tuple[str, ...] = ()
    """Documents any of which a right answer cites; for a summary all that it must draw on."""
    forbidden: tuple[str, ...] = ()
    """Values that the answer must not give."""
    values: tuple[str | int | float, ...] = ()
    """The values that the sources give: with ``expect = "conflict"`` the ones that disagree, all of which must be
    reported."""
    passages: tuple[Inline, ...] = ()
    """This case's own corpus, instead of the suite's."""

    @model_validator(mode="after")
    def _whole(self) -> Case:
        if self.expect == "answered" and not self.answers:
            raise ValueError('answers: a case with expect "answered" needs at least one')
        if self.expect == "conflict" and len(self.values) < 2:
            raise ValueError('values: a case with expect "conflict" needs at least two')
        if self.expect == "refused" and self.answers:
            raise ValueError('answers: a case with expect "refused" has none')
        return self

    @property
    def gold_documents(self) -> tuple[str, ...]:
        """The documents that a right answer may cite."""
        return tuple(dict.fromkeys((*self.documents, *(one.document for one in self.evidence))))

    @property
    def value_texts(self) -> tuple[str, ...]:
        """``values`` as text."""
        return tuple(str(value) for value in self.values)


class Bound(Strict):
    """What a metric must reach; the tolerance is what it may lose against a baseline."""

    min: float | None = None
    max: float | None = None
    tolerance: float = Field(default=0.0, ge=0)


class Head(Strict):
    """The TOML beside the cases."""

    name: str = ""
    description: str = ""
    corpus: str = ""
    """A folder, relative to the head's own."""
    task: Literal["ask", "summarize"] = "ask"
    hostile: bool = False
    """Whether the documents try to command the reader: then each case counts for ``robustness.injection_success``."""
    metrics: tuple[str, ...] = ()
    """The metrics that are shown; empty for all that apply."""
    thresholds: dict[str, Bound] = Field(default_factory=dict)
    passages: tuple[Inline, ...] = ()


@dataclass(frozen=True, slots=True)
class Suite:
    """A suite as read."""

    path: Path
    head: Head
    cases: tuple[Case, ...]
    lines: tuple[int, ...]
    """The line of each case."""
    sha256: str
    """Of all cases in any order and the task; thresholds do not count, nor does a choice of cases."""
    total: int
    """Cases in the file."""

    @property
    def name(self) -> str:
        """As the head has it, else the file's name."""
        return self.head.name or self.path.stem

    def corpus(self, case: Case) -> Corpus:
        """What the case is asked of."""
        if case.passages:
            return Corpus(None, case.passages)
        if self.head.passages:
            return Corpus(None, self.head.passages)
        return Corpus((self.path.parent / self.head.corpus).resolve())

    def line(self, case: Case) -> str:
        """``file:line`` of a case."""
        return f"{self.path}:{self.lines[self.cases.index(case)]}"


def load(path: Path) -> Suite:
    """Read a suite and check all of it. Raises ``InputError`` naming file and line."""
    head = _head(path)
    read = [(number, _case(path, number, line)) for number, line in _lines(path) if line.strip()]
    if not read:
        raise InputError(f"{path}: the suite holds no case", FORMAT)
    seen: dict[str, int] = {}
    for number, case in read:
        if case.id in seen:
            raise InputError(f"{path}:{number}: the id {case.id!r} is already used in line {seen[case.id]}", FORMAT)
        seen[case.id] = number
    cases = tuple(case for _, case in read)
    suite = Suite(path, head, cases, tuple(number for number, _ in read), _sha256(head, cases), len(cases))
    _check_corpora(suite)
    return suite


def select(suite: Suite, only: Sequence[str] = (), limit: int | None = None, sample: int | None = None) -> Suite:
    """The cases of the named kinds; of these ``sample``, spread over the kinds; of these the first ``limit``."""
    chosen = [case for case in suite.cases if not only or case.kind in only]
    kept = {case.id for case in (chosen if sample is None else _spread(chosen, sample))[:limit]}
    pairs = [pair for pair in zip(suite.cases, suite.lines, strict=True) if pair[0].id in kept]
    return replace(suite, cases=tuple(case for case, _ in pairs), lines=tuple(line for _, line in pairs))


def _spread(chosen: Sequence[Case], count: int) -> list[Case]:
    """``count`` cases, of each kind as large a share as of all, in the suite's order; always the same ones."""
    kinds: dict[str, list[Case]] = {}
    for case in sorted(chosen, key=lambda one: hashlib.sha256(one.id.encode()).hexdigest()):
        kinds.setdefault(case.kind, []).append(case)
    depth = {one.id: (place + 0.5) / len(group) for group in kinds.values() for place, one in enumerate(group)}
    kept = {one.id for one in sorted(chosen, key=lambda one: (depth[one.id], one.id))[:count]}
    return [one for one in chosen if one.id in kept]


def _sha256(head: Head, cases: Sequence[Case]) -> str:
    rows = sorted(case.model_dump_json() for case in cases)
    return hashlib.sha256("\n".join([head.task, *rows]).encode()).hexdigest()


def _lines(path: Path) -> list[tuple[int, str]]:
    try:
        # Not splitlines: a case may hold U+2028 and other characters that it takes for line ends.
        return list(enumerate(path.read_text(encoding="utf-8-sig").split("\n"), 1))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"the suite {path} cannot be read: {error}", FORMAT) from error


def _case(path: Path, number: int, line: str) -> Case:
    try:
        return Case.model_validate_json(json.dumps(json.loads(line)))
    except json.JSONDecodeError as error:
        raise InputError(f"{path}:{number}: not a JSON object: {error.msg} at column {error.colno}", FORMAT) from error
    except ValidationError as error:
        raise InputError(f"{path}:{number}: {_first(error)}", FORMAT) from error


def _head(path: Path) -> Head:
    place = path.with_suffix(".toml")
    try:
        data: dict[str, Any] = tomllib.loads(place.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise InputError(f"the suite {path} has no head: {place} is missing", FORMAT) from error
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"the suite's head {place} cannot be read: {error}", FORMAT) from error
    try:
        head = Head.model_validate_json(json.dumps(data, default=str))
    except ValidationError as error:
        raise InputError(f"{place}: {_first(error)}", FORMAT) from error
    unknown = next((name for name in (*head.metrics, *head.thresholds) if name not in MEASURES), None)
    if unknown:
        near = difflib.get_close_matches(unknown, MEASURES, 1)
        raise InputError(
            f"{place}: there is no metric {unknown!r}" + (f", did you mean {near[0]!r}?" if near else ""), FORMAT
        )
    return head


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    message = str(first["msg"]).removeprefix("Value error, ")
    return f"{place}: {message}" if place else message


def _check_corpora(suite: Suite) -> None:
    for case in suite.cases:
        corpus = suite.corpus(case)
        if corpus.folder is None:
            continue
        if not suite.head.corpus:
            raise InputError(f"{suite.line(case)}: no corpus: neither the head nor the case names one", FORMAT)
        if not corpus.folder.is_dir():
            place = suite.path.with_suffix(".toml")
            raise InputError(f"{place}: the corpus {suite.head.corpus!r} is not a folder ({corpus.folder})", FORMAT)
