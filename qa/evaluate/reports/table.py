"""The report for a terminal: one table a suite and model, then what fell short and the cases that fail."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from qa.evaluate.measures import Value, better
from qa.evaluate.reports.markdown import marks
from qa.evaluate.result import CaseResult, EvalResult, SuiteRun
from qa.render.clean import one_line

MAX_CASES = 20
VERDICTS = {0: ("holds", "green"), 1: ("could not be compared with the baseline", "yellow"), 6: ("fell short", "red")}


def render(result: EvalResult, *, cases: int = MAX_CASES) -> RenderableType:
    """Everything a person at a terminal wants to know, at most ``cases`` failing cases a suite."""
    parts: list[RenderableType] = []
    for run in result.runs:
        parts += [_table(run), *_failing(run, cases), Text("")]
    parts += [Text(note, style="yellow") for note in result.notes]
    parts += [Text(f"✗ {one_line(verdict.text)}", style="red") for verdict in result.verdicts if not verdict.ok]
    words, style = VERDICTS[result.exit_code]
    return Group(*parts, Text(f"qa eval: {words}", style=f"bold {style}"))


def _table(run: SuiteRun) -> Table:
    passed = sum(case.passed for case in run.cases)
    title = f"{one_line(run.name)}: {passed} of {len(run.cases)} cases pass{_times(run)}"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False)
    for name, justify in (("metric", "left"), ("value", "right"), ("95 % interval", "left"), ("cases", "right")):
        table.add_column(name, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    rows = [_row(run, value) for value in run.values()]
    named = [("wanted", 4), ("baseline", 5)]
    used = [(name, place) for name, place in named if any(row[place].plain for row in rows)]
    for name, _ in used:
        table.add_column(name, no_wrap=True)
    for row in rows:
        table.add_row(*row[:4], *(row[place] for _, place in used))
    return table


def _row(run: SuiteRun, value: Value) -> list[Text]:
    wanted, compared = marks(run, value.name)
    way = " ↓" if better(value.name) == "lower" else ""
    interval = Text(f"{value.low:.3f} - {value.high:.3f}", style="dim")
    shown = [Text(mark, style="red" if mark.startswith("✗") else "green") for mark in (wanted, compared)]
    return [Text(value.name + way), Text(f"{value.value:.3f}"), interval, Text(str(value.count)), *shown]


def _times(run: SuiteRun) -> str:
    """Median and 95th percentile of the questions' wall times."""
    times = sorted(case.ms for case in run.cases)
    if not times:
        return ""
    middle, late = times[len(times) // 2], times[min(len(times) - 1, int(0.95 * len(times)))]
    return f", p50 {middle / 1000:.2f} s, p95 {late / 1000:.2f} s"


def _failing(run: SuiteRun, most: int) -> list[Text]:
    failed = [case for case in run.cases if not case.passed]
    lines = [line for case in failed[:most] for line in _case(case)]
    return lines + ([Text(f"… and {len(failed) - most} more", style="dim")] if len(failed) > most else [])


def _case(one: CaseResult) -> list[Text]:
    head = Text.assemble(("✗ ", "red"), (one_line(one.case.id), "bold"), f"  {one_line(one.case.question)}")
    return [head, *(Text(f"    {one_line(failure)}", style="dim") for failure in one.observed.failures)]
