"""The report as one HTML page that loads nothing: metrics with intervals, the curves of abstention, and every case
with its sources.

Text of documents and models is hostile: it is escaped, characters that would hide or turn the text are shown by
their number, and the
page's own policy forbids every request.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from string import Template

from qa.evaluate.measures import MEASURES, Value, better
from qa.evaluate.metrics.abstention import bins, risk_coverage
from qa.evaluate.reports import charts
from qa.evaluate.reports.html_case import article
from qa.evaluate.reports.json_report import judged
from qa.evaluate.reports.markdown import marks
from qa.evaluate.reports.visible import visible
from qa.evaluate.result import EvalResult, SuiteRun

VERDICTS = {0: ("good", "holds"), 1: ("part", "could not be compared"), 6: ("bad", "fell short")}
TILES = (
    "answer.correct",
    "citation.gold_document",
    "faithfulness.supported",
    "faithfulness.numbers_cited",
    "abstention.rejection_recall",
    "abstention.over_refusal",
    "conflict.recall",
    "summary.fact_coverage",
    "summary.source_coverage",
    "robustness.injection_success",
)


def text(result: EvalResult) -> str:
    """The whole page."""
    title = "qa eval: " + ", ".join(dict.fromkeys(run.suite for run in result.runs))
    here = Path(__file__)
    style, script, page = (here.with_name(f"page.{kind}").read_text(encoding="utf-8") for kind in ("css", "js", "html"))
    body = "\n".join(_body(result))
    return Template(page).substitute(title=html.escape(title), style=style, script=script, body=body)


def _body(result: EvalResult) -> Iterator[str]:
    look, words = VERDICTS[result.exit_code]
    yield f'<header><h1>Evaluation <span class="badge {look}">{words}</span></h1>'
    asked, passed = _count(result)
    yield f'<p class="soft">{passed} of {asked} cases pass.</p>'
    yield from (f'<p class="part">{visible(note)}</p>' for note in result.notes)
    yield "</header><main>"
    if len({run.label for run in result.runs}) > 1:
        yield _side_by_side(result.runs)
    for run in result.runs:
        yield from _run(run)
    yield _filters(result)
    for run in result.runs:
        yield from (article(run, case) for case in run.cases)
    yield '<p id="none" class="none" hidden>No case fits.</p></main>'
    yield _footer(result)


def _count(result: EvalResult) -> tuple[int, int]:
    cases = [case for run in result.runs for case in run.cases]
    return len(cases), sum(case.passed for case in cases)


def _run(run: SuiteRun) -> Iterator[str]:
    values = run.values()
    passed = sum(case.passed for case in run.cases)
    yield f"<section><h2>{visible(run.name)}</h2>"
    yield f'<p class="soft">{visible(run.head.description)} {passed} of {len(run.cases)} cases pass.</p>'
    yield _verdicts(run)
    yield f'<div class="tiles">{"".join(_tile(value) for value in values if value.name in TILES)}</div>'
    if judged(run):
        yield f'<h3>Abstention</h3><div class="charts">{_curves(run)}</div>'
    table = _metrics(run, values)
    yield f'<details class="metrics"><summary>{len(values)} metrics with intervals</summary>{table}</details>'
    yield "</section>"


def _verdicts(run: SuiteRun) -> str:
    failed = [verdict for verdict in run.verdicts if not verdict.ok]
    items = "".join(f'<li class="bad">✗ {visible(verdict.text)}</li>' for verdict in failed)
    return f'<ul class="verdicts">{items}</ul>' if items else ""


def _tile(value: Value) -> str:
    about = MEASURES[value.name][1]
    return f'<div class="tile"><b>{_percent(value.value)}</b><span>{about}</span></div>'


def _percent(value: float) -> str:
    if math.isnan(value):
        return "–"
    return f"{100 * value:.1f}".removesuffix(".0") + " %"


def _metrics(run: SuiteRun, values: Sequence[Value]) -> str:
    head = (
        '<tr><th>metric</th><th class="num">value</th><th class="wide">95 % interval</th><th></th>'
        '<th class="num">cases</th>'
        "<th>wanted</th><th>baseline</th><th class=wide>meaning</th></tr>"
    )
    rows = ""
    for group, members in groupby(values, key=lambda value: value.name.partition(".")[0]):
        found = list(members)
        if found[0].name != group:
            rows += f'<tr class="group"><th colspan="8">{group}</th></tr>'
        rows += "".join(_metric(run, value) for value in found)
    return f'<div class="scroll"><table>{head}{rows}</table></div>'


def _metric(run: SuiteRun, value: Value) -> str:
    bound = run.bounds.get(value.name)
    chart = charts.bar(value, bound.min if bound else None, bound.max if bound else None)
    wanted, compared = (_mark(mark) for mark in marks(run, value.name))
    name = value.name.partition(".")[2] or value.name
    way = {"higher": "", "lower": ' <span class="soft" title="lower is better">↓</span>', "neither": ""}[
        better(value.name)
    ]
    interval = f"{value.low:.3f} – {value.high:.3f}"
    return (
        f'<tr><td class="mono">{name}{way}</td><td class="num">{value.value:.3f}</td>'
        f'<td class="soft small wide line">{interval}</td>'
        f'<td>{chart}</td><td class="num soft">{value.count}</td>'
        f'<td class="line">{wanted}</td><td class="line">{compared}</td>'
        f'<td class="soft small wide">{MEASURES[value.name][1]}</td></tr>'
    )


def _mark(words: str) -> str:
    look = "bad" if words.startswith("✗") else "good"
    return f'<span class="{look}">{html.escape(words)}</span>'


def _curves(run: SuiteRun) -> str:
    answered = judged(run)
    curve = charts.risk_coverage(risk_coverage(answered, len(run.cases)))
    plot = charts.calibration(bins(answered))
    return (
        "<figure><figcaption><b>Risk against coverage.</b> Wrong answers among the most confident ones.</figcaption>"
        f"{curve}</figure>"
        f"<figure><figcaption><b>Calibration.</b> Right answers by stated confidence.</figcaption>{plot}</figure>"
    )


def _side_by_side(runs: Sequence[SuiteRun]) -> str:
    parts = []
    for suite, members in groupby(runs, key=lambda run: run.suite):
        found = list(members)
        values = [{value.name: value for value in run.values()} for run in found]
        head = "".join(f'<th class="num">{visible(run.label)}</th>' for run in found)
        names = [name for name in MEASURES if any(name in one for one in values)]
        rows = "".join(_side_row(name, values) for name in names)
        table = f'<div class="scroll"><table><tr><th>metric</th>{head}</tr>{rows}</table></div>'
        parts.append(f"<section><h2>{visible(suite)}, side by side</h2>{table}</section>")
    return "".join(parts)


def _side_row(name: str, values: Sequence[dict[str, Value]]) -> str:
    numbers = [one[name].value if name in one else float("nan") for one in values]
    pick = {"higher": max, "lower": min}.get(better(name))
    known = [number for number in numbers if not math.isnan(number)]
    best = pick(known) if pick and len(set(known)) > 1 else None
    cells = "".join(f'<td class="num{" good" if number == best else ""}">{number:.3f}</td>' for number in numbers)
    return f'<tr><td class="mono">{name}</td>{cells}</tr>'


def _filters(result: EvalResult) -> str:
    kinds = sorted({case.case.kind for run in result.runs for case in run.cases})
    options = "".join(f'<option value="{html.escape(kind)}">{visible(kind)}</option>' for kind in kinds)
    names = [run.name for run in result.runs]
    runs = "".join(f'<option value="{html.escape(name)}">{visible(name)}</option>' for name in names)
    choose = f'<select id="run" aria-label="suite"><option value="">all suites</option>{runs}</select>'
    return (
        '<div class="filters"><h2>Cases</h2><span id="shown" class="soft small"></span>'
        f"{choose if len(names) > 1 else ''}"
        f'<select id="kind" aria-label="kind"><option value="">all kinds</option>{options}</select>'
        '<label><input type="checkbox" id="failed"> failed only</label>'
        '<input type="search" id="words" placeholder="words" aria-label="words"></div>'
    )


def _footer(result: EvalResult) -> str:
    rows = []
    for run in result.runs:
        print_ = run.fingerprint
        models = ", ".join(f"{part} {name}" for part, name in sorted(print_.models.items()) if name)
        parts = {"suite": print_.suite, "corpus": print_.corpus, "prompts": print_.prompts, "code": print_.code}
        hashes = ", ".join(f"{part} {value[:12]}" for part, value in parts.items())
        rows.append(f"<div><b>{visible(run.name)}</b>: {hashes}, seed {print_.seed}; {visible(models)}</div>")
    return f"<footer>{''.join(rows)}</footer>"
