"""The chat's screen and what is shown on it: layout, themes, and handlers of what the workers tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from os import environ
from pathlib import Path

from textual import on
from textual.app import App, ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.screen import Screen
from textual.theme import Theme
from textual.widgets import Footer

from qa.errors import QAError
from qa.tui import messages
from qa.tui.backend import BackendFactory
from qa.tui.scrollback import Scrollback
from qa.tui.sessions import Session, Sessions
from qa.tui.talk import Talk
from qa.tui.text import one_line
from qa.tui.themes import THEMES
from qa.tui.turn import FINAL, TurnState
from qa.tui.widgets.composer import Composer
from qa.tui.widgets.conversation import Conversation
from qa.tui.widgets.sources import SourcePane
from qa.tui.widgets.status import Progress, TopBar
from qa.types import Source


class ChatScreen(App[int]):
    """Two panes, one input line; shows what it is told."""

    TITLE = "qa"
    CSS_PATH = "chat.tcss"
    HORIZONTAL_BREAKPOINTS = [  # noqa: RUF012 (declared so by the toolkit)
        (0, "-narrow"),
        (90, "-wide"),
    ]

    def __init__(
        self,
        factory: BackendFactory,
        sessions: Sessions,
        session: Session | None = None,
        *,
        theme: str = "dark",
        export_folder: Path | None = None,
    ) -> None:
        # Under NO_COLOR the terminal's own two colours are all there is: no greys either.
        super().__init__(ansi_color=True if "NO_COLOR" in environ else None)
        for name, colours in THEMES.items():
            self.register_theme(_theme(name, colours, plain=self.no_color))
        self.theme = f"qa-{theme}"
        self.talk = Talk(factory, sessions, session, self.tell)
        self.sources: Sequence[Source] = ()
        self._model = ""
        self._models: Sequence[str] = ()
        self._export_folder = export_folder or Path.cwd()

    def tell(self, message: Message) -> bool:
        """Post a message from any thread; a chat that was closed meanwhile hears nothing."""
        try:
            return self.post_message(message)
        except RuntimeError:  # the loop is closed
            return False

    @property
    def main(self) -> Screen[object]:
        """The chat's own screen, whatever lies over it."""
        return self.screen_stack[0]

    def compose(self) -> ComposeResult:
        """From top to bottom."""
        yield TopBar()
        with Horizontal(id="panes"):
            yield Conversation()
            yield SourcePane()
        yield Progress()
        yield Composer()
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Draw first; models load behind it."""
        # At once, not when its turn comes: what was typed before the first picture waits in the queue behind this.
        self.screen.set_focus(self.query_one(Composer).prompt)
        self.scrollback = Scrollback(self.query_one(Conversation), self.talk)
        self._show_conversation(self.talk.open(self.talk.session))
        # Imports would hold the interpreter, and with it the first picture.
        self.call_after_refresh(self.talk.engine.start)

    def on_unmount(self) -> None:
        """Leave nothing running."""
        with suppress(QAError):
            self.talk.close()
        self.talk.stop_index()
        self.talk.engine.close()

    @on(messages.Loading)
    def _loading(self) -> None:
        self.query_one(Progress).begin("load", "loading models, you can type already")

    @on(messages.Loaded)
    def _loaded(self, message: messages.Loaded) -> None:
        self._model, self._models = message.model, message.models
        self.query_one(Progress).end("load")
        self._show_facts()

    @on(messages.LoadFailed)
    def _load_failed(self, message: messages.LoadFailed) -> None:
        self.query_one(Progress).end("load")
        if message.error:
            self.say(message.error, failed=True)

    @on(messages.SourcesRead)
    def _sources_read(self, message: messages.SourcesRead) -> None:
        self.sources = message.sources
        self._show_facts()
        pane = self.query_one(SourcePane)
        if pane.place is None:
            pane.show_list(message.sources)
        if message.changed:
            self.say("the index was changed by another process; answers use it as it now is")

    @on(messages.TurnChanged)
    def _turn_changed(self, message: messages.TurnChanged) -> None:
        for conversation in self.query(Conversation):  # none while the chat closes
            turn = conversation.turn(message.state.id)
            if turn and turn.state.phase not in FINAL:
                turn.show(message.state)
        self.show_answering()

    @on(messages.TurnEnded)
    def _turn_ended(self) -> None:
        self.show_answering()

    def show_answering(self) -> None:
        """Tell of the answer that is being made, and how many questions wait behind it."""
        running = [state for state in self.talk.states() if state.phase not in FINAL]
        waiting = f", {len(running) - 1} waiting" if len(running) > 1 else ""
        for progress in self.query(Progress):
            if running and running[0].phase == "running":
                progress.begin("answer", f"answering{waiting} (Esc stops it)")
            else:
                progress.end("answer")

    @on(messages.ModelChanged)
    def _model_changed(self, message: messages.ModelChanged) -> None:
        self._model = message.name
        self._show_facts()
        self.say(f"answers now come from {message.name}")

    @on(messages.PassageRead)
    def _passage_read(self, message: messages.PassageRead) -> None:
        self.main.remove_class("-no-sources")
        self.main.add_class("-reading")
        pane = self.query_one(SourcePane)
        pane.show_passage(message.place, message.context, message.path)
        if self.main.has_class("-narrow"):
            pane.focus_content()

    @on(messages.Completions)
    def _completions(self, message: messages.Completions) -> None:
        self.query_one(Composer).propose(message.line, message.proposals)

    @on(messages.IndexProgress)
    def _index_progress(self, message: messages.IndexProgress) -> None:
        count = f"{message.done}/{message.total} " if message.total else f"{message.done or ''} "
        self.query_one(Progress).begin("index", f"indexing {count}{message.what}  (/index stop ends it)")

    @on(messages.IndexEnded)
    def _index_ended(self, message: messages.IndexEnded) -> None:
        self.query_one(Progress).end("index")
        self.say(message.text, message.failed)
        self.talk.index_ended()

    @on(messages.Notice)
    def _notice(self, message: messages.Notice) -> None:
        self.say(message.text, message.failed)

    def say(self, text: str, failed: bool = False) -> None:
        """One line in the conversation."""
        self._welcome(shown=False)
        conversation = self.main.query_one(Conversation)
        conversation.note(text, failed)
        if not conversation.size.height:  # hidden by the passage in a narrow terminal
            self.notify(one_line(text, 400), severity="error" if failed else "information", markup=False)

    def _show_conversation(self, states: Sequence[TurnState]) -> None:
        """Show a conversation, of which these are the latest turns."""
        self._welcome(shown=not states)
        self.scrollback.show(states)
        self.query_one(Composer).remember([state.question for state in states if state.kind == "ask"])
        pane = self.query_one(SourcePane)
        if pane.place is not None:  # a passage of the conversation before
            pane.show_list(self.sources)
        self._show_facts()

    @on(Conversation.Edge)
    def _edge(self, message: Conversation.Edge) -> None:
        with self._errors():
            (self.scrollback.earlier if message.upper else self.scrollback.later)()

    def _welcome(self, shown: bool) -> None:
        self.query_one(".welcome").display = shown

    def _show_facts(self) -> None:
        count = f"{len(self.sources)} document{'s' if len(self.sources) != 1 else ''}" if self.sources else ""
        self.query_one(TopBar).show(
            self.talk.name or "new conversation", " · ".join(filter(None, [count, _short(self._model)]))
        )

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """An error of the store of conversations is a line, too."""
        try:
            yield
        except QAError as error:
            self.say(str(error), failed=True)


def _short(model: str) -> str:
    """A model's name without the hash and the suffix of its file."""
    return model.partition("@")[0].removesuffix(".gguf")


def _theme(name: str, colours: Mapping[str, str], plain: bool) -> Theme:
    variables = {
        "footer-background": colours["background"],
        "footer-key-foreground": colours["accent"],
        "block-cursor-text-style": "reverse" if plain else "bold",
        "input-cursor-text-style": "reverse" if plain else "none",
        "border": colours["panel"],
        "quiet": colours["quiet"],
        "scrollbar": colours["panel"],
        "scrollbar-hover": colours["quiet"],
        "scrollbar-active": colours["accent"],
        **dict.fromkeys(
            ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active"), colours["background"]
        ),
    }
    roles = {role: colour for role, colour in colours.items() if role != "quiet"}
    return Theme(name=f"qa-{name}", dark=name != "light", variables=variables, **roles)  # type: ignore[arg-type]
