import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from qa.corpus.cleaning import clean, one_line


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("one\r\ntwo\rthree\x0bfour\x0cfive\x85six\u2028seven", "one\ntwo\nthree\nfour\nfive\nsix\nseven"),
        ("one\u2029two", "one\n\ntwo"),
        ("100\u00a0Marines\u202fleft\u3000here", "100 Marines left here"),
        ("soft\u00adhyphen", "softhyphen"),
        ("zero\u200bwidth\ufeff and\u2060 more", "zerowidth and more"),
        ("safe\u202etxt.exe\u202c \u2066x\u2069", "safetxt.exe x"),
        ("a\x00b\x07c\x1bd\x7fe\x9bf", "abcef"),
        ("\x1b[31mred\x1b[0m \x1b]0;title\x07end", "red end"),
        ("\x1b]8;;http://x.example\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("Cafe\u0301", "Café"),
        ("hidden\U000e0049\U000e0067 tags", "hidden tags"),
        ("a\n\n\n\n\nb", "a\n\nb"),
        ("a  \t\nb\t\n \n \n \nc", "a\nb\n\nc"),
        ("cell\tcell", "cell\tcell"),
        ("1\u200d0\u200c0 Marines", "100 Marines"),
        ("\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f468\u200d\U0001f469\u200d\U0001f467"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("bad\ud800surrogate\ufffe", "badsurrogate"),
        ("", ""),
        (" \n\t\u00a0 ", ""),
    ],
)
def test_table(text, expected):
    assert clean(text) == expected


@given(st.text(st.characters() | st.sampled_from("\r\n\u200d\u0301\x1b[m\u202e e\u00ad"), max_size=60))
@example("e\u200b\u0301")
@example("\u0627\u200d\u200d\u0301")
def test_clean_text_stays_as_it_is(text):
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert not any(unicodedata.category(char) in ("Cc", "Cs") for char in once if char not in "\n\t")


@given(st.text(st.characters(categories=["L", "N"]), min_size=1))
def test_letters_and_digits_survive(text):
    assert clean(text) == unicodedata.normalize("NFC", text)


def test_one_line_is_one_line_within_its_limit():
    assert one_line("a\nb\x1b[2J\t c") == "a b c"
    long = one_line("word " * 100, 50)
    assert len(long) <= 50
    assert long.endswith("word…")
