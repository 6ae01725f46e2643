"""The right pane: the documents of the index, or one passage in its context with the cited span marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from qa.tui import view
from qa.tui.passage import Context
from qa.tui.turn import Place
from qa.tui.widgets.turn import Text
from qa.types import Source


class Passage(VerticalScroll, can_focus=True):
    """The text around a span; scrolled so that the span is in sight."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("o", "app.open_file", "Open file"),
        Binding("left,h", "app.cite_step(-1)", "Citation before", show=False),
        Binding("right,l", "app.cite_step(1)", "Next citation"),
    ]

    def compose(self) -> ComposeResult:
        """The pieces of the document: before the span, the span, after it."""
        yield Static(markup=False, id="text")

    def show(self, context: Context) -> None:
        """Show the context with its span marked."""
        style = "bold $text on $accent 35%" if not self.app.no_color else "bold reverse"
        before, quoted, after = Content(context.before), Content.styled(context.quoted, style), Content(context.after)
        self.query_one("#text", Static).update(before + quoted + after)
        self.call_after_refresh(self._to_span, len(before.plain))

    def _to_span(self, offset: int) -> None:
        text = self.query_one("#text", Static)
        width = max(1, text.content_size.width)
        shown = text.visual
        lines = len(shown[:offset].wrap(width)) if isinstance(shown, Content) and offset else 0
        self.scroll_to(y=max(0, lines - self.size.height // 3), animate=False)


class SourcePane(Vertical):
    """What stands behind the answers."""

    @dataclass
    class Chosen(Message):
        """A document of the list is to be shown."""

        source: Source

    def __init__(self) -> None:
        super().__init__(id="sources")
        self.place: Place | None = None
        self.path = ""
        self._listed: Sequence[Source] = ()

    def compose(self) -> ComposeResult:
        """A heading, the list, the passage, and where the file is."""
        yield Text(classes="heading")
        yield OptionList(id="documents", markup=False)
        yield Passage(id="passage")
        yield Text(classes="path")

    def on_mount(self) -> None:
        """Begin with the list."""
        self._mode("")
        self.query_one(".path", Text).show("")

    def show_list(self, sources: Sequence[Source]) -> None:
        """Show the documents of the index."""
        self.place, self._listed = None, sources
        count = f"{len(sources)} document{'s' if len(sources) != 1 else ''}" if sources else "No documents yet"
        self.query_one(".heading", Text).show(Content.styled(count, "bold"))
        options = self.query_one("#documents", OptionList)
        options.clear_options()
        options.add_options([Option(view.source(source) + Content("\n")) for source in sources])
        options.highlighted = 0 if sources else None
        self._mode("list")
        self.query_one(".path", Text).show("" if sources else "/index PATH adds files or a folder")

    def show_passage(self, place: Place, context: Context, path: str) -> None:
        """Show a place in its document."""
        self.place, self.path = place, path
        self._mode("passage")
        heading = view.heading(place)
        if context.changed:
            heading += Content.styled("\n! the document has changed since; this is the passage as it was", "$error")
        self.query_one(".heading", Text).show(heading)
        self.query_one("#passage", Passage).show(context)
        self.query_one(".path", Text).show(view.path(place.document))

    def _mode(self, mode: str) -> None:
        self.query_one("#documents").display = mode == "list" and bool(self._listed)
        self.query_one("#passage").display = mode == "passage"

    def focus_content(self) -> None:
        """Focus whichever of the two is shown."""
        self.query_one("#passage" if self.place else "#documents").focus()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        """Enter or a click on a document."""
        event.stop()
        self.post_message(self.Chosen(self._listed[event.option_index]))
