"""Kept conversations: one SQLite file in the user's data folder, written before each change is shown.

A turn's state is kept as JSON: what was shown of it and, once it stands, the whole answer. Safe to use from several
threads and processes. A process that dies loses nothing that was shown; a machine that loses power may lose moments.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self

from qa.errors import InputError, QAError
from qa.tui.codec import pack, unpack
from qa.tui.text import one_line
from qa.tui.turn import FINAL, TurnState, stopped

VERSION = 1
END = 2**62
"""More than any id, and more turns than any conversation has."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS session (
    id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL, created REAL NOT NULL, updated REAL NOT NULL);
CREATE TABLE IF NOT EXISTS turn (
    id INTEGER PRIMARY KEY AUTOINCREMENT, session INTEGER NOT NULL REFERENCES session(id) ON DELETE CASCADE,
    question TEXT NOT NULL, phase TEXT NOT NULL, state TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS turn_of_session ON turn(session, id);
"""
_LIST = """
SELECT s.id, s.name, s.created, s.updated, COUNT(t.id) FROM session s LEFT JOIN turn t ON t.session = s.id
WHERE ? = '' OR s.name LIKE ? ESCAPE '!' OR EXISTS (
    SELECT 1 FROM turn f WHERE f.session = s.id AND (f.question LIKE ? ESCAPE '!' OR f.state LIKE ? ESCAPE '!'))
GROUP BY s.id ORDER BY s.updated DESC, s.id DESC
"""


@dataclass(frozen=True, slots=True)
class Session:
    """A conversation as the list shows it."""

    id: int
    name: str
    created: float
    """Seconds since 1970, like ``updated``."""
    updated: float
    turns: int


class Sessions:
    """The store of conversations. Every method may raise ``QAError`` when the file cannot be read or written."""

    def __init__(self, path: Path) -> None:
        """Open the file, making it (for this user alone) when it is absent."""
        self.path = path
        self._lock = RLock()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
        except OSError as error:
            raise QAError(f"the conversations file {path} cannot be made: {error.strerror}") from error
        with self._mapped():
            self._db = sqlite3.connect(path, timeout=5, check_same_thread=False, isolation_level=None)
            self._prepare()

    def _prepare(self) -> None:
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version > VERSION:
            self._db.close()
            raise QAError(f"the conversations file {self.path} was written by a newer qa", "update qa")
        self._db.executescript(f"PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; {_SCHEMA}")
        self._db.execute(f"PRAGMA user_version={VERSION}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. Later calls raise ``QAError``."""
        with self._lock:
            self._db.close()

    def find(self, search: str = "") -> list[Session]:
        """Conversations, latest first; only those whose name, questions or answers hold ``search``, without case."""
        escaped = search.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        like = f"%{escaped}%"
        return [Session(*row) for row in self._rows(_LIST, (search, like, like, like))]

    def get(self, wanted: int) -> Session | None:
        """The conversation with this id, or None."""
        return next((session for session in self.find() if session.id == wanted), None)

    def take_up(self, resume: str | bool | None) -> Session | None:
        """The conversation to go on with: for True the latest, for a text the one with this id or name, or the latest
        whose name holds it; else None. Raises ``InputError`` when there is no such conversation."""
        if resume is None or resume is False:
            return None
        kept = [session for session in self.find() if session.turns]
        if resume is True:
            return kept[0] if kept else None
        wanted = one_line(resume).casefold()
        for fits in (lambda s: str(s.id) == wanted, lambda s: s.name.casefold() == wanted, _named(wanted)):
            for session in kept:
                if fits(session):
                    return session
        raise InputError(f"there is no conversation '{one_line(resume, 60)}'", _those(kept))

    def begin(self, name: str) -> Session:
        """A new conversation."""
        now = time.time()
        row = self._write(
            "INSERT INTO session (name, created, updated) VALUES (?, ?, ?)", (one_line(name, 60), now, now)
        )
        return Session(row, one_line(name, 60), now, now, 0)

    def rename(self, session: int, name: str) -> None:
        """Give a conversation another name."""
        self._write("UPDATE session SET name = ? WHERE id = ?", (one_line(name, 60), session))

    def delete(self, session: int) -> None:
        """Remove a conversation and all that was said in it."""
        self._write("DELETE FROM session WHERE id = ?", (session,))

    def add(self, session: int, state: TurnState) -> TurnState:
        """Keep a new turn; the state with its id."""
        row = self._write(
            "INSERT INTO turn (session, question, phase, state) VALUES (?, ?, ?, ?)",
            (session, one_line(state.question), state.phase, pack(state)),
        )
        self._write("UPDATE session SET updated = ? WHERE id = ?", (time.time(), session))
        return replace(state, id=row)

    def save(self, state: TurnState) -> None:
        """Keep a turn as it now stands. A turn that was finished or stopped stays as it is, whoever writes late."""
        marks = ",".join("?" * len(FINAL))
        self._write(
            f"UPDATE turn SET phase = ?, state = ? WHERE id = ? AND phase NOT IN ({marks})",  # noqa: S608 (question marks only)
            (state.phase, pack(state), state.id, *sorted(FINAL)),
        )

    def turns(self, session: int, *, before: int = END, last: int = END) -> list[TurnState]:
        """The turns of a conversation, oldest first; one that a crash cut off comes as stopped, drafts and all.

        ``before`` leaves out the turn with this id and all after it; of the others the ``last`` so many come.
        """
        sql = "SELECT id, state FROM turn WHERE session = ? AND id < ? ORDER BY id DESC LIMIT ?"
        return _states(reversed(self._rows(sql, (session, before, last))))

    def turns_after(self, session: int, after: int, first: int) -> list[TurnState]:
        """The ``first`` so many turns of a conversation behind the turn ``after``, oldest first."""
        sql = "SELECT id, state FROM turn WHERE session = ? AND id > ? ORDER BY id LIMIT ?"
        return _states(self._rows(sql, (session, after, first)))

    def count(self, session: int, before: int = END) -> int:
        """How many turns a conversation has before the turn with this id, or in all."""
        rows = self._rows("SELECT COUNT(*) FROM turn WHERE session = ? AND id < ?", (session, before))
        return int(rows[0][0])

    def _rows(self, sql: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        with self._lock, self._mapped():
            return self._db.execute(sql, values).fetchall()

    def _write(self, sql: str, values: tuple[object, ...]) -> int:
        with self._lock, self._mapped():
            return self._db.execute(sql, values).lastrowid or 0

    @contextmanager
    def _mapped(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise QAError(
                f"the conversations file {self.path} failed: {error}", "move it away to begin a new one"
            ) from error


def _named(wanted: str) -> Callable[[Session], bool]:
    return lambda session: bool(wanted) and wanted in session.name.casefold()


def _those(kept: Sequence[Session]) -> str:
    names = ", ".join(f"{session.id} “{session.name}”" for session in kept[:3])
    return f"the latest are {names}" if names else "qa chat begins one"


def _states(rows: Iterable[tuple[Any, ...]]) -> list[TurnState]:
    return [_settled(replace(unpack(str(state)), id=int(row))) for row, state in rows]


def _settled(state: TurnState) -> TurnState:
    if state.phase in FINAL:
        return state
    kept = stopped(state)
    return replace(kept, lines=tuple(line for line in state.lines if not line.dropped), citations=state.citations)
