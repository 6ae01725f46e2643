"""A server of other people's making: llama-cpp-python's own, over the bundled model, on this machine."""

import json
import os
import socket
import subprocess
import sys
import time

import httpx
import pytest

from qa import cli
from qa.errors import ServerError
from qa.models.registry import bundled_model
from qa.models.seams import Request
from qa.models.server import ServerGenerator
from tests.models.contracts import generator_contract

pytestmark = pytest.mark.slow

ASK = Request("You are a helpful assistant.", "Count from one to five.", max_tokens=6)
NOTE = "# Bridge\n\nThe new bridge over the Tarn has 14 arches, the mayor said. It was opened in May.\n"
PATIENCE = 60
"""Seconds that a busy machine may take to load the model."""


class LlamaServer:
    """The server as a child process, started again when it was stopped."""

    def __init__(self, log):
        self._log = log
        self._process = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"

    def start(self):
        if self._process is not None:
            return
        options = {
            "model": bundled_model(),
            "model_alias": "small",
            "host": "127.0.0.1",
            "port": self.port,
            "n_ctx": 768,
            "n_threads": 1,
            "n_threads_batch": 1,  # more would wait for each other on a busy machine
            "logits_all": "false",
        }
        # The server would take these for its own.
        environment = {k: v for k, v in os.environ.items() if k not in {"HOST", "PORT", "CONFIG_FILE"}}
        command = [sys.executable, "-m", "llama_cpp.server"]
        with self._log.open("wb") as out:
            self._process = subprocess.Popen(
                [*command, *(str(part) for name, value in options.items() for part in (f"--{name}", value))],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment,
            )
        self._wait()

    def _wait(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/models", timeout=PATIENCE, trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        pytest.fail(f"the server does not answer:\n{self._log.read_text(errors='replace')[-2000:]}")

    def stop(self):
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def child(tmp_path_factory):
    made = LlamaServer(tmp_path_factory.mktemp("server") / "log")
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def server(child):
    child.start()
    return child


@pytest.fixture
def generator(server):
    made = ServerGenerator(server.url, context=768)
    yield made
    made.close()


def test_it_keeps_the_contract_although_the_server_drops_a_request_for_the_next(generator):
    generator_contract(generator)


def test_a_reply_has_text_and_tokens_and_is_the_same_again_and_in_pieces(generator, server):
    first, again = (generator.complete([ASK])[0] for _ in range(2))
    assert first.text.strip()
    assert 0 < first.tokens <= ASK.max_tokens
    assert (first.text, first.tokens, first.stopped) == (again.text, again.tokens, again.stopped)
    pieces = list(generator.stream(ASK))
    assert "".join(pieces) == first.text
    assert len(pieces) > 1
    assert generator.info.name == f"small at 127.0.0.1:{server.port}"


def test_a_path_that_the_server_does_not_know_is_one_line_with_the_url(server):
    url = f"http://127.0.0.1:{server.port}/elsewhere"
    with pytest.raises(ServerError, match="answered with status 404") as caught:
        ServerGenerator(url)
    assert url in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_question_goes_the_same_way_as_with_any_generator(server, model_cache, tmp_path, monkeypatch, capsys):
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "home"))
    monkeypatch.setenv("QA_CACHE_DIR", str(model_cache))
    monkeypatch.setenv("QA_STORE", str(tmp_path / "index"))
    monkeypatch.setenv("QA_THREADS", "1")
    (tmp_path / "note.md").write_text(NOTE, encoding="utf-8")
    assert cli.run(["index", str(tmp_path / "note.md")]) == 0
    capsys.readouterr()
    asked = ["ask", "How many arches has the new bridge?", "--llm-url", server.url, "--top-k", "1"]
    code = cli.run([*asked, "--json"])
    answer = json.loads(capsys.readouterr().out)
    assert (code, answer["status"]) in {(0, "answered"), (3, "refused")}
    assert answer["model"]["generator"] == f"small at 127.0.0.1:{server.port}"
    assert bool(answer["sentences"]) == (code == 0)
    assert all(sentence["citations"] for sentence in answer["sentences"])
    for citation in answer["citations"]:
        assert cli.run(["show", f"{citation['document']}:{citation['start']}-{citation['end']}"]) == 0
        assert citation["quote"] in NOTE
        assert f"»{citation['quote']}«" in capsys.readouterr().out


def test_a_server_that_stopped_is_one_line_with_the_url(generator, server):
    server.stop()
    for ask in (lambda: generator.complete([ASK]), lambda: list(generator.stream(ASK))):
        with pytest.raises(ServerError, match="cannot be reached") as caught:
            ask()
        assert server.url in str(caught.value)
        assert str(caught.value).isprintable()
