"""The way in from the command line."""

from __future__ import annotations

import pytest
import scripted as s

from qa import tui
from qa.errors import InputError
from qa.tui.app import ChatApp


def test_run_gives_the_chat_what_it_was_given(tmp_path, monkeypatch):
    seen = []

    def run(app):
        seen.append((app.theme, app.talk.session, app._export_folder))

    monkeypatch.setattr(ChatApp, "run", run)
    path = tmp_path / "new" / "sessions.db"
    assert tui.run(s.ScriptedBackend, sessions_path=path, theme="light", export_folder=tmp_path) == 0
    assert tui.run(s.ScriptedBackend, sessions_path=path, resume=True) == 0  # none yet: a new one
    assert seen[0] == ("qa-light", None, tmp_path)
    assert seen[1][:2] == ("qa-dark", None)


def test_an_unknown_conversation_is_an_error_before_any_screen(tmp_path):
    with pytest.raises(InputError, match="no conversation 'lost'"):
        tui.run(s.ScriptedBackend, sessions_path=tmp_path / "sessions.db", resume="lost")


def test_the_way_back_is_told_when_something_was_said(tmp_path, monkeypatch):
    said = []

    def run(app):
        app.talk.session = app.talk.session or app.talk.sessions.begin("How many?")

    path = tmp_path / "sessions.db"
    monkeypatch.setattr(ChatApp, "run", lambda app: None)
    tui.run(s.ScriptedBackend, sessions_path=path, farewell=said.append)
    assert said == []
    monkeypatch.setattr(ChatApp, "run", run)
    tui.run(s.ScriptedBackend, sessions_path=path, farewell=said.append)
    assert said == ["“How many?” is kept: qa chat --resume 1"]


async def test_leaving_the_chat_frees_models_and_files(open_chat):
    backend = s.ScriptedBackend()
    async with open_chat(backend) as chat:
        await chat.ask("How many Marines were sent?")
        assert not backend.closed.is_set()
    assert backend.closed.wait(10)
