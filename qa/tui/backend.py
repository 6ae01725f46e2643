"""What the chat is given: one object that answers, so that no widget knows how an answer is made.

Every method may block and is called in a worker thread, one answer at a time; ``sources``, ``document``, ``locate`` and
``index`` may be called from another thread while an answer is made. Each may raise ``QAError``, which the chat shows as
one line. Nothing here imports the terminal toolkit, and an implementation need not import this: the shapes count.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol

from qa.answer.followup import Turn
from qa.types import Answer, Cancel, Document, Event, Source

ExportKind = Literal["md", "json", "html"]
EXPORT_KINDS: tuple[ExportKind, ...] = ("md", "json", "html")

Progress = Callable[[int, int, str], None]
"""``(done, total, what)``: called from the worker as often as the backend likes; total 0 means unknown."""


class Backend(Protocol):
    """Answers from one index."""

    def load(self) -> str:
        """Load the models, open the index, return the generator's name for the status line. Called before all else.

        Called again after it raised ``QAError``, when the user asks something all the same.
        """
        ...

    def refresh(self) -> bool:
        """Open the index again if it was changed (by another process or ``index``); whether it was. Cheap if not."""
        ...

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """The question made to stand alone, given the turns before it, oldest first; unchanged when it already does."""
        ...

    def ask(self, question: str, cancel: Cancel) -> Iterator[Event]:
        """Answer a question that stands alone; the last event is ``Done``.

        When ``cancel`` turns true, the iterator soon ends: with ``Done`` over what was verified, or with nothing more.
        """
        ...

    def summarize(self, topic: str, cancel: Cancel) -> Iterator[Event]:
        """Summarize all sources, or what they say about ``topic`` when it is not empty. Events as in ``ask``."""
        ...

    def verify(self, text: str, cancel: Cancel) -> Iterator[Event]:
        """Check a text against the documents; ``Done`` holds exactly its sentences, each with its verdict."""
        ...

    def sources(self) -> Sequence[Source]:
        """The documents of the index."""
        ...

    def document(self, path: str) -> Document:
        """A document of the index, by its ``Citation.document``: the text that the offsets count in."""
        ...

    def locate(self, path: str) -> Path:
        """Where the file of a document lies on this machine, absolute. The file need not exist any more."""
        ...

    def index(self, paths: Sequence[str], progress: Progress, cancel: Cancel) -> object:
        """Add files and folders to the index; ``str()`` of the report is one line. Runs beside questions.

        Works although ``load`` failed, because this is the way out of having no index.
        """
        ...

    def models(self) -> Sequence[str]:
        """Names that ``set_model`` is known to take, for completion; not a complete list."""
        ...

    def set_model(self, name: str) -> str:
        """Use another generator from the next question on; return its name for the status line."""
        ...

    def export(self, answers: Sequence[Answer], kind: ExportKind) -> str:
        """The conversation as one Markdown, JSON or HTML text."""
        ...

    def close(self) -> None:
        """Free models and files. Called last, in the thread that asked."""
        ...


BackendFactory = Callable[[], Backend]
"""Makes the backend without loading anything: cheap enough to be called before the first screen is drawn."""
