"""The chat's backend in a process of its own: what is called here runs there."""

from __future__ import annotations

import itertools
import json
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from qa.answer.followup import Turn
from qa.config import Config
from qa.errors import ModelError, NoIndexError, QAError
from qa.models import child
from qa.types import Answer, Cancel, Document, Event, Source, never
from qa.wiring import wire, with_model

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_Replies = SimpleQueue[dict[str, Any] | None]
"""None when the process has died."""
LOOK = 0.05
"""Seconds between two looks at whether the user stopped an answer."""
LEAVING = 4.0
"""Seconds that the process gets to end by itself, a little more than it takes for itself."""
COMMAND = child.command("from qa.wiring.serve import main; main()")


class RemoteBackend:
    """Implements the chat's ``Backend``, with the same rules for threads.

    The process is started at the first call. When it dies the call that was running raises ``ModelError``, and the next
    one starts another with the same model.
    """

    def __init__(self, settings: Config, command: Sequence[str] = COMMAND) -> None:
        self._settings, self._command = settings, command
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._closed = False

    def load(self) -> str:
        """See ``Backend.load``."""
        return self._one(str, "load")

    def refresh(self) -> bool:
        """See ``Backend.refresh``."""
        return self._one(bool, "refresh")

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        """See ``Backend.standalone``."""
        return self._one(str, "standalone", question, list(history))

    def ask(self, question: str, cancel: Cancel) -> Iterator[Event]:
        """See ``Backend.ask``."""
        return map(wire.read_event, self._call("ask", question, cancel=cancel))

    def summarize(self, topic: str, cancel: Cancel) -> Iterator[Event]:
        """See ``Backend.summarize``."""
        return map(wire.read_event, self._call("summarize", topic, cancel=cancel))

    def verify(self, text: str, cancel: Cancel) -> Iterator[Event]:
        """See ``Backend.verify``."""
        return map(wire.read_event, self._call("verify", text, cancel=cancel))

    def sources(self) -> Sequence[Source]:
        """See ``Backend.sources``."""
        return [source for part in self._call("sources") for source in wire.read(list[Source], part)]

    def document(self, path: str) -> Document:
        """See ``Backend.document``."""
        return self._one(Document, "document", path)

    def locate(self, path: str) -> Path:
        """See ``Backend.locate``."""
        return self._one(Path, "locate", path)

    def index(self, paths: Sequence[str], progress: Callable[[int, int, str], None], cancel: Cancel) -> str:
        """See ``Backend.index``."""
        report = ""
        for value in self._call("index", list(paths), cancel=cancel):
            if isinstance(value, str):
                report = value
            else:
                progress(*value)
        return report

    def models(self) -> Sequence[str]:
        """See ``Backend.models``."""
        return self._one(list[str], "models")

    def set_model(self, name: str) -> str:
        """See ``Backend.set_model``."""
        label = self._one(str, "set_model", name)
        self._settings = with_model(self._settings, name)
        return label

    def export(self, answers: Sequence[Answer], kind: Literal["md", "json", "html"]) -> str:
        """See ``Backend.export``."""
        from qa.render.conversation import conversation

        return conversation(answers, kind)

    def close(self) -> None:
        """End the process."""
        with self._lock:
            self._closed = True
            if self._process is not None:
                self._process.leave()

    def _one(self, kind: type[T], name: str, *arguments: object) -> T:
        (value,) = self._call(name, *arguments)
        return wire.read(kind, value)

    def _call(self, name: str, *arguments: object, cancel: Cancel = never) -> Iterator[Any]:
        return self._running().call(name, arguments, cancel)

    def _running(self) -> _Process:
        """The process, started anew, as it was, when it has died."""
        with self._lock:
            if self._closed:
                raise QAError("the chat is closed", "start it again with: qa chat")
            if self._process is None:
                self._process = _Process(self._command, self._settings)
            elif self._process.dead:
                self._process = self._again()
            return self._process

    def _again(self) -> _Process:
        process = _Process(self._command, self._settings)
        try:
            with suppress(NoIndexError):  # indexing is the way out of that
                list(process.call("load", (), never))
        except QAError:
            process.leave()  # the next call tries once more
            raise
        return process


class _Process:
    """One process from its start to its end, and the calls that it is at."""

    def __init__(self, command: Sequence[str], settings: Config) -> None:
        """Raises ``ModelError`` when it cannot be started."""
        try:
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                # Ctrl-C and Ctrl-Z are for the chat. Not a session of its own: Linux shares the processor out between
                # sessions whatever their processes' niceness, and a picture waited for a third of its time.
                process_group=0,
            )
        except OSError as error:
            raise ModelError(
                f"the process that answers cannot be started: {error}", "free some memory, then ask again"
            ) from error
        self.dead = False
        self._numbers = itertools.count(1)
        self._lock = threading.Lock()
        self._waiting: dict[int, _Replies] = {}
        self._send(settings)
        threading.Thread(target=self._receive, name="qa-replies", daemon=True).start()

    def call(self, name: str, arguments: Sequence[object], cancel: Cancel) -> Iterator[Any]:
        """The values that the call gives, as they come. Raises ``QAError``: its own, or that the process died."""
        number, replies = next(self._numbers), _Replies()
        with self._lock:
            if self.dead:
                raise self._death()
            self._waiting[number] = replies
        self._send({"id": number, "call": name, "arguments": arguments})
        ended = False
        try:
            for reply in self._replies(number, replies, cancel):
                ended = "value" not in reply
                if "error" in reply:
                    raise wire.read_error(reply["error"])
                if not ended:
                    yield reply["value"]
        finally:
            self._waiting.pop(number, None)
            if not ended:  # left by its caller in the middle
                self._send({"id": number, "stop": True})

    def _replies(self, number: int, replies: _Replies, cancel: Cancel) -> Iterator[dict[str, Any]]:
        """Until the last one, or the death of the process."""
        asked = False
        while True:
            if not asked and cancel():
                self._send({"id": number, "stop": True})
                asked = True
            try:
                reply = replies.get(timeout=None if cancel is never else LOOK)
            except Empty:
                continue
            if reply is None:
                raise self._death()
            yield reply
            if "value" not in reply:
                return

    def leave(self) -> None:
        """Have it end: it does so when its input ends, and is made to when it does not."""
        assert self._process.stdin is not None
        with self._lock, suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(LEAVING)
        except subprocess.TimeoutExpired:
            self._process.kill()

    def _send(self, value: object) -> None:
        assert self._process.stdin is not None
        text = wire.line(value)
        with self._lock, suppress(OSError, ValueError):  # it has died, which whoever waits is told
            self._process.stdin.write(text)
            self._process.stdin.flush()

    def _receive(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(ValueError, KeyError, TypeError):  # not a reply: nothing after it can be trusted
            for text in self._process.stdout:
                reply = json.loads(text)
                if replies := self._waiting.get(reply["id"]):
                    replies.put(reply)
        self._process.kill()
        self._process.wait()
        self._process.stdout.close()
        with self._lock:
            with suppress(OSError):  # what it did not read any more
                self._process.stdin.close()
            self.dead = True
            for replies in list(self._waiting.values()):
                replies.put(None)

    def _death(self) -> ModelError:
        code = self._process.wait()
        how = child.crash(code) or f"exit code {code}"
        return ModelError(
            f"the process that answers died ({how})",
            "ask again, it starts anew; when it dies again: qa doctor, or a smaller model",
        )
