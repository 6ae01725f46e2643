"""``qa eval`` and ``qa calibrate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli import options as o
from qa.cli.console import Status, complain, err, out, write
from qa.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from qa.evaluate.result import CaseResult

SuitesArgument = Annotated[
    list[Path] | None,
    typer.Argument(metavar="SUITE...", help="Suites (*.jsonl). Default: all in evals/.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("eval")(evaluate)
    app.command("calibrate")(calibrate)


def evaluate(
    suites: SuitesArgument = None,
    models: Annotated[
        str | None, typer.Option("--models", metavar="A,B", help="Generators to compare side by side.")
    ] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Ask only the first cases of each suite.")] = None,
    sample: Annotated[
        int | None, typer.Option("--sample", min=1, help="Ask so many cases of each suite, spread over the kinds.")
    ] = None,
    only: Annotated[
        list[str] | None, typer.Option("--only", metavar="KIND", help="Ask only cases of this kind. Repeatable.")
    ] = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first case that fails.")] = False,
    robustness: Annotated[
        int, typer.Option("--robustness", min=0, help="Cases of each suite asked again with disturbed passages.")
    ] = 0,
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Compare with a stored run; fail on a real loss.")
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="Write the baseline instead of comparing.")
    ] = False,
    state: Annotated[
        Path | None,
        typer.Option("--state", metavar="FILE", help="Keep finished cases here, so that a stopped run goes on."),
    ] = None,
    json_file: Annotated[Path | None, typer.Option("--json", metavar="FILE", help="Report as JSON.")] = None,
    junit: Annotated[Path | None, typer.Option("--junit", metavar="FILE", help="Report as JUnit XML.")] = None,
    md: Annotated[Path | None, typer.Option("--md", metavar="FILE", help="Report as Markdown.")] = None,
    html: Annotated[Path | None, typer.Option("--html", metavar="FILE", help="Report as one HTML page.")] = None,
    model: o.ModelOption = None,
    adapter: o.AdapterOption = None,
    llm_url: o.UrlOption = None,
    seed: o.SeedOption = None,
    offline: o.OfflineOption = None,
    config: o.ConfigOption = None,
) -> int:
    """Measure faithfulness on suites of questions; exit code 6 when a threshold or the baseline is not held."""
    from qa.evaluate import EvalOptions, reports, run
    from qa.evaluate.reports import table
    from qa.wiring.evaluation import engines

    if update_baseline and baseline is None:
        raise UsageError("--update-baseline needs --baseline FILE", "name the file to write")
    chosen = suites or _default_suites()
    typed = {"model": model, "adapter": adapter, "llm_url": llm_url, "seed": seed, "offline": offline}
    with Status("loading") as status, engines(config, typed, (models or "").split(",") if models else []) as factories:
        options = EvalOptions(
            limit=limit,
            sample=sample,
            only=tuple(only or ()),
            fail_fast=fail_fast,
            baseline=baseline,
            update_baseline=update_baseline,
            state=state,
            seed=seed or 0,
            robustness=robustness,
            progress=_progress(status),
        )
        result = run(chosen, factories, options)
    out().print(table.render(result))
    reports.write(result, {k: p for k, p in {"json": json_file, "junit": junit, "md": md, "html": html}.items() if p})
    return result.exit_code


def _progress(status: Status) -> Callable[[int, int, CaseResult], None]:
    def tell(done: int, total: int, case: CaseResult) -> None:
        status.tell(f"{done} of {total}: {case.case.id} {'passed' if case.passed else 'failed'}")
        if not case.passed and not sys.stderr.isatty():
            complain(f"{case.case.id}: {'; '.join(case.observed.failures)}")

    return tell


def _default_suites() -> list[Path]:
    """Every suite with a head in the nearest ``evals/``."""
    folder = Path("evals")
    found = sorted(path for path in folder.glob("*.jsonl") if path.with_suffix(".toml").is_file())
    if not found:
        raise UsageError("there is no suite in evals/ here", "name one: qa eval SUITE.jsonl")
    return found


def calibrate(
    suites: Annotated[
        list[Path], typer.Argument(metavar="SUITE...", help="Suites with known answers.", show_default=False)
    ],
    output: Annotated[Path, typer.Option("--out", metavar="FILE", help="Where the calibration is written.")] = Path(
        "confidence.json"
    ),
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Ask only the first cases of each suite.")] = None,
    model: o.ModelOption = None,
    adapter: o.AdapterOption = None,
    llm_url: o.UrlOption = None,
    config: o.ConfigOption = None,
) -> int:
    """Fit the confidence on your own questions; every suite counts the same. The setting 'calibration' takes it."""
    from qa.evaluate import EvalOptions
    from qa.evaluate.calibrate import calibrate as run
    from qa.wiring.evaluation import engines

    typed = {"model": model, "adapter": adapter, "llm_url": llm_url}
    with Status("loading") as status, engines(config, typed, [], calibrated=False) as factories:
        found = run(suites, next(iter(factories.values())), EvalOptions(limit=limit, progress=_progress(status)))
    found.save(output)
    err().print(f"fitted on {found.fitted_on}; threshold {found.threshold:.2f}")
    for threshold, risk, coverage in found.curve[::5]:
        err().print(f"  from confidence {threshold:.2f}: {coverage:6.1%} answered, {risk:6.1%} of them wrong")
    write(str(output))
    return ExitCode.OK
