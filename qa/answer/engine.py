"""What the pipeline works with: an open index, models, and the steps themselves, which a test may replace to break the
product on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from qa.answer.confidence import Calibration
from qa.answer.lexical import LexicalChecker
from qa.models.seams import Checker, Embedder, Generator, Locator, Reranker
from qa.resources import prompts_sha256
from qa.types import Answer, Cancel, Filters, Hit, ModelRecord, Token

if TYPE_CHECKING:
    from qa.answer.agree import Agreement
    from qa.answer.check import Checked
    from qa.answer.question import Question
    from qa.answer.read import Reading
    from qa.answer.write import Draft
    from qa.store import Index


@dataclass(frozen=True, slots=True)
class AskOptions:
    """What one question may set."""

    top_k: int = 8
    """Passages that are found."""
    per_source: int = 3
    filters: Filters = field(default_factory=Filters)
    seed: int = 0
    stream: bool = True
    risk: float | None = None
    """Accepted share of wrong answers among those given; None takes the calibrated default."""


DEFAULTS = AskOptions()
"""A question without any setting."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The five steps of an answer as values. The defaults are the product; anything else is a test's."""

    search: Callable[[Engine, str, AskOptions], Sequence[Hit]]
    read: Callable[[Engine, Question, Sequence[Hit], Cancel], Sequence[Reading]]
    agree: Callable[[Engine, Question, Sequence[Reading]], Agreement]
    write: Callable[[Engine, Question, Agreement, Cancel], Iterable[Draft | Token]]
    check: Callable[[Engine, Question, Sequence[Draft], Sequence[Hit]], Sequence[Checked]]
    finish: Callable[[Answer], Answer] = lambda answer: answer


def _default_steps() -> Steps:
    from qa.answer import agree, check, read, search, write

    return Steps(search.search, read.read, agree.agree, write.write, check.check)


@dataclass(frozen=True, slots=True)
class Engine:
    """An index and the models to answer from it. Frozen: a change of model makes another engine."""

    index: Index
    embedder: Embedder
    generator: Generator
    checker: Checker = field(default_factory=LexicalChecker)
    reranker: Reranker | None = None
    locator: Locator | None = None
    """A second reader, asked beside the generator where that reads for an answer in the passage's words."""
    calibration: Calibration = field(default_factory=Calibration.shipped)
    steps: Steps = field(default_factory=_default_steps)

    def notes(self, *told: str) -> tuple[str, ...]:
        """What an answer tells beside itself: these lines, and how the generator was loaded where that matters."""
        return (*told, *filter(None, [self.generator.info.note]))

    def record(self, seed: int) -> ModelRecord:
        """Which models make this engine's answers."""
        info = self.generator.info
        return ModelRecord(info.name, info.adapter, self.embedder.info.id, self.checker.name, prompts_sha256(), seed)
