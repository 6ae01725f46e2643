from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa import errors
from qa.config import Config
from qa.errors import ModelError, QAError
from qa.types import Document, Drafted, Reason, Sentence, Token, Verified
from qa.wiring import wire

SENTENCE = Sentence("100 were sent.", (1, 2), "partial", (Reason.CONFLICT,), 0.25)


def passed(kind, value):
    return wire.read(kind, json.loads(wire.line(value)))


def test_a_value_comes_back_as_it_was():
    for kind, value in (
        (Config, Config(store=Path("/a b/ü"), risk=0.05, llm_key="secret")),
        (Document, Document("a.txt", "one\ntwo\u2028three\x00", pages=(0, 4))),
        (Drafted, Drafted(0, SENTENCE, ())),
        (Path, Path("a/b")),
        (list[str], []),
    ):
        assert passed(kind, value) == value
    event = Verified(1, None, (), (Reason.NO_EVIDENCE,))
    assert wire.read_event(json.loads(wire.line(wire.event_value(event)))) == event


@given(st.text())
def test_any_text_is_one_line(text):
    told = wire.line(Token(text))
    assert told.count(b"\n") == 1
    assert told.isascii()
    if text.isprintable() or max(text, default="") < "\ud800":
        assert passed(Token, Token(text)).text == text


def test_what_is_not_data_is_not_passed():
    with pytest.raises(TypeError):
        wire.line({"call": print})
    with pytest.raises(QAError, match="gave no"):
        wire.read(Document, {"path": "a.txt"})


@pytest.mark.parametrize("name", [n for n, kind in vars(errors).items() if isinstance(kind, type)])
def test_only_errors_of_ours_are_made_from_a_name(name):
    made = wire.read_error([name, "what", "how"])
    assert isinstance(made, QAError)
    assert str(made) == "what (how)"


def test_an_error_comes_back_as_it_was():
    assert type(wire.read_error(wire.error_value(ModelError("a", "b")))) is ModelError
    assert type(wire.read_error(["__doc__", "a", "b"])) is QAError
