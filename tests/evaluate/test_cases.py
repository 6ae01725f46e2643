"""A suite is checked whole before anything runs, and an error names file and line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from qa.errors import InputError
from qa.evaluate import cases

from .sample import CASES, write_suite

BAD = [
    ("{", "not a JSON object"),
    ("[]", "should be an object"),
    ('{"id": "x", "question": "q", "kind": "k", "answers": ["a"], "answer": "a"}', "answer: Extra inputs"),
    ('{"id": "x", "question": "q", "kind": "k", "expect": "maybe", "answers": ["a"]}', "expect: "),
    ('{"id": "x", "question": "q", "kind": "k", "expect": "answered"}', "answers: "),
    ('{"id": "x", "question": "q", "kind": "k", "expect": "refused", "answers": ["a"]}', "answers: "),
    ('{"id": "x", "question": "q", "kind": "k", "expect": "conflict", "values": ["a"]}', "values: "),
    ('{"id": "x", "question": 3, "kind": "k", "answers": ["a"]}', "question: "),
    ('{"id": "x", "question": "q", "kind": "k", "answers": "a"}', "answers: "),
    (
        '{"id": "x", "question": "q", "kind": "k", "answers": ["a"], "evidence": [{"document": "d"}]}',
        "evidence.0.quote",
    ),
]


@pytest.mark.parametrize(("line", "words"), BAD)
def test_a_malformed_case_is_named_by_file_and_line(tmp_path: Path, line: str, words: str) -> None:
    path = write_suite(tmp_path)
    path.write_text(json.dumps(CASES[0]) + "\n\n" + line + "\n", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        cases.load(path)
    assert f"{path}:3: " in str(caught.value)
    assert words in str(caught.value)


def test_an_id_used_twice_names_both_lines(tmp_path: Path) -> None:
    path = write_suite(tmp_path, [CASES[0], CASES[1], CASES[0]])
    with pytest.raises(InputError, match=r":3: the id 'cars' is already used in line 1"):
        cases.load(path)


@pytest.mark.parametrize(
    ("head", "words"),
    [
        ("nonsense = 1", "nonsense: Extra"),
        ('[thresholds]\n"answer.correct" = { least = 1 }', "thresholds.answer.correct.least"),
        ("= 3", "cannot be read"),
        ('[thresholds]\n"answer.corect" = { min = 1 }', "answer.corect"),
    ],
)
def test_a_malformed_head_is_named(tmp_path: Path, head: str, words: str) -> None:
    with pytest.raises(InputError) as caught:
        cases.load(write_suite(tmp_path, head=head))
    assert "ferries.toml" in str(caught.value)
    assert words in str(caught.value)


def test_missing_files_and_folders(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="has no head"):
        cases.load(tmp_path / "none.jsonl")
    path = write_suite(tmp_path)
    path.with_suffix(".toml").write_text('corpus = "elsewhere"\n', encoding="utf-8")
    with pytest.raises(InputError, match="is not a folder"):
        cases.load(path)
    path.with_suffix(".toml").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="no corpus"):
        cases.load(path)
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(InputError, match="holds no case"):
        cases.load(path)


def test_the_hash_of_a_suite_does_not_see_order_or_thresholds(tmp_path: Path) -> None:
    one = cases.load(write_suite(tmp_path))
    other = cases.load(write_suite(tmp_path, reversed(CASES), head=""))
    changed = cases.load(write_suite(tmp_path, CASES[:-1]))
    assert one.sha256 == other.sha256 != changed.sha256


def test_a_choice_of_cases_keeps_their_lines(tmp_path: Path) -> None:
    suite = cases.load(write_suite(tmp_path))
    chosen = cases.select(suite, only=("person", "unanswerable"), limit=1)
    assert [case.id for case in chosen.cases] == ["captain"]
    assert chosen.line(chosen.cases[0]).endswith("ferries.jsonl:2")
    assert chosen.total == 4
    assert chosen.sha256 == suite.sha256


def test_a_sample_is_spread_over_the_kinds_and_always_the_same(tmp_path: Path) -> None:
    many = [CASES[n % 2] | {"id": f"{n}"} for n in range(20)] + [CASES[2] | {"id": f"u{n}"} for n in range(10)]
    suite = cases.load(write_suite(tmp_path, many))
    chosen = cases.select(suite, sample=6)
    assert sorted(case.kind for case in chosen.cases) == ["number"] * 2 + ["person"] * 2 + ["unanswerable"] * 2
    turned = cases.load(write_suite(tmp_path, reversed(many)))
    assert {case.id for case in cases.select(turned, sample=6).cases} == {case.id for case in chosen.cases}
    assert cases.select(suite, sample=99).cases == suite.cases


def test_inline_documents_become_files(tmp_path: Path) -> None:
    inline = {"document": "note.md", "text": "Forty cars.", "title": 'A "note": one', "date": "2024-05-06"}
    case = {"id": "x", "question": "How many cars?", "kind": "number", "answers": ["40"], "passages": [inline]}
    suite = cases.load(write_suite(tmp_path, [case], head=""))
    place = suite.corpus(suite.cases[0]).place(tmp_path / "scratch")
    text = (place / "note.md").read_text(encoding="utf-8")
    assert text == '---\ntitle: "A \\"note\\": one"\ndate: "2024-05-06"\n---\n\nForty cars.'


@pytest.mark.parametrize("name", ["../x.md", "/etc/x.md", "a/../../x.md", "x.exe", "a\\b.md", "x\n.md"])
def test_an_inline_document_stays_below_its_corpus(tmp_path: Path, name: str) -> None:
    case = {"id": "x", "question": "q", "kind": "k", "answers": ["a"], "passages": [{"document": name, "text": "t"}]}
    with pytest.raises(InputError, match=r"passages\.0"):
        cases.load(write_suite(tmp_path, [case]))


def test_the_hash_of_a_corpus_sees_contents_and_names_but_not_the_place(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    one, two = (cases.load(write_suite(tmp_path / name)) for name in ("one", "two"))
    before = one.corpus(one.cases[0]).sha256()
    assert before == two.corpus(two.cases[0]).sha256()
    (tmp_path / "two/docs/a.md").write_text("changed", encoding="utf-8")
    assert two.corpus(two.cases[0]).sha256() != before


@pytest.mark.parametrize("name", ["seeds", "archive", "injection", "summaries"])
def test_the_suites_of_this_repository_load(name: str) -> None:
    suite = cases.load(Path(__file__).parents[2] / "evals" / f"{name}.jsonl")
    assert suite.cases
