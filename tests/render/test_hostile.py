"""Text of documents, questions and models is shown literally, and steers nothing."""

from __future__ import annotations

import dataclasses
import io
import json
import re
from html.parser import HTMLParser

import pytest
import render_sample as sample
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from qa.render.clean import clean, escape_hostile, one_line
from qa.render.html import to_html
from qa.render.json import answer_to_json, dump, dumps
from qa.render.markdown import to_markdown
from qa.render.text import print_answer, print_checked
from qa.types import Answer

STEERING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def with_text(text: str) -> Answer:
    """An answer that has the text everywhere."""
    cite = dataclasses.replace(sample.LEDGER, document=text, title=text, publisher=text, date=text, quote=text or "x")
    return dataclasses.replace(
        sample.HOSTILE,
        question=text,
        reason=text,
        sentences=tuple(dataclasses.replace(s, text=text) for s in sample.HOSTILE.sentences),
        citations=(cite,),
        disagreements=tuple(dataclasses.replace(d, value=text) for d in sample.HOSTILE.disagreements),
        coverage=tuple(
            dataclasses.replace(c, document=text, title=text, publisher=text, reason=text)
            for c in sample.HOSTILE.coverage
        ),
        notes=(text,),
    )


def terminal(answer: Answer, printer=print_answer, **options) -> str:
    file = io.StringIO()
    plain = Console(file=file, width=100, color_system=None, markup=False, highlight=False, emoji=False)
    printer(plain, answer, **options)
    return file.getvalue()


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.links: list[str] = []
        self.shown = ""

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name in ("href", "src")]

    def handle_data(self, data):
        self.shown += data


def test_the_terminal_gets_nothing_that_steers_it():
    for printer, options in ((print_answer, {"explain": True}), (print_checked, {})):
        shown = terminal(sample.HOSTILE, printer, **options)
        assert not STEERING.search(shown)
        assert "[bold]x[/bold] [link=http://evil]y[/]" in " ".join(shown.split())
        assert "漢字漢字" in shown


def test_long_words_and_wide_letters_stay_inside_the_width():
    from rich.cells import cell_len

    assert max(cell_len(line) for line in terminal(sample.HOSTILE).splitlines()) <= 100


def test_markdown_shows_markup_as_text():
    shown = to_markdown(sample.HOSTILE)
    assert not STEERING.search(shown)
    bare = re.sub(r"\\.", "", shown)
    assert "](" not in bare
    assert "<" not in bare
    assert "`" not in bare
    assert "**b**" not in shown


def test_a_pipe_does_not_break_the_table_of_sources():
    rows = [line for line in to_markdown(with_text("a | b\n| c")).splitlines() if line.startswith("|")]
    assert all(len(re.findall(r"(?<!\\)\|", row)) == 3 for row in rows)


def test_html_holds_no_tag_attribute_or_link_of_a_document():
    page = Page()
    page.feed(to_html([sample.HOSTILE], title=sample.HOSTILE_TEXT))
    assert page.tags <= {
        "html", "head", "meta", "title", "style", "body", "section", "h2", "p", "span", "a", "b", "ul", "li", "ol",
        "br", "q", "table", "tr", "th", "td",
    }  # fmt: skip
    assert page.attributes <= {
        "lang",
        "charset",
        "name",
        "content",
        "http-equiv",
        "class",
        "title",
        "href",
        "id",
        "value",
    }
    assert all(re.fullmatch(r"#a\d+c\d+", link) for link in page.links)
    assert "<script>alert(1)</script>" in page.shown
    assert not STEERING.search(page.shown)


def test_json_keeps_every_character_and_is_safe_to_print():
    text = dumps(sample.HOSTILE, indent=2)
    assert not STEERING.search(text)
    assert json.loads(text) == answer_to_json(sample.HOSTILE)


@given(st.text() | st.text("\x1b[]\\\x9b\u202e<>&\"'`*_#|!()\n "))
def test_no_text_steers_any_form(text):
    answer = with_text(text)
    for shown in (terminal(answer), to_markdown(answer), to_html([answer]), dumps(answer)):
        assert not STEERING.search(shown)


@given(st.text(st.characters()))
def test_json_is_what_it_was(text):
    assert json.loads(dump({"x": text})) == {"x": text}
    assert json.loads(escape_hostile(json.dumps(text, ensure_ascii=False))) == text


@given(st.text())
def test_cleaning_is_final_and_keeps_letters(text):
    assert clean(clean(text)) == clean(text)
    assert [c for c in text if c.isalnum()] == [c for c in clean(text) if c.isalnum()]
    assert "\n" not in one_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # Persian: I want
        "\u0915\u094d\u200d\u0937",  # Hindi: a conjunct written apart
        "\u0dc1\u0dca\u200d\u0dbb\u0dd3",  # Sinhala: Sri
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family
        "\u2764\ufe0f\u200d\U0001f525",  # a heart on fire
        "\U0001f3c3\U0001f3fd\u200d\u2640\ufe0f",
    ],
)
def test_joiners_stay_where_they_join(text):
    assert clean(f"a {text} b") == f"a {text} b"
    assert escape_hostile(f'"{text}"') == f'"{text}"'


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("pass\u200cword", "password"),
        ("\u200d\U0001f468\u200d", "\U0001f468"),
        ("\u0645\u200c\u200c\u200d\u062e", "\u0645\u200c\u062e"),
        ("\u0645\u200c\u061c\u062e", "\u0645\u200c\u062e"),
        ("\u0645\u200c a", "\u0645 a"),
    ],
)
def test_joiners_that_join_nothing_hide_something(text, cleaned):
    assert clean(text) == cleaned
    assert "\\u200c" in escape_hostile(text) or "\\u200d" in escape_hostile(text)


@pytest.mark.parametrize(
    "character", ["\x1b", "\x9b", "\r", "\x08", "\x00", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800"]
)
def test_what_steers_or_hides_is_taken_away(character):
    assert clean(f"a{character}b") == "ab"
