"""The chat: keys, commands and clicks, turned into work for the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import ClassVar

from textual import on
from textual.app import SystemCommand
from textual.binding import Binding, BindingType
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input

from qa.errors import QAError
from qa.home import at_home
from qa.tui import jobs, messages
from qa.tui.base import ChatScreen
from qa.tui.commands import BY_NAME, Typed, complete, read
from qa.tui.opener import open_file
from qa.tui.screens import HelpScreen, SessionsScreen
from qa.tui.sessions import Session
from qa.tui.text import one_line
from qa.tui.themes import THEMES
from qa.tui.turn import Kind, Place
from qa.tui.widgets.composer import Composer, Prompt
from qa.tui.widgets.conversation import Conversation
from qa.tui.widgets.sources import SourcePane
from qa.tui.widgets.turn import TurnView


class ChatApp(ChatScreen):
    """The screen, and what the user can do with it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", "Stop"),
        Binding("tab", "next_pane", "Next pane"),
        Binding("shift+tab", "next_pane(-1)", "Pane before", show=False),
        Binding("ctrl+o", "toggle_sources", "Sources", priority=True),
        Binding("question_mark,f1", "help", "Keys", key_display="?"),
        # Before all others: the letters that follow it at once must find the input focused.
        Binding("slash", "slash", "Commands", key_display="/", priority=True),
    ]

    def on_key(self, event: Key) -> None:
        """What means nothing where the focus is, is the beginning of a question."""
        if len(self.screen_stack) > 1 or event.key in self.screen.active_bindings:
            return
        if event.is_printable and event.character:
            prompt = self.query_one(Composer).prompt
            self.screen.set_focus(prompt)
            prompt.post_message(Key(event.key, event.character))

    @on(Composer.Typed)
    def _typed(self, message: Composer.Typed) -> None:
        if message.line.startswith(("/index ", "/model ")):  # folders are looked into, which may take its time
            self.run_worker(partial(self._complete, message.line), thread=True, group="complete", exclusive=True)
        else:
            self.query_one(Composer).propose(message.line, complete(message.line, self._models))

    def _complete(self, line: str) -> None:
        self.tell(messages.Completions(line, complete(line, self._models)))

    @on(Composer.Entered)
    def _entered(self, message: Composer.Entered) -> None:
        typed = read(message.line)
        if typed.citation:
            self._cite(typed.citation)
        elif typed.command:
            self._command(typed)
        else:
            self.ask(typed.text, verbatim=message.verbatim)

    @on(Composer.Left)
    def _composer_left(self) -> None:
        self.action_next_pane()

    @on(Prompt.Help)
    def _help(self) -> None:
        self.action_help()

    @on(TurnView.Opened)
    def _turn_opened(self, message: TurnView.Opened) -> None:
        self._read(message.place)

    @on(TurnView.Edit)
    def _edit(self, message: TurnView.Edit) -> None:
        self.query_one(Composer).edit(message.question)

    @on(SourcePane.Chosen)
    def _document_chosen(self, message: SourcePane.Chosen) -> None:
        item = message.source
        self._read(Place(0, item.path, item.title, item.publisher, item.date, None, 0, 0, ""))

    @on(SessionsScreen.Deleted)
    def _session_deleted(self, message: SessionsScreen.Deleted) -> None:
        if self.talk.session and self.talk.session.id == message.session:
            self.talk.session = None
            self._show_conversation(self.talk.open(None))

    def ask(self, question: str, kind: Kind = "ask", verbatim: bool = False) -> None:
        """Put a question, which waits while another is being answered."""
        with self._errors():
            # The engine would fight with the picture of the question for the interpreter.
            state = self.talk.ask(question, kind, verbatim, after=self.call_after_refresh)
            self._welcome(shown=False)
            self.scrollback.add(state)
            self.show_answering()
            self._show_facts()

    # Keys

    async def action_back(self) -> None:
        """Esc: close completions, else stop the answer, else go back to the input."""
        composer = self.query_one(Composer)
        if composer.completing:
            composer.dismiss()
            return
        with self._errors():
            state = self.talk.halt()
            if state:
                turn = self.query_one(Conversation).turn(state.id)
                if turn:
                    turn.show(state)
                self.show_answering()
                return
        self.main.remove_class("-reading")
        composer.prompt.focus()

    def action_next_pane(self, step: int = 1) -> None:
        """Tab: the input, the last turn, the sources, the input."""
        conversation, pane = self.query_one(Conversation), self.query_one(SourcePane)
        turn = conversation.current()
        stops: list[tuple[bool, Callable[[], object]]] = [
            (self.query_one(Composer).prompt.has_focus, self.query_one(Composer).prompt.focus)
        ]
        if turn and conversation.display and conversation.size.height:
            stops.append((turn.has_focus, turn.focus))
        if pane.size.height and (pane.place or self.sources):
            stops.append((pane.has_focus_within, pane.focus_content))
        at = next((n for n, (focused, _) in enumerate(stops) if focused), 0)
        stops[(at + step) % len(stops)][1]()

    def action_turn(self, step: int) -> None:
        """Focus the turn before or after; after the last comes the input."""
        turns = self.query_one(Conversation).turns()
        at = next((n for n, turn in enumerate(turns) if turn.has_focus), len(turns)) + step
        if at >= len(turns):
            self.query_one(Composer).prompt.focus()
        elif at >= 0:
            turns[at].focus()
        else:
            self.scrollback.earlier()

    def action_scroll_conversation(self, how: str) -> None:
        """Scroll the conversation from a focused turn."""
        conversation = self.query_one(Conversation)
        scroll = {
            "page_up": conversation.scroll_page_up,
            "page_down": conversation.scroll_page_down,
            "home": conversation.scroll_home,
            "end": conversation.scroll_end,
        }
        scroll[how]()
        conversation.look_for_more(upwards=how in {"page_up", "home"})

    def action_cite_step(self, step: int) -> None:
        """The citation after the one that is shown, of the same turn."""
        turn = self.query_one(Conversation).current()
        if turn:
            turn.action_select(step)
            turn.action_open()

    def action_toggle_sources(self) -> None:
        """Show or hide the sources; where there is room for one pane only, change between the two."""
        name = "-reading" if self.main.has_class("-narrow") else "-no-sources"
        self.main.toggle_class(name)
        if name == "-reading" and self.main.has_class(name):
            self.query_one(SourcePane).focus_content()
        else:
            self.query_one(Composer).prompt.focus()

    def action_help(self) -> None:
        """The key sheet."""
        self.push_screen(HelpScreen())

    def action_slash(self) -> None:
        """A slash outside an input begins a command."""
        if not isinstance(self.focused, Input) and len(self.screen_stack) == 1:
            self.screen.set_focus(self.query_one(Composer).prompt)
        if isinstance(self.focused, Input):
            self.focused.post_message(Key("slash", "/"))  # behind the letters that it has not taken yet

    def action_open_file(self) -> None:
        """Open the file of the passage that is shown."""
        pane = self.query_one(SourcePane)
        if pane.place is None:
            self.say("open a citation first, then its file", failed=True)
        else:
            self.run_worker(partial(self._open, Path(pane.path)), thread=True, group="open")

    def _open(self, path: Path) -> None:
        try:
            open_file(path)
        except (QAError, OSError) as error:
            self.tell(messages.Notice(jobs.one_line_error(error), failed=True))

    def _read(self, place: Place) -> None:
        work = partial(jobs.read_passage, self.talk.engine.make, place, self.tell)
        self.run_worker(work, thread=True, group="passage", exclusive=True)

    def _cite(self, n: int) -> None:
        turn = self.query_one(Conversation).cited()
        if not (turn and turn.open(n)):
            self.say(f"the last answer has no citation [{n}]", failed=True)

    # Commands

    def _command(self, typed: Typed) -> None:
        command = BY_NAME.get(typed.command)
        if command is None:
            self.say(f"there is no command /{one_line(typed.command, 40)} (/help lists all)", failed=True)
        elif command.needs_argument and not typed.argument:
            self.say(f"/{command.name} needs {command.argument}", failed=True)
        else:
            with self._errors():
                getattr(self, f"_do_{command.name}")(typed.argument)

    def _do_summarize(self, topic: str) -> None:
        self.ask(topic, "summarize")

    def _do_sources(self, _: str) -> None:
        self.main.remove_class("-no-sources")
        self.main.add_class("-reading")
        pane = self.query_one(SourcePane)
        pane.show_list(self.sources)
        pane.focus_content()

    def _do_verify(self, text: str) -> None:
        answers = [answer for answer in self.talk.answers() if answer.sentences]
        if text or answers:
            self.ask(text or " ".join(sentence.text for sentence in answers[-1].sentences), "verify")
        else:
            self.say("there is no answer to verify yet: /verify TEXT checks a text of yours", failed=True)

    def _do_index(self, argument: str) -> None:
        if argument == "stop":
            self.say("indexing ends after the file it is at" if self.talk.stop_index() else "nothing is being indexed")
        elif self.talk.index([str(at_home(argument))]):
            self.post_message(messages.IndexProgress(0, 0, one_line(argument, 60)))
        else:
            self.say("one run of indexing is going on already (/index stop ends it)", failed=True)

    def _do_model(self, name: str) -> None:
        if name:
            self.talk.set_model(name)
        else:
            known = f"; known: {', '.join(self._models)}" if self._models else ""
            self.say(f"answers come from {self._model or 'a model that is still loading'}{known}")

    def _do_export(self, kind: str) -> None:
        if self.talk.answers():
            self.run_worker(partial(self.talk.export, kind or "md", self._export_folder), thread=True, group="export")
        else:
            self.say("there is nothing to export yet", failed=True)

    def _do_sessions(self, _: str) -> None:
        self.push_screen(SessionsScreen(self.talk.sessions), self._take_up)

    def _take_up(self, session: Session | None) -> None:
        with self._errors():
            if session:
                self._show_conversation(self.talk.open(session))

    def _do_rename(self, name: str) -> None:
        if self.talk.session:
            self.talk.rename(name)
            self._show_facts()
        else:
            self.say("this conversation has no questions yet", failed=True)

    def _do_theme(self, name: str) -> None:
        names = list(THEMES)
        after = names[(names.index(self.theme.removeprefix("qa-")) + 1) % len(names)]
        if name and name not in names:
            self.say(f"there is no theme '{one_line(name, 40)}' ({', '.join(names)})", failed=True)
        else:
            self.theme = f"qa-{name or after}"

    def _do_clear(self, _: str) -> None:
        self._show_conversation(self.talk.open(None))

    def _do_help(self, _: str) -> None:
        self.action_help()

    def _do_quit(self, _: str) -> None:
        self.exit(0)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:  # noqa: ARG002 (the toolkit's name)
        """What the command palette lists: every slash command, ready or begun in the input line."""
        for command in BY_NAME.values():
            if command.needs_argument:
                run: Callable[[], object] = partial(self._begin, f"/{command.name} ")
            else:
                run = partial(self._command, Typed("", command.name))
            yield SystemCommand(command.name.capitalize(), command.summary, run)
        for theme in THEMES:
            yield SystemCommand(f"Theme: {theme}", "colours", partial(self._do_theme, theme))

    def _begin(self, line: str) -> None:
        prompt = self.query_one(Composer).prompt
        prompt.value = line
        prompt.cursor_position = len(line)
        prompt.focus()
