"""Questions that a passage does not answer: which edits count, and that many prompts at once read as one does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from qa.resources import REFUSAL
from training import asking
from training.data import Passage, Question
from training.pack import Tokens, pack

if TYPE_CHECKING:
    from pathlib import Path

PASSAGE = "The mill at Carrow was built in 1911 by Edmund Vale. It closed in 1954, after a fire."
BUILT = "Who built the mill at Carrow in 1911?"


@pytest.mark.parametrize(
    ("source", "made", "kind"),
    [
        (BUILT, "Who did not build the mill at Carrow in 1911?", "denial"),
        ("Who did not build the mill?", "Who did build the mill?", "no denial"),
        ("Who built the old mill at Carrow?", "Who built the new mill at Carrow?", "opposite"),
        (BUILT, "Who built the mill at Carrow in 1912?", "number"),
        (BUILT, "Who built the mill at Carrow in 1954?", "number"),
        (BUILT, "Who built the school at Carrow in 1911?", "other word"),
        (BUILT, "Who built the third mill at Carrow in 1911?", "added"),
        # The same question, in other small words, with a word of the passage, or with its words moved.
        (BUILT, "Who was it that built the mill at Carrow in 1911?", ""),
        ("Who built the mill at Carrow?", "Who built the mill at Carrow in 1911?", ""),
        (BUILT, "In 1911, who built the mill at Carrow?", ""),
        (BUILT, BUILT, ""),
        # No edit, and no question.
        (BUILT, "When did the fire break out in the old hall of the town?", ""),
        (BUILT, "Edmund Vale did not build the mill at Carrow in 1911", ""),
        (BUILT, "", ""),
    ],
)
def test_kinds_of_edits(source: str, made: str, kind: str) -> None:
    assert asking.kind_of_edit(source, made, PASSAGE) == kind


def test_made_questions_are_refused_beside_the_passages_own() -> None:
    passage = Passage("Carrow", PASSAGE, (Question(BUILT, "Edmund Vale"),), "squad2")
    found = asking.with_made(passage, lambda: {PASSAGE: ["Who sold the mill?"]})
    assert found.questions == (*passage.questions, Question("Who sold the mill?", REFUSAL))
    assert asking.with_made(passage, dict) is passage


def test_without_a_run_there_are_none(tmp_path: Path) -> None:
    assert asking.made(tmp_path / "questions.json") == {}


def test_a_pair_is_the_likest_question_that_is_answered() -> None:
    train_asker = pytest.importorskip("training.train_asker")
    questions = (
        Question("When did the mill close?", "1954"),
        Question(BUILT, "Edmund Vale"),
        Question("Who sold the mill at Carrow in 1911?", REFUSAL),
        Question("Why?", REFUSAL),
    )
    passage = Passage("Carrow", PASSAGE, questions, "squad2")
    assert train_asker.pairs(passage) == [(BUILT, "Who sold the mill at Carrow in 1911?")]


def test_many_prompts_at_once_are_read_as_one_alone() -> None:
    torch = pytest.importorskip("torch")
    transformers = pytest.importorskip("transformers")
    from training import ask

    torch.manual_seed(5)
    config = transformers.LlamaConfig(
        vocab_size=64, hidden_size=48, intermediate_size=80, num_hidden_layers=2, num_attention_heads=6,
        num_key_value_heads=2, attn_implementation="sdpa",
    )  # fmt: skip
    model = transformers.LlamaForCausalLM(config).to(torch.bfloat16).eval()
    batch = [Tokens(2, [5, 6, 7, 8, 9], [([10, 11], [])]), Tokens(1, [30, 31, 32], [([33], [])])]
    with torch.inference_mode():
        together = ask.made(model, batch, end=63)
        alone = [ask.made(model, [one], end=63)[0] for one in batch]
        plain = [next_of(model, one) for one in batch]
    assert [len(found) for found in together] == [ask.PER_QUESTION] * 2
    assert [found[0][:4] for found in together] == [found[0][:4] for found in alone]
    assert [found[0][0] for found in together] == plain


def next_of(model: Any, one: Tokens) -> int:
    """The likeliest next token by a forward pass over the prompt alone, with the mask that training uses."""
    from training import ask

    packed = pack([one])
    mask = ask.shade(packed.mask[None, None])
    out = model(input_ids=packed.ids[None], attention_mask=mask, position_ids=packed.positions[None])
    return int(out.logits[0, -1].argmax())
