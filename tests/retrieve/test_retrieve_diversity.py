from __future__ import annotations

import random

from qa.retrieve.diversity import pick
from qa.types import Hit, Passage, Source

WORDS = [f"w{number}" for number in range(500)]


def prose(seed: int, length: int = 60) -> str:
    return " ".join(random.Random(seed).choices(WORDS, k=length))


def hit(number: int, text: str, path: str, group: str = "") -> Hit:
    source = Source(path, "", "", "", "", len(text), 1, group or path)
    return Hit(Passage(path, 0, len(text), text, (), id=number), source, 1.0 / (number + 1))


def ids(hits: list[Hit]) -> list[int]:
    return [one.passage.id for one in hits]


def test_the_order_and_the_number_are_kept():
    hits = [hit(number, prose(number), f"{number}.txt") for number in range(10)]
    assert ids(pick(hits, 4, 3)) == [0, 1, 2, 3]
    assert ids(pick(hits[:2], 4, 3)) == [0, 1]


def test_near_copies_become_one_hit_that_names_them():
    text = prose(1)
    hits = [
        hit(0, text, "a.txt"),
        hit(1, text, "b.txt"),
        hit(2, prose(2), "c.txt"),
        hit(3, text + " Update.", "d.txt"),
        hit(4, text, "b.txt"),
    ]
    chosen = pick(hits, 8, 3)
    assert ids(chosen) == [0, 2]
    assert [source.path for source in chosen[0].copies] == ["b.txt", "d.txt"]


def test_ten_copies_do_not_crowd_out_evidence():
    text = prose(1)
    hits = [hit(number, text, f"copy{number}.txt") for number in range(10)] + [hit(10, prose(2), "other.txt")]
    chosen = pick(hits, 3, 3)
    assert ids(chosen) == [0, 10]
    assert len(chosen[0].copies) == 9


def test_a_longer_passage_is_no_copy_of_a_short_one():
    short, rest = prose(1, 30), prose(2, 60)
    assert ids(pick([hit(0, short, "a.txt"), hit(1, f"{short} {rest}", "b.txt")], 8, 3)) == [0, 1]
    assert ids(pick([hit(1, f"{short} {rest}", "b.txt"), hit(2, short, "a.txt")], 8, 3)) == [1]


def test_overlapping_windows_of_one_document_both_stay():
    one, two = prose(1, 40), prose(2, 8)
    assert ids(pick([hit(0, one, "a.txt"), hit(1, " ".join(one.split()[-30:]) + " " + two, "a.txt")], 8, 3)) == [0, 1]


def test_a_source_takes_no_more_than_its_share_while_others_have_something():
    hits = [hit(number, prose(number), "big.txt") for number in range(6)] + [hit(6, prose(6), "small.txt")]
    assert ids(pick(hits, 4, 2)) == [0, 1, 2, 6], "the last place is filled from what was held back"
    assert ids(pick(hits, 3, 2)) == [0, 1, 6]
    assert ids(pick(hits, 8, 1)) == [0, 1, 2, 3, 4, 5, 6]


def test_near_copies_of_a_document_share_one_room():
    hits = [hit(n, prose(n), f"{n % 2}.txt", group="0.txt") for n in range(6)] + [hit(6, prose(6), "other.txt")]
    assert ids(pick(hits, 4, 3)) == [0, 1, 2, 6]


def test_what_was_held_back_and_repeats_a_chosen_hit_is_not_filled_in():
    text = prose(9)
    hits = [hit(0, prose(0), "a.txt"), hit(1, prose(1), "a.txt"), hit(2, text, "a.txt"), hit(3, text, "b.txt")]
    chosen = pick(hits, 4, 2)
    assert ids(chosen) == [0, 1, 3]
    assert [source.path for source in chosen[-1].copies] == ["a.txt"]
