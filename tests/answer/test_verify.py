from __future__ import annotations

import pytest

from qa.answer.pipeline import drain
from qa.answer.verify import verify
from qa.errors import InputError
from qa.testing import FixedChecker, ScriptedGenerator
from qa.types import Done, Drafted, Reason, Verified

QUOTE = "Nobody was hurt, officials said."


@pytest.fixture
def engine(make_engine):
    return make_engine(ScriptedGenerator(), checker=FixedChecker(1.0))


def checked(engine, text: str):
    answer = drain(verify(engine, text))
    for c in answer.citations:
        assert engine.index.document(c.document).text[c.start : c.end] == c.quote
    assert {n for s in answer.sentences for n in s.citations} == {c.n for c in answer.citations}
    return answer


def test_events_come_sentence_by_sentence(engine):
    events = list(verify(engine, f"{QUOTE} Forty tonnes of apples were picked."))
    assert [type(e) for e in events] == [Drafted, Verified, Drafted, Verified, Done]
    assert [e.sentence for e in events if isinstance(e, Verified)] == list(events[-1].answer.sentences)


def test_a_quote_is_supported_by_its_own_span(engine):
    answer = checked(engine, QUOTE)
    (sentence,) = answer.sentences
    assert (sentence.verdict, sentence.reasons) == ("supported", ())
    assert answer.citations[0].quote == QUOTE
    assert answer.short == "1 of 1 sentences supported"
    assert answer.confidence == 1.0


@pytest.mark.parametrize(
    ("claim", "reason", "quoted"),
    [
        ("A detachment of 900 Marines was sent from Kuwait.", Reason.NUMBER_MISMATCH, "100 Marines"),
        ("Secretary Donald Duck ordered the move on Tuesday.", Reason.NAME_MISMATCH, "Mark Esper"),
        ("Secretary Mark Esper did not order the move on Tuesday.", Reason.NEGATION, "Mark Esper"),
    ],
)
def test_a_contradiction_has_its_reason_and_the_nearest_span(engine, claim, reason, quoted):
    answer = checked(engine, claim)
    (sentence,) = answer.sentences
    assert sentence.verdict == "unsupported"
    assert reason in sentence.reasons
    (citation,) = answer.citations
    assert citation.verdict == "unsupported"
    assert quoted in citation.quote


def test_what_the_checker_half_believes_is_partial(make_engine):
    answer = checked(make_engine(ScriptedGenerator(), checker=FixedChecker(0.3)), "Officials hurt nobody that day.")
    assert answer.sentences[0].verdict == "partial"
    assert answer.sentences[0].reasons == (Reason.LOW_SUPPORT,)
    assert answer.sentences[0].support == 0.3


def test_a_claim_without_any_shared_word_has_no_evidence_and_no_citation(engine):
    answer = checked(engine, "Quarks oscillate.")
    assert answer.sentences[0].reasons == (Reason.NO_EVIDENCE,)
    assert answer.citations == ()
    assert answer.confidence == 0.0


def test_two_sentences_together_may_support_what_neither_does_alone(make_engine):
    class Joint:
        name, threshold = "joint", 0.5

        def support(self, pairs):
            return [float("crowd" in premise and "Esper" in premise) for premise, _ in pairs]

    claim = "Esper moved after the crowd came to the embassy wall."
    answer = checked(make_engine(ScriptedGenerator(), checker=Joint()), claim)
    assert answer.sentences[0].verdict == "supported"
    assert "crowd" in answer.citations[0].quote
    assert "Esper" in answer.citations[0].quote


def test_marks_of_the_text_are_not_read_as_citations(engine):
    answer = checked(engine, f"{QUOTE[:-1]} [7][12, 3]. It happened in [2019] too.")
    assert answer.sentences[0].verdict == "supported"
    assert "[7]" not in answer.answer
    assert "[2019]" not in answer.answer


@pytest.mark.parametrize("text", ["", " \n\t", "…", "[1]", "the and of"])
def test_a_text_without_a_sentence_is_an_error(engine, text):
    with pytest.raises(InputError):
        drain(verify(engine, text))


def test_cancelling_reports_what_was_checked(engine):
    calls = iter([False, True])
    answer = drain(verify(engine, f"{QUOTE} Forty tonnes of apples were picked.", cancel=lambda: next(calls)))
    assert len(answer.sentences) == 1
    assert answer.notes == ("stopped after 1 of 2 sentences",)


def test_a_very_long_sentence_is_checked_piece_by_piece(engine):
    answer = checked(engine, "Marines were sent, " * 2_000 + "they say.")
    assert {s.verdict for s in answer.sentences} == {"supported"}
