"""One golden file a format and answer, compared as bytes; UPDATE_GOLDEN=1 writes them anew."""

from __future__ import annotations

import io
import os
from pathlib import Path

import jsonschema
import pytest
import render_sample as sample
from rich.console import Console

from qa.render.html import to_html
from qa.render.json import answer_to_json, dumps, schema
from qa.render.markdown import to_markdown
from qa.render.text import print_answer, print_checked
from qa.types import Answer

GOLDEN = Path(__file__).parent / "golden"


def console(file: io.StringIO) -> Console:
    return Console(
        file=file, width=100, no_color=True, markup=False, highlight=False, emoji=False, legacy_windows=False
    )


def as_text(answer: Answer, explain: bool = False) -> str:
    file = io.StringIO()
    print_answer(console(file), answer, explain)
    return file.getvalue()


def as_checked(answer: Answer) -> str:
    file = io.StringIO()
    print_checked(console(file), answer)
    return file.getvalue()


FORMATS = {
    "txt": as_text,
    "explain.txt": lambda answer: as_text(answer, explain=True),
    "verify.txt": as_checked,
    "md": to_markdown,
    "json": lambda answer: dumps(answer, indent=2) + "\n",
    "html": lambda answer: to_html([answer]),
}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("name", sample.ALL)
def test_golden(name, kind):
    if (kind == "verify.txt") != (name == "checked") and kind.endswith("txt"):
        pytest.skip("answers and checked texts have terminal forms of their own")
    made = FORMATS[kind](sample.ALL[name]).encode()
    file = GOLDEN / f"{name}.{kind}"
    if os.environ.get("UPDATE_GOLDEN"):
        file.write_bytes(made)
    assert made == file.read_bytes()


@pytest.mark.parametrize("name", [*sample.ALL, "hostile"])
def test_json_is_valid_by_the_published_schema(name):
    answer = sample.HOSTILE if name == "hostile" else sample.ALL[name]
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(answer_to_json(answer), schema(), cls=jsonschema.Draft202012Validator)


def test_what_was_streamed_is_not_printed_again():
    file = io.StringIO()
    print_answer(console(file), sample.ANSWERED, told=True)
    assert "100 Marines were sent." not in file.getvalue()
    assert "[1] The Ledger" in file.getvalue()
