from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch")

from training.data import Passage  # noqa: E402
from training.rerank_data import Example, _aside, holds, topic  # noqa: E402
from training.rerank_model import HEADS, WIDTH, _Attention  # noqa: E402
from training.train_reranker import SOFT, one  # noqa: E402


def reference(qkv, bounds):
    parts = []
    for start, end in bounds:
        q, k, v = qkv[start:end].permute(1, 2, 0, 3)
        parts.append((torch.softmax(q @ k.transpose(1, 2) * math.log(2), -1) @ v).transpose(0, 1))
    return torch.cat(parts)


def test_attention_and_its_gradient_are_those_of_softmax():
    torch.manual_seed(0)
    bounds = [(0, 5), (5, 6), (6, 13)]
    ours = torch.randn(13, 3, HEADS, WIDTH, dtype=torch.float64, requires_grad=True)
    theirs = ours.detach().clone().requires_grad_()
    weight = torch.randn(13, HEADS, WIDTH, dtype=torch.float64)
    found, expected = _Attention.apply(ours, bounds), reference(theirs, bounds)
    assert torch.allclose(found, expected)
    (found * weight).sum().backward()
    (expected * weight).sum().backward()
    assert torch.allclose(ours.grad, theirs.grad)


def test_large_scores_do_not_overflow():
    qkv = torch.full((3, 3, HEADS, WIDTH), 100.0, dtype=torch.bfloat16)
    assert torch.isfinite(_Attention.apply(qkv, [(0, 3)])).all()


def example(kind, count=3):
    return Example("q", ("t",) * count, (0.5,) * count, kind, (False,) * count)


def test_the_loss_is_least_where_the_right_passage_stands_out():
    right, wrong = torch.tensor([4.0, -4.0, -4.0]), torch.tensor([-4.0, 4.0, -4.0])
    assert one(right, example("question")) < 0.1 < one(wrong, example("question"))
    level = math.log(SOFT / (1 - SOFT))
    aimed = one(torch.tensor([level, -6.0, -6.0]), example("unanswerable"))
    assert aimed < one(torch.tensor([4.0, -6.0, -6.0]), example("unanswerable"))
    assert one(torch.zeros(3), example("topic")) == pytest.approx(0, abs=1e-6)
    assert torch.isfinite(one(torch.tensor([1.0]), example("question", 1)))


def test_what_a_negative_may_hold():
    passage = Passage("Boats", "Nine boats left the harbour at noon. Two came back.", (), "qed")
    assert holds(passage, ("nine boats",))
    assert not holds(passage, ("ten",))
    assert not holds(passage, ("yes",))
    assert _aside(("no",))
    assert not _aside(())
    assert not _aside(("nine",))


def test_a_topic_asks_nothing():
    rng = SimpleNamespace(random=lambda: 0.1)
    assert topic(Passage("Fishing_fleet", "Nine boats left.", (), "qed"), rng) == "Fishing fleet"
