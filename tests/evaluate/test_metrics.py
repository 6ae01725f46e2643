"""Every metric's examples, computed by hand, hold; and a few properties that examples do not show."""

from __future__ import annotations

import doctest
import importlib
import math
import pkgutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

import qa.evaluate.metrics
from qa.evaluate import gate, measures
from qa.evaluate.metrics import abstention, answer, citation, entail, numbers, retrieval, text
from qa.evaluate.metrics.abstention import Judged
from qa.evaluate.metrics.retrieval import Located

MODULES = [f"qa.evaluate.metrics.{one.name}" for one in pkgutil.iter_modules(qa.evaluate.metrics.__path__)]


@pytest.mark.parametrize("name", [*MODULES, gate.__name__, measures.__name__])
def test_examples_in_the_docstrings_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ("one hundred", [100]),
        ("a hundred", [100]),
        ("two thousand three hundred and five", [2305]),
        ("$1.5 million", [1_500_000]),
        ("5,000 troops and 25 fighters", [5000, 25]),
        ("444 days", [444]),
        ("31 December 2019", [31, 2019]),
        ("twenty-five", [25]),
        ("3.5%", [3.5]),
        ("a dozen", [12]),
        ("the 1980s", [1980]),
        ("12k", [12_000]),
        ("no number here, none", []),
        ("one of them", []),
    ],
)
def test_numbers_in_digits_and_words(written: str, values: list[float]) -> None:
    assert [number.value for number in numbers.numbers(written)] == values


@given(st.integers(min_value=2, max_value=10**9))
def test_any_integer_reads_back_with_and_without_separators(value: int) -> None:
    assert [n.value for n in numbers.numbers(f"about {value:,} of them")] == [value]
    assert [n.value for n in numbers.numbers(f"{value} of them")] == [value]


@given(st.text(max_size=200))
def test_no_text_breaks_the_readers(anything: str) -> None:
    numbers.numbers(anything)
    text.names(anything)
    assert 0.0 <= entail.support(anything, anything) <= 1.0


@given(st.text(alphabet="abc 1,.", max_size=30), st.text(alphabet="abc 1,.", max_size=30))
def test_f1_is_symmetric_and_exact_match_is_its_top(one: str, other: str) -> None:
    assert answer.f1(one, [other]) == pytest.approx(answer.f1(other, [one]))
    if answer.exact(one, [other]):
        assert answer.f1(one, [other]) == 1.0


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), max_size=20), st.randoms())
def test_the_order_of_answers_does_not_change_aurc_and_ece(pairs: list[tuple[float, bool]], shuffler: object) -> None:
    judged = [Judged(*pair) for pair in pairs]
    other = sorted(judged, key=lambda one: (one.correct, -one.confidence))
    for metric in (abstention.aurc, abstention.ece):
        a, b = metric(judged), metric(other)
        assert a == pytest.approx(b) or (math.isnan(a) and math.isnan(b))


def test_a_perfect_order_has_less_area_than_a_reversed_one() -> None:
    good = [Judged(0.9, True), Judged(0.8, True), Judged(0.2, False)]
    bad = [Judged(0.2, True), Judged(0.3, True), Judged(0.9, False)]
    assert abstention.aurc(good) < abstention.aurc(bad)


def test_retrieval_of_two_spans_in_one_passage_counts_both() -> None:
    gold = [Located("a", 0, 10), Located("a", 20, 30)]
    assert retrieval.recall_at(1, gold, [[Located("a", 0, 30)]]) == 1.0
    assert math.isnan(retrieval.recall_at(1, [], [[Located("a", 0, 30)]]))


def test_a_citation_that_adds_nothing_costs_precision_but_not_recall() -> None:
    claims = [citation.Claim("It sent 100 Marines.", ("It sent 100 Marines.", "The weather was fine."))]
    assert citation.recall(claims, entail.supports) == 1.0
    assert citation.precision(claims, entail.supports) == 0.5


@pytest.mark.parametrize(
    ("premise", "claim", "held"),
    [
        ("The Pentagon sent 100 Marines.", "The Pentagon sent 100 Marines.", True),
        ("The Pentagon sent a hundred Marines to Baghdad.", "100 Marines were sent to Baghdad.", True),
        ("The Pentagon sent 100 Marines.", "The Pentagon sent 750 Marines.", False),
        ("The Pentagon did not send Marines.", "The Pentagon sent Marines.", False),
        ("Mark Esper spoke.", "Mike Pompeo spoke on Tuesday.", False),
    ],
)
def test_the_second_checker(premise: str, claim: str, held: bool) -> None:
    assert entail.supports(premise, claim) is held
