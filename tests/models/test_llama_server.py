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
    """The server as a child process."""

    def __init__(self, log):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/v1"
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
        self._log = log
        with log.open("wb") as out:
            self._process = subprocess.Popen(
                [*command, *(str(part) for name, value in options.items() for part in (f"--{name}", value))],
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                env=environment,
            )

    def wait(self):
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and self._process.poll() is None:
            try:
                if httpx.get(f"{self.url}/models", timeout=PATIENCE, trust_env=False).status_code == 200:
                    return
            except httpx.TransportError:
                time.sleep(0.1)
        pytest.fail(f"the server does not answer:\n{self._log.read_text(errors='replace')[-2000:]}")

    def stop(self):
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    started = LlamaServer(tmp_path_factory.mktemp("server") / "log")
    try:
        started.wait()
        yield started
    finally:
        started.stop()


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
        assert citation["quote"] in " ".join(NOTE.split())


def test_a_server_that_stopped_is_one_line_with_the_url(tmp_path):
    server = LlamaServer(tmp_path / "log")
    try:
        server.wait()
        generator = ServerGenerator(server.url)
    finally:
        server.stop()
    for ask in (lambda: generator.complete([ASK]), lambda: list(generator.stream(ASK))):
        with pytest.raises(ServerError, match="cannot be reached") as caught:
            ask()
        assert server.url in str(caught.value)
        assert str(caught.value).isprintable()
    generator.close()
