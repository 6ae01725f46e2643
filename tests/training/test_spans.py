"""What the span reader learns from: where an answer's words stand in the tokens of a pair."""

import pytest
from tokenizers import Tokenizer

from qa.resources import REFUSAL, weights
from training.span_data import PLACES, example


@pytest.fixture(scope="module")
def tokens() -> Tokenizer:
    path = weights("pairs.tokenizer.json")
    assert path is not None
    return Tokenizer.from_file(str(path))


def spans(tokens: Tokenizer, text: str, answer: str) -> list[str]:
    made = example(tokens, "how many men came", text, answer)
    assert made is not None
    return [text[made.encoding.offsets[a][0] : made.encoding.offsets[b][1]] for a, b in made.spans]


def test_every_place_of_the_answer_is_right_and_no_part_of_another_word(tokens):
    assert spans(tokens, "There were 100 men, 100 of 1000.", "100 men") == ["100 men"]
    assert spans(tokens, "There were 100 men, 100 of 1000.", "100") == ["100", "100"]
    assert len(spans(tokens, "100 " * 20, "100")) == PLACES


def test_no_answer_is_the_first_token_of_all(tokens):
    made = example(tokens, "how many men came", "Nobody counted.", REFUSAL)
    assert made is not None
    assert made.spans == ((0, 0),)


def test_words_that_do_not_stand_there_are_no_example(tokens):
    assert example(tokens, "how many men came", "Nobody counted.", "100") is None
