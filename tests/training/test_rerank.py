from __future__ import annotations

import math
from types import SimpleNamespace

import pytest

torch = pytest.importorskip("torch")

from training import written  # noqa: E402
from training.data import Passage, Question  # noqa: E402
from training.rerank_data import EACH_REPORT, Example, _aside, holds, topic, with_written  # noqa: E402
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


def event():
    reports = [{"title": "", "text": f"{count} mills burnt in the county."} for count in ("Two", "Three", "No")]
    asked = [
        {"q": f"How many of kind {n}?", "answers": ["Two", "Three", None], "tempting": [None] * 3} for n in range(5)
    ]
    asked.append({"q": "Who lit them?", "answers": [None] * 3, "tempting": [None] * 3})
    return {"reports": reports, "questions": asked}


def test_a_report_that_answers_otherwise_is_doubtful_and_what_none_answers_is_asked_once(monkeypatch):
    monkeypatch.setattr(written, "lines", {"events": [event()]}.get)
    monkeypatch.setattr(written, "asked", lambda name: [])
    lot = [with_written([], [], seed) for seed in range(40)]
    first, second, third = ([found[place] for found in lot] for place in range(3))
    assert all(len(p.questions) == EACH_REPORT for p in (*first, *second))
    assert not any(p.questions for p in third)
    asked = [q for p in (*first, *second) for q in p.questions]
    assert {q.accepted for q in asked if q.answerable} == {("Two", "Three")}
    assert {q.text for q in asked if not q.answerable} == {"Who lit them?"}
    assert all(q.answerable for p in second for q in p.questions)


def test_written_questions_go_with_their_passages_less_those_held_out(monkeypatch):
    known = Passage("Mill", "The mill burnt.", (Question("What burnt?", "The mill", ("The mill",)),), "qed")
    away = Passage("Quay", "The quay sank.", (Question("What sank?", "The quay", ("The quay",)),), "qed")
    lot = [written.Asked(Passage(p.title, p.text, (Question("Why?", "rain"),), "written"), {}) for p in (known, away)]
    monkeypatch.setattr(written, "lines", {"events": []}.get)
    monkeypatch.setattr(written, "asked", lambda name: lot if name == "queries" else [])
    found = [with_written([known], [away], seed) for seed in range(20)]
    assert all([p.title for p in one] == ["Mill"] for one in found)
    assert {q.text for one in found for p in one for q in p.questions} == {"What burnt?", "Why?"}
