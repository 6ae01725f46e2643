"""A chat over a scripted backend, driven by a pilot."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from scripted import ScriptedBackend
from textual.events import Key
from textual.pilot import Pilot
from textual.widgets import OptionList

from qa.tui.app import ChatApp
from qa.tui.sessions import Session, Sessions
from qa.tui.turn import FINAL
from qa.tui.widgets.composer import Composer, Prompt
from qa.tui.widgets.conversation import Conversation, Remark
from qa.tui.widgets.sources import SourcePane
from qa.tui.widgets.turn import TurnView

NAMES = {"?": "question_mark", "/": "slash", " ": "space", "!": "exclamation_mark", "~": "tilde", ".": "full_stop"}


@dataclass
class Chat:
    """What a test does with the chat, and what it sees."""

    app: ChatApp
    pilot: Pilot[int]
    backend: ScriptedBackend

    async def until(self, condition: Callable[[], object], seconds: float = 60) -> None:
        for _ in range(int(seconds / 0.01)):
            if condition():
                await self.settle()
                return
            await asyncio.sleep(0.01)
        raise AssertionError(f"not reached; shown: {self.text!r}, remarks: {self.remarks}")

    async def enter(self, line: str) -> None:
        self.prompt.value = line
        await self.settle()
        await self.press("enter")

    async def ask(self, question: str) -> TurnView:
        before = self.turns[-1:]
        await self.enter(question)
        await self.until(lambda: self.turns[-1:] != before and self.turns[-1].state.phase in FINAL)
        return self.turns[-1]

    async def press(self, *keys: str) -> None:
        for key in keys:
            self.send(key)
            await self.settle()

    def send(self, key: str) -> None:
        """What a driver does with a key; the pilot's own way waits for an idle machine, twice a key."""
        name = NAMES.get(key, key)
        characters = {name: character for character, name in NAMES.items()}
        self.app.post_message(Key(name, key if len(key) == 1 else characters.get(key)))

    async def settle(self) -> None:
        """Until what was sent has been handled, and what that led to.

        A message goes from queue to queue (app, screen, widget and up again), one a turn of the loop; the pilot's own
        pause waits for widgets that were removed meanwhile, too.
        """
        for _ in range(12):
            if not self.app.is_running:
                return
            handled = asyncio.Event()
            self.app.call_later(handled.set)
            await asyncio.wait_for(handled.wait(), 20)
            await asyncio.sleep(0)
        if self.app.is_running:  # the layout follows when the loop is idle
            laid_out = asyncio.Event()
            self.app.screen.call_after_refresh(laid_out.set)
            await asyncio.wait_for(laid_out.wait(), 20)
            await asyncio.sleep(0.02)

    @property
    def prompt(self) -> Prompt:
        return self.app.screen_stack[0].query_one(Prompt)

    @property
    def composer(self) -> Composer:
        return self.app.screen_stack[0].query_one(Composer)

    @property
    def turns(self) -> list[TurnView]:
        return self.app.screen_stack[0].query_one(Conversation).turns()

    @property
    def pane(self) -> SourcePane:
        return self.app.screen_stack[0].query_one(SourcePane)

    @property
    def remarks(self) -> list[str]:
        return [str(remark.content) for remark in self.app.screen_stack[0].query(Remark)]

    @property
    def completions(self) -> list[str]:
        options = self.composer.query_one("#completions", OptionList)
        return [str(option.prompt) for option in options.options] if options.display else []

    @property
    def text(self) -> str:
        """All that the last turn shows."""
        return self.shown(self.turns[-1]) if self.turns else ""

    def shown(self, turn: TurnView) -> str:
        return "\n".join(str(part.content) for part in turn.query("Text") if part.display)

    def passage(self) -> str:
        return str(self.pane.query_one("#text").content)  # type: ignore[attr-defined]


Open = Callable[..., "AsyncIterator[Chat]"]


@pytest.fixture
def sessions(tmp_path: Path) -> Iterator[Sessions]:
    with Sessions(tmp_path / "data" / "sessions.db") as store:
        yield store


@pytest.fixture
def open_chat(tmp_path: Path, sessions: Sessions) -> Callable[..., object]:
    """``async with open_chat(backend) as chat``: started, and loaded unless ``wait`` is false."""

    @asynccontextmanager
    async def opened(
        backend: ScriptedBackend | None = None,
        *,
        size: tuple[int, int] = (110, 34),
        session: Session | None = None,
        theme: str = "dark",
        wait: bool = True,
    ) -> AsyncIterator[Chat]:
        backend = backend or ScriptedBackend()
        app = ChatApp(lambda: backend, sessions, session, theme=theme, export_folder=tmp_path)
        async with app.run_test(size=size) as pilot:
            app.animation_level = "none"
            chat = Chat(app, pilot, backend)
            if wait:
                await chat.until(lambda: app._model and app.screen_stack[0].query(Prompt))
            yield chat

    return opened
