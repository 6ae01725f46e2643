import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer.locate import locate, sentence_of, text_of
from qa.answer.question import parse
from qa.corpus.sentences import split
from qa.types import Passage, Span

TEXT = (
    "Ahead. About 100 Marines flew in; 750 soldiers follow. Esper, the secretary, spoke of 5,000 troops. "
    "Later 100 cars left."
)


def passage(text: str = TEXT, start: int = 6) -> Passage:
    return Passage(
        "a.md", start, start + len(text), text, tuple(Span(s.start + start, s.end + start) for s in split(text))
    )


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        ("750 soldiers", "750 soldiers"),
        ("one hundred", "100"),
        ("The answer is 5,000", "5,000"),
        ("esper the secretary", "Esper, the secretary"),
        ("5000 troops", "5,000"),
        ("200", None),
        ("00", None),
        ("", None),
        ("General Smith", None),
    ],
)
def test_an_answer_is_found_where_it_stands_or_not_at_all(answer: str, found: str | None) -> None:
    p = passage()
    span = locate(answer, p)
    assert (text_of(p, span) if span else None) == found


def test_of_several_places_the_one_that_the_question_is_about() -> None:
    p = passage()
    span = locate("100", p, parse("How many cars left?").content)
    assert span is not None
    assert text_of(p, sentence_of(p, span)) == "Later 100 cars left."


@given(st.text(min_size=1), st.data())
def test_spans_are_exact_for_any_text(text: str, data: st.DataObject) -> None:
    p = passage(text, 3)
    a = data.draw(st.integers(0, len(text)))
    b = data.draw(st.integers(a, len(text)))
    span = locate(text[a:b], p)
    if span is not None:
        assert p.start <= span.start < span.end <= p.end
