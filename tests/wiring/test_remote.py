from __future__ import annotations

import os
import signal
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer.followup import Turn
from qa.answer.pipeline import drain
from qa.errors import ModelError, NoIndexError, QAError
from qa.tui.backend import Backend
from qa.types import Done, Retrieved, never
from qa.wiring.chat import ChatBackend
from qa.wiring.remote import RemoteBackend
from qa.wiring.serve import CALLS

SERVED = [sys.executable, "-P", str(Path(__file__).with_name("served.py"))]
QUESTION = "How many Marines were sent?"


@pytest.fixture
def backend(config):
    remote = RemoteBackend(config, SERVED)
    assert remote.load() == "scripted"
    yield remote
    remote.close()


def process(backend: RemoteBackend) -> int:
    return backend._process._process.pid


def killed(backend: RemoteBackend) -> None:
    os.kill(process(backend), signal.SIGKILL)
    for _ in range(1000):
        if backend._process.dead:
            return
        time.sleep(0.01)
    raise AssertionError("its death was not noticed")


def test_it_gives_what_the_backend_gives_in_this_process(backend, config, fakes):
    here = ChatBackend(config)
    here.load()
    for question in (QUESTION, "Who won the cup?"):
        there, direct = list(backend.ask(question, never)), list(here.ask(question, never))
        assert there[:-1] == direct[:-1]
        strip = lambda answer: replace(answer, timings_ms={})  # noqa: E731
        assert strip(there[-1].answer) == strip(direct[-1].answer)
        assert {type(r) for s in there[-1].answer.sentences for r in s.reasons} == {
            type(r) for s in direct[-1].answer.sentences for r in s.reasons
        }
    assert backend.sources() == list(here.sources())
    path = here.sources()[0].path
    assert backend.document(path) == here.document(path)
    assert backend.locate(path) == here.locate(path)
    assert list(backend.models()) == list(here.models())
    assert backend.standalone(QUESTION, [Turn("Who won the cup?", "")]) == QUESTION
    assert drain(backend.summarize("", never)).coverage == drain(here.summarize("", never)).coverage
    assert drain(backend.verify("Growers picked 40 tonnes of apples in the valley.", never)).sentences
    here.close()


def test_it_has_every_method_of_the_chats_protocol(backend):
    methods = {name for name in vars(Backend) if not name.startswith("_")}
    assert all(callable(getattr(backend, name)) for name in methods)
    assert methods == CALLS | {"close", "export"}


def test_indexing_tells_its_progress_and_is_seen_after_a_refresh(backend, tmp_path):
    (tmp_path / "docs" / "c.txt").write_text("Pears were sold.", encoding="utf-8")
    steps: list[tuple[int, int, str]] = []
    report = backend.index([str(tmp_path / "docs")], lambda *step: steps.append(step), never)
    assert str(report).startswith("1 added, 0 changed, 2 unchanged")
    assert steps[-1][:2] == (3, 3)
    assert backend.refresh() is True
    assert backend.refresh() is False
    assert len(backend.sources()) == 3


def test_errors_keep_their_kind_and_their_way_out(config):
    remote = RemoteBackend(replace(config, store=Path("/nowhere/at/all")), SERVED)
    with pytest.raises(NoIndexError, match="/index PATH makes one"):
        remote.load()
    remote.close()
    with pytest.raises(QAError, match="closed"):
        remote.sources()


def test_what_fails_unexpectedly_is_one_line_and_the_next_question_is_answered(backend):
    with pytest.raises(QAError, match=r"^qa failed unexpectedly: ZeroDivisionError: by zero$"):
        list(backend.ask("How many Marines were wrongly sent?", never))
    assert drain(backend.ask(QUESTION, never)).short == "100"


def test_what_a_library_prints_is_no_reply(backend):
    assert drain(backend.ask("How many Marines were loudly sent?", never)).short == "100"


def test_a_stopped_answer_ends_soon_and_says_so(backend):
    stop = threading.Event()
    events = backend.ask("How many Marines were slowly sent?", stop.is_set)
    assert isinstance(next(events), Retrieved)
    stop.set()
    last = list(events)[-1]
    assert isinstance(last, Done)
    assert "stopped" in last.answer.reason


def test_documents_can_be_read_while_an_answer_is_made(backend):
    events = backend.ask("How many Marines were slowly sent?", never)
    next(events)
    path = backend.sources()[0].path
    assert backend.document(path).text
    assert isinstance(list(events)[-1], Done)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_a_process_that_dies_is_told_and_started_anew(backend):
    first = process(backend)
    with pytest.raises(ModelError, match=r"died \(SIGSEGV\).*ask again"):
        list(backend.ask("How many Marines were deadly?", never))
    assert drain(backend.ask(QUESTION, never)).short == "100"
    assert process(backend) != first


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_one_that_dies_without_an_index_can_still_make_one(config, tmp_path):
    remote = RemoteBackend(replace(config, store=tmp_path / "fresh"), SERVED)
    with pytest.raises(NoIndexError):
        remote.load()
    killed(remote)
    assert remote.index([str(tmp_path / "docs")], lambda *_: None, never).startswith("2 added")
    assert remote.refresh() is True
    assert drain(remote.ask(QUESTION, never)).short == "100"
    remote.close()


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_the_new_one_has_the_model_that_was_chosen(backend):
    backend.set_model("other.gguf")
    killed(backend)
    drain(backend.ask(QUESTION, never))
    assert backend._settings.model == "other.gguf"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_one_that_died_between_two_questions_is_not_missed(backend):
    killed(backend)
    assert drain(backend.ask(QUESTION, never)).short == "100"


def test_a_process_that_never_answers_is_an_error_each_time(config):
    remote = RemoteBackend(config, [*SERVED, "ends-at-once"])
    for _ in range(3):
        with pytest.raises(ModelError, match=r"died \(exit code 7\)"):
            remote.load()
    remote.close()
    missing = RemoteBackend(config, ["/no/such/program"])
    with pytest.raises(ModelError, match="cannot be started"):
        missing.load()
    missing.close()


def test_the_process_ends_with_the_chat(config):
    remote = RemoteBackend(config, SERVED)
    remote.load()
    running = remote._process._process
    running.stdin.close()  # as when the chat is killed
    assert running.wait(10) == 0


def test_a_long_list_of_sources_comes_in_parts(backend, tmp_path, monkeypatch):
    for n in range(450):
        (tmp_path / "docs" / f"n{n}.txt").write_text(f"Report {n} is about county {n}.", encoding="utf-8")
    backend.index([str(tmp_path / "docs")], lambda *_: None, never)
    backend.refresh()
    parts = list(backend._call("sources"))
    assert [len(part) for part in parts] == [200, 200, 52]
    assert len({source.path for source in backend.sources()}) == 452
