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


def test_a_mean_lies_between_what_ships_and_another_run(tmp_path):
    pytest.importorskip("transformers")
    torch = pytest.importorskip("torch")
    from training import train_spans

    start = weights("spans.onnx")
    assert start is not None
    model, tokenizer = train_spans.load(start)
    kept = model.classifier.bias.detach().clone()
    with torch.no_grad():
        model.classifier.bias += 1.0
    model.save_pretrained(tmp_path / "end")
    tokenizer.save(str(tmp_path / "end" / "tokenizer.json"))
    train_spans.mean(start, tmp_path / "end", 0.25, tmp_path / "mean")
    back, _ = train_spans.load(tmp_path / "mean")
    assert torch.allclose(back.classifier.bias, kept + 0.25, atol=1e-5)
    assert torch.allclose(back.classifier.weight, model.classifier.weight, atol=1e-5)


def test_every_mixture_draws_on_known_sources():
    from training.sources import SOURCES
    from training.span_data import SHARES

    for shares in SHARES.values():
        assert set(shares) <= set(SOURCES)
        assert sum(shares.values()) == pytest.approx(1.0)
