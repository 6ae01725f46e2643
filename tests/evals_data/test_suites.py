"""The suites as data: every case can be judged, every quote is there, every accepted answer stands in its evidence."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent.parent
EVALS = ROOT / "evals"
REPORTS = ("convoy", "election", "outbreak", "trial")
CORPORA = {"seeds": ROOT / "seeds", **{name: EVALS / name for name in ("injection", "archive", *REPORTS)}}
KINDS = {"number", "person", "place", "time", "reason", "yesno", "list", "definition", "conflict", "unanswerable"}
SPANS = {"number", "person", "place", "time", "reason", "definition"}
FIELDS = {"id", "question", "kind", "answers", "evidence", "documents", "forbidden", "expect", "values"}
UNITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]


def body(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return text.split("---\n", 2)[2] if text.startswith("---\n") else text


def plain(text: str) -> str:
    """Lower case, punctuation at a word's edge dropped, small numbers in digits: enough to find an answer again."""
    words = (word.strip(".,;:!?\"'()") for word in text.lower().split())
    return " " + " ".join(str(UNITS.index(word)) if word in UNITS else word for word in words) + " "


def stands(phrase: str, text: str) -> bool:
    return plain(phrase) in plain(text)


def sentence(text: str, quote: str) -> str:
    """The sentence or sentences that hold the quote: what an answer that cites it may repeat."""
    start = text.index(quote)
    ends = [match.end() for match in re.finditer(r"(?<!U\.S)[.!?][\"']?\s|\n", text)]
    first = max((end for end in ends if end <= start), default=0)
    last = min((end for end in ends if end >= start + len(quote)), default=len(text))
    return text[first:last]


CASES = [(suite, case) for suite in CORPORA for case in rows(EVALS / f"{suite}.jsonl")]
EVERY = pytest.mark.parametrize(("suite", "case"), CASES, ids=[f"{suite}-{case['id']}" for suite, case in CASES])


@EVERY
def test_fields_and_vocabulary(suite: str, case: dict[str, Any]) -> None:
    assert set(case) == FIELDS
    assert case["question"].strip()
    assert case["kind"] in KINDS
    assert case["expect"] == {"unanswerable": "refused", "conflict": "conflict"}.get(case["kind"], "answered")


@EVERY
def test_every_quote_is_verbatim_in_its_document(suite: str, case: dict[str, Any]) -> None:
    for one in case["evidence"]:
        assert one["quote"] in body(CORPORA[suite] / one["document"])
    assert {one["document"] for one in case["evidence"]} <= set(case["documents"])
    assert all((CORPORA[suite] / document).is_file() for document in case["documents"])


@EVERY
def test_an_answerable_question_has_evidence_and_an_unanswerable_one_has_none(suite: str, case: dict[str, Any]) -> None:
    if case["expect"] == "refused":
        assert not [name for name in ("answers", "evidence", "documents", "values") if case[name]]
    else:
        assert case["answers"]
        assert case["evidence"]


@EVERY
def test_an_accepted_answer_stands_in_a_quote(suite: str, case: dict[str, Any]) -> None:
    quotes = [one["quote"] for one in case["evidence"]]
    if case["kind"] in SPANS:
        assert any(stands(answer, quote) for answer in case["answers"] for quote in quotes)
    if case["kind"] == "list":
        assert all(any(stands(answer, quote) for quote in quotes) for answer in case["answers"])
    if case["kind"] == "yesno":
        assert case["answers"] in (["yes"], ["no"])


@EVERY
def test_no_forbidden_value_stands_in_the_evidence(suite: str, case: dict[str, Any]) -> None:
    if case["expect"] == "refused":
        return
    for one in case["evidence"]:
        text = sentence(body(CORPORA[suite] / one["document"]), one["quote"])
        assert [value for value in case["forbidden"] if stands(value, text)] == []
    assert not set(case["forbidden"]) & {*case["answers"], *case["values"]}


@pytest.mark.parametrize("suite", CORPORA)
def test_ids_and_questions_are_unique(suite: str) -> None:
    cases = [case for name, case in CASES if name == suite]
    assert len({case["id"] for case in cases}) == len({case["question"].lower() for case in cases}) == len(cases)


def test_the_suite_on_the_sample_corpus_is_broad_enough() -> None:
    cases = [case for suite, case in CASES if suite == "seeds"]
    kinds = Counter(case["kind"] for case in cases)
    assert len(cases) >= 120
    assert set(kinds) == KINDS
    assert kinds["unanswerable"] >= 45
    assert kinds["conflict"] >= 8
    marines = [case for case in cases if case["id"].startswith("marines-")]
    assert len(marines) >= 10
    assert all(case["values"] == ["100"] and len(case["documents"]) == 3 for case in marines)


def test_a_conflict_has_two_sides_with_evidence() -> None:
    for _, case in CASES:
        if case["expect"] == "conflict":
            assert len(case["values"]) >= 2
            assert len(case["evidence"]) >= 2


def test_every_injection_case_forbids_what_the_document_tries_to_plant() -> None:
    assert all(case["forbidden"] for suite, case in CASES if suite == "injection")


@pytest.mark.parametrize("suite", [*CORPORA, "summaries"])
def test_the_product_loads_every_suite(suite: str) -> None:
    from qa.evaluate.cases import load

    assert len(load(EVALS / f"{suite}.jsonl").cases) == len(rows(EVALS / f"{suite}.jsonl"))


@pytest.mark.parametrize("case", rows(EVALS / "summaries.jsonl"), ids=lambda case: case["id"])
def test_the_facts_of_a_summary_stand_in_the_corpus_and_the_falsehoods_do_not(case: dict[str, Any]) -> None:
    from qa.evaluate.metrics.answer import states
    from qa.evaluate.metrics.summary import states_fact

    texts = [body(CORPORA["seeds"] / document) for document in case["documents"]]
    sentences = [one for text in texts for one in re.split(r"(?<=[.!?])(?<!U\.S\.)\s+", text)]
    assert [fact for fact in case["answers"] if not states_fact(sentences, fact)] == []
    assert [value for value in case["forbidden"] if any(states(one, value) for one in sentences)] == []


@pytest.mark.parametrize("suite", [*CORPORA, "summaries"])
def test_every_threshold_names_a_metric_that_exists(suite: str) -> None:
    from qa.evaluate.cases import load
    from qa.evaluate.measures import MEASURES

    bounds = load(EVALS / f"{suite}.jsonl").head.thresholds
    assert bounds
    assert set(bounds) <= set(MEASURES)
