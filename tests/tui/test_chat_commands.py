"""Every slash command, its completion, the palette, and the errors that go with them."""

from __future__ import annotations

import json
import threading

import pytest
import scripted as s

from qa.errors import NoIndexError, QAError, ServerError
from qa.tui.commands import COMMANDS, complete, read
from qa.tui.screens import HelpScreen, SessionsScreen


async def test_summarize_with_and_without_a_topic(open_chat):
    backend = s.ScriptedBackend(s.summary())
    async with open_chat(backend) as chat:
        await chat.ask("/summarize")
        assert "Used 1 of 2 sources; left out:\nFernbrook Courier: says nothing that the others do not say" in chat.text
        await chat.ask("/summarize the attack")
        assert backend.calls[1:] == [("summarize", ""), ("summarize", "the attack")]
        assert "/summarize the attack" in chat.text


async def test_sources_lists_the_documents(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many?")
        await chat.enter("1")
        await chat.until(lambda: chat.pane.place)
        await chat.enter("/sources")
        assert chat.pane.place is None
        assert chat.pane.has_focus_within
        assert "3 documents" in str(chat.pane.query_one(".heading").content)


async def test_verify_checks_a_text_or_the_last_answer(open_chat):
    backend = s.ScriptedBackend()
    async with open_chat(backend) as chat:
        await chat.enter("/verify")
        assert "no answer to verify yet" in chat.remarks[0]
        await chat.ask("How many?")
        await chat.ask("/verify")
        await chat.ask("/verify They sent 200.")
        assert backend.calls[2:] == [("verify", f"{s.S1.text} {s.S2.text}"), ("verify", "They sent 200.")]


async def test_index_runs_beside_the_conversation(open_chat):
    backend, go = s.ScriptedBackend(), threading.Event()
    backend.index_steps = [lambda: None, lambda: go.wait(20)]
    async with open_chat(backend) as chat:
        await chat.enter("/index ~/reports")
        progress = chat.app.query_one("#progress")
        await chat.until(lambda: "indexing 2/2 file2.md" in str(progress.content))
        await chat.ask("How many?")  # answered meanwhile
        await chat.enter("/index more")
        assert "going on already" in chat.remarks[-1]
        backend.documents = backend.documents[:1]
        go.set()
        await chat.until(lambda: "· indexed 2 files" in chat.remarks)
        await chat.until(lambda: len(chat.app.sources) == 1)
        assert not progress.display
        assert not next(call for call in backend.calls if call[0] == "index")[1].startswith("~")


async def test_index_stops_and_fails_in_one_line(open_chat):
    backend, go = s.ScriptedBackend(), threading.Event()
    backend.index_steps = [lambda: go.wait(20), lambda: None]
    async with open_chat(backend) as chat:
        await chat.enter("/index stop")
        assert "nothing is being indexed" in chat.remarks[-1]
        await chat.enter("/index a")
        await chat.until(lambda: ("index", "a") in backend.calls)
        await chat.enter("/index stop")
        go.set()
        await chat.until(lambda: "· stopped after 1 files" in chat.remarks)
        backend.index_steps = [QAError("the folder b is not there", "name another")]
        await chat.enter("/index b")
        await chat.until(lambda: "! the folder b is not there (name another)" in chat.remarks)


async def test_model_tells_and_changes(open_chat):
    backend = s.ScriptedBackend()
    async with open_chat(backend) as chat:
        await chat.enter("/model ")
        assert chat.remarks[-1] == "· answers come from scripted-135M; known: smollm2, smollm2-plain"
        await chat.enter("/model smollm2-plain")
        await chat.until(lambda: "· answers now come from smollm2-plain" in chat.remarks)
        assert "smollm2-plain" in str(chat.app.query_one(".facts").content)


@pytest.mark.parametrize("kind", ["md", "json", "html"])
async def test_export_writes_a_new_file_each_time(open_chat, tmp_path, kind):
    async with open_chat() as chat:
        await chat.enter(f"/export {kind}")
        assert "nothing to export" in chat.remarks[-1]
        await chat.ask("How many Marines?")
        for name in (f"qa-how-many-marines.{kind}", f"qa-how-many-marines-2.{kind}"):
            await chat.enter(f"/export {kind}")
            await chat.until(lambda name=name: f"· wrote {tmp_path / name}" in chat.remarks)
            written = json.loads((tmp_path / name).read_text())
            assert written["kind"] == kind
            assert len(written["answers"]) == 1


async def test_export_of_an_unknown_kind_and_to_a_folder_that_is_gone(open_chat, tmp_path):
    async with open_chat() as chat:
        await chat.ask("How many?")
        await chat.enter("/export pdf")
        await chat.until(lambda: "there is no export 'pdf'" in chat.remarks[-1])
        chat.app._export_folder = tmp_path / "gone"
        await chat.enter("/export md")
        await chat.until(lambda: "cannot be written" in chat.remarks[-1])


async def test_clear_puts_the_passage_of_the_old_conversation_away(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many Marines were sent?")
        await chat.enter("1")
        await chat.until(lambda: chat.pane.place is not None)
        await chat.enter("/clear")
        await chat.until(lambda: chat.pane.place is None)
        assert chat.pane.query_one("#documents").display


async def test_clear_begins_anew_and_keeps_the_old(open_chat, sessions):
    backend = s.ScriptedBackend()
    async with open_chat(backend) as chat:
        await chat.ask("One?")
        await chat.enter("/clear")
        await chat.until(lambda: not chat.turns)
        await chat.ask("Two?")
        assert [session.name for session in sessions.find()] == ["Two?", "One?"]
        assert not backend.histories  # nothing of the first conversation leans in


async def test_rename_help_theme_and_quit(open_chat, sessions):
    async with open_chat() as chat:
        await chat.enter("/rename Embassy")
        assert "no questions yet" in chat.remarks[-1]
        await chat.ask("One?")
        await chat.enter("/rename Embassy")
        assert sessions.find()[0].name == "Embassy"
        assert "Embassy" in str(chat.app.query_one(".name").content)
        await chat.enter("/help")
        assert isinstance(chat.app.screen, HelpScreen)
        sheet = " ".join(str(text.content) for text in chat.app.screen.query("Text"))
        assert all(f"/{command.name}" in sheet for command in COMMANDS)
        await chat.press("escape")
        for name in ("light", "contrast", "dark"):
            await chat.enter(f"/theme {name}")
            assert chat.app.theme == f"qa-{name}"
        await chat.enter("/theme mauve")
        assert "there is no theme 'mauve'" in chat.remarks[-1]
        await chat.enter("/quit")
        assert not chat.app.is_running


async def test_unknown_and_incomplete_commands_are_named(open_chat):
    async with open_chat() as chat:
        await chat.enter("/frobnicate now")
        assert chat.remarks[-1] == "! there is no command /frobnicate (/help lists all)"
        await chat.enter("9")
        assert chat.remarks[-1] == "! the last answer has no citation [9]"


async def test_completion_by_tab_enter_and_arrows(open_chat):
    async with open_chat() as chat:
        await chat.press("slash")
        assert len(chat.completions) == len(COMMANDS)
        await chat.press("s")
        assert [row.split()[0] for row in chat.completions] == ["/summarize", "/sources", "/sessions"]
        await chat.press("down", "down", "up", "tab")
        assert chat.prompt.value == "/sources"
        await chat.press("escape")
        assert not chat.completions
        assert chat.prompt.value == "/sources"
        chat.prompt.value = ""
        await chat.press(*"/ex", "enter")  # completes, and waits for the kind
        assert chat.prompt.value == "/export "
        assert [row.strip() for row in chat.completions] == ["md", "json", "html"]
        await chat.press("down", "tab")
        assert chat.prompt.value == "/export json"
        chat.prompt.value = "/model "
        await chat.until(lambda: [row.strip() for row in chat.completions] == ["smollm2", "smollm2-plain"])


async def test_paths_are_completed_for_index(open_chat, tmp_path, monkeypatch):
    (tmp_path / "reports").mkdir()
    (tmp_path / "report.txt").write_text("x")
    (tmp_path / ".hidden").write_text("x")
    monkeypatch.chdir(tmp_path)
    async with open_chat() as chat:
        await chat.press(*"/index r")
        await chat.until(lambda: [row.strip() for row in chat.completions] == ["report.txt", "reports/"])
        assert [item.line for item in complete(f"/index {tmp_path}/rep")] == [
            f"/index {tmp_path}/report.txt",
            f"/index {tmp_path}/reports/",
        ]


async def test_the_palette_runs_commands(open_chat):
    async with open_chat() as chat:
        await chat.press("ctrl+p")
        await chat.press(*"contrast")
        await chat.until(lambda: len(chat.app.screen_stack) == 2)
        await chat.pilot.pause(0.3)
        await chat.press("enter")
        await chat.until(lambda: chat.app.theme == "qa-contrast")
        names = {command.title for command in chat.app.get_system_commands(chat.app.screen)}
        assert {command.name.capitalize() for command in COMMANDS} <= names


@pytest.mark.parametrize(
    ("line", "command", "argument", "citation"),
    [
        ("/index  a  b ", "index", "a  b", 0),
        ("/SOURCES", "sources", "", 0),
        ("//etc is what?", "", "", 0),
        (" [12] ", "", "", 12),
        ("7", "", "", 7),
        ("123", "", "", 0),
        ("How many?", "", "", 0),
    ],
)
def test_lines_are_read(line, command, argument, citation):
    typed = read(line)
    assert (typed.command, typed.argument, typed.citation) == (command, argument, citation)


# Errors: one line, the way out, and the app goes on.


async def test_no_index_is_said_and_index_is_the_way_out(open_chat):
    backend = s.ScriptedBackend()
    error = NoIndexError("there is no index here", "/index PATH makes one")
    backend.load_errors = [error, error]
    async with open_chat(backend, wait=False) as chat:
        await chat.until(lambda: "! there is no index here (/index PATH makes one)" in chat.remarks)
        turn = await chat.ask("How many?")
        assert turn.state.error == str(error)
        await chat.enter("/index docs")
        await chat.until(lambda: chat.app._model)
        turn = await chat.ask("How many?")
        assert turn.state.phase == "done"


async def test_a_server_that_breaks_off_keeps_what_was_verified(open_chat):
    error = ServerError("the server http://localhost:1 broke off", "start it and ask again")
    async with open_chat(s.ScriptedBackend([*s.streaming(), error], s.marines())) as chat:
        turn = await chat.ask("How many?")
        assert "✓" in chat.text
        assert "! the server http://localhost:1 broke off (start it and ask again)" in chat.text
        assert [line.text for line in turn.state.lines] == [s.S1.text]
        turn = await chat.ask("How many?")
        assert turn.state.phase == "done"


async def test_a_fault_of_the_program_is_one_line_too(open_chat):
    async with open_chat(s.ScriptedBackend([ValueError("a\nb")])) as chat:
        await chat.ask("How many?")
        assert "! qa failed unexpectedly: ValueError: a b" in chat.text


async def test_an_index_changed_by_another_process_is_said(open_chat):
    backend = s.ScriptedBackend()
    async with open_chat(backend) as chat:
        backend.changed = True
        backend.documents = backend.documents[:2]
        await chat.ask("How many?")
        assert "the index was changed by another process" in chat.remarks[-1]
        assert len(chat.app.sources) == 2


async def test_a_document_that_cannot_be_read_is_one_line(open_chat, monkeypatch):
    async with open_chat() as chat:
        await chat.ask("How many?")
        monkeypatch.setattr(chat.backend, "document", lambda path: (_ for _ in ()).throw(QAError(f"{path} is gone")))
        await chat.enter("1")
        await chat.until(lambda: chat.remarks == ["! garrison.md is gone"])


async def test_a_document_that_changed_shows_the_passage_as_it_was(open_chat, monkeypatch):
    async with open_chat() as chat:
        await chat.ask("How many?")
        monkeypatch.setitem(s.TEXTS, "garrison.md", "something else")
        await chat.enter("1")
        await chat.until(lambda: chat.pane.place)
        assert "the document has changed since" in str(chat.pane.query_one(".heading").content)
        assert chat.passage() == s.C1.quote


async def test_a_conversation_file_that_fails_is_one_line(open_chat, sessions):
    async with open_chat() as chat:
        sessions.close()
        await chat.enter("How many?")
        await chat.until(lambda: chat.remarks)
        assert "the conversations file" in chat.remarks[0]


# Kept conversations


async def test_sessions_are_listed_searched_renamed_deleted_and_taken_up(open_chat):
    async with open_chat() as chat:
        for question in ("Marines?", "Helicopters?", "Ambassador?"):
            await chat.ask(question)
            await chat.enter("/clear")
        await chat.enter("/sessions")
        screen = chat.app.screen
        assert isinstance(screen, SessionsScreen)

        def listed() -> list[str]:
            return [str(option.prompt).split("\n")[0] for option in screen.query_one("#kept").options]

        async def until(*names: str) -> None:
            await chat.until(lambda: listed() == [*names])

        await until("Ambassador?", "Helicopters?", "Marines?")
        await chat.press(*"heli")
        await until("Helicopters?")
        await chat.press("ctrl+r", "end", *" two", "enter")
        await until("Ambassador?", "Helicopters? two", "Marines?")
        await chat.press("down", "ctrl+x")
        assert "again deletes" in str(screen.query_one(".hint").content)  # asked first
        assert len(listed()) == 3
        await chat.press("ctrl+x")
        await until("Ambassador?", "Marines?")
        await chat.press("down", "enter")
        await chat.until(lambda: len(chat.turns) == 1)
        assert "Marines?" in chat.text
        assert "✓" in chat.text


async def test_a_conversation_file_that_fails_under_the_list_is_one_line(open_chat, sessions):
    async with open_chat() as chat:
        await chat.ask("Marines?")
        await chat.enter("/sessions")
        await chat.until(lambda: chat.app.screen.query_one("#kept").options)
        sessions.close()
        await chat.press("ctrl+x", "ctrl+x")
        await chat.until(lambda: any("the conversations file" in remark for remark in chat.remarks))
        await chat.press("escape")
        assert chat.prompt.has_focus


async def test_a_resumed_conversation_goes_on(open_chat, sessions):
    backend = s.ScriptedBackend(s.marines(), s.refusal())
    async with open_chat(backend) as chat:
        await chat.ask("How many Marines?")
        await chat.ask("Who paid?")
        before = [chat.shown(turn) for turn in chat.turns]
    async with open_chat(backend, session=sessions.take_up(True)) as chat:
        await chat.until(lambda: [chat.shown(turn) for turn in chat.turns] == before)
        await chat.enter("2")  # the nearest passages of a refusal open as before
        await chat.until(lambda: chat.pane.place and chat.pane.place.document == "harbor.md")
        await chat.ask("And when?")
        assert [turn.question for turn in backend.histories[-1]] == ["How many Marines?", "Who paid?"]
        assert backend.histories[-1][1].answer == ""
        await chat.press("up")
        assert chat.prompt.value == "And when?"
