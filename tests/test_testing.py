import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import ServerError
from qa.models.seams import Completion, Request
from qa.testing import Breaks, FixedChecker, FixedLocator, FixedReranker, HashEmbedder, ScriptedGenerator, WordChecker
from tests.models.contracts import (
    checker_contract,
    embedder_contract,
    generator_contract,
    locator_contract,
    reranker_contract,
)


def test_the_fakes_keep_the_contracts():
    embedder_contract(HashEmbedder())
    generator_contract(ScriptedGenerator(lambda request: request.user))
    checker_contract(WordChecker())
    checker_contract(FixedChecker(0.5))
    reranker_contract(FixedReranker())
    locator_contract(FixedLocator("Nine"))


def test_replies_come_from_the_queue_first_and_requests_are_kept():
    generator = ScriptedGenerator(lambda _: "later").enqueue("first", Completion("second", -3.0, 2))
    texts = [reply.text for reply in generator.complete([Request("s", str(i)) for i in range(3)])]
    assert texts == ["first", "second", "later"]
    assert [request.user for request in generator.requests] == ["0", "1", "2"]


def test_nothing_scripted_is_a_loud_failure():
    with pytest.raises(AssertionError, match="no reply is scripted"):
        ScriptedGenerator().complete([Request("s", "u")])


def test_a_reply_is_cut_at_stop_strings_and_at_its_length():
    generator = ScriptedGenerator(lambda _: "one two\nthree four")
    assert generator.complete([Request("s", "u", stop=("\n",))])[0].text == "one two"
    cut = generator.complete([Request("s", "u", max_tokens=3)])[0]
    assert (cut.text, cut.stopped) == ("one two\nthree", "length")


def test_a_candidate_that_is_the_reply_scores_as_the_reply():
    reply = ScriptedGenerator(lambda _: "not found").complete([Request("s", "u", candidates=("not found", "yes"))])[0]
    assert reply.candidates["not found"] == reply.logprob
    assert reply.candidates["yes"] < reply.candidates["not found"]


def test_failures_are_scripted():
    generator = ScriptedGenerator().enqueue(ServerError("down"), Breaks("half a", ServerError("gone")))
    with pytest.raises(ServerError, match="down"):
        generator.complete([Request("s", "u")])
    with pytest.raises(ServerError, match="gone"):
        generator.complete([Request("s", "u")])


def test_a_broken_stream_gives_its_beginning_first():
    stream = ScriptedGenerator().enqueue(Breaks("half a", ServerError("gone"))).stream(Request("s", "u"))
    assert next(stream) == "half "
    assert next(stream) == "a"
    with pytest.raises(ServerError):
        next(stream)


@given(st.lists(st.text(max_size=40), max_size=5))
def test_the_embedder_is_a_function_of_each_text(texts):
    embedder = HashEmbedder(64)
    together = embedder.encode(texts)
    for row, text in zip(together, texts, strict=True):
        assert (embedder.encode([text])[0] == row).all()


def test_shared_words_make_texts_near():
    near, far, query = HashEmbedder().encode(["nine boats left", "a budget of snow", "how many boats left"])
    assert near @ query > far @ query
