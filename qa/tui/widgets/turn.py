"""One turn as it stands in the left pane: the question, its sentences with their signs, and what belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.events import Key
from textual.message import Message
from textual.widgets import Static

from qa.tui import view
from qa.tui.text import literal, one_line
from qa.tui.turn import Line, Place, TurnState


class Text(Static):
    """Literal text: nothing in it is read as markup, and it takes no room while it is empty."""

    def __init__(self, content: Content | str = "", classes: str = "") -> None:
        super().__init__("", markup=False, classes=classes)
        self.show(content)

    def show(self, content: Content | str) -> None:
        """Show this text from now on."""
        made = content if isinstance(content, Content) else Content(content)
        self.display = bool(made.plain)
        if made != self.content or made.spans != getattr(self.content, "spans", None):
            self.update(made)

    def action_cite(self, n: int) -> None:
        """A click on ``[n]``."""
        self.post_message(Cite(n))


@dataclass
class Cite(Message):
    """The user wants to see what ``[n]`` of the turn that this comes from points to."""

    n: int


class SentenceRow(Horizontal):
    """One sentence: its verdict's sign in the margin, its text beside it."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def compose(self) -> ComposeResult:
        """The sign and the text."""
        yield Text(view.sign(self._line), classes="sign")
        yield Text(view.sentence(self._line), classes="sentence")

    def show(self, line: Line, selected: int) -> None:
        """Show the sentence as it now stands."""
        self._line = line
        if self.children:
            self.query_one(".sign", Text).show(view.sign(line))
            self.query_one(".sentence", Text).show(view.sentence(line, selected))


class TurnView(Vertical, can_focus=True):
    """A question and its answer. Focused, it takes digits, arrows and Enter for its citations.

    A click leaves the focus in the input line, where the next question is going to be typed.
    """

    FOCUS_ON_CLICK = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up,k", "app.turn(-1)", "Earlier", show=False),
        Binding("down,j", "app.turn(1)", "Later", show=False),
        Binding("left,h", "select(-1)", "Citation before", show=False),
        Binding("right,l", "select(1)", "Next citation", show=False),
        Binding("enter", "open", "Open citation"),
        Binding("o", "app.open_file", "Open file"),
        Binding("e", "edit", "Edit question"),
        Binding("c", "copy", "Copy answer", show=False),
        Binding("pageup", "app.scroll_conversation('page_up')", "Scroll", show=False),
        Binding("pagedown", "app.scroll_conversation('page_down')", "Scroll", show=False),
        Binding("home", "app.scroll_conversation('home')", "Scroll", show=False),
        Binding("end", "app.scroll_conversation('end')", "Scroll", show=False),
    ]

    @dataclass
    class Opened(Message):
        """A place of this turn is to be shown."""

        place: Place

    @dataclass
    class Edit(Message):
        """The question, as it was asked, is to be changed and asked again."""

        question: str

    def __init__(self, state: TurnState) -> None:
        super().__init__()
        self.state = state
        self.selected = 0
        self.leaving = False
        """Whether it is being taken off the screen, which takes the toolkit a moment."""
        self._typed = ""

    def compose(self) -> ComposeResult:
        """All parts; those with nothing to say are hidden."""
        yield Text(classes="question")
        yield Text(classes="asked")
        with Vertical(classes="sentences"):
            for line in self.state.lines:
                yield SentenceRow(line)
        for part in ("writing", "activity", "disagreements block", "refusal block", "coverage", "error", "small-print"):
            yield Text(classes=part)

    def on_mount(self) -> None:
        """Fill the parts."""
        self.show(self.state)

    def show(self, state: TurnState) -> None:
        """Show the turn as it now stands."""
        self.state = state
        # Before the parts are there, and again while they are taken down, there is nothing to fill.
        if not self.is_attached or not all(self.query(f".{part}") for part in (*self._parts(), "sentences")):
            return
        for part, content in self._parts().items():
            self.query_one(f".{part}", Text).show(content)
        self._show_lines(state.lines)

    def leave(self) -> None:
        """Be taken off the screen."""
        self.leaving = True
        self.remove()

    def _parts(self) -> dict[str, Content]:
        state, answer = self.state, self.state.answer
        prefix = {"ask": "", "summarize": "/summarize ", "verify": "/verify "}[state.kind]
        return {
            "question": Content(literal(prefix + state.question).strip()),
            "asked": Content(f"asked as: {one_line(state.asked)}  (e edits)" if state.asked else ""),
            "writing": Content.styled(literal(state.writing).strip(), "dim"),
            "activity": view.activity(state),
            "disagreements": view.disagreements(answer, self.selected) if answer else Content(""),
            "refusal": view.refusal(state, self.selected),
            "coverage": view.coverage(answer.coverage) if answer else Content(""),
            "error": Content(f"! {one_line(state.error, 400)}" if state.error else ""),
            "small-print": view.small_print(state),
        }

    def _show_lines(self, lines: tuple[Line, ...]) -> None:
        box = self.query_one(".sentences", Vertical)
        rows = [row for row in box.children if isinstance(row, SentenceRow)]
        for row, line in zip(rows, lines, strict=False):
            row.show(line, self.selected)
        if len(lines) > len(rows):
            box.mount_all([SentenceRow(line) for line in lines[len(rows) :]])
        for row in rows[len(lines) :]:
            row.remove()
        box.display = bool(lines)

    def action_select(self, step: int) -> None:
        """Move the mark from link to link."""
        numbers = [place.n for place in self.state.places]
        if numbers:
            at = numbers.index(self.selected) + step if self.selected in numbers else (0 if step > 0 else -1)
            self.select(numbers[at % len(numbers)])

    def select(self, n: int) -> None:
        """Mark ``[n]`` as the one that Enter opens; 0 marks none."""
        self.selected = n
        self.show(self.state)

    def action_open(self) -> None:
        """Open the marked link, or the first."""
        places = self.state.places
        if places:
            self.open(self.selected or places[0].n)

    def open(self, n: int) -> bool:
        """Show what ``[n]`` points to; whether there is such a link."""
        place = self.state.place(n)
        if place:
            self.select(n)
            self.post_message(self.Opened(place))
        return place is not None

    def on_cite(self, message: Cite) -> None:
        """A click on a link of this turn."""
        message.stop()
        self.open(message.n)

    def on_key(self, event: Key) -> None:
        """Digits open links; a second digit within the numbers that exist makes it a two-digit one."""
        if not (event.character and event.character.isascii() and event.character.isdigit()):
            self._typed = ""
            return
        event.stop()
        longer = self._typed + event.character
        self._typed = longer if self.state.place(int(longer)) else event.character
        self.open(int(self._typed))

    def action_edit(self) -> None:
        """Take the question back into the input line."""
        self.post_message(self.Edit(self.state.asked or self.state.question))

    def action_copy(self) -> None:
        """Copy the answer with its marks to the clipboard."""
        answer = self.state.answer
        if answer:
            self.app.copy_to_clipboard(literal(answer.answer))
            self.notify("copied", timeout=2)
