"""The span reader that ships, and how its logits become a place."""

from __future__ import annotations

import numpy as np
import pytest
from tokenizers import Tokenizer

from qa.models.pairs import SpanReader, load_locator, sighting
from qa.models.sighting import MAX_SPAN, UNSEEN, Sighting
from qa.resources import weights
from tests.models.contracts import locator_contract

PASSAGE = "The harbour of Vellin was deepened in 1931 by the engineer Karla Moss, so that larger ships could enter it."
shipped = pytest.mark.skipif(weights("spans.onnx") is None, reason="this build ships no span reader")


@pytest.fixture(scope="module")
def locator() -> SpanReader:
    found = load_locator(threads=1)
    assert found is not None
    return found


@pytest.fixture(scope="module")
def tokens() -> Tokenizer:
    path = weights("pairs.tokenizer.json")
    assert path is not None
    return Tokenizer.from_file(str(path))


@shipped
def test_it_keeps_the_contract_and_knows_its_file(locator):
    locator_contract(locator)
    assert locator.intact()
    assert locator.name.startswith("spans@")


@shipped
@pytest.mark.parametrize(
    ("question", "answer"), [("When was the harbour deepened?", "1931"), ("Who deepened the harbour?", "Karla Moss")]
)
def test_it_points_at_the_answer(locator, question, answer):
    (found,) = locator.sight(question, [PASSAGE])
    start, end = found.best(1)[0]
    assert answer in PASSAGE[start:end]
    assert found.likelihood(start, end) > found.nowhere


@shipped
def test_what_is_not_said_is_likelier_nowhere(locator):
    (found,) = locator.sight("Who painted the town hall of Arbeck?", [PASSAGE])
    assert found.nowhere > found.likelihood(*found.best(1)[0])


@shipped
@pytest.mark.parametrize("question", ["harbour " * 5000, "", "\x00\u202e", "?" * 400])
def test_any_question_and_any_passage_is_read(locator, question):
    texts = ["", "harbour " * 5000, PASSAGE]
    for one, text in zip(locator.sight(question, texts), texts, strict=True):
        assert all(0 <= start < end <= len(text) for start, end in one.best(5))


def seen(pair, **logits: float) -> Sighting:
    """A sighting of ``pair`` with logits such as ``first_1`` for the first logit of the passage's token 1."""
    values = np.zeros((len(pair.ids), 2), np.float32)
    inside = [i for i, part in enumerate(pair.sequence_ids) if part == 1]
    for name, value in logits.items():
        which, place = name.split("_")
        values[inside[int(place)], ("first", "last").index(which)] = value
    values[1] = 9.0  # of the question: no place
    return sighting(pair, values)


def test_the_question_is_no_place_and_an_answer_ends_after_it_begins(tokens):
    found = seen(tokens.encode("who went", "Mara went home"), first_1=3.0, last_0=4.0)
    assert found.best(1) == [(0, 4)]
    assert found.likelihood(0, 4) - found.nowhere == pytest.approx(4.0)


def test_probabilities_of_all_places_and_of_nowhere_are_one(tokens):
    found = seen(tokens.encode("who went", "Mara went home"), first_0=2.0, last_2=1.0)
    firsts = np.exp(found.first).sum()
    lasts = np.exp(found.last).sum()
    assert np.exp(found.nowhere) == pytest.approx((1 - firsts) * (1 - lasts))


def test_an_answer_has_a_length(tokens):
    pair = tokens.encode("who", "a " * 60)
    long, fitting = (seen(pair, **{"first_0": 5.0, f"last_{at}": 5.0}) for at in (MAX_SPAN, MAX_SPAN - 1))
    assert long.best(1) != [(0, 2 * MAX_SPAN + 1)]
    assert fitting.best(1) == [(0, 2 * MAX_SPAN - 1)]


def test_best_places_come_in_order_and_once(tokens):
    found = seen(tokens.encode("who", "Mara went home"), first_0=4.0, last_0=3.0, last_1=2.0)
    assert found.best(2) == [(0, 4), (0, 9)]
    assert len(set(found.best(100))) == len(found.best(100)) == 6


@pytest.mark.parametrize("span", [(4, 5), (0, 40), (30, 35)])
def test_characters_that_are_no_token_were_not_seen(tokens, span):
    assert seen(tokens.encode("who", "Mara went home")).likelihood(*span) == UNSEEN


def test_where_nothing_can_be_read_nothing_is_seen(tokens):
    pair = tokens.encode("who", "")
    found = sighting(pair, np.zeros((len(pair.ids), 2), np.float32))
    assert found.best(3) == []
    assert found.likelihood(0, 3) == UNSEEN
