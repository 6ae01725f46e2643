"""The hand-written pairs for the checker: their form, their balance, and that each swap changes something small."""

from __future__ import annotations

import json
import re
from collections import Counter
from difflib import SequenceMatcher
from pathlib import Path

FOLDER = Path(__file__).parent.parent.parent / "evals" / "checker"
NAMED_OTHERWISE = {"1700", "63", "4"}
"""The eighteenth century, after 63 minutes, four in the afternoon: the same in words, or as an ordinal."""
FIELDS = {"id", "premise", "claim", "label", "kind"}


def pairs(name: str) -> list[dict[str, str]]:
    rows = [json.loads(line) for line in (FOLDER / name).read_text(encoding="utf-8").split("\n") if line]
    assert all(
        set(row) == FIELDS and all(isinstance(value, str) and value.strip() for value in row.values()) for row in rows
    )
    return rows


def test_a_hundred_premises_each_with_a_true_and_a_false_claim() -> None:
    rows = pairs("swaps.jsonl")
    assert len(rows) == len({row["id"] for row in rows}) == len({row["claim"] for row in rows}) == 200
    by_premise: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        by_premise.setdefault(row["premise"], []).append(row)
    assert len(by_premise) == 100
    assert all({row["label"] for row in group} == {"supported", "unsupported"} for group in by_premise.values())


def test_every_kind_of_swap_is_there() -> None:
    kinds = Counter(row["kind"] for row in pairs("swaps.jsonl") if row["label"] == "unsupported")
    assert set(kinds) == {"number", "date", "name", "negation", "role", "quantifier", "unit"}
    assert min(kinds.values()) >= 10


def test_a_false_claim_stays_close_to_the_text() -> None:
    rows = pairs("swaps.jsonl")
    for true, false in zip(rows[::2], rows[1::2], strict=True):
        assert (true["label"], false["label"]) == ("supported", "unsupported")
        near = set(f"{true['premise']} {true['claim']}".lower().replace(",", "").replace(".", "").split())
        words = set(false["claim"].lower().rstrip(".").split())
        assert len(words & near) >= 0.6 * len(words), false["claim"]
        assert false["claim"] not in false["premise"]


def test_two_hundred_paraphrases_from_eight_domains_in_other_words() -> None:
    rows = pairs("paraphrases.jsonl")
    assert len(rows) == len({row["id"] for row in rows}) == len({row["claim"] for row in rows}) == 200
    assert {row["label"] for row in rows} == {"supported"}
    assert len(Counter(row["kind"] for row in rows)) == 8
    for row in rows:
        longest = SequenceMatcher(None, row["premise"].split(), row["claim"].split()).find_longest_match()
        assert longest.size < 7, row["claim"]


def test_no_paraphrase_brings_a_number_in_digits_that_its_premise_lacks() -> None:
    for row in pairs("paraphrases.jsonl"):
        brought = set(re.findall(r"\d+", row["claim"])) - set(re.findall(r"\d+", row["premise"]))
        assert brought <= NAMED_OTHERWISE, row["claim"]
