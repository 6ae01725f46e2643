"""What runs in worker threads: calls of the backend, turned into messages. No widget is touched here."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from queue import SimpleQueue
from threading import Event as Flag
from threading import Lock, Thread

from textual.message import Message

from qa.answer.followup import Turn
from qa.errors import QAError
from qa.tui.backend import EXPORT_KINDS, Backend, BackendFactory, ExportKind
from qa.tui.messages import (
    IndexEnded,
    IndexProgress,
    Loaded,
    LoadFailed,
    Loading,
    ModelChanged,
    Notice,
    PassageRead,
    SourcesRead,
    TurnChanged,
    TurnEnded,
)
from qa.tui.passage import context
from qa.tui.sessions import Sessions
from qa.tui.turn import FINAL, Place, TurnState, advance, failed, stopped
from qa.types import Answer, Event, Token

Post = Callable[[Message], object]
TURN = 0.0005
"""Seconds after which a worker thread lets the loop's have the interpreter. The interpreter's own 5 ms pass each
time that the loop comes back from the system, a dozen times for one picture."""
SWEEPS = (5_000, 10, 200)
"""The garbage collector's thresholds: whole sweeps, .03 s each, come after 10 million objects and not in an answer."""
PACE = 0.05
"""Seconds after which an unfinished sentence is kept again: writing every token would cost the model a tenth."""


Ready = Callable[[], Backend]
"""Gives the backend, loaded; raises ``QAError`` when it cannot be."""


class Job:
    """A turn on its way: its state, and the switch that stops it. Shared by the engine and the user who stops it."""

    def __init__(self, state: TurnState, verbatim: bool = False) -> None:
        """``verbatim``: the question is put as it stands, without looking at the turns before it."""
        self.state = state
        self.verbatim = verbatim
        self._stop = Flag()
        self._lock = Lock()

    @property
    def running(self) -> bool:
        """Whether it is still to be answered, or being answered."""
        return self.state.phase not in FINAL

    def stopped(self) -> bool:
        """Whether the user stopped it: the ``Cancel`` that the backend asks."""
        return self._stop.is_set()

    def halt(self) -> TurnState:
        """Stop it; what was verified stays."""
        with self._lock:
            self._stop.set()
            self.state = stopped(self.state)
            return self.state

    def set(self, state: TurnState) -> bool:
        """Take a new state, unless it was stopped meanwhile; whether it was taken."""
        with self._lock:
            if self._stop.is_set():
                return False
            self.state = state
            return True


class Engine:
    """The one thread in which the backend answers: jobs run in the order in which they were put."""

    def __init__(self, factory: BackendFactory, post: Post) -> None:
        self.backend: Backend | None = None
        self._factory, self._post = factory, post
        self._loaded = False
        self._jobs: SimpleQueue[Callable[[Ready], None] | None] = SimpleQueue()
        # A daemon: leaving the chat does not wait for a model that is just being loaded.
        self._thread = Thread(target=self._run, name="qa-engine", daemon=True)

    def start(self) -> None:
        """Begin with loading."""
        sys.setswitchinterval(TURN)
        gc.set_threshold(*SWEEPS)
        self._thread.start()
        self.put(self._load)

    def put(self, job: Callable[[Ready], None]) -> None:
        """Run this after all that was put before. It must not raise."""
        self._jobs.put(job)

    def close(self) -> None:
        """Take no more jobs; the backend is closed after the last one."""
        self._jobs.put(None)

    def make(self) -> Backend:
        """The backend, perhaps not loaded yet."""
        self.backend = self.backend or self._factory()
        return self.backend

    def _run(self) -> None:
        while job := self._jobs.get():
            try:
                job(self.ready)
            except Exception as error:  # noqa: BLE001 (the next job must not suffer for this one)
                self._post(Notice(one_line_error(error), failed=True))
        if self.backend is not None:
            self.backend.close()

    def _load(self, ready: Ready) -> None:
        try:
            ready()
        except Exception as error:  # noqa: BLE001 (the chat outlives whatever fails in a worker)
            self._post(LoadFailed(one_line_error(error)))

    def ready(self) -> Backend:
        """The backend, loaded now if it is not."""
        backend = self.make()
        if not self._loaded:
            self._post(Loading())
            name = backend.load()
            self._loaded = True
            gc.freeze()  # the toolkit's objects stay for good: sweeping over them stops every thread for .03 s
            self._post(SourcesRead(backend.sources()))
            self._post(Loaded(name, backend.models()))
        return backend


def one_line_error(error: Exception) -> str:
    """An exception as the one line that a person sees."""
    if isinstance(error, QAError):
        return " ".join(str(error).split())
    return " ".join(f"qa failed unexpectedly: {type(error).__name__}: {error}".split())


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers one turn in the engine's thread: keeps, then posts each change, until it is done, failed or stopped."""

    job: Job
    before: Callable[[], Sequence[Turn]]
    """The turns before it, asked for when its time has come."""
    sessions: Sessions
    post: Post

    def __call__(self, ready: Ready) -> None:
        """Run to the end; never raises."""
        try:
            if not self.job.stopped():
                self._answer(ready)
        except Exception as error:  # noqa: BLE001 (the chat outlives whatever fails in a worker)
            self._fail(one_line_error(error))
        finally:
            self.post(TurnEnded(self.job.state.id))

    def _answer(self, ready: Ready) -> None:
        try:
            backend = ready()
        except Exception as error:
            self.post(LoadFailed(""))
            raise error from None
        if backend.refresh():
            self.post(SourcesRead(backend.sources(), changed=True))
        state = self.job.state
        asked = self._standalone(backend)
        rewritten = asked if asked != state.question else ""
        self._show(replace(state, phase="running", asked=rewritten, searched=len(backend.sources())))
        call = {"ask": backend.ask, "summarize": backend.summarize, "verify": backend.verify}[state.kind]
        self._drain(call(asked, self.job.stopped))
        if self.job.running:
            self._show(stopped(self.job.state))

    def _standalone(self, backend: Backend) -> str:
        state, before = self.job.state, self.before()
        if state.kind != "ask" or self.job.verbatim or not before:
            return state.question
        return backend.standalone(state.question, before)

    def _drain(self, events: Iterator[Event]) -> None:
        kept = 0.0
        for event in events:
            if self.job.stopped():
                return
            draft = isinstance(event, Token) and time.monotonic() - kept < PACE
            self._show(advance(self.job.state, event), keep=not draft)
            kept = kept if draft else time.monotonic()

    def _show(self, state: TurnState, keep: bool = True) -> None:
        """Keep the state, then show it: what was shown outlives the program."""
        if self.job.set(state):
            if keep:
                self.sessions.save(state)
            self.post(TurnChanged(state))

    def _fail(self, error: str) -> None:
        state = failed(self.job.state, error)
        if self.job.set(state):
            with suppress(QAError):  # the store itself may be what failed
                self.sessions.save(state)
            self.post(TurnChanged(state))


def read_passage(make: Ready, place: Place, post: Post) -> None:
    """Fetch the context of a place."""
    try:
        backend = make()
        document = backend.document(place.document)
        post(
            PassageRead(
                place, context(document, place.start, place.end, place.quote), str(backend.locate(place.document))
            )
        )
    except Exception as error:  # noqa: BLE001 (the chat outlives whatever fails in a worker)
        post(Notice(one_line_error(error), failed=True))


def index(make: Ready, paths: Sequence[str], stop: Flag, post: Post) -> None:
    """Index files beside the conversation."""

    def told(done: int, total: int, what: str) -> None:
        post(IndexProgress(done, total, what))

    try:
        report = make().index(paths, told, stop.is_set)
    except Exception as error:  # noqa: BLE001 (the chat outlives whatever fails in a worker)
        post(IndexEnded(one_line_error(error), failed=True))
    else:
        post(IndexEnded(str(report)))


def refresh(ready: Ready, post: Post) -> None:
    """Look at the index as it now is, after the chat itself added to it."""
    try:
        backend = ready()
        backend.refresh()
        post(SourcesRead(backend.sources()))
    except Exception as error:  # noqa: BLE001 (the chat outlives whatever fails in a worker)
        post(LoadFailed(one_line_error(error)))


def set_model(ready: Ready, name: str, post: Post) -> None:
    """Change the generator."""
    try:
        post(ModelChanged(ready().set_model(name)))
    except Exception as error:  # noqa: BLE001 (the chat outlives whatever fails in a worker)
        post(Notice(one_line_error(error), failed=True))


def export(make: Ready, answers: Callable[[], Sequence[Answer]], kind: str, path: Path, post: Post) -> None:
    """Write the conversation to a new file: ``path`` with the kind as its suffix, and a number when that exists."""
    try:
        known = _kind(kind)
        free = _free(path, known)
        free.write_text(make().export(answers(), known), encoding="utf-8")
        post(Notice(f"wrote {free}"))
    except OSError as error:
        post(Notice(f"{path.parent} cannot be written: {error.strerror}", failed=True))
    except Exception as error:  # noqa: BLE001 (the chat outlives whatever fails in a worker)
        post(Notice(one_line_error(error), failed=True))


def _kind(kind: str) -> ExportKind:
    for known in EXPORT_KINDS:
        if known == kind:
            return known
    raise QAError(f"there is no export '{kind}'", "/export md, /export json or /export html")


def _free(path: Path, kind: ExportKind) -> Path:
    names = (f"{path.name}{f'-{n}' if n > 1 else ''}.{kind}" for n in range(1, 10_000))
    return next(free for name in names if not (free := path.with_name(name)).exists())
