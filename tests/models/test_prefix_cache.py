from dataclasses import replace

import numpy as np
import pytest

from qa.models.generator import LlamaGenerator
from qa.models.prefixes import Prefixes
from qa.models.seams import Request
from qa.resources import prompt

HARBOUR = "Nine boats left the harbour at dawn. The mayor, Ada Bell, watched from the pier."
BRIDGE = "The bridge at Orle closed on 3 May after a barge struck its second pillar."
QUESTIONS = ("How many boats left?", "Who watched?", "When did the bridge close?", "Where is the king?")


def reading(passage, question):
    read = prompt("read")
    shown = {"title": "News", "passage": passage}
    return Request(
        read.system,
        read.fill(**shown, question=question),
        max_tokens=8,
        candidates=("not found", "Nine"),
        prefix=read.begin(**shown),
    )


REQUESTS = [reading(passage, question) for passage in (HARBOUR, BRIDGE) for question in QUESTIONS]


@pytest.fixture
def cold(llama):
    llama._prefixes.clear()
    return llama


def exact(replies):
    """All of each reply, log-probabilities to the last bit."""
    return [
        (r.text, r.logprob.hex(), r.tokens, r.stopped, [(c, p.hex()) for c, p in r.candidates.items()]) for r in replies
    ]


@pytest.mark.slow
def test_equal_requests_give_equal_bytes_in_any_order_and_company_cold_or_warm(cold):
    alone = []
    for request in REQUESTS:
        cold._prefixes.clear()
        alone += exact(cold.complete([request]))
    assert exact(cold.complete(REQUESTS)) == alone
    assert exact(cold.complete(REQUESTS[::-1]))[::-1] == alone
    cold.complete([Request("Write.", "A long story about rain and snow.", max_tokens=20)])
    assert exact(cold.complete(REQUESTS[3:5])) == alone[3:5]


@pytest.mark.slow
def test_a_passage_is_evaluated_once(cold, monkeypatch):
    counts = []
    evaluate = cold._engine.evaluate
    monkeypatch.setattr(cold._engine, "evaluate", lambda n, **how: counts.append(len(n)) or evaluate(n, **how))
    cold.complete(REQUESTS[:1])
    first = sum(counts)
    counts.clear()
    cold.complete([replace(REQUESTS[1], max_tokens=1)])
    assert sum(counts) < first / 2


@pytest.mark.slow
def test_a_prefix_changes_a_reply_by_rounding_at_most(cold):
    for request in REQUESTS[:3]:
        with_prefix, without = cold.complete([request, replace(request, prefix="")])
        assert with_prefix.text == without.text
        assert with_prefix.candidates == pytest.approx(without.candidates, rel=0.05, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize("prefix", ["something else", "Title", REQUESTS[0].user, REQUESTS[0].user + " and more"])
def test_any_prefix_is_safe(cold, prefix):
    expected = cold.complete([replace(REQUESTS[0], prefix="")])[0]
    for _ in range(2):
        assert cold.complete([replace(REQUESTS[0], prefix=prefix)])[0].text == expected.text


@pytest.mark.slow
def test_a_cancelled_prefix_is_not_remembered(cold):
    assert cold.complete(REQUESTS[:1], lambda: True)[0].stopped == "cancelled"
    assert cold._prefixes.bytes == 0


@pytest.mark.slow
def test_a_reply_that_is_a_candidate_takes_no_step_of_its_own(cold, monkeypatch):
    request = replace(REQUESTS[0], candidates=())
    text = cold.complete([request])[0].text
    monkeypatch.setattr(cold, "_step", lambda job, cancel: bool(job.pending) and pytest.fail("a step"))
    reply = cold.complete([replace(request, candidates=(text,))])[0]
    assert reply.text == text
    if reply.stopped == "stop":
        assert reply.candidates[text] == pytest.approx(reply.logprob)


@pytest.mark.slow
def test_a_reply_that_leaves_a_candidate_goes_on_as_without_it(cold):
    request = replace(REQUESTS[0], candidates=())
    text = cold.complete([request])[0].text
    assert cold.complete([replace(request, candidates=(text[:-2] + "zz",))])[0].text == text


@pytest.mark.slow
def test_closing_forgets(gguf):
    generator = LlamaGenerator(gguf, context=512, threads=1)
    generator.complete(REQUESTS[:1])
    assert generator._prefixes.bytes > 0
    generator.close()
    assert generator._prefixes.bytes == 0


def state(size):
    return np.zeros(size, np.uint8)


def test_the_longest_unused_goes_first_and_the_room_holds():
    prefixes = Prefixes(room=10)
    prefixes.put([1], state(4))
    prefixes.put([2], state(4))
    assert prefixes.get([1]) is not None
    prefixes.put([3], state(4))
    assert prefixes.get([2]) is None
    assert prefixes.get([1]) is not None
    assert prefixes.bytes == 8
    prefixes.put([1], state(6))
    assert prefixes.bytes == 10
    prefixes.put([4], state(11))
    assert prefixes.get([4]) is None
    assert prefixes.bytes == 10
