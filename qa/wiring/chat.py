"""What stands behind the chat: the pipeline over one session, with a model and an index that may change while the chat
runs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from qa.answer.followup import Turn
from qa.answer.pipeline import AskOptions, ask
from qa.answer.rewrite import rewrite
from qa.config import Config
from qa.errors import NoIndexError, QAError
from qa.home import at_home
from qa.types import Answer, Cancel, Document, Event, Source
from qa.wiring import Session, with_model


class ChatBackend:
    """Implements the chat's ``Backend``. Calls that use a model come one at a time; the others may come from any
    thread."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._lock = threading.Lock()
        self._session: Session | None = None

    def load(self) -> str:
        """See ``Backend.load``."""
        with self._lock:
            if self._session is None:
                self._session = Session(self._config).__enter__()
        try:
            return self._open().engine.generator.info.name
        except NoIndexError as error:
            raise NoIndexError(error.message, "/index PATH makes one") from error

    def close(self) -> None:
        """Free models and files."""
        with self._lock:
            session, self._session = self._session, None
        if session is not None:
            session.__exit__(None, None, None)

    def _open(self) -> Session:
        if self._session is None:
            raise NoIndexError("the chat is still loading", "wait for the status line")
        return self._session

    def refresh(self) -> bool:
        """See ``Backend.refresh``."""
        return self._session is not None and self._session.reopen()

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """See ``Backend.standalone``."""
        return rewrite(self._open().engine.generator, question, history)

    def _options(self) -> AskOptions:
        return self._open().options()

    def ask(self, question: str, cancel: Cancel) -> Iterator[Event]:
        """See ``Backend.ask``."""
        yield from ask(self._open().engine, question, self._options(), cancel)

    def summarize(self, topic: str, cancel: Cancel) -> Iterator[Event]:
        """See ``Backend.summarize``."""
        from qa.answer.summarize import summarize

        yield from summarize(self._open().engine, topic, self._options(), cancel)

    def verify(self, text: str, cancel: Cancel) -> Iterator[Event]:
        """See ``Backend.verify``."""
        from qa.answer.verify import verify

        yield from verify(self._open().engine, text, self._options(), cancel)

    def sources(self) -> Sequence[Source]:
        """See ``Backend.sources``."""
        return self._open().index.sources()

    def document(self, path: str) -> Document:
        """See ``Backend.document``."""
        return self._open().index.document(path)

    def locate(self, path: str) -> Path:
        """See ``Backend.locate``."""
        from qa.store.place import file_path

        return file_path(self._open().store_folder(), path)

    def index(self, paths: Sequence[str], progress: Callable[[int, int, str], None], cancel: Cancel) -> object:
        """See ``Backend.index``."""
        from qa.store import Step

        def tell(step: Step) -> None:
            progress(step.files, step.total, step.path)

        report = self._open().update([at_home(p) for p in paths], rebuild=False, progress=tell, cancel=cancel)
        return _Line(
            f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed, "
            f"{len(report.failed)} failed" + "".join(f"; {path}: {reason}" for path, reason in report.failed[:3])
        )

    def models(self) -> Sequence[str]:
        """See ``Backend.models``."""
        return ("default",)

    def set_model(self, name: str) -> str:
        """See ``Backend.set_model``."""
        chosen = with_model(self._config, name)
        session = Session(chosen).__enter__()
        try:
            label = session.engine.generator.info.name
        except QAError:
            session.__exit__(None, None, None)
            raise
        self.close()
        self._config, self._session = chosen, session
        return label

    def export(self, answers: Sequence[Answer], kind: Literal["md", "json", "html"]) -> str:
        """See ``Backend.export``."""
        from qa.render.conversation import conversation

        return conversation(answers, kind)


class _Line(str):
    """A report that is one line."""

    __slots__ = ()
