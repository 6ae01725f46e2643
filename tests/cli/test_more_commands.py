"""``qa eval``, ``qa calibrate``, ``qa doctor`` and ``qa chat``: arguments in, exit codes out."""

from __future__ import annotations

import json
import re

import pytest

from qa import doctor, tui
from qa.doctor import Finding
from qa.errors import ExitCode

QUESTION = "How many Marines were sent?"


@pytest.fixture
def suite(place):
    """A suite of two questions over ``docs/``; ``suite(minimum)`` writes it with a threshold for right answers."""

    def write(minimum: float) -> str:
        (place / "evals").mkdir(exist_ok=True)
        quote = "A detachment of 100 Marines was sent from Kuwait to Baghdad."
        cases = [
            {
                "id": "count", "question": QUESTION, "kind": "number", "answers": ["100"], "expect": "answered",
                "evidence": [{"document": "ledger.md", "quote": quote}], "documents": ["ledger.md"], "values": ["100"],
            },
            {"id": "cup", "question": "Who won the cup?", "kind": "unanswerable", "expect": "refused"},
        ]  # fmt: skip
        (place / "evals" / "small.jsonl").write_text("".join(json.dumps(c) + "\n" for c in cases), encoding="utf-8")
        (place / "evals" / "small.toml").write_text(
            'name = "small"\ndescription = "two"\ncorpus = "../docs"\ntask = "ask"\n\n[thresholds]\n'
            f'"answer.correct" = {{ min = {minimum} }}\n',
            encoding="utf-8",
        )
        return "evals/small.jsonl"

    return write


def test_an_evaluation_that_holds_its_thresholds(qa, suite, place):
    result = qa(
        "eval", suite(0.5), "--json", "report.json", "--md", "report.md", "--junit", "r.xml", "--html", "r.html"
    )
    assert result.code == ExitCode.OK, result.err
    assert "small" in result.out
    json.loads((place / "report.json").read_text(encoding="utf-8"))
    for name in ("report.md", "r.xml", "r.html"):
        assert (place / name).stat().st_size > 100


def test_one_that_does_not_exits_6(qa, suite, generator, monkeypatch):
    monkeypatch.setattr(generator, "_reply", lambda request: "not found")
    assert qa("eval", suite(0.9)).code == ExitCode.FELL_SHORT


def test_suites_in_the_folder_are_the_default(qa, suite):
    suite(0.5)
    assert "small" in qa("eval", "--limit", 1).out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["eval"], 2), (["eval", "none.jsonl"], 1), (["eval", "--update-baseline"], 2), (["calibrate"], 2),
        (["calibrate", "none.jsonl"], 1), (["eval", "--limit", "0"], 2), (["eval", "docs/farm.txt"], 1),
    ],
)  # fmt: skip
def test_mistakes_are_one_line(qa, arguments, code):
    result = qa(*arguments)
    assert (result.code, result.out) == (code, "")
    assert re.fullmatch(r"qa: .+\n", result.err), result.err


@pytest.mark.parametrize(("ok", "code"), [(True, 0), (False, 1)])
def test_doctor_tells_each_finding_and_what_mends_it(qa, monkeypatch, ok, code):
    findings = [
        Finding("processor", True, "x86-64\x1b[31m, 2 cores"),
        Finding("generator", ok, "llama.cpp crashes here", "" if ok else "make env"),
    ]
    monkeypatch.setattr(doctor, "examine", lambda config: findings)
    result = qa("doctor")
    assert (result.code, result.err) == (code, "")
    assert result.out.startswith("ok    processor: x86-64[31m, 2 cores\n")
    assert ("FAIL  generator: llama.cpp crashes here\n      mend it: make env\n" in result.out) is not ok
    listed = json.loads(qa("doctor", "--json").out)
    assert [f["ok"] for f in listed] == [True, ok]


def test_chat_is_started_with_the_settings_and_its_own_exit_code(qa, monkeypatch, place):
    given = {}

    def run(backend, *, sessions_path, resume, theme, farewell):
        given.update(backend=backend, sessions_path=sessions_path, resume=resume, theme=theme)
        farewell("the way back")
        return 0

    monkeypatch.setattr(tui, "run", run)
    assert qa("chat", "--theme", "light", "--resume").err == "the way back\n"
    assert (given["theme"], given["resume"], given["sessions_path"].name) == ("light", True, "conversations.sqlite")
    assert type(given["backend"]()).__name__ == "RemoteBackend"
    for words, resume in (
        ((), None),
        (("--resume", "--theme", "dark"), True),
        (("--resume", "3", "--theme", "dark"), "3"),
        (("--resume=Embassy siege",), "Embassy siege"),
    ):
        assert qa("chat", *words).code == 0
        assert given["resume"] == resume
    wrong = qa("chat", "--theme", "purple")
    assert wrong.code == 1
    assert "dark, light, contrast" in wrong.err
