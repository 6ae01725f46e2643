"""Each report format has a golden file, compared as bytes; hostile text stays text.

UPDATE_GOLDEN=1 writes the files anew; look at the difference before it is committed.
"""

from __future__ import annotations

import io
import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from rich.console import Console

from qa.errors import InputError
from qa.evaluate import fingerprint, reports
from qa.evaluate.reports import charts, html, json_report, junit, markdown, table
from qa.evaluate.result import EvalResult
from qa.evaluate.runner import EvalOptions, evaluate

from .sample import CASES, GOOD, answered, citation, factory, write_suite

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = "<script>alert(1)</script> \u202egnp.x\x1b[31m | `x` [l](http://e) @all #7 <img src=x onerror=y> \"'&"


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> EvalResult:
    """Two models, one of them wrong in several ways and hostile in its words, against a baseline."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fingerprint, "code_sha256", lambda: "c" * 64)
        patch.setattr(fingerprint, "prompts_sha256", lambda: "p" * 64)
        return _result(tmp_path_factory.mktemp("reports"))


def _result(tmp_path: Path) -> EvalResult:
    path, stored = write_suite(tmp_path), tmp_path / "baseline.json"
    evaluate([path], {"A": factory(), "B": factory()}, EvalOptions(baseline=stored, update_baseline=True))
    sunk = answered("How many ferries sank?", "40", HOSTILE, citation(1, "a.md", "carried 40 cars"), confidence=0.5)
    first = sunk.sentences[0]
    said = (replace(first, verdict="unsupported"), replace(first, text="Partly so.", verdict="partial"))
    wrong = GOOD | {"sunk": replace(sunk, sentences=said)}
    made = evaluate([path], {"A": factory(), "B": factory(wrong)}, EvalOptions(baseline=stored))
    calm = tuple(replace(run, cases=tuple(replace(case, ms=1500.0) for case in run.cases)) for run in made.runs)
    return replace(made, runs=calm, notes=("a note",))


def shown(result: EvalResult) -> str:
    console = Console(file=io.StringIO(), width=150, color_system=None)
    console.print(table.render(result))
    return re.sub(r" +$", "", console.file.getvalue(), flags=re.M)  # type: ignore[attr-defined]


def page(result: EvalResult) -> str:
    """Without style and script, which are files of their own."""
    return re.sub(r"(?s)(<style>|<script>).*?(?=</style>|</script>\n</body>)", r"\1", html.text(result), count=2)


FORMATS: dict[str, Callable[[EvalResult], str]] = {
    "report.json": json_report.text,
    "report.junit.xml": junit.text,
    "report.md": markdown.text,
    "report.html": page,
    "report.txt": shown,
}


@pytest.mark.parametrize("name", FORMATS)
def test_golden(result: EvalResult, name: str) -> None:
    found = FORMATS[name](result)
    if os.environ.get("UPDATE_GOLDEN"):
        (GOLDEN / name).write_text(found, encoding="utf-8", newline="\n")
    assert found.encode() == (GOLDEN / name).read_bytes()


class Page(HTMLParser):
    """Tags, attributes and text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_page_loads_nothing_and_runs_nothing_of_a_document(result: EvalResult) -> None:
    text = html.text(result)
    parsed = Page(text)
    assert parsed.tags.count("script") == 1
    assert not {"img", "link", "iframe", "object", "base", "form"} & set(parsed.tags)
    assert not [name for name, _ in parsed.attributes if name.startswith("on") or name in ("src", "srcset", "action")]
    assert all(value and value.startswith("#") for name, value in parsed.attributes if name == "href")
    assert "default-src 'none'" in text
    assert not re.search("[\u202a-\u202e\x1b]", text)
    assert "<script>alert(1)</script>" in parsed.words


def test_every_case_is_on_the_page_with_sign_source_and_context(result: EvalResult) -> None:
    text = html.text(result)
    assert text.count("<article") == 2 * len(CASES)
    assert 'class="s unsupported"><span class="sign" aria-label="unsupported">✗</span>' in text
    assert "<q>Two ferries left Orran on Monday. <mark>They carried 40 cars and 310 passengers.</mark></q>" in text
    assert text.count("<svg viewBox") >= 4


def test_junit_is_xml_and_counts(result: EvalResult) -> None:
    root = ET.fromstring(junit.text(result))
    for suite in root.findall("testsuite"):
        assert int(suite.get("tests", "")) == len(suite.findall("testcase"))
        assert int(suite.get("failures", "")) == len(suite.findall("testcase/failure"))
    assert {suite.get("name") for suite in root} == {"ferries · A", "ferries · B"}


def test_markdown_of_a_document_is_not_markup(result: EvalResult) -> None:
    text = markdown.text(result)
    assert "<script" not in text
    assert "@all" not in text
    assert "](http" not in text
    assert "\x1b" not in text


def test_json_holds_no_nan_and_no_clock(result: EvalResult) -> None:
    data = json.loads(json_report.text(result), parse_constant=pytest.fail)
    assert data["exit_code"] == 6
    assert "timings_ms" not in json.dumps(data)


def test_reports_are_written_side_by_side(result: EvalResult, tmp_path: Path) -> None:
    reports.write(result, {name: tmp_path / f"deep/report.{name}" for name in reports.FORMATS})
    assert sorted(path.suffix for path in (tmp_path / "deep").iterdir()) == [".html", ".json", ".junit", ".md"]
    with pytest.raises(InputError, match="cannot be written"):
        reports.write(result, {"md": tmp_path})


def test_charts_of_nothing_are_empty_frames() -> None:
    assert "<polyline" in charts.risk_coverage([])
    assert "<circle" not in charts.calibration([])
