from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.retrieve.fusion import LIFT, K, fuse, lift

LISTS = st.dictionaries(
    st.sampled_from(["dense", "lexical", "rerank"]),
    st.lists(st.integers(0, 20), unique=True, max_size=12).map(lambda ids: [(i, -float(n)) for n, i in enumerate(ids)]),
)


@given(LISTS)
def test_a_score_is_the_sum_over_the_lists(lists):
    fused = dict(fuse(lists))
    expected: dict[int, float] = {}
    for ranked in lists.values():
        for number, _ in ranked:
            place = [i for i, _ in ranked].index(number) + 1
            expected[number] = expected.get(number, 0) + 1 / (K + place)
    assert fused == pytest.approx(expected)
    scores = list(fused.values())
    assert scores == sorted(scores, reverse=True)


def test_what_two_lists_hold_comes_before_what_one_holds():
    fused = fuse({"dense": [(1, 0.9), (2, 0.8), (3, 0.7)], "lexical": [(4, 9.0), (3, 5.0)]})
    assert [number for number, _ in fused] == [3, 1, 4, 2]


def test_ties_go_by_id_and_nothing_gives_nothing():
    assert fuse({"dense": [(9, 1.0)], "lexical": [(2, 1.0)]}) == [(2, 1 / (K + 1)), (9, 1 / (K + 1))]
    assert fuse({}) == fuse({"dense": []}) == []


def test_a_lift_is_the_probability_times_a_first_place():
    fused = fuse({"dense": [(1, 0.9), (2, 0.8), (3, 0.7)]})
    lifted = dict(lift(fused, [(3, 1.0), (2, 0.0)]))
    assert lifted == pytest.approx({1: 1 / 61, 2: 1 / 62, 3: 1 / 63 + LIFT / 61})
    assert [number for number, _ in lift(fused, [(3, 1.0), (2, 0.0)])] == [3, 1, 2]


@given(LISTS)
def test_without_a_probability_the_order_stays(lists):
    fused = fuse(lists)
    assert lift(fused, []) == lift(fused, [(number, 0.0) for number, _ in fused]) == fused
