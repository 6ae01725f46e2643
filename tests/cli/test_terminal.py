"""What a person at a terminal sees: sentences as they come, a moving line, colours; hostile markup in none of them."""

from __future__ import annotations

import io
import re

import pytest

from qa import cli

QUESTION = "How many Marines were sent?"


class Terminal(io.StringIO):
    encoding = "utf-8"

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(indexed, monkeypatch):
    """``terminal("ask", …)``: exit code, stdout and stderr of a command at a terminal."""
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "80")

    def call(*arguments: str) -> tuple[int, str, str]:
        out, err = Terminal(), Terminal()
        with monkeypatch.context() as patched:
            patched.setattr("sys.stdout", out)
            patched.setattr("sys.stderr", err)
            code = cli.run(list(arguments))
        return code, out.getvalue(), err.getvalue()

    return call


def bare(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", text)


def test_an_answer_is_streamed_in_colour_and_narrated_on_stderr(terminal):
    code, out, err = terminal("ask", QUESTION)
    assert code == 0
    assert bare(out).count("100 Marines were sent. [1][2] ✓") == 1
    assert "\x1b[36m[1]" in out
    assert re.search("starting|searching|reading|checking", bare(err))


def test_no_colour_when_it_is_not_wanted(terminal, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    _, out, _ = terminal("ask", QUESTION)
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", out)
    assert "✓" in out


def test_a_dumb_terminal_gets_no_moving_line(terminal, monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert terminal("ask", QUESTION)[2] == ""


@pytest.mark.parametrize("hostile", ["[/bold]", "[link=http://x]y[/]", "[red]x", "\\[", "[/]"])
@pytest.mark.parametrize("command", [["ask"], ["ask", "--explain"], ["summarize"], ["search"]])
def test_markup_in_a_question_is_text(terminal, place, command, hostile):
    (place / "docs" / "evil.txt").write_text(f"The mayor {hostile} of Baghdad opened the {hostile} bridge.", "utf-8")
    assert terminal("index", "docs")[0] == 0
    code, _, err = terminal(command[0], f"Who opened the {hostile} bridge?", *command[1:])
    assert code in (0, 3)
    assert "unexpected" not in err


def test_markup_in_a_batch_and_in_a_checked_text_is_text(terminal, place):
    (place / "batch.jsonl").write_text('{"question": "Who [/bold] is it?"}\n', encoding="utf-8")
    assert terminal("ask", "--batch", "batch.jsonl")[0] == 0
    (place / "draft.txt").write_text("Nobody [/red] was hurt, officials said.", encoding="utf-8")
    assert terminal("verify", "draft.txt")[0] in (0, 4)


def test_progress_of_indexing_is_on_stderr(terminal, place):
    code, out, err = terminal("index", "docs", "--rebuild")
    assert (code, out) == (0, "index: 3 added, 0 changed, 0 unchanged, 0 removed, 0 failed\n")
    assert "files" in bare(err)
