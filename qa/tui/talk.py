"""The conversation behind the screen: its turns, where they are kept, and the engine that answers them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from threading import Event as Flag
from threading import Thread

from qa.answer.followup import Turn
from qa.tui import jobs
from qa.tui.backend import BackendFactory
from qa.tui.jobs import Answering, Engine, Job, Post
from qa.tui.sessions import Session, Sessions
from qa.tui.turn import Kind, TurnState, history
from qa.types import Answer

RECENT = 16
"""Turns that are kept at hand: on a follow-up, and above the input when a conversation is taken up. The rest is read
when it is scrolled to."""

After = Callable[[Callable[[Answering], None], Answering], object]
"""Calls the first with the second, now or later."""


def at_once(put: Callable[[Answering], None], job: Answering) -> None:
    """Now."""
    put(job)


class Talk:
    """One conversation at a time. Called by the handlers; answers come back through ``post``."""

    def __init__(self, factory: BackendFactory, sessions: Sessions, session: Session | None, post: Post) -> None:
        self.sessions = sessions
        self.session = session
        self.engine = Engine(factory, post)
        self._post = post
        self._jobs: list[Job] = []
        self._indexing: Flag | None = None

    @property
    def name(self) -> str:
        """Of the conversation; empty while nothing was said."""
        return self.session.name if self.session else ""

    def open(self, session: Session | None) -> list[TurnState]:
        """Go over to a kept conversation, or to a new one; its latest turns."""
        self.close()
        self.session = session
        states: list[TurnState] = self.sessions.turns(session.id, last=RECENT) if session else []
        self._jobs = [Job(state) for state in states]
        return states

    def before(self, turn: int, count: int) -> list[TurnState]:
        """So many turns before the turn with this id, oldest first."""
        return self._live(self.sessions.turns(self.session.id, before=turn, last=count)) if self.session else []

    def after(self, turn: int, count: int) -> list[TurnState]:
        """So many turns behind the turn with this id, oldest first."""
        return self._live(self.sessions.turns_after(self.session.id, turn, count)) if self.session else []

    def number_before(self, turn: int) -> int:
        """How many turns there are before the turn with this id."""
        return self.sessions.count(self.session.id, turn) if self.session else 0

    def _live(self, states: Sequence[TurnState]) -> list[TurnState]:
        """What is kept of a turn that is still being answered is what a crash would leave of it."""
        at_hand = {job.state.id: job.state for job in self._jobs}
        return [at_hand.get(state.id, state) for state in states]

    def ask(self, question: str, kind: Kind = "ask", verbatim: bool = False, after: After = at_once) -> TurnState:
        """Put a turn to the engine, at the time that ``after`` chooses; how it stands now."""
        if self.session is None:
            self.session = self.sessions.begin(question or f"/{kind}")
        job = Job(self.sessions.add(self.session.id, TurnState(question, kind)), verbatim)
        earlier = tuple(self._jobs)
        self._jobs = [*(old for old in self._jobs[:-RECENT] if old.running), *self._jobs[-RECENT:], job]
        after(self.engine.put, Answering(job, partial(_before, earlier), self.sessions, self._post))
        return job.state

    def halt(self) -> TurnState | None:
        """Stop the turn that is being answered, or the first that waits; how it then stands."""
        for job in self._jobs:
            if job.running:
                state = job.halt()
                self.sessions.save(state)
                return state
        return None

    def close(self) -> None:
        """Stop all turns."""
        while self.halt():
            pass

    def rename(self, name: str) -> None:
        """Name the conversation."""
        if self.session:
            self.sessions.rename(self.session.id, name)
            self.session = replace(self.session, name=name)

    def states(self) -> list[TurnState]:
        """The latest turns as they stand."""
        return [job.state for job in self._jobs]

    def answers(self) -> list[Answer]:
        """Of the latest turns."""
        return [state.answer for state in self.states() if state.answer]

    def all_answers(self) -> list[Answer]:
        """Of the whole conversation; reads it all."""
        if not self.session:
            return []
        return [state.answer for state in self._live(self.sessions.turns(self.session.id)) if state.answer]

    def index(self, paths: Sequence[str]) -> bool:
        """Index files in the background; False when a run is already going on."""
        if self._indexing:
            return False
        self._indexing = Flag()
        # A daemon of its own: questions are answered meanwhile, and leaving does not wait for it.
        Thread(
            target=jobs.index, args=(self.engine.make, paths, self._indexing, self._post), name="qa-index", daemon=True
        ).start()
        return True

    def stop_index(self) -> bool:
        """Ask the background indexing to stop; whether there is one."""
        if self._indexing:
            self._indexing.set()
        return self._indexing is not None

    def index_ended(self) -> None:
        """The background indexing is over: look at the index again, after what is being answered."""
        self._indexing = None
        self.engine.put(partial(jobs.refresh, post=self._post))

    def set_model(self, name: str) -> None:
        """Another generator, from the next question on."""
        self.engine.put(partial(jobs.set_model, name=name, post=self._post))

    def export(self, kind: str, folder: Path) -> None:
        """Write the whole conversation to a file; blocks, for a worker."""
        words = "".join(c if c.isascii() and c.isalnum() else " " for c in self.name.lower()).split()
        path = folder / "-".join(["qa", *(words[:7] or ["conversation"])])
        jobs.export(self.engine.make, self.all_answers, kind, path, self._post)


def _before(earlier: Sequence[Job]) -> tuple[Turn, ...]:
    return history([job.state for job in earlier])
