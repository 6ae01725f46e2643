"""What the user should know of how the generator was loaded is told by every command that uses it."""

import json
from dataclasses import replace

import pytest

from tests.cli.conftest import QUESTION

NOTE = "the faster copy of the model cannot be made: the disk is full"


@pytest.fixture
def noted(indexed, generator):
    generator.info = replace(generator.info, note=NOTE)
    return indexed


@pytest.mark.parametrize("arguments", [("ask", QUESTION), ("summarize",), ("verify", "docs/wire.md")])
def test_the_generators_note_stands_once_in_the_json(noted, arguments):
    answer = json.loads(noted(*arguments, "--json").out)
    assert answer["notes"].count(NOTE) == 1


@pytest.mark.parametrize("arguments", [("summarize",), ("verify", "docs/wire.md")])
def test_without_a_note_there_is_none(indexed, arguments):
    assert "notes" not in json.loads(indexed(*arguments, "--json").out)
