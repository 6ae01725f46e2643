"""The process that answers for the chat: it holds the models and the index, and takes calls on its standard input.

A process of its own, because models would take the chat's interpreter and processor from it while somebody types, and
because what ends such a process (memory, a wrong build) must not end the conversation.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, BinaryIO, NoReturn

from qa.answer.followup import Turn
from qa.config import Config
from qa.errors import QAError
from qa.types import Cancel, Event
from qa.wiring import wire
from qa.wiring.chat import ChatBackend

YIELDING = 10
"""Niceness of the process: the chat's loop goes first where cores are few."""
GRACE = 3.0
"""Seconds that what is still running gets once the chat has gone."""
PART = 200
"""Sources in one line: reading a line of some thousand would hold up the chat's loop."""
Tell = Callable[[object], None]


class Calls:
    """What may be called by name: each method tells its values one by one."""

    def __init__(self, backend: ChatBackend) -> None:
        self._backend = backend

    def load(self, tell: Tell, _: Cancel) -> None:
        """See ``Backend``, as for all others."""
        tell(self._backend.load())

    def refresh(self, tell: Tell, _: Cancel) -> None:
        """Whether the index was opened again."""
        tell(self._backend.refresh())

    def standalone(self, tell: Tell, _: Cancel, question: str, history: list[Any]) -> None:
        """The question."""
        tell(self._backend.standalone(question, [wire.read(Turn, turn) for turn in history]))

    def ask(self, tell: Tell, stop: Cancel, question: str) -> None:
        """Events."""
        self._events(tell, self._backend.ask(question, stop))

    def summarize(self, tell: Tell, stop: Cancel, topic: str) -> None:
        """Events."""
        self._events(tell, self._backend.summarize(topic, stop))

    def verify(self, tell: Tell, stop: Cancel, text: str) -> None:
        """Events."""
        self._events(tell, self._backend.verify(text, stop))

    def sources(self, tell: Tell, _: Cancel) -> None:
        """Lists of sources."""
        found = self._backend.sources()
        for start in range(0, len(found), PART):
            tell(found[start : start + PART])

    def document(self, tell: Tell, _: Cancel, path: str) -> None:
        """The document."""
        tell(self._backend.document(path))

    def locate(self, tell: Tell, _: Cancel, path: str) -> None:
        """The path."""
        tell(self._backend.locate(path))

    def index(self, tell: Tell, stop: Cancel, paths: list[str]) -> None:
        """Lists (done, total, what), then the report in a line."""
        tell(str(self._backend.index(paths, lambda *step: tell(step), stop)))

    def models(self, tell: Tell, _: Cancel) -> None:
        """The list of names."""
        tell(self._backend.models())

    def set_model(self, tell: Tell, _: Cancel, name: str) -> None:
        """The name for the status line."""
        tell(self._backend.set_model(name))

    @staticmethod
    def _events(tell: Tell, events: Iterable[Event]) -> None:
        for event in events:
            tell(wire.event_value(event))


CALLS = frozenset(name for name in vars(Calls) if not name.startswith("_"))
BESIDE = frozenset({"sources", "document", "locate", "index", "models"})
"""Calls that do not wait for an answer that is being made."""


class Server:
    """Runs the calls that come in, and sends what they give."""

    def __init__(self, backend: ChatBackend, replies: BinaryIO) -> None:
        self._backend, self._replies = backend, replies
        self._calls = Calls(backend)
        self._sending = threading.Lock()
        self._stops: dict[int, threading.Event] = {}
        # Models are loaded and used in one thread.
        self._answering = ThreadPoolExecutor(1, "qa-answers")
        self._beside = ThreadPoolExecutor(4, "qa-beside")

    def take(self, requests: Iterable[bytes]) -> None:
        """Run the calls until no more come."""
        for text in requests:
            request = json.loads(text)
            if "stop" in request:
                if stop := self._stops.get(request["id"]):
                    stop.set()
            else:
                self._stops[request["id"]] = threading.Event()
                (self._beside if request["call"] in BESIDE else self._answering).submit(self._call, request)

    def finish(self) -> None:
        """Stop what runs, then close models and index."""
        for stop in list(self._stops.values()):
            stop.set()
        self._answering.shutdown(wait=True)
        self._beside.shutdown(wait=True)
        self._backend.close()

    def _call(self, request: dict[str, Any]) -> None:
        number, name = request["id"], request["call"]
        try:
            if name not in CALLS:
                raise QAError(f"there is no call {name!r}")
            tell: Tell = lambda value: self._send({"id": number, "value": value})  # noqa: E731 (a name for the type)
            getattr(self._calls, name)(tell, self._stops[number].is_set, *request["arguments"])
            self._send({"id": number, "end": True})
        except Exception as error:  # noqa: BLE001 (whatever fails is told, and the next call must not suffer for it)
            self._send({"id": number, "error": wire.error_value(error)})
        finally:
            del self._stops[number]

    def _send(self, reply: object) -> None:
        text = wire.line(reply)
        with self._sending, suppress(OSError):  # the chat has gone: the requests have ended, too
            self._replies.write(text)
            self._replies.flush()


def main() -> NoReturn:
    """Serve until standard input ends, then end the process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the chat to hear
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints must not come between the replies
    if hasattr(os, "nice"):
        os.nice(YIELDING)
    requests = sys.stdin.buffer
    server = Server(ChatBackend(wire.read(Config, json.loads(requests.readline()))), replies)
    server.take(requests)
    watch = threading.Timer(GRACE, os._exit, [0])
    watch.daemon = True
    watch.start()
    server.finish()
    os._exit(0)
