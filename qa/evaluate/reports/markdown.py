"""The report as Markdown, short enough for a comment on a pull request: verdict, metrics, and the cases that fail."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.evaluate.measures import Value, better
from qa.evaluate.result import CaseResult, EvalResult, SuiteRun
from qa.render.clean import one_line

MAX_CASES = 40
"""Failed cases shown for each suite: a comment has a limit of 65,536 characters."""
VERDICTS = {0: "**qa eval: holds**", 1: "**qa eval: could not be compared**", 6: "**qa eval: fell short**"}


def text(result: EvalResult) -> str:
    """Ends with one line end. Text of documents and models is escaped: no markup, no links, no mentions."""
    lines = [VERDICTS[result.exit_code], ""]
    lines += [f"- {escape(note)}" for note in result.notes]
    for run in result.runs:
        lines += ["", *_run(run)]
    return "\n".join(lines).rstrip() + "\n"


def _run(run: SuiteRun) -> Iterator[str]:
    passed = sum(case.passed for case in run.cases)
    yield f"### {escape(run.name)}: {passed} of {len(run.cases)} cases pass"
    yield ""
    for verdict in run.verdicts:
        if not verdict.ok:
            yield f"- ✗ {escape(verdict.text)}"
    yield ""
    yield "| metric | value | 95 % interval | cases | wanted | baseline |"
    yield "|---|---:|---|---:|---|---|"
    yield from (_row(run, value) for value in run.values())
    yield from _failed([case for case in run.cases if not case.passed])


def _row(run: SuiteRun, value: Value) -> str:
    way = {"higher": "", "lower": " ↓", "neither": ""}[better(value.name)]
    wanted, compared = marks(run, value.name)
    interval = f"{value.low:.3f} – {value.high:.3f}"
    return f"| `{value.name}`{way} | {value.value:.3f} | {interval} | {value.count} | {wanted} | {compared} |"


def marks(run: SuiteRun, name: str) -> tuple[str, str]:
    """What the gate says of a metric: against its threshold, and against the baseline; empty where it says nothing."""
    wanted = compared = ""
    for verdict in run.verdicts:
        if verdict.metric == name and verdict.comparison is None:
            bound = run.bounds[name]
            limits = [f"≥ {bound.min:g}"] if bound.min is not None else []
            limits += [f"≤ {bound.max:g}"] if bound.max is not None else []
            wanted = f"{'✓' if verdict.ok else '✗'} {' '.join(limits)}"
        elif verdict.metric == name:
            compared = f"{'✓' if verdict.ok else '✗'} {verdict.comparison}"
    return wanted, compared


def _failed(cases: list[CaseResult]) -> Iterator[str]:
    if not cases:
        return
    yield ""
    yield f"<details><summary>{len(cases)} cases fail</summary>"
    yield ""
    for one in cases[:MAX_CASES]:
        yield f"- **{escape(one.case.id)}** {escape(one.case.question)}"
        for failure in one.observed.failures:
            yield f"  - {escape(failure)}"
    if len(cases) > MAX_CASES:
        yield f"- and {len(cases) - MAX_CASES} more"
    yield ""
    yield "</details>"


_MARKUP = re.compile(r"([\\`*_{}\[\]()+!|~-])")


def escape(words: str) -> str:
    """One line in which nothing is markup, a link, a mention or a reference to an issue.

    >>> escape("<b>@you</b> [x](y) #1")
    '&lt;b&gt;&#64;you&lt;/b&gt; \\\\[x\\\\]\\\\(y\\\\) &#35;1'
    """
    shown = _MARKUP.sub(r"\\\1", one_line(words).replace("&", "&amp;")).replace("#", "&#35;").replace("@", "&#64;")
    return shown.replace("<", "&lt;").replace(">", "&gt;").replace("://", "&#58;//")
