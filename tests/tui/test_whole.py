"""The chat over the product's own backend, with fake models: what happens to it from outside."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qa.answer.confidence import FEATURES, Calibration
from qa.config import Config
from qa.store import update
from qa.testing import FixedChecker, HashEmbedder, ScriptedGenerator
from qa.wiring import Session
from qa.wiring.chat import ChatBackend

EMBEDDER = HashEmbedder(dimension=256)
QUESTION = "How many Marines were sent?"


@pytest.fixture
def config(tmp_path: Path, monkeypatch) -> Config:
    docs = tmp_path / "docs"
    docs.mkdir()
    (docs / "a.txt").write_text("A detachment of 100 Marines was sent to Baghdad.", encoding="utf-8")
    (docs / "b.txt").write_text("Growers picked 40 tonnes of apples in the valley.", encoding="utf-8")
    update(tmp_path / "index", [docs], EMBEDDER)
    fakes = {"embedder": EMBEDDER, "checker": FixedChecker(1.0), "reranker": None, "locator": None}
    sure = Calibration({"bias": 3.0, **dict.fromkeys(FEATURES, 0.0)})
    for name, value in {**fakes, "calibration": sure}.items():
        monkeypatch.setattr(Session, name, value)
    return Config(store=tmp_path / "index", cache_dir=tmp_path / "cache", data_dir=tmp_path / "data")


@pytest.fixture
def scripted(monkeypatch) -> ScriptedGenerator:
    reply = lambda request: "100 Marines" if "detachment" in request.user else "not found"  # noqa: E731
    generator = ScriptedGenerator(reply)
    monkeypatch.setattr(Session, "generator", generator)
    return generator


class Server:
    """A model server that can go down in the middle of a reply."""

    def __init__(self) -> None:
        self.down = False
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                found = "detachment" in body["messages"][-1]["content"]
                self.send_response(200)
                self.end_headers()
                self._send({"delta": {"content": "100 Marines" if found else "not found"}})
                if not outer.down:
                    self._send({"delta": {}, "finish_reason": "stop"})
                    self.wfile.write(b"data: [DONE]\n\n")

            def do_GET(self) -> None:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b'{"data": [{"id": "m"}]}')

            def _send(self, choice: dict[str, object]) -> None:
                self.wfile.write(f"data: {json.dumps({'choices': [choice]})}\n\n".encode())

            def log_message(self, *_: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}/v1"
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


async def test_a_server_that_goes_down_in_the_middle_of_an_answer(open_chat, config):
    from dataclasses import replace

    server = Server()
    backend = ChatBackend(replace(config, llm_url=server.url))
    try:
        async with open_chat(backend) as chat:
            turn = await chat.ask(QUESTION)
            assert "100 Marines" in chat.shown(turn)
            server.down = True
            turn = await chat.ask("Who picked apples?")
            assert turn.state.phase == "failed"
            (line,) = [line for line in chat.shown(turn).splitlines() if line.startswith("!")]
            assert server.url in line
            assert "(" in line  # the way out
            server.down = False
            turn = await chat.ask(QUESTION)
            assert turn.state.phase == "done"
    finally:
        server.http.shutdown()
        server.http.server_close()
        backend.close()


async def test_an_index_that_another_process_changes_is_used_as_it_now_is(open_chat, config, scripted, tmp_path):
    backend = ChatBackend(config)
    async with open_chat(backend) as chat:
        await chat.ask(QUESTION)
        await chat.enter("1")
        await chat.until(lambda: chat.pane.place)
        (tmp_path / "docs" / "a.txt").write_text("A detachment of 750 soldiers was sent to Basra.", encoding="utf-8")
        (tmp_path / "docs" / "c.txt").write_text("Pears were sold at the market.", encoding="utf-8")
        update(tmp_path / "index", [tmp_path / "docs"], EMBEDDER)
        await chat.ask("How many soldiers were sent?")
        assert "the index was changed by another process" in chat.remarks[-1]
        assert len(chat.app.sources) == 3
        await chat.press("tab", "up", "1")  # what was cited before is shown as it was
        await chat.until(lambda: "changed since" in str(chat.pane.query_one(".heading").content))
        assert "100 Marines" in chat.passage()
    backend.close()


async def test_an_index_is_made_while_questions_are_asked(open_chat, config, scripted, tmp_path):
    many = tmp_path / "many"
    many.mkdir()
    for n in range(30):
        (many / f"{n}.txt").write_text(f"Report {n}: {n + 3} bridges were built in county {n}.", encoding="utf-8")
    backend = ChatBackend(config)
    async with open_chat(backend) as chat:
        await chat.enter(f"/index {many}")
        turn = await chat.ask(QUESTION)
        assert turn.state.phase == "done"
        await chat.until(lambda: any("30 added" in remark for remark in chat.remarks))
        await chat.until(lambda: len(chat.app.sources) == 32)
    backend.close()


async def test_without_an_index_the_way_out_is_a_command_of_the_chat(open_chat, config, scripted, tmp_path):
    from dataclasses import replace

    backend = ChatBackend(replace(config, store=tmp_path / "none"))
    async with open_chat(backend, wait=False) as chat:
        await chat.until(lambda: any("/index PATH makes one" in remark for remark in chat.remarks))
        await chat.enter(f"/index {tmp_path / 'docs'}")
        await chat.until(lambda: len(chat.app.sources) == 2)
        turn = await chat.ask(QUESTION)
        assert "100 Marines" in chat.shown(turn)
    backend.close()
