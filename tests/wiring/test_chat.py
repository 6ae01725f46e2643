from __future__ import annotations

import json
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from qa.answer.followup import Turn
from qa.answer.pipeline import drain
from qa.errors import ModelError, NoIndexError, QAError
from qa.render.json import answer_from_json
from qa.testing import ScriptedGenerator
from qa.types import never
from qa.wiring import Session
from qa.wiring.chat import ChatBackend

QUESTION = "How many Marines were sent?"


@pytest.fixture
def backend(config, fakes):
    chat = ChatBackend(config)
    assert chat.load() == "scripted"
    yield chat
    chat.close()


def test_it_answers_summarizes_and_verifies(backend):
    answer = drain(backend.ask(QUESTION, never))
    assert (answer.status, answer.short) == ("answered", "100")
    assert drain(backend.summarize("", never)).coverage
    checked = drain(backend.verify("Growers picked 40 tonnes of apples in the valley.", never))
    assert [s.verdict for s in checked.sentences] == ["supported"]


def test_documents_are_read_from_any_thread(backend, tmp_path: Path):
    found: list[object] = []

    def look() -> None:
        try:
            document = backend.document(backend.sources()[0].path)
            found.append((document.path, backend.locate(document.path)))
        except Exception as error:  # noqa: BLE001 - shown by the assertion
            found.append(error)

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert found == [("docs/a.txt", tmp_path / "docs" / "a.txt")]


def test_indexing_is_seen_after_a_refresh(backend, tmp_path):
    (tmp_path / "docs" / "c.txt").write_text("Pears were sold.", encoding="utf-8")
    (tmp_path / "docs" / "d.txt").write_bytes(b"")
    steps: list[tuple[int, int, str]] = []
    report = backend.index([str(tmp_path / "docs")], lambda *step: steps.append(step), never)
    assert str(report).startswith("1 added, 0 changed, 2 unchanged, 0 removed, 1 failed; docs/d.txt: ")
    assert "\n" not in str(report)
    assert steps[-1][:2] == (4, 4)
    assert len(backend.sources()) == 2
    assert backend.refresh() is True
    assert backend.refresh() is False
    assert len(backend.sources()) == 3


def test_without_an_index_indexing_still_works(config, fakes, tmp_path):
    chat = ChatBackend(replace(config, store=tmp_path / "fresh"))
    with pytest.raises(NoIndexError):
        chat.load()
    chat.index([str(tmp_path / "docs")], lambda *_: None, never)
    assert chat.load() == "scripted"
    assert drain(chat.ask(QUESTION, never)).status == "answered"
    chat.close()


def test_before_loading_and_after_closing_there_is_an_error_for_a_person(config, fakes):
    chat = ChatBackend(config)
    with pytest.raises(QAError):
        chat.sources()
    assert chat.refresh() is False
    chat.load()
    chat.close()
    chat.close()
    with pytest.raises(QAError):
        list(chat.ask(QUESTION, never))


def test_another_model_replaces_the_first_and_a_bad_one_does_not(backend, monkeypatch):
    made: list[Session] = []

    def generator(session: Session) -> ScriptedGenerator:
        made.append(session)
        if session.config.model == "bad.gguf":
            raise ModelError("bad.gguf is not a model", "name another")
        scripted = ScriptedGenerator(lambda _: "not found")
        scripted.info = replace(scripted.info, name=session.config.model or session.config.llm_url or "default")
        return scripted

    monkeypatch.setattr(Session, "generator", property(generator))
    with pytest.raises(ModelError):
        backend.set_model("bad.gguf")
    assert drain(backend.ask(QUESTION, never)).short == "100"
    assert backend.set_model("other.gguf") == "other.gguf"
    assert drain(backend.ask(QUESTION, never)).status == "refused"
    assert backend.set_model("http://localhost:1/v1") == "http://localhost:1/v1"
    assert backend.set_model("default") == "default"
    assert "default" in backend.models()


def test_exports(backend):
    answers = [drain(backend.ask(QUESTION, never)), drain(backend.ask("Who won the cup?", never))]
    loaded = json.loads(backend.export(answers, "json"))
    assert [answer_from_json(a).question for a in loaded] == [QUESTION, "Who won the cup?"]
    markdown = backend.export(answers, "md")
    assert markdown.count("\n---\n") == 1
    assert f"**{QUESTION}**" in markdown
    html = backend.export(answers, "html")
    assert html.startswith("<!doctype html>")
    assert 'id="a1c1"' in html


def test_a_question_that_stands_alone_is_left_as_it_is(backend):
    assert backend.standalone(QUESTION, []) == QUESTION
    assert backend.standalone(QUESTION, [Turn("Who won the cup?", "")]) == QUESTION


def test_it_has_every_method_of_the_chats_protocol(backend):
    from qa.tui.backend import Backend

    assert all(callable(getattr(backend, name)) for name in vars(Backend) if not name.startswith("_"))
