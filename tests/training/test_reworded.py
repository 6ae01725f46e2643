"""True sentences said otherwise stay true, as far as code can look."""

from __future__ import annotations

import random
import re

import pytest

from training import reworded
from training.corrupt import sentence_claims


@pytest.mark.parametrize(
    ("change", "said", "otherwise"),
    [
        (reworded._active, "The bridge was built by the army in 1931.", "The army built the bridge in 1931."),
        (reworded._active, "The play was written by Ann Lee.", "Ann Lee wrote the play."),
        (reworded._active, "The bridge was built by the army, which left.", ""),
        (reworded._front, "The bridge at Corran was opened in 1931.", "In 1931, the bridge at Corran was opened."),
        (reworded._back, "In 1931, the bridge at Corran was opened.", "The bridge at Corran was opened in 1931."),
        (reworded._numbers, "It has 7 arches.", "It has seven arches."),
        (reworded._numbers, "It has seven arches.", "It has 7 arches."),
        (reworded._numbers, "It cost 12,000,000 crowns.", "It cost 12 million crowns."),
        (reworded._numbers, "It opened on 7 May at 9.30.", ""),
        (reworded._owner, "It was opened by Corran's mayor in May.", "It was opened by the mayor of Corran in May."),
    ],
)  # fmt: skip
def test_each_change(change, said, otherwise):
    assert change(said, random.Random(0)) == otherwise


def test_one_fact_out_of_several():
    found = {reworded._part("Ann Lee, the mayor of Corran, opened the bridge.", random.Random(n)) for n in range(20)}
    assert found == {"Ann Lee opened the bridge.", "Ann Lee was the mayor of Corran."}


def test_no_number_or_name_comes_or_changes():
    said = "In 1931, the bridge at Corran, built by Ann Lee, was used by roughly 4,000 cars."
    known = set(re.findall(r"\d[\d,]*\d|[A-Z]\w+", said)) | {"The"}
    for seed in range(200):
        assert set(re.findall(r"\d[\d,]*\d|[A-Z]\w+", reworded.reworded(said, random.Random(seed)))) <= known


def test_other_words_alone_do_not_mean_no():
    text = "The bridge was built by the army in 1931. It is located in Corran and often used by 4,000 cars."
    rows = [claim for seed in range(60) for claim in (sentence_claims(text, random.Random(seed)) or ("", []))[1]]
    otherwise = [true for claim, true in rows if "situated in" in claim or "army built" in claim]
    assert {True, False} == set(otherwise)
