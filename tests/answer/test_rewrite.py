"""Rules first, then a model that can write, and its words only when they add nothing."""

from __future__ import annotations

import pytest

from qa.answer.followup import Turn
from qa.answer.rewrite import rewrite
from qa.errors import ServerError
from qa.models.seams import GeneratorInfo
from qa.testing import ScriptedGenerator

BRIDGE = Turn("When was the bridge opened by Ada Bell?", "The bridge was opened in 1931.")
PROSE = GeneratorInfo(name="scripted", context=4096, writes_prose=True)


def asked(reply, question="What did she say there?", info=PROSE, history=(BRIDGE,)):
    generator = ScriptedGenerator(info=info).enqueue(reply)
    return rewrite(generator, question, history), len(generator.requests)


def test_what_the_rules_resolve_costs_no_model():
    assert asked("never used", "How long is it?") == ("How long is the bridge?", 0)
    assert asked("never used", "Who built the tunnel?") == ("Who built the tunnel?", 0)
    assert asked("never used", "What did they say?", history=()) == ("What did they say?", 0)


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        ("Did the people at the bridge vote?", "Did they vote?"),
        ("Did Ada Bell vote?", "Did Ada Bell vote?"),
        ("They did not.", "Did they vote?"),
        (ServerError("the server broke off"), "Did they vote?"),
    ],
)
def test_a_model_is_asked_where_the_rules_fail(reply, wanted):
    assert asked(reply, "Did they vote?") == (wanted, 1)


def test_a_model_that_writes_no_prose_is_not_asked():
    small = GeneratorInfo(name="small", context=2048)
    assert asked("Did Ada Bell vote?", "Did they vote?", small) == ("Did they vote?", 0)
