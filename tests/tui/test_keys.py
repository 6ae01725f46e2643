"""Every key, by pilot."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest
import scripted as s
from textual.events import Key
from textual.widgets import Input, OptionList

from qa.tui.screens import HelpScreen
from qa.tui.widgets.conversation import Conversation


async def test_an_answer_shows_signs_links_and_reasons(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many Marines were sent?")
        assert "✓\nAbout 100 Marines were sent to the embassy in Baghdad. [1] [2]" in chat.text
        assert "~\nThey came from Kuwait and Taji. [3]  a name differs from the source" in chat.text
        assert "three aircraft" not in chat.text
        assert "1 sentence left out: not supported" in chat.text


async def test_a_digit_and_enter_in_the_input_open_a_citation(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many?")
        for line, n in (("1", 1), ("[2]", 2)):
            await chat.enter(line)
            await chat.until(lambda n=n: chat.pane.place and chat.pane.place.n == n)
        assert chat.prompt.has_focus
        assert len(chat.turns) == 1


async def test_digits_arrows_and_enter_on_a_turn_open_citations(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many?")
        await chat.press("tab")
        assert chat.turns[-1].has_focus
        await chat.press("3")
        await chat.until(lambda: chat.pane.place and chat.pane.place.n == 3)
        await chat.press("right", "right", "enter")  # round to the second
        await chat.until(lambda: chat.pane.place and chat.pane.place.n == 2)
        await chat.press("left", "enter")
        await chat.until(lambda: chat.pane.place and chat.pane.place.n == 1)


async def test_two_digits_open_a_two_digit_citation(open_chat):
    cited = tuple(s.citation(n, "garrison.md", "100 Marines") for n in range(1, 13))
    sentence = s.Sentence("Many sources.", tuple(range(1, 13)), "supported")
    async with open_chat(s.ScriptedBackend([s.Done(s.answer("q", (sentence,), cited))])) as chat:
        await chat.ask("q?")
        await chat.press("tab", "1", "2")
        await chat.until(lambda: chat.pane.place and chat.pane.place.n == 12)


async def test_the_passage_shows_the_span_in_its_context_and_where_it_is_from(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many?")
        await chat.enter("1")
        await chat.until(lambda: chat.pane.place)
        heading = str(chat.pane.query_one(".heading").content)
        for part in ("[1] 100 Marines flown in", "The Garrison Post", "31 December 2019", "page 1", "✓ supported"):
            assert part in heading
        text = chat.pane.query_one("#text").content
        marked = [text.plain[span.start : span.end] for span in text.spans]
        assert marked == [s.C1.quote]
        assert text.plain == s.TEXTS["garrison.md"]


async def test_a_click_on_a_link_opens_it(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many?")
        await chat.pilot.pause()
        sentence = chat.turns[-1].query(".sentence").first()
        lines = [line.plain for line in sentence.content.wrap(sentence.size.width)]
        y = next(n for n, line in enumerate(lines) if "[1]" in line)
        assert await chat.pilot.click(sentence, offset=(lines[y].index("[1]") + 1, y))
        await chat.until(lambda: chat.pane.place and chat.pane.place.n == 1)
        assert chat.prompt.has_focus  # where the next question is typed


async def test_a_click_on_the_path_opens_the_file(open_chat, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("qa.tui.app.open_file", opened.append)
    async with open_chat(s.ScriptedBackend(folder=tmp_path)) as chat:
        await chat.ask("How many?")
        await chat.enter("1")
        await chat.until(lambda: chat.pane.place)
        await chat.pilot.pause()
        assert await chat.pilot.click(chat.pane.query_one(".path"), offset=(1, 0))
        await chat.until(lambda: opened)
        assert opened == [tmp_path / "garrison.md"]


async def test_a_letter_that_means_nothing_on_a_turn_begins_a_question(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many?")
        await chat.press("tab")
        assert chat.turns[-1].has_focus
        await chat.press("W", "h", "o", "?")
        assert chat.prompt.has_focus
        assert chat.prompt.value == "Who?"


async def test_the_progress_line_tells_of_the_answer_and_of_what_waits(open_chat):
    go = threading.Event()
    async with open_chat(s.ScriptedBackend([*s.streaming(), lambda: go.wait(20), *s.marines()[-1:]])) as chat:
        progress = chat.app.query_one("#progress")
        await chat.enter("How many?")
        await chat.until(lambda: "answering (Esc stops it)" in str(progress.content))
        await chat.enter("And when?")
        await chat.until(lambda: "answering, 1 waiting" in str(progress.content))
        go.set()
        await chat.until(lambda: len(chat.turns) == 2 and chat.turns[-1].state.phase == "done")
        await chat.until(lambda: not progress.display)


async def test_arrows_go_from_turn_to_turn_and_back_to_the_input(open_chat):
    async with open_chat() as chat:
        await chat.ask("One?")
        await chat.ask("Two?")
        await chat.press("tab")
        assert chat.turns[1].has_focus
        await chat.press("up")
        assert chat.turns[0].has_focus
        await chat.press("down", "down")
        assert chat.prompt.has_focus


async def test_tab_goes_round_the_panes_and_shift_tab_back(open_chat):
    async with open_chat() as chat:
        await chat.ask("One?")
        order = []
        for _ in range(3):
            await chat.press("tab")
            order.append(type(chat.app.focused).__name__)
        assert order == ["TurnView", "OptionList", "Prompt"]
        await chat.press("shift+tab")
        assert chat.pane.has_focus_within


async def test_up_and_down_recall_what_was_entered(open_chat):
    async with open_chat() as chat:
        await chat.ask("One?")
        await chat.ask("Two?")
        await chat.press("up", "up")
        assert chat.prompt.value == "One?"
        await chat.press("down")
        assert chat.prompt.value == "Two?"
        await chat.press("down")
        assert chat.prompt.value == ""


async def test_o_opens_the_file_by_its_path(open_chat, tmp_path, monkeypatch):
    opened = []
    monkeypatch.setattr("qa.tui.app.open_file", opened.append)
    async with open_chat(s.ScriptedBackend(folder=tmp_path)) as chat:
        await chat.ask("How many?")
        await chat.press("tab", "o")
        assert chat.remarks == ["! open a citation first, then its file"]
        await chat.press("1")
        await chat.until(lambda: chat.pane.place)
        await chat.press("o")
        await chat.until(lambda: opened)
        assert opened == [tmp_path / "garrison.md"]


async def test_a_file_that_is_gone_is_one_line(open_chat, tmp_path):
    async with open_chat(s.ScriptedBackend(folder=tmp_path)) as chat:
        await chat.ask("How many?")
        await chat.press("tab", "1")
        await chat.until(lambda: chat.pane.place)
        await chat.press("o")
        await chat.until(lambda: chat.remarks)
        assert "is not there any more" in chat.remarks[0]


async def test_e_takes_the_rewritten_question_back_and_asks_it_as_it_stands(open_chat):
    backend = s.ScriptedBackend()
    backend.rewrites["and where from?"] = "Where did the Marines come from?"
    async with open_chat(backend) as chat:
        await chat.ask("How many Marines?")
        await chat.ask("and where from?")
        assert "asked as: Where did the Marines come from?" in chat.text
        await chat.press("tab", "e")
        assert chat.prompt.value == "Where did the Marines come from?"
        assert chat.prompt.has_focus
        await chat.press("backspace", "!", "enter")
        await chat.until(lambda: len(chat.turns) == 3 and chat.turns[-1].state.phase == "done")
        assert backend.calls[-1] == ("ask", "Where did the Marines come from!")
        assert len(backend.histories) == 1  # an edited question is not rewritten again


async def test_c_copies_the_answer(open_chat):
    async with open_chat() as chat:
        turn = await chat.ask("How many?")
        await chat.press("tab", "c")
        assert chat.app.clipboard == turn.state.answer.answer


@pytest.mark.parametrize("key", ["question_mark", "f1"])
async def test_the_key_sheet_opens_and_closes(open_chat, key):
    async with open_chat() as chat:
        await chat.press(key)
        assert isinstance(chat.app.screen, HelpScreen)
        await chat.press("escape")
        assert not isinstance(chat.app.screen, HelpScreen)
        await chat.press("a", "question_mark")
        assert chat.prompt.value == "a?"  # within a line it is a question mark


async def test_slash_outside_the_input_begins_a_command(open_chat):
    async with open_chat() as chat:
        await chat.ask("One?")
        await chat.press("tab", "slash")
        assert chat.prompt.has_focus
        assert chat.prompt.value == "/"
        assert chat.completions


async def test_ctrl_o_hides_and_shows_the_sources(open_chat):
    async with open_chat() as chat:
        await chat.press("ctrl+o")
        await chat.until(lambda: not chat.pane.size.width)  # the layout follows when the loop is idle
        await chat.press("ctrl+o")
        await chat.until(lambda: chat.pane.size.width)


async def test_page_keys_scroll_from_a_turn_and_the_end_is_followed_again(open_chat):
    async with open_chat(size=(80, 20)) as chat:
        for n in range(4):
            await chat.ask(f"Question {n}?")
        conversation = chat.app.query_one(Conversation)
        await chat.until(lambda: conversation.scroll_y == conversation.max_scroll_y > 0)
        await chat.press("tab")
        await chat.pilot.pause()  # focus scrolls its turn into sight
        await chat.press("home")
        await chat.until(lambda: conversation.scroll_y == 0)
        assert not conversation.following
        await chat.press("pagedown")
        await chat.until(lambda: conversation.scroll_y > 0)
        await chat.press("pageup")
        await chat.until(lambda: conversation.scroll_y == 0)
        await chat.press("end")
        await chat.until(lambda: conversation.scroll_y == conversation.max_scroll_y)
        assert conversation.following


async def test_ctrl_q_and_ctrl_d_leave(open_chat):
    for key in ("ctrl+q", "ctrl+d"):
        async with open_chat() as chat:
            await chat.press("x", "home", "ctrl+d")
            assert chat.prompt.value == ""  # with text it deletes
            await chat.press(key)
            assert not chat.app.is_running


async def test_a_question_typed_while_models_load_is_answered_when_they_are_there(open_chat):
    backend = s.ScriptedBackend()
    backend.loaded.clear()
    async with open_chat(backend, wait=False) as chat:
        await chat.press(*"Hi?")
        assert chat.prompt.value == "Hi?"
        await chat.until(lambda: "loading models" in str(chat.app.query_one("#progress").content))
        await chat.press("enter")
        await chat.until(lambda: "queued" in chat.text)
        backend.loaded.set()
        await chat.until(lambda: chat.turns[-1].state.phase == "done")
        assert not chat.app.query_one("#progress").display


async def test_escape_stops_within_a_fifth_of_a_second_and_keeps_what_was_verified(open_chat, sessions):
    release = threading.Event()
    backend = s.ScriptedBackend([*s.streaming(), lambda: release.wait(20)], s.marines())
    async with open_chat(backend) as chat:
        await chat.enter("How many?")
        await chat.until(lambda: "three" in chat.text)
        await chat.enter("And then?")  # typed meanwhile: queues
        await chat.until(lambda: len(chat.turns) == 2)
        began, own = time.monotonic(), time.thread_time()
        chat.send("escape")
        stopped = chat.turns[0]
        while stopped.state.phase != "stopped":
            await asyncio.sleep(0.001)
        assert time.thread_time() - own < 0.2
        assert time.monotonic() - began < 5  # it waits for nobody: the worker is held for twenty
        shown = chat.shown(stopped)
        assert "✓" in shown
        assert "Kuwait" not in shown  # a draft
        assert "stopped, 1 sentence kept" in shown
        assert [line.text for line in sessions.turns(1)[0].lines] == [s.S1.text]
        release.set()
        await chat.until(lambda: chat.turns[1].state.phase == "done")
        assert stopped.state.phase == "stopped"  # late events change nothing
        assert chat.turns[1].state.lines[0].text == s.S1.text


async def test_escape_stops_a_queued_question_while_models_load(open_chat):
    backend = s.ScriptedBackend()
    backend.loaded.clear()
    async with open_chat(backend, wait=False) as chat:
        await chat.enter("Hi?")
        await chat.until(lambda: chat.turns)
        await chat.press("escape")
        assert chat.turns[0].state.phase == "stopped"
        backend.loaded.set()
        await chat.until(lambda: chat.app._model)
        await chat.ask("Two?")
        assert ("ask", "Hi?") not in backend.calls


async def test_a_document_of_the_list_opens(open_chat):
    async with open_chat() as chat:
        await chat.press("tab")
        assert isinstance(chat.app.focused, OptionList)
        await chat.press("down", "enter")
        await chat.until(lambda: chat.pane.place)
        assert chat.passage() == s.TEXTS["harbor.md"]
        await chat.press("escape")
        assert isinstance(chat.app.focused, Input)


async def test_in_a_narrow_terminal_the_passage_takes_the_place_of_the_conversation(open_chat):
    async with open_chat(size=(60, 20)) as chat:
        await chat.ask("How many?")
        assert not chat.pane.size.width
        await chat.enter("1")
        await chat.until(lambda: chat.pane.size.width)
        conversation = chat.app.query_one(Conversation)
        assert not conversation.size.width
        await chat.press("right")
        await chat.until(lambda: chat.pane.place.n == 2)
        await chat.press("escape")
        assert conversation.size.width
        assert chat.prompt.has_focus


async def test_resizing_moves_between_one_pane_and_two(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many?")
        await chat.pilot.resize_terminal(60, 20)
        await chat.until(lambda: not chat.pane.size.width)
        await chat.pilot.resize_terminal(120, 40)
        await chat.until(lambda: chat.pane.size.width)


async def test_a_pasted_paragraph_is_one_line(open_chat):
    from textual.events import Paste

    async with open_chat() as chat:
        chat.prompt.post_message(Paste("first line\nsecond\x1b[31m line"))
        await chat.until(lambda: chat.prompt.value)
        assert chat.prompt.value == "first line second␛[31m line"


def test_the_opener_is_given_a_path_and_no_shell(monkeypatch, tmp_path):
    from qa.errors import InputError
    from qa.tui import opener

    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}" if name in {"open", "xdg-open"} else None)
    name = Path("/tmp/-a; rm -rf b.pdf")
    assert opener.command(name, "darwin") == ["/usr/bin/open", str(name)]
    assert opener.command(name, "linux") == ["/usr/bin/xdg-open", str(name)]
    calls = []
    monkeypatch.setattr("subprocess.Popen", lambda *args, **more: calls.append((args, more)))
    file = tmp_path / "a.txt"
    file.write_text("x")
    opener.open_file(file)
    assert calls[0][0][0][1:] == [str(file)]
    assert "shell" not in calls[0][1]
    monkeypatch.setattr("shutil.which", lambda name: None)
    with pytest.raises(InputError, match="no program to open files"):
        opener.command(file, "linux")


async def test_an_answer_goes_on_behind_the_key_sheet(open_chat):
    go = threading.Event()
    async with open_chat(s.ScriptedBackend([*s.streaming(), lambda: go.wait(20), *s.marines()[-1:]])) as chat:
        await chat.enter("How many?")
        await chat.until(lambda: "three" in chat.text)
        await chat.press("?")
        go.set()
        await chat.until(lambda: chat.turns[-1].state.phase == "done")
        chat.app.say("a notice behind the sheet")
        assert isinstance(chat.app.screen, HelpScreen)
        await chat.press("/")  # does nothing here
        await chat.press("escape")
        assert chat.prompt.value == ""
        assert "✓" in chat.text


async def test_letters_that_follow_a_slash_at_once_are_not_lost(open_chat):
    async with open_chat() as chat:
        await chat.ask("How many?")
        await chat.press("tab")
        for key in "/export json":
            chat.send(key)
        await chat.until(lambda: chat.prompt.value == "/export json")


async def test_letters_and_slashes_keep_their_order_however_fast_they_come(open_chat):
    async with open_chat() as chat:
        for key in "and/or 1/2":
            chat.send(key)
        await chat.until(lambda: len(chat.prompt.value) == 10)
        assert chat.prompt.value == "and/or 1/2"


async def test_a_notice_is_seen_where_the_conversation_is_hidden(open_chat):
    async with open_chat(size=(60, 20)) as chat:
        await chat.ask("How many?")
        await chat.enter("1")
        await chat.until(lambda: chat.pane.size.width)
        await chat.press(*"/model", "enter")
        await chat.until(lambda: len(chat.app._notifications) == 1)


async def test_keys_that_come_at_once_act_in_their_order(open_chat):
    async with open_chat() as chat:
        for letter in "/theme lighs":
            chat.app.post_message(Key(letter, letter))
        chat.app.post_message(Key("backspace", "\x7f"))
        chat.app.post_message(Key("t", "t"))
        chat.app.post_message(Key("enter", "\r"))
        for letter in "ow many?":
            chat.app.post_message(Key(letter, letter))
        chat.app.post_message(Key("home", None))
        chat.app.post_message(Key("H", "H"))
        await chat.until(lambda: chat.app.theme == "qa-light" and chat.prompt.value == "How many?")
        assert not chat.turns
