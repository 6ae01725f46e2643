"""What a terminal is sent: pictures of the main states, hostile text, and a loop that is never held up."""

from __future__ import annotations

import asyncio
import threading
import time
from pathlib import Path

import pytest
import scripted as s
from loop_time import HELD, callbacks, no_sweeping, redrawing

from qa.tui.widgets.conversation import Conversation

HOSTILE = (
    "[bold red]markup[/] [@click=app.quit]click[/] \x1b[31mred\x1b]0;title\x07 a\u202egpj.exe \x9b5n "
    + "W" * 10_000
    + " 漢字" * 60
    + " \U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3fd "
    + "z\u0301\u0301\u0301\u0301\u0301\u0301 \ud83d"
)


async def picture(chat, compare) -> None:
    """Compare once nothing moves any more: layout and footer follow when the loop is idle."""
    same, seen = 0, ""
    for _ in range(100):
        await chat.settle()
        await asyncio.sleep(0.05)
        now = chat.app.export_screenshot(title="qa")
        same = same + 1 if now == seen else 0
        seen = now
        if same == 6:
            break
    assert compare == seen


@pytest.fixture
def compare(snapshot):
    from pytest_textual_snapshot import SVGImageExtension

    return snapshot.use_extension(SVGImageExtension)


async def test_empty(open_chat, compare):
    async with open_chat() as chat:
        await picture(chat, compare)


async def test_streaming(open_chat, compare):
    go = threading.Event()
    async with open_chat(s.ScriptedBackend([*s.streaming(), lambda: go.wait(20)])) as chat:
        await chat.enter("How many Marines were sent?")
        await chat.until(lambda: "in three" in chat.text)
        await picture(chat, compare)
        go.set()


async def test_verified(open_chat, compare):
    async with open_chat() as chat:
        await chat.ask("How many Marines were sent?")
        await chat.press("tab", "1")
        await chat.until(lambda: chat.pane.place)
        await picture(chat, compare)


async def test_conflict(open_chat, compare):
    async with open_chat(s.ScriptedBackend(s.conflict())) as chat:
        await chat.ask("How many were sent?")
        await picture(chat, compare)


async def test_refusal(open_chat, compare):
    async with open_chat(s.ScriptedBackend(s.refusal())) as chat:
        await chat.ask("Who paid for the flight?")
        await picture(chat, compare)


async def test_narrow(open_chat, compare):
    async with open_chat(size=(60, 20)) as chat:
        await chat.ask("How many Marines were sent?")
        await picture(chat, compare)


async def test_light(open_chat, compare):
    async with open_chat(theme="light") as chat:
        await chat.ask("How many Marines were sent?")
        await chat.enter("2")
        await chat.until(lambda: chat.pane.place)
        await picture(chat, compare)


async def test_contrast(open_chat, compare):
    async with open_chat(s.ScriptedBackend(s.conflict()), theme="contrast") as chat:
        await chat.ask("How many were sent?")
        await chat.enter("2")
        await chat.until(lambda: chat.pane.place)
        await picture(chat, compare)


async def test_no_colour(open_chat, compare, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    async with open_chat() as chat:
        await chat.ask("How many Marines were sent?")
        await chat.press("tab", "1")
        await chat.until(lambda: chat.pane.place)
        await picture(chat, compare)
        styles = {segment.style for line in rendered(chat) for segment in line if segment.style}
        assert {style.color.name for style in styles if style.color} <= {"default"}
        assert {style.bgcolor.name for style in styles if style.bgcolor} <= {"default"}
        assert any(style.reverse for style in styles)  # the cited span, and the marked link


def rendered(chat):
    """The lines of segments as the driver would get them, filters applied."""
    screen, app = chat.app.screen_stack[0], chat.app
    for strip in screen._compositor.render_strips():
        for line_filter in app._filters:
            strip = strip.apply_filter(line_filter, app.screen.background_colors[1])  # noqa: PLW2901
        yield list(strip)


async def test_hostile_text_is_shown_literally_and_breaks_no_layout(open_chat, monkeypatch):
    monkeypatch.setitem(s.TEXTS, "garrison.md", HOSTILE)
    monkeypatch.setitem(s.FACTS, "garrison.md", (HOSTILE, HOSTILE, HOSTILE))
    place = s.Citation(1, "garrison.md", HOSTILE, HOSTILE, HOSTILE, None, 0, len(HOSTILE), HOSTILE, "supported")
    sentence = s.Sentence(HOSTILE, (1,), "supported")
    events = [
        s.Retrieved((s.hit("garrison.md", HOSTILE),)),
        s.Token(HOSTILE),
        s.Done(
            s.answer(HOSTILE, (sentence,), (place,), notes=(HOSTILE,), disagreements=(s.Disagreement(HOSTILE, (1,)),))
        ),
    ]
    async with open_chat(s.ScriptedBackend(events), size=(60, 20)) as chat:
        await chat.ask("How many?")
        assert "[bold red]markup[/] [@click=app.quit]click[/]" in chat.text
        await chat.enter("1")
        await chat.until(lambda: chat.pane.place)
        for _ in range(2):
            lines = [list(line) for line in rendered(chat)]
            text = "\n".join("".join(segment.text for segment in line) for line in lines)
            assert all(sum(segment.cell_length for segment in line) == 60 for line in lines)
            assert not set(text) & set("\x1b\x07\x9b\u202e\u200d\ud83d")
            await chat.press("escape")
        assert chat.app.is_running


async def test_an_error_of_hostile_text_is_one_line(open_chat):
    from qa.errors import ServerError

    async with open_chat(s.ScriptedBackend([ServerError(f"the server said {HOSTILE[:80]}\n\nmore")])) as chat:
        await chat.ask("How many?")
        error = str(chat.turns[0].query_one(".error").content)
        assert "\n" not in error
        assert "\x1b" not in error
        assert "[bold red]markup[/]" in error


@pytest.mark.alone
async def test_the_loop_is_never_held_up_while_a_generator_is_busy(open_chat, monkeypatch):
    """Beside a generator that computes and streams as fast as it can, no callback of the loop takes longer than to draw
    the screen anew."""

    def busy():
        end = time.monotonic() + 0.004
        while time.monotonic() < end:
            sum(range(200))

    stream = [event for n in range(150) for event in (s.Token(f"word{n} "), busy)]
    async with open_chat(s.ScriptedBackend([*stream, *s.marines()])) as chat:
        with no_sweeping():
            with callbacks(monkeypatch) as held:
                await chat.enter("How many?")
                while chat.turns[-1].state.phase != "done":
                    await asyncio.sleep(0.005)
            redrawn = await redrawing(chat.pilot, monkeypatch)
        assert len(held) > 300
        assert max(held) < HELD * redrawn
        assert chat.app.query_one(Conversation).following


def test_the_first_screen_stands_before_any_backend_is_made():
    """Importing the chat takes neither a model library nor the pipeline's heavy parts."""
    import subprocess
    import sys

    heavy = ["torch", "llama_cpp", "onnxruntime", "faiss", "sentence_transformers", "numpy"]
    code = f"import sys, qa.tui.app; sys.exit(bool(set({heavy}) & set(sys.modules)))"
    root = Path(__file__).parents[2]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
