"""The report as JUnit XML: a test suite for each suite and model, a test for each case, and one for each verdict of
the gate."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from qa.evaluate.result import CaseResult, EvalResult, SuiteRun, Verdict
from qa.render.clean import clean


def text(result: EvalResult) -> str:
    """An XML document that GitHub, GitLab and Jenkins read."""
    root = ET.Element("testsuites", name="qa eval")
    for run in result.runs:
        _suite(root, run)
    ET.indent(root, " ")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(root: ET.Element, run: SuiteRun) -> None:
    gated = [verdict for verdict in run.verdicts if not verdict.ok]
    failures = sum(not case.passed for case in run.cases) + len(gated)
    count = len(run.cases) + len(run.verdicts)
    suite = ET.SubElement(root, "testsuite", name=_safe(run.name), tests=str(count), failures=str(failures), errors="0")
    for verdict in run.verdicts:
        _verdict(suite, run, verdict)
    for case in run.cases:
        _case(suite, run, case)


def _verdict(suite: ET.Element, run: SuiteRun, verdict: Verdict) -> None:
    kind = "baseline" if verdict.comparison else "threshold"
    test = ET.SubElement(suite, "testcase", classname=_safe(f"{run.name}.{kind}"), name=verdict.metric)
    if not verdict.ok:
        ET.SubElement(test, "failure", message=_safe(verdict.text), type=verdict.comparison or "threshold")


def _case(suite: ET.Element, run: SuiteRun, one: CaseResult) -> None:
    classname = _safe(f"{run.name}.{one.case.kind}")
    test = ET.SubElement(suite, "testcase", classname=classname, name=_safe(one.case.id))
    if one.passed:
        return
    answer = one.outcome.answer
    failure = ET.SubElement(test, "failure", message=_safe("; ".join(one.observed.failures)), type="case")
    failure.text = _safe(
        f"question: {one.case.question}\nexpected: {', '.join(one.case.answers) or one.case.expect}\n"
        f"found: {answer.answer or answer.reason}"
    )


def _safe(words: str) -> str:
    """Characters that XML 1.0 allows."""
    return "".join(c for c in clean(words) if c in "\t\n" or " " <= c < "\ufffe" or c > "\uffff")
