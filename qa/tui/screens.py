"""The two screens that lie over the chat: the key sheet, and the kept conversations."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from qa.errors import QAError
from qa.tui.commands import COMMANDS
from qa.tui.messages import Notice
from qa.tui.sessions import Session, Sessions
from qa.tui.text import one_line
from qa.tui.widgets.turn import Text

KEYS: tuple[tuple[str, str], ...] = (
    ("Enter", "ask; on a turn: open the marked citation"),
    ("1 … 99, Enter", "open a citation of the last answer"),
    ("Esc", "stop the answer; close what is open; back to the input"),
    ("Tab", "complete; from pane to pane"),
    ("↑ ↓", "lines entered before; on a turn: the turn before or after"),
    ("", ""),
    ("1 … 9", "on a turn: open that citation"),
    ("← →", "on a turn or passage: the citation before or after"),
    ("o", "open the cited file"),
    ("e", "change the question and ask again"),
    ("c", "copy the answer"),
    ("PgUp PgDn", "scroll"),
    ("", ""),
    ("Ctrl+O", "show or hide the sources"),
    ("Ctrl+P", "all commands"),
    ("?  F1", "this sheet"),
    ("Ctrl+Q", "leave"),
)
SIGNS = (
    "✓ supported   ~ partly supported   ✗ not supported   · not checked yet\n"
    "≠ sources disagree   ∅ not in the documents"
)


class HelpScreen(ModalScreen[None]):
    """Keys, commands, signs."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape,question_mark,f1,q,enter", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        """One scrolling sheet."""
        with VerticalScroll(classes="sheet"):
            yield Text("Keys", classes="title")
            for key, what in KEYS:
                yield Pair(key, what)
            yield Text("Commands", classes="title")
            for c in COMMANDS:
                yield Pair(f"/{c.name} {c.argument}".strip(), c.summary, classes="command")
            yield Text("Signs", classes="title")
            yield Text(SIGNS)

    async def action_dismiss(self, result: None = None) -> None:
        """Close the sheet."""
        self.dismiss(result)


class Pair(Horizontal):
    """A key or command, and what it does."""

    def __init__(self, key: str, what: str, classes: str = "") -> None:
        super().__init__(classes=classes)
        self._key, self._what = key, what

    def compose(self) -> ComposeResult:
        """Two columns."""
        yield Text(self._key or " ", classes="key")
        yield Text(self._what or " ", classes="what")


class SessionsScreen(ModalScreen[Session | None]):
    """Kept conversations: type to search, Enter takes one up."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "leave", "Close"),
        Binding("up", "move('up')", "Up", show=False, priority=True),
        Binding("down", "move('down')", "Down", show=False, priority=True),
        Binding("ctrl+r", "rename", "Rename", priority=True),
        Binding("ctrl+x", "delete", "Delete", priority=True),
    ]

    @dataclass
    class Deleted(Message):
        """This conversation is no more."""

        session: int

    @dataclass
    class Found(Message):
        """What a search found."""

        search: str
        sessions: list[Session]

    def __init__(self, sessions: Sessions) -> None:
        super().__init__()
        self._sessions = sessions
        self._listed: list[Session] = []
        self._doomed = 0
        self._renamed = 0

    def compose(self) -> ComposeResult:
        """The search line above the list."""
        with Vertical(classes="sheet"):
            yield Text(Content.styled("Conversations", "bold $accent"))
            yield Input(placeholder="search", id="search")
            yield OptionList(id="kept", markup=False)
            yield Text("Enter takes up · Ctrl+R renames · Ctrl+X deletes · Esc closes", classes="hint")

    def on_mount(self) -> None:
        """Show all, ready to search."""
        self.query_one("#kept").can_focus = False
        self._list("")
        self.query_one("#search").focus()

    def _list(self, search: str) -> None:
        """Search in a thread: it looks into all that was ever said."""
        self.run_worker(partial(self._find, search), thread=True, group="find", exclusive=True)

    def _find(self, search: str) -> None:
        try:
            found = [session for session in self._sessions.find(search) if session.turns]
            self.post_message(self.Found(search, found))
        except QAError as error:
            self.app.post_message(Notice(str(error), failed=True))

    @on(Found)
    def _found(self, message: Found) -> None:
        if not self._renamed and message.search != self.query_one("#search", Input).value:
            return  # a later search is on its way
        self._listed = message.sessions
        kept = self.query_one("#kept", OptionList)
        kept.clear_options()
        kept.add_options([Option(_row(session)) for session in self._listed])
        kept.highlighted = 0 if self._listed else None

    def _change(self, change: Callable[[], None], done: str) -> None:
        """Rename or delete; an error of the store is told where the hint stands."""
        try:
            change()
            self._hint(done)
        except QAError as error:
            self._hint(str(error))

    def _chosen(self) -> Session | None:
        at = self.query_one("#kept", OptionList).highlighted
        return self._listed[at] if at is not None and at < len(self._listed) else None

    def _hint(self, text: str) -> None:
        self.query_one(".hint", Text).show(text)

    def on_input_changed(self, event: Input.Changed) -> None:
        """Search as it is typed, unless a new name is typed."""
        self._doomed = 0
        if not self._renamed:
            self._list(event.value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter: take up, or give the new name."""
        if self._renamed:
            self._hint("")
            if event.value.strip():
                self._change(partial(self._sessions.rename, self._renamed, event.value), "renamed")
            self._renamed = 0
            event.input.value = ""
            self._list("")
        elif chosen := self._chosen():
            self.dismiss(chosen)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click takes up."""
        self.dismiss(self._listed[event.option_index])

    def action_move(self, step: str) -> None:
        """Move the mark in the list."""
        kept = self.query_one("#kept", OptionList)
        (kept.action_cursor_up if step == "up" else kept.action_cursor_down)()
        self._doomed = 0

    def action_rename(self) -> None:
        """Take the name into the search line, to be changed."""
        if chosen := self._chosen():
            self._renamed = chosen.id
            self.query_one("#search", Input).value = chosen.name
            self._hint("type the new name, then Enter")

    def action_delete(self) -> None:
        """The second time on the same conversation: delete it."""
        chosen = self._chosen()
        if not chosen:
            return
        if self._doomed != chosen.id:
            self._doomed = chosen.id
            self._hint(f"Ctrl+X again deletes “{chosen.name}” for good")
            return
        self._change(partial(self._sessions.delete, chosen.id), "deleted")
        self.app.post_message(self.Deleted(chosen.id))
        self._list(self.query_one("#search", Input).value)

    def action_leave(self) -> None:
        """Esc: leave the renaming, else the list."""
        if self._renamed:
            self._renamed = 0
            self.query_one("#search", Input).value = ""
        else:
            self.dismiss(None)


def _row(session: Session) -> Content:
    when = time.strftime("%Y-%m-%d %H:%M", time.localtime(session.updated))
    turns = f"{session.turns} question{'s' if session.turns != 1 else ''}"
    return Content.styled(one_line(session.name, 60), "bold") + Content.styled(
        f"\n{session.id} · {when} · {turns}", "$quiet"
    )
