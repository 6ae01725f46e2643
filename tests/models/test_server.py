import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from qa.errors import ModelError, OfflineError, ServerError
from qa.models.seams import Request
from qa.models.server import ServerGenerator, download
from tests.models.contracts import generator_contract

ASK = Request("Be brief.", "Say rain.", max_tokens=8)


def event(text="", end=None, logprob=None):
    choice = {"delta": {"content": text}, "finish_reason": end}
    if logprob is not None:
        choice["logprobs"] = {"content": [{"token": text, "logprob": logprob}]}
    return f"data: {json.dumps({'choices': [choice]})}\n\n".encode()


WHOLE = [event("rain", logprob=-0.5), event(" falls", logprob=-0.25), event("", "stop"), b"data: [DONE]\n\n"]


class Script:
    """What the server says: a function of path and body to (status, pieces), and what it was asked."""

    def __init__(self):
        self.asked = []
        self.answer = lambda body: (200, WHOLE)
        self.models = (200, [json.dumps({"data": [{"id": "first"}, {"id": "second"}]}).encode()])

    def reply(self, path, body, headers):
        self.asked.append((path, body, headers))
        return self.models if path.endswith("/models") else self.answer(body)


@pytest.fixture
def script():
    return Script()


@pytest.fixture
def url(script):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length)) if length else None
            status, pieces = script.reply(self.path, body, dict(self.headers))
            self.send_response(status)
            self.end_headers()
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()

        do_GET = do_POST

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def generator(url):
    made = ServerGenerator(url, model="m", api_key="secret", seed=7, timeout=5)
    yield made
    made.close()


def test_it_keeps_the_contract(generator):
    generator_contract(generator)


def test_the_request_says_what_was_asked(generator, script):
    generator.complete([Request("S", "U", max_tokens=3, stop=("\n",))])
    path, body, headers = script.asked[0]
    assert path == "/v1/chat/completions"
    assert headers["Authorization"] == "Bearer secret"
    assert body["messages"] == [{"role": "system", "content": "S"}, {"role": "user", "content": "U"}]
    wanted = {"model": "m", "temperature": 0, "seed": 7, "max_tokens": 3, "stop": ["\n"], "stream": True}
    assert {key: body[key] for key in wanted} == wanted


def test_the_reply_carries_the_servers_log_probabilities(generator):
    reply = generator.complete([ASK])[0]
    assert (reply.text, reply.logprob, reply.tokens, reply.stopped) == ("rain falls", -0.75, 2, "stop")


def test_a_server_without_log_probabilities_is_asked_again_without(generator, script):
    def answer(body):
        return (400, [b"unknown field logprobs"]) if "logprobs" in body else (200, [event("rain"), *WHOLE[2:]])

    script.answer = answer
    assert generator.complete([ASK])[0].logprob is None
    generator.complete([ASK])
    assert len(script.asked) == 3


def test_replies_keep_the_order_of_requests(generator, script):
    script.answer = lambda body: (200, [event(body["messages"][-1]["content"]), *WHOLE[2:]])
    words = [str(number) for number in range(12)]
    assert [reply.text for reply in generator.complete([Request("", word) for word in words])] == words


def test_a_server_that_drops_one_request_for_the_next_is_asked_one_by_one(generator, script):
    busy = threading.Barrier(3)
    cut = [event("ra"), b"data: [DONE]\n\n"]

    def answer(body):
        word = body["messages"][-1]["content"]
        if len(script.asked) <= 3:
            busy.wait(timeout=5)
            return 200, cut if word != "2" else [event(word), *WHOLE[2:]]
        return 200, [event(word), *WHOLE[2:]]

    script.answer = answer
    words = ["0", "1", "2"]
    requests = [Request("", word) for word in words]
    assert [reply.text for reply in generator.complete(requests)] == words
    assert [reply.text for reply in generator.complete(requests)] == words
    asked = [body["messages"][-1]["content"] for _, body, _ in script.asked]
    assert (sorted(asked[:3]), asked[3:]) == (words, ["0", "1", "0", "1", "2"])


def test_stop_strings_end_a_reply_even_if_the_server_ignores_them(generator):
    assert generator.complete([Request("", "U", stop=(" f",))])[0].text == "rain"
    assert list(generator.stream(Request("", "U", stop=(" f",)))) == ["rain"]


def test_without_a_name_the_first_model_is_used(url, script):
    made = ServerGenerator(url + "/", timeout=5)
    assert made.info.name.startswith("first at 127.0.0.1:")
    made.close()
    script.models = (200, [b"[]"])
    with pytest.raises(ServerError, match="name one with --model"):
        ServerGenerator(url, timeout=5)


@pytest.mark.parametrize(
    ("status", "pieces", "words"),
    [
        (500, [b"out of \x1b[31mmemory\n"], "status 500: out of .*memory"),
        (404, [], "status 404"),
        (200, [event("ra")], "broke off in the middle"),
        (200, [], "broke off in the middle"),
        (200, [event("ra"), b"data: [DONE]\n\n"], "cut a reply short"),
        (200, [b"data: {oops\n\n"], "no chat completion: {oops"),
        (200, [b'data: {"choices": [{"delta": "x"}]}\n\n'], "no chat completion"),
        (200, [b'data: {"error": {"message": "overloaded"}}\n\n'], "overloaded"),
    ],
)
def test_every_failure_is_one_line_with_the_url(generator, script, url, status, pieces, words):
    script.answer = lambda _: (status, pieces)
    with pytest.raises(ServerError, match=words) as caught:
        generator.complete([ASK])
    with pytest.raises(ServerError):
        list(generator.stream(ASK))
    assert url in str(caught.value)
    assert str(caught.value).isprintable()


def test_a_server_that_is_not_there(url):
    with pytest.raises(ServerError, match="cannot be reached"):
        ServerGenerator("http://127.0.0.1:9/v1", timeout=5)


def test_offline_allows_this_machine_only(url):
    ServerGenerator(url, model="m", offline=True).close()
    with pytest.raises(OfflineError, match=r"models\.example\.org"):
        ServerGenerator("https://models.example.org/v1", model="m", offline=True)


def test_the_estimate_of_tokens_is_not_below_a_byte_level_tokenizers(generator):
    assert generator.count_tokens("The mayor, Ada Bell, watched.") >= 8
    assert generator.count_tokens("12345") >= 5
    assert generator.count_tokens("東京") >= 6


def test_a_download_appears_only_when_its_hash_is_right(url, script, tmp_path):
    from hashlib import sha256

    script.models = (200, [b"GGUF weights"])
    target = tmp_path / "models" / "m.gguf"
    download(url + "/models", target, sha256(b"GGUF weights").hexdigest())
    assert target.read_bytes() == b"GGUF weights"
    with pytest.raises(ModelError, match="another file"):
        download(url + "/models", tmp_path / "other.gguf", "0" * 64)
    script.models = (404, [b"no"])
    with pytest.raises(ServerError, match="404"):
        download(url + "/models", tmp_path / "other.gguf", "0" * 64)
    assert not (tmp_path / "other.gguf").exists()
