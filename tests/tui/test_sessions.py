"""The store of conversations, without a screen."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from dataclasses import replace
from pathlib import Path

import pytest
import scripted as s

from qa.errors import InputError, QAError
from qa.tui.sessions import Sessions
from qa.tui.turn import TurnState, advance, stopped


def done(question: str) -> TurnState:
    state = TurnState(question, phase="running")
    for event in s.marines(question):
        state = advance(state, event)
    return state


def say(sessions: Sessions, question: str) -> int:
    session = sessions.begin(question)
    state = sessions.add(session.id, TurnState(question))
    sessions.save(replace(done(question), id=state.id))
    return session.id


def test_the_file_is_for_this_user_alone(sessions):
    assert sessions.path.stat().st_mode & 0o777 == 0o600


def test_list_is_latest_first_and_search_looks_into_names_questions_and_answers(sessions):
    first, second = say(sessions, "How many Marines?"), say(sessions, "Who paid 100% of it?")
    assert [session.id for session in sessions.find()] == [second, first]
    assert [session.id for session in sessions.find("MARINES?")] == [first]
    assert [session.id for session in sessions.find("100%")] == [second]
    assert len(sessions.find("sent to the embassy")) == 2
    sessions.rename(first, "Embassy")
    assert [session.name for session in sessions.find("embassy") if session.id == first] == ["Embassy"]


def test_take_up_latest_by_id_by_name_or_none(sessions):
    assert sessions.take_up(True) is None
    first, second = say(sessions, "One?"), say(sessions, "Two?")
    assert sessions.take_up(None) is None
    assert sessions.take_up(False) is None
    assert sessions.take_up(True).id == second
    assert sessions.take_up(str(first)).id == first
    assert sessions.take_up("one?").id == first
    assert sessions.take_up("ne").id == first  # part of a name
    with pytest.raises(InputError, match=f"no conversation 'three'.*the latest are {second} “Two.” *, {first}"):
        sessions.take_up("three")
    sessions.begin("never asked anything")
    assert sessions.take_up(True).id == second


def test_pages_of_turns(sessions):
    session = sessions.begin("long")
    ids = [sessions.add(session.id, TurnState(str(n), phase="stopped")).id for n in range(10)]
    said = [state.question for state in sessions.turns(session.id, before=ids[6], last=3)]
    assert said == ["3", "4", "5"]
    assert [state.question for state in sessions.turns_after(session.id, ids[6], 2)] == ["7", "8"]
    assert len(sessions.turns(session.id)) == 10
    assert (sessions.count(session.id), sessions.count(session.id, ids[6])) == (10, 6)


def test_delete_removes_the_turns_too(sessions):
    session = say(sessions, "One?")
    sessions.delete(session)
    assert sessions.find() == []
    assert sessions.turns(session) == []
    with sqlite3.connect(sessions.path) as raw:
        assert raw.execute("SELECT COUNT(*) FROM turn").fetchone() == (0,)
    raw.close()


def test_a_stopped_turn_stays_stopped_whoever_writes_late(sessions):
    session = sessions.begin("q")
    state = sessions.add(session.id, TurnState("q", phase="running"))
    sessions.save(stopped(state))
    sessions.save(replace(done("q"), id=state.id))
    assert sessions.turns(session.id)[0].phase == "stopped"


def test_a_crash_loses_nothing_that_was_shown(tmp_path):
    """Another process is killed in the middle of an answer; drafts and verified sentences are there afterwards."""
    script = """
        import os, signal, sys
        from pathlib import Path
        import scripted as s
        from qa.tui.sessions import Sessions
        from qa.tui.turn import TurnState, advance
        sessions = Sessions(Path(sys.argv[1]))
        state = sessions.add(sessions.begin("How many?").id, TurnState("How many?", phase="running"))
        for event in s.streaming():
            state = advance(state, event)
            sessions.save(state)
        os.kill(os.getpid(), signal.SIGKILL)
    """
    root = Path(__file__).parents[2]
    environment = os.environ | {"PYTHONPATH": f"{root}{os.pathsep}{Path(__file__).parent}"}
    path = tmp_path / "sessions.db"
    ran = subprocess.run([sys.executable, "-c", textwrap.dedent(script), str(path)], env=environment, check=False)
    assert ran.returncode == -signal.SIGKILL
    with Sessions(path) as sessions:
        (turn,) = sessions.turns(sessions.take_up(True).id)
    assert turn.phase == "stopped"
    assert [(line.text, line.verdict) for line in turn.lines] == [(s.S1.text, "supported"), (s.S2.text, None)]
    assert [citation.n for citation in turn.citations] == [1, 2, 3]


def test_several_threads_write_at_once(sessions):
    def work(n: int) -> None:
        for m in range(5):
            say(sessions, f"{n}-{m}?")

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(sessions.find()) == 20


def test_a_file_that_is_none_of_ours_is_one_line(tmp_path):
    path = tmp_path / "sessions.db"
    path.write_text("not a database, but long enough to look at" * 30)
    with pytest.raises(QAError, match=r"sessions.db failed: .* \(move it away"):
        Sessions(path)
    path = tmp_path / "newer.db"
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version=99")
    raw.close()
    with pytest.raises(QAError, match="written by a newer qa"):
        Sessions(path)
    with pytest.raises(QAError, match="cannot be made"):
        Sessions(Path("/proc/nowhere/sessions.db"))


def test_the_store_knows_nothing_of_the_screen():
    code = "import sys, qa.tui.sessions, qa.tui.backend, qa.tui; sys.exit('textual' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
