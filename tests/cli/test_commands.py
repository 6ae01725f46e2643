"""Every command, what it prints where, and its exit code."""

from __future__ import annotations

import json
import re

import jsonschema
import pytest

from qa import __version__
from qa.errors import ExitCode
from qa.render.json import answer_from_json, schema

QUESTION = "How many Marines were sent?"


def one_complaint(result) -> str:
    """The error of a run: one line, and nothing on stdout."""
    assert result.out == ""
    assert re.fullmatch(r"qa: .+\n", result.err), result.err
    return result.err


def test_version_and_help(qa):
    assert qa("--version").out == f"qa {__version__}\n"
    for arguments in (["--help"], ["ask", "--help"], ["sources", "rm", "--help"]):
        result = qa(*arguments)
        assert (result.code, result.err) == (0, "")
        assert result.out.startswith("Usage: qa")


def test_without_a_command_the_help_is_shown_as_a_usage_error(qa):
    result = qa()
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Usage: qa")


@pytest.mark.parametrize(
    "arguments",
    [
        ["bogus"], ["ask", "--bogus", "x"], ["ask", "x", "--top-k", "0"], ["ask", "x", "--top-k", "many"], ["ask"],
        ["ask", "x", "--batch", "y"], ["ask", "x", "y"], ["index"], ["show"], ["verify"], ["search"],
        ["ask", "x", "--risk", "2"], ["ask", "", "--json"], ["ask", " \t "], ["search", ""],
        ["ask", "x", "--json", "--md"], ["ask", "x", "--since", "yesterday"], ["search", "x", "--until", "32"],
        ["show", "ledger.md:9-3"], ["show", "ledger.md:0-99999"], ["ask", "why? " * 20_000],
        ["summarize", "x" * 100_000], ["sources", "bogus"],
    ],
)  # fmt: skip
def test_usage_errors_are_one_line_and_exit_2(indexed, arguments):
    result = indexed(*arguments)
    assert result.code == ExitCode.USAGE
    assert len(one_complaint(result)) < 500


def test_index_counts_and_is_idempotent(qa, place):
    assert qa("index", "docs").out == "index: 3 added, 0 changed, 0 unchanged, 0 removed, 0 failed\n"
    (place / "docs" / "wire.md").write_text("Nothing new today.", encoding="utf-8")
    (place / "docs" / "farm.txt").unlink()
    result = qa("index", "docs")
    assert (result.code, result.err) == (0, "")
    assert result.out == "index: 0 added, 1 changed, 1 unchanged, 1 removed, 0 failed\n"


def test_files_that_fail_are_named_and_the_rest_goes_in(qa, place):
    (place / "docs" / "empty.txt").write_bytes(b"")
    (place / "docs" / "zeros.txt").write_bytes(bytes(5000))
    (place / "docs" / "photo.pdf").write_bytes(b"\xff\xd8\xff\xe0" + bytes(range(256)) * 4)
    result = qa("index", "docs")
    assert result.code == ExitCode.PARTLY_INDEXED
    assert "3 added" in result.out
    assert "3 failed" in result.out
    lines = result.err.splitlines()
    assert [re.match(r"qa: (\S+): .", line).group(1) for line in lines] == [
        "docs/empty.txt", "docs/photo.pdf", "docs/zeros.txt",
    ]  # fmt: skip
    assert qa("ask", QUESTION).code == 0


def test_reading_ahead_comes_after_the_counts(qa):
    result = qa("index", "docs", "--read-ahead")
    assert (result.code, result.out) == (0, "index: 3 added, 0 changed, 0 unchanged, 0 removed, 0 failed\n")


def test_rebuild_starts_from_nothing(indexed):
    assert "1 added" in indexed("index", "docs/farm.txt", "--rebuild").out
    assert len(json.loads(indexed("sources", "--json").out)) == 1


def test_ask_prints_the_answer_on_stdout_alone(indexed):
    result = indexed("ask", QUESTION)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("100 Marines were sent. [1][2] ✓\n")
    assert "“A detachment of 100 Marines was sent from Kuwait to Baghdad.”" in result.out
    assert "The Ledger" in result.out
    assert "apples" not in result.out
    assert "\x1b" not in result.out


def test_ask_as_json_is_the_published_form_and_spans_can_be_shown(indexed):
    result = indexed("ask", QUESTION, "--json", "--seed", 5)
    data = json.loads(result.out)
    jsonschema.validate(data, schema(), cls=jsonschema.Draft202012Validator)
    assert (result.code, data["status"], data["short"], data["model"]["seed"]) == (0, "answered", "100", 5)
    assert answer_from_json(data).question == QUESTION
    for c in data["citations"]:
        whole = indexed("show", c["document"]).out
        assert whole[c["start"] : c["end"]] == c["quote"]
        assert f"»{c['quote']}«" in indexed("show", f"{c['document']}:{c['start']}-{c['end']}").out


def test_ask_as_markdown(indexed):
    result = indexed("ask", QUESTION, "--md")
    assert result.out.startswith(f"**{QUESTION}**\n\n100 Marines were sent. \\[1\\]")


def test_explain_narrates_on_stderr(indexed):
    result = indexed("ask", QUESTION, "--explain", "--json")
    json.loads(result.out)
    assert re.search(r"1\. docs/\w+\.\w+:\d+-\d+ 0\.\d+ dense #\d", result.err)
    assert "generator scripted" in indexed("ask", QUESTION, "--explain").out


def test_streamed_sentences_are_printed_once(indexed):
    out = indexed("ask", QUESTION, "--stream").out
    assert out.count("100 Marines were sent.") == 1
    assert "[1] " in out


def test_a_refusal_exits_3_and_shows_what_came_nearest(indexed):
    result = indexed("ask", "Who won the cup?")
    assert result.code == ExitCode.REFUSED
    assert result.out.startswith("Not answered. NO_EVIDENCE: ")
    assert "The nearest passages:" in result.out
    as_json = indexed("ask", "Who won the cup?", "--json")
    assert as_json.code == ExitCode.REFUSED
    assert json.loads(as_json.out)["citations"] == []


def test_filters(indexed):
    data = json.loads(indexed("ask", QUESTION, "--json", "--source", "wire").out)
    assert {c["publisher"] for c in data["citations"]} == {"Wire News"}
    data = json.loads(indexed("ask", QUESTION, "--json", "--until", "2019").out)
    assert {c["publisher"] for c in data["citations"]} == {"The Ledger"}
    result = indexed("ask", QUESTION, "--source", "gazette")
    assert result.code == 1
    assert "gazette" in one_complaint(result)


def test_batch_answers_each_line_with_one_json_line(indexed, place):
    lines = [
        {"id": "a", "question": QUESTION},
        {"id": 7, "question": "Who won the cup?"},
        {"question": "x\x1b[31m" + "y" * 10},
    ]
    (place / "batch.jsonl").write_text("\ufeff" + "\r\n\n".join(map(json.dumps, lines)), encoding="utf-8")
    result = indexed("ask", "--batch", "batch.jsonl")
    answers = [json.loads(line) for line in result.out.splitlines()]
    assert result.code == 0
    assert [(a["id"], a["status"]) for a in answers] == [("a", "answered"), ("7", "refused"), ("5", "refused")]
    for answer in answers:
        jsonschema.validate(answer, schema(), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{", "not JSON"), ("[]", "question"), ('{"id": 1}', "question"), ('{"question": " "}', "question"),
        ('{"question": 3}', "question"), ("[" * 100_000, "nested"),
        ('{"question": "' + "x" * 3000 + '"}', "characters"),
    ],
)  # fmt: skip
def test_a_malformed_line_is_named_before_anything_is_answered(indexed, generator, place, line, told):
    generator.requests.clear()
    (place / "batch.jsonl").write_text(json.dumps({"question": QUESTION}) + "\n\n" + line, encoding="utf-8")
    result = indexed("ask", "--batch", "batch.jsonl")
    assert result.code in (1, 2)
    complaint = one_complaint(result)
    assert "batch.jsonl:3: " in complaint
    assert told in complaint
    assert generator.requests == []


def test_a_batch_file_that_is_missing_or_no_text(indexed, place):
    assert indexed("ask", "--batch", "none.jsonl").code == 1
    (place / "batch.jsonl").write_bytes(b"\xff\xfe\x00\x01")
    assert "UTF-8" in one_complaint(indexed("ask", "--batch", "batch.jsonl"))


def test_summarize_accounts_for_every_source(indexed):
    result = indexed("summarize")
    assert (result.code, result.err) == (0, "")
    for label in ("The Ledger", "Wire News", "farm"):
        assert label in result.out
    data = json.loads(indexed("summarize", "--json", "--source", "ledger").out)
    jsonschema.validate(data, schema(), cls=jsonschema.Draft202012Validator)
    assert [c["document"] for c in data["coverage"]] == ["docs/ledger.md"]
    assert indexed("summarize", "quantum chromodynamics").code == ExitCode.REFUSED


def test_verify_supported_and_not(indexed, place):
    (place / "draft.txt").write_text("Nobody was hurt, officials said.", encoding="utf-8")
    good = indexed("verify", "draft.txt")
    assert (good.code, good.err) == (0, "")
    assert good.out.startswith("✓ Nobody was hurt")
    (place / "draft.txt").write_text("A detachment of 900 Marines was sent from Kuwait.", encoding="utf-8")
    bad = indexed("verify", "draft.txt")
    assert bad.code == ExitCode.UNSUPPORTED
    assert "NUMBER_MISMATCH" in bad.out
    assert "nearest: “A detachment of 100" in bad.out
    data = json.loads(indexed("verify", "draft.txt", "--json").out)
    jsonschema.validate(data, schema(), cls=jsonschema.Draft202012Validator)
    assert "unsupported" in indexed("verify", "draft.txt", "--md").out


@pytest.mark.parametrize(("data", "code"), [(b"Nobody was hurt, officials said.", 0), (b"\xff\xfe\xfd", 1), (b"", 1)])
def test_verify_reads_standard_input(indexed, monkeypatch, data, code):
    import io

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    assert indexed("verify", "-").code == code


def test_verify_of_a_missing_or_empty_file(indexed, place):
    assert "none.txt" in one_complaint(indexed("verify", "none.txt"))
    (place / "empty.txt").write_bytes(b"")
    assert indexed("verify", "empty.txt").code == 1


def test_search_lists_passages(indexed):
    result = indexed("search", "apples in the valley", "--explain")
    assert result.code == 0
    assert re.match(r"1\. farm  docs/farm\.txt:0-\d+\n", result.out)
    assert "dense #1" in result.out
    hits = json.loads(indexed("search", "apples in the valley", "--json", "--top-k", 1).out)
    assert [h["document"] for h in hits] == ["docs/farm.txt"]
    assert hits[0]["text"] == indexed("show", "farm.txt").out[hits[0]["start"] : hits[0]["end"]]
    assert indexed("search", "apples", "--since", "2031").code == ExitCode.REFUSED


def test_show_takes_a_path_or_its_ending_and_a_context(indexed):
    assert indexed("show", "farm.txt").out == indexed("show", "docs/farm.txt").out
    assert indexed("show", "farm.txt:0-7", "--context", 3).out == "»Growers« pi…\n"
    assert indexed("show", "farm.txt:8-14", "-C", 0).out == "…»picked«…\n"
    assert "no document 'nothing.md'" in one_complaint(indexed("show", "nothing.md"))


def test_sources_lists_tells_what_changed_and_removes(indexed, place):
    (place / "docs" / "wire.md").write_text("Changed.", encoding="utf-8")
    result = indexed("sources")
    assert (result.code, result.err) == (0, "")
    assert re.search(r"docs/wire\.md .*changed on disk", result.out)
    assert not re.search(r"docs/ledger\.md .*changed on disk", result.out)
    rows = json.loads(indexed("sources", "--json").out)
    assert [(r["path"], r["stale"]) for r in rows] == [
        ("docs/farm.txt", False), ("docs/ledger.md", False), ("docs/wire.md", True),
    ]  # fmt: skip
    assert indexed("sources", "rm", "farm.txt").out == "1 removed\n"
    assert (place / "docs" / "farm.txt").is_file()
    assert "farm" not in indexed("sources").out
    missing = indexed("sources", "rm", "farm.txt")
    assert missing.code == 1
    assert "farm.txt" in one_complaint(missing)


def test_a_stale_source_is_told_in_the_answer(indexed, place):
    (place / "docs" / "wire.md").write_text("Changed.", encoding="utf-8")
    assert "note: docs/wire.md changed on disk" in indexed("ask", QUESTION).out
