"""The only door to httpx: a generator behind an OpenAI-compatible URL, and the download of a model that was named."""

from __future__ import annotations

import hashlib
import json
import math
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from qa.errors import ModelError, OfflineError, ServerError
from qa.models.files import new_file
from qa.models.offline import is_loopback
from qa.models.reply import ReplyText
from qa.models.seams import Completion, GeneratorInfo, Request
from qa.types import Cancel, never

if TYPE_CHECKING:
    import httpx

_AT_ONCE = 4
"""Requests in flight: servers batch them, small ones queue them."""
_Piece = tuple[str, float | None, str]
"""Text, its log-probability where the server tells, and why the reply ended (empty while it goes on)."""


class _CutShortError(ServerError):
    """A reply that the server ended for another request's sake; alone it may be asked again."""


class ServerGenerator:
    """A model behind `URL/chat/completions` (llama-server, vLLM, Ollama and others), at temperature 0.

    Without ``model`` the server's first one is used. Raises ``OfflineError`` when ``offline`` and the URL leaves the
    machine; every failure of the server is a ``ServerError`` with URL and status.
    """

    def __init__(  # noqa: PLR0913 - keywords only, each an independent setting of the connection
        self,
        url: str,
        *,
        model: str = "",
        api_key: str = "",
        seed: int = 0,
        context: int = 4096,
        offline: bool = False,
        timeout: float = 120.0,
    ) -> None:
        import httpx

        self._url = url.rstrip("/")
        host = urlsplit(self._url).hostname or ""
        if offline and not is_loopback(host):
            raise OfflineError(f"the model server {self._url} is not on this machine, but qa is offline")
        headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        limits = httpx.Timeout(timeout, connect=min(10.0, timeout))
        self._client = httpx.Client(headers=headers, timeout=limits, trust_env=not is_loopback(host))
        self._seed = seed
        self._logprobs = True
        self._one_by_one = False
        try:
            self._model = model or self._first_model()
        except BaseException:
            self._client.close()
            raise
        name = f"{self._model} at {urlsplit(self._url).netloc.rpartition('@')[2]}"
        self.info = GeneratorInfo(name=name, context=context, writes_prose=True)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def count_tokens(self, text: str) -> int:
        """A safe upper estimate: two letters a token, every digit, sign and byte of another script one token."""
        letters = sum(1 for char in text if char.isascii() and (char.isalpha() or char.isspace()))
        rest = sum(1 if char.isascii() else len(char.encode("utf-8", "replace")) for char in text) - letters
        return math.ceil(letters / 2) + rest

    def complete(self, requests: Sequence[Request], cancel: Cancel = never) -> list[Completion]:
        """See ``Generator.complete``; candidates stay empty, since these servers do not tell."""
        together = len(requests) > 1 and not self._one_by_one
        replies = self._together(requests, cancel) if together else [None] * len(requests)
        return [reply or self._complete(r, cancel) for r, reply in zip(requests, replies, strict=True)]

    def _together(self, requests: Sequence[Request], cancel: Cancel) -> list[Completion | None]:
        """Several requests at once; None where the server dropped one for the next, as llama-cpp-python's does."""

        def ask(request: Request) -> Completion | None:
            try:
                return None if self._one_by_one else self._complete(request, cancel)
            except _CutShortError:
                self._one_by_one = True
                return None

        with ThreadPoolExecutor(_AT_ONCE) as pool:
            try:
                return list(pool.map(ask, requests))
            except KeyboardInterrupt:
                # Ends the requests in flight, which leaving the pool would wait for.
                self._client.close()
                raise

    def stream(self, request: Request, cancel: Cancel = never) -> Iterator[str]:
        """See ``Generator.stream``."""
        reply = ReplyText(request.stop)
        for text, _, _ in self._pieces(request):
            if cancel():
                return
            reply.add(text.encode("utf-8", "replace"))
            if piece := reply.fresh():
                yield piece
            if reply.ended:
                return
        reply.finish()
        if piece := reply.fresh(final=True):
            yield piece

    def _complete(self, request: Request, cancel: Cancel) -> Completion:
        reply = ReplyText(request.stop)
        logprobs: list[float | None] = []
        stopped = "cancelled"
        for text, logprob, end in [] if cancel() else self._pieces(request):
            if cancel():
                return Completion(reply.text, None, len(logprobs), stopped="cancelled")
            reply.add(text.encode("utf-8", "replace"))
            if text:
                logprobs.append(logprob)
            stopped = {"": stopped, "length": "length"}.get(end, "stop")
            if reply.ended:
                stopped = "stop"
                break
        reply.finish()
        known = [value for value in logprobs if value is not None]
        total = sum(known) if known and len(known) == len(logprobs) else None
        return Completion(reply.text, total, len(logprobs), stopped=stopped)

    def _pieces(self, request: Request) -> Iterator[_Piece]:
        """The reply's pieces as the server sends them, to its end."""
        import httpx

        try:
            with self._client.stream("POST", f"{self._url}/chat/completions", json=self._body(request)) as answer:
                if self._logprobs and answer.status_code in {400, 422} and b"logprobs" in answer.read():
                    self._logprobs = False
                else:
                    self._demand_ok(answer)
                    yield from self._events(answer)
                    return
            yield from self._pieces(request)
        except httpx.HTTPError as error:
            raise self._failed(_reason(error)) from error

    def _body(self, request: Request) -> dict[str, Any]:
        messages = [{"role": "system", "content": request.system}] if request.system else []
        body: dict[str, Any] = {
            "model": self._model,
            "messages": [*messages, {"role": "user", "content": request.user}],
            "max_tokens": request.max_tokens,
            "temperature": 0,
            "seed": self._seed,
            "stream": True,
        }
        if request.stop:
            body["stop"] = list(request.stop)
        if self._logprobs:
            body["logprobs"] = True
        return body

    def _events(self, answer: httpx.Response) -> Iterator[_Piece]:
        ended = False
        for line in answer.iter_lines():
            if not line.startswith("data:"):
                continue
            data = line[5:].strip()
            if data == "[DONE]":
                if ended:
                    return
                raise _CutShortError(
                    f"the model server {self._url} cut a reply short", "let it finish one request before the next"
                )
            for piece in self._parse(data):
                ended = ended or bool(piece[2])
                yield piece
        if not ended:
            raise self._failed("broke off in the middle of a reply")

    def _parse(self, data: str) -> Iterator[_Piece]:
        try:
            event = json.loads(data)
            if "error" in event:
                raise self._failed(_said(json.dumps(event["error"])))
            for choice in event.get("choices") or []:
                text = (choice.get("delta") or {}).get("content") or ""
                entries = (choice.get("logprobs") or {}).get("content") or []
                logprob = sum(float(entry["logprob"]) for entry in entries) if entries else None
                yield str(text), logprob, str(choice.get("finish_reason") or "")
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise self._failed(f"sent something that is no chat completion: {_said(data)}") from error

    def _first_model(self) -> str:
        import httpx

        try:
            answer = self._client.get(f"{self._url}/models")
            self._demand_ok(answer)
            return str(answer.json()["data"][0]["id"])
        except httpx.HTTPError as error:
            raise self._failed(_reason(error)) from error
        except (ValueError, KeyError, IndexError, TypeError) as error:
            raise self._failed("does not list its models: name one with --model") from error

    def _demand_ok(self, answer: httpx.Response) -> None:
        if answer.status_code == 200:
            return
        body = answer.read().decode("utf-8", "replace")
        raise self._failed(f"answered with status {answer.status_code}: {_said(body)}")

    def _failed(self, what: str) -> ServerError:
        return ServerError(f"the model server {self._url} {what}", "check the URL and that the server runs")


def download(url: str, target: Path, sha256: str) -> None:
    """Fetch a file that the user named; it appears at ``target`` only when its hash is the expected one."""
    import httpx

    digest = hashlib.sha256()
    try:
        with new_file(target) as draft:
            with httpx.stream("GET", url, follow_redirects=True, timeout=60.0) as answer, draft.open("wb") as file:
                if answer.status_code != 200:
                    raise ServerError(f"{url} answered with status {answer.status_code}")
                for block in answer.iter_bytes():
                    digest.update(block)
                    file.write(block)
            if digest.hexdigest() != sha256.lower():
                raise ModelError(f"what {url} sent is another file: its sha256 is {digest.hexdigest()}, not {sha256}")
    except httpx.HTTPError as error:
        raise ServerError(f"{url} {_reason(error)}") from error
    except OSError as error:
        raise ModelError(f"the model cannot be written to {target}: {error.strerror}") from error


def _reason(error: Exception) -> str:
    kind = type(error).__name__
    if "Timeout" in kind:
        return "did not answer in time"
    if "RemoteProtocol" in kind or "Read" in kind:
        return "broke off in the middle of a reply"
    return f"cannot be reached: {_said(str(error)) or kind}"


def _said(text: str) -> str:
    """A server's words as one short line that cannot steer a terminal."""
    line = " ".join(text.split())[:200]
    return "".join(char for char in line if unicodedata.category(char)[0] != "C")
