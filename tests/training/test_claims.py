"""The cross-encoder that the checker is measured against: where it starts, and how two judges are put together."""

from __future__ import annotations

import itertools
import json
import random
from itertools import islice

import numpy as np
import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("transformers")
onnx = pytest.importorskip("onnx")


from qa.answer.pointing import LEAST  # noqa: E402
from qa.models.pairs import SpanReader, sighting  # noqa: E402
from qa.resources import weights  # noqa: E402
from training import train_spans  # noqa: E402
from training.compare_claims import both, judged  # noqa: E402
from training.mixture import apart  # noqa: E402

ASKED = [
    ("How many Marines were sent?", "The Pentagon sent 100 Marines to the embassy on Tuesday."),
    ("Who founded the league?", "Founded in 1931 by Ada Byrne, the league had nine clubs."),
    ("When did the bridge open?", "Nobody was told when the bridge would be paid for."),
    ("Who led the strike?", "Mara Voss led the strike at the Carrow mill; Edmund Vale, its owner, shut the gates."),
]


ROUNDED = 0.5
"""The file also rounds what passes between its layers."""


def test_the_encoder_out_of_the_shipped_file_points_where_the_file_points():
    path, facts, words = (weights(name) for name in ("spans.onnx", "spans.json", "pairs.tokenizer.json"))
    model, tokenizer = train_spans.load(path)
    reader = SpanReader(path, json.loads(facts.read_text(encoding="utf-8")), words)
    held = 0
    for question, text in ASKED:
        encoded = tokenizer.encode(question, text)
        with torch.inference_mode():
            expected = sighting(encoded, train_spans.scores(model, [encoded])[0].numpy())
        (found,) = reader.sight(question, [text])
        places = list(dict.fromkeys([*expected.best(3), *found.best(3)]))
        told = [[max(LEAST, one.likelihood(*place)) for place in places] for one in (found, expected)]
        assert told[0] == pytest.approx(told[1], abs=ROUNDED)
        assert found.best(1) == expected.best(1) or told[1][0] == LEAST
        # Below LEAST a place says no more, and places nearer to each other than the rounding have no order.
        said = [place for place in places if expected.likelihood(*place) > LEAST]
        for one, other in itertools.permutations(said, 2):
            if expected.likelihood(*one) > expected.likelihood(*other) + ROUNDED:
                assert found.likelihood(*one) > found.likelihood(*other)
        held += len(said)
    assert held > len(ASKED)


def test_two_judges_meet_in_the_middle_of_their_odds():
    assert both(0.9, 0.1) == pytest.approx(0.5)
    assert both(0.8, 0.8) == pytest.approx(0.8)
    assert 0.5 < both(0.99, 0.1) < 0.99
    assert np.isfinite(both(1.0, 0.0))


def test_the_same_pairs_by_each_judge():
    found = judged([{"supported": True, "probability": 0.9, "encoder": 0.1}])
    assert [found[name][0]["probability"] for name in ("checker", "encoder", "both")] == [0.9, 0.1, pytest.approx(0.5)]
    assert all(rows[0]["supported"] for rows in found.values())


def test_what_waits_comes_out_once_and_in_another_order():
    numbers = iter(range(1000))
    found = list(islice(apart(numbers, 50, random.Random(0)), 200))
    assert len(set(found)) == 200
    assert found != sorted(found)
    assert all(number < place + 50 for place, number in enumerate(found))
    assert found == list(islice(apart(iter(range(1000)), 50, random.Random(0)), 200))
