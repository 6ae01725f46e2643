"""The checker's own adapter beside real requests: only claims are read with it, and in whatever order they come."""

import pytest

from qa.errors import ModelError
from qa.models.generator import LlamaGenerator
from qa.models.seams import Request
from qa.resources import weights

PREMISE = "The mill at Carrow was built in 1911."
ASKED = Request("Answer.", f"{PREMISE} When was the mill built?", 8, candidates=("yes", "no"), prefix=PREMISE)
CLAIMED = Request("Answer.", f"{PREMISE} Is it old?", 2, candidates=("yes", "no"), prefix=PREMISE, checking=True)


@pytest.fixture(scope="module")
def checker():
    path = weights("checker.gguf")
    assert path is not None
    return path


def scores(model, *requests):
    return [(reply.text, reply.candidates["yes"], reply.candidates["no"]) for reply in model.complete(requests)]


def test_only_claims_are_read_with_it(gguf, checker):
    plain = LlamaGenerator(gguf, context=256, whole_prefix=True)
    own = LlamaGenerator(gguf, context=256, whole_prefix=True, checker=checker)
    alone = scores(plain, ASKED, CLAIMED)
    asked, claimed, again = scores(own, ASKED, CLAIMED, ASKED)
    assert asked == again == alone[0]
    assert claimed != alone[1]
    assert scores(own, CLAIMED) == [claimed]
    assert (plain.info.checker, own.info.checker) == ("", "checker.gguf")
    plain.close()
    own.close()


def test_a_passage_that_was_read_for_a_question_is_read_again_for_a_claim(gguf, checker):
    first, second = (LlamaGenerator(gguf, context=256, checker=checker) for _ in range(2))
    assert scores(first, ASKED, CLAIMED)[1] == scores(second, CLAIMED)[0]
    first.close()
    second.close()


def test_a_model_is_no_checker(gguf):
    with pytest.raises(ModelError, match=r"the adapter .* does not fit"):
        LlamaGenerator(gguf, checker=gguf)
