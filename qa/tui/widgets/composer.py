"""The input line, and above it the completions of a slash command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key, Paste
from textual.message import Message
from textual.widgets import Input, OptionList
from textual.widgets.option_list import Option

from qa.tui.commands import Completion, is_partial
from qa.tui.text import one_line

HINT = "Ask your documents, or type / for commands"


class Prompt(Input):
    """One line of input that remembers what was entered and takes pasted paragraphs whole."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "composer('up')", "Before", show=False),
        Binding("down", "composer('down')", "After", show=False),
        Binding("tab", "composer('tab')", "Next", show=False),
        Binding("ctrl+d", "delete_or_quit", "Leave", show=False),
        # What Enter arrives as when it was pressed before the terminal was handed over to the chat.
        Binding("ctrl+j", "submit", "Ask", show=False),
    ]

    class Help(Message):
        """The key sheet is wanted."""

    def __init__(self) -> None:
        super().__init__(placeholder=HINT, id="prompt", select_on_focus=False)
        self.cursor_blink = False  # each blink would be sent over a slow line

    async def on_key(self, event: Key) -> None:
        """A question mark on an empty line asks for the key sheet; the line's own keys act at once.

        A binding is otherwise run once the key has risen to the app: letters typed right behind it would be in the line
        before Enter, Backspace or an arrow has done its work."""
        if event.character == "?" and not self.value:
            event.prevent_default()
            event.stop()
            self.post_message(self.Help())
            return
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if await self.app.run_action(binding.action, self):
                event.prevent_default()
                event.stop()
                return

    def on_paste(self, event: Paste) -> None:
        """Take all pasted lines as one."""
        event.prevent_default()
        event.stop()
        self.insert_text_at_cursor(one_line(event.text))

    async def action_submit(self) -> None:
        """Enter, at once: behind a message that waits its turn, letters typed meanwhile would join the line."""
        if isinstance(self.parent, Composer):
            self.parent.submit(self.value)

    def action_delete_or_quit(self) -> None:
        """Ctrl+D: on an empty line leave, else delete."""
        if self.value:
            self.action_delete_right()
        else:
            self.app.exit(0)

    def action_composer(self, key: str) -> None:
        """Keys whose meaning depends on the completions."""
        if isinstance(self.parent, Composer):
            self.parent.key(key)


class Composer(Vertical):
    """The prompt with its completions and its memory."""

    @dataclass
    class Entered(Message):
        """A line was entered."""

        line: str
        verbatim: bool
        """Whether it is a question that was edited and is to be asked exactly so."""

    @dataclass
    class Typed(Message):
        """The line changed; completions are wanted when it is a command."""

        line: str

    class Left(Message):
        """Tab: on to the next pane."""

    def __init__(self) -> None:
        super().__init__(id="composer")
        self._proposals: Sequence[Completion] = ()
        self._line = ""
        """The one that they complete."""
        self._entered: list[str] = []
        self._at = 0
        self._verbatim = False

    def compose(self) -> ComposeResult:
        """The completions above the line."""
        completions = OptionList(id="completions", markup=False)
        completions.can_focus = False
        completions.display = False
        yield completions
        yield Prompt()

    @property
    def prompt(self) -> Prompt:
        """The input line."""
        return self.query_one(Prompt)

    @property
    def completing(self) -> bool:
        """Whether completions are shown."""
        return bool(self._proposals)

    def remember(self, lines: Sequence[str]) -> None:
        """Lines entered before, oldest first, for the up key."""
        self._entered = [*lines]
        self._at = len(self._entered)

    def edit(self, text: str) -> None:
        """Put a question into the line, to be changed and asked as it then stands."""
        self.prompt.value = text
        self.prompt.cursor_position = len(text)
        self._verbatim = True
        self.prompt.focus()

    def propose(self, line: str, proposals: Sequence[Completion]) -> None:
        """Show completions, if the line is still the one they were made for."""
        if line != self.prompt.value:
            return
        self._proposals, self._line = proposals, line
        options = self.query_one("#completions", OptionList)
        options.clear_options()
        options.add_options([Option(_row(proposal)) for proposal in proposals])
        options.display = bool(proposals)
        options.highlighted = 0 if proposals else None

    def dismiss(self) -> None:
        """Hide the completions."""
        self.propose(self.prompt.value, ())

    def on_input_changed(self, event: Input.Changed) -> None:
        """Ask for completions; an emptied line is no edited question any more."""
        event.stop()
        self._verbatim = self._verbatim and bool(event.value)
        self.post_message(self.Typed(event.value))

    def submit(self, typed: str) -> None:
        """Enter: complete a command that is not whole yet, else send the line off."""
        whole = self._highlighted() if self._line == typed else ""
        if whole and is_partial(typed):
            self._take(whole)
            if whole.endswith(" "):
                return
        line = self.prompt.value.strip()
        if line:
            self._send(line)

    def _send(self, line: str) -> None:
        self.remember([*self._entered, line])
        verbatim, self._verbatim = self._verbatim, False
        self.prompt.value = ""
        self.dismiss()
        self.post_message(self.Entered(line, verbatim))

    def key(self, key: str) -> None:
        """Up, down and Tab: among completions, else through what was entered, or to the next pane."""
        options = self.query_one("#completions", OptionList)
        if key == "tab":
            whole = self._highlighted()
            if whole:
                self._take(whole)
            else:
                self.post_message(self.Left())
        elif self.completing:
            (options.action_cursor_up if key == "up" else options.action_cursor_down)()
        else:
            self._recall(-1 if key == "up" else 1)

    def _highlighted(self) -> str:
        at = self.query_one("#completions", OptionList).highlighted
        return self._proposals[at].line if self._proposals and at is not None else ""

    def _take(self, line: str) -> None:
        self.prompt.value = line
        self.prompt.cursor_position = len(line)

    def _recall(self, step: int) -> None:
        self._at = min(max(0, self._at + step), len(self._entered))
        self._take(self._entered[self._at] if self._at < len(self._entered) else "")

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """A click on a completion."""
        event.stop()
        self._take(self._proposals[event.option_index].line)
        self.prompt.focus()


def _row(proposal: Completion) -> Content:
    label = Content.styled(one_line(proposal.label, 60).ljust(26 if proposal.summary else 0), "bold")
    return label + Content.styled(f" {proposal.summary}", "$quiet")
