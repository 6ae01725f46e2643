from __future__ import annotations

import json

import jsonschema
import pytest
import render_sample as sample
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.errors import InputError
from qa.render.json import answer_from_json, answer_to_json, dumps, schema
from qa.types import Answer, Citation, Coverage, Disagreement, ModelRecord, Reason, Sentence

VALIDATOR = jsonschema.Draft202012Validator(schema())
TEXT = st.text(min_size=1, max_size=20)
NUMBERS = st.lists(st.integers(1, 9), max_size=3).map(tuple)
VERDICT = st.sampled_from(["supported", "partial", "unsupported"])
REASONS = st.lists(st.sampled_from(Reason), max_size=2).map(tuple)
CITATION = st.builds(
    Citation, st.integers(1, 99), TEXT, TEXT, TEXT, TEXT, st.none() | st.integers(1, 999),
    st.integers(0, 99), st.integers(100, 999), TEXT, VERDICT,
)  # fmt: skip
ANSWER = st.builds(
    Answer,
    question=TEXT,
    status=st.sampled_from(["answered", "refused"]),
    reason=st.text(max_size=9),
    answer=TEXT,
    short=TEXT,
    confidence=st.floats(0, 1),
    sentences=st.lists(st.builds(Sentence, TEXT, NUMBERS, VERDICT, REASONS), max_size=3).map(tuple),
    citations=st.lists(CITATION, max_size=3).map(tuple),
    disagreements=st.lists(st.builds(Disagreement, TEXT, NUMBERS), max_size=2).map(tuple),
    model=st.builds(ModelRecord, TEXT, TEXT, TEXT, TEXT, TEXT, st.integers(0, 2**31)),
    fingerprint=TEXT,
    timings_ms=st.dictionaries(TEXT, st.floats(0, 1e6), max_size=3),
    id=st.none() | TEXT,
    coverage=st.lists(st.builds(Coverage, TEXT, TEXT, TEXT, NUMBERS, TEXT), max_size=2).map(tuple),
    notes=st.lists(TEXT, max_size=2).map(tuple),
)


@settings(max_examples=40)
@given(ANSWER)
def test_an_answer_survives_json_and_fits_the_schema(answer):
    data = json.loads(dumps(answer))
    assert answer_from_json(data) == answer
    VALIDATOR.validate(data)


def test_keys_stand_in_the_documented_order():
    assert list(answer_to_json(sample.ANSWERED))[:8] == [
        "id", "question", "status", "reason", "answer", "short", "confidence", "sentences",
    ]  # fmt: skip
    assert "id" not in answer_to_json(sample.REFUSED)


@pytest.mark.parametrize("missing", list(answer_to_json(sample.REFUSED)))
def test_a_missing_key_is_an_input_error(missing):
    data = answer_to_json(sample.REFUSED)
    del data[missing]
    with pytest.raises(InputError):
        answer_from_json(data)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sentences", [{"text": "x"}]), ("sentences", 3), ("citations", [1]), ("model", None), ("index", []),
        ("sentences", [{"text": "x", "citations": [], "verdict": "supported", "reasons": ["WHIM"]}]),
        ("timings_ms", 5), ("disagreements", [[]]), ("coverage", [{}]),
    ],
)  # fmt: skip
def test_a_wrong_shape_is_an_input_error(key, value):
    with pytest.raises(InputError):
        answer_from_json({**answer_to_json(sample.REFUSED), key: value})


@pytest.mark.parametrize("data", [[], None, 3, "x"])
def test_what_is_no_object_is_an_input_error(data):
    with pytest.raises(InputError):
        answer_from_json(data)
