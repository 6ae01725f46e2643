"""Text of documents made fit for a terminal."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.tui.passage import context
from qa.tui.text import literal, one_line, spoken_date
from qa.types import Document


@given(st.text())
def test_nothing_that_steers_a_terminal_or_reorders_is_left(text):
    shown = literal(text)
    assert all(c == "\n" or unicodedata.category(c) not in {"Cc", "Cs"} for c in shown)
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029")


@given(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"])))
def test_plain_text_stays_as_it_is(text):
    assert literal(text.replace("\u180e", "")) == text.replace("\u180e", "")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("[red]x[/red]", "[red]x[/red]"),
        ("\x1b[31mred\x1b[0m", "␛[31mred␛[0m"),
        ("\x9b31m", "\ufffd31m"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\tb\r\nc", "a    b\nc"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\U0001f469\U0001f467"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),  # a joiner that Persian needs
        ("pass\u200cword\u200d", "password"),
        ("tag\U000e0041\u200b\ufeff", "tag"),
        ("z" + "\u0301" * 40, "z" + "\u0301" * 4),
    ],
)
def test_hostile_text(text, shown):
    assert literal(text) == shown


def test_one_line_cuts_with_an_ellipsis():
    assert one_line("a\n b\x00c", 0) == "a b␀c"
    assert one_line("word " * 1000, 12) == "word word w…"


@pytest.mark.parametrize(
    ("iso", "spoken"),
    [
        ("2019-12-31", "31 December 2019"),
        ("2019-12", "December 2019"),
        ("2019", "2019"),
        ("", ""),
        ("soon", "soon"),
        ("2019-99-01", "2019"),
    ],
)
def test_dates(iso, spoken):
    assert spoken_date(iso) == spoken


@given(text=st.text(max_size=400), a=st.integers(0, 400), b=st.integers(0, 400), around=st.integers(0, 80))
def test_a_context_holds_the_span_and_only_what_surrounds_it(text, a, b, around):
    start, end = sorted((min(a, len(text)), min(b, len(text))))
    made = context(Document("d", text), start, end, around=around)
    assert made.quoted == literal(text[start:end])
    assert made.before.removeprefix("… ") in literal(text[:start]) or "\r" in text
    assert made.after.removesuffix(" …") in literal(text[end:]) or "\r" in text


def test_a_context_is_small_however_large_the_document_and_tells_of_a_change():
    text = "word " * 200_000 + "SPAN" + " word" * 200_000
    start = text.index("SPAN")
    made = context(Document("d", text), start, start + 4, "SPAN")
    assert (made.quoted, made.changed) == ("SPAN", False)
    assert len(made.before) < 2000 > len(made.after)
    made = context(Document("d", text), start + 1, start + 5, "SPAN")
    assert (made.before, made.quoted, made.changed) == ("", "SPAN", True)
