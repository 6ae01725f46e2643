"""``qa index`` and ``qa sources``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qa.cli import options as o
from qa.cli.console import complain, err, out, write
from qa.errors import ExitCode
from qa.render.clean import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.table import Table

    from qa.store import Progress, Report
    from qa.types import Source

sources = typer.Typer(
    name="sources", help="The documents of the index.", invoke_without_command=True, rich_markup_mode=None
)


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("index")(index)
    app.add_typer(sources)


def index(
    paths: Annotated[
        list[Path], typer.Argument(metavar="PATH...", help="Files and folders to index.", show_default=False)
    ],
    store: o.StoreOption = None,
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Make the index anew, from these paths alone.")] = False,
    ahead: Annotated[
        bool,
        typer.Option(
            "--read-ahead",
            help="Have the model read every passage now (about .3 s each), so that first answers come sooner; "
            "as many are kept as the setting passage_cache has room for.",
        ),
    ] = False,
    embedder: o.EmbedderOption = None,
    offline: o.OfflineOption = None,
    config: o.ConfigOption = None,
) -> int:
    """Add files and folders to the index, or bring it up to date with them. Exit code 5 when some files failed."""
    from qa.wiring import open_session

    typed = {"store": store, "embedder": embedder, "offline": offline}
    with open_session(config, typed) as session:
        with _Bar() as bar:
            report = session.update(paths, rebuild=rebuild, progress=bar.tell)
        for path, reason in report.failed:
            complain(f"{path}: {reason}")
        write(f"{one_line(str(session.store_folder()))}: {_counts(report)}")
        if ahead:
            with _Bar() as bar:
                session.read_ahead(bar.tell_read)
    return ExitCode.PARTLY_INDEXED if report.failed else ExitCode.OK


def _counts(report: Report) -> str:
    counts = f"{report.added} added, {report.changed} changed, {report.unchanged} unchanged, {report.removed} removed"
    return f"{counts}, {len(report.failed)} failed"


class _Bar:
    """A progress bar on stderr when that is a terminal; silent otherwise."""

    def __init__(self) -> None:
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        self._progress = Progress(*columns, console=err(), disable=not sys.stderr.isatty(), transient=True)
        self._task = self._progress.add_task("indexing", total=None)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    @property
    def tell(self) -> Progress:
        from qa.store import Step

        def tell(step: Step) -> None:
            description = f"indexing, {step.embedded} passages, files" if step.embedded else "indexing files"
            self._progress.update(self._task, completed=step.files, total=step.total or None, description=description)

        return tell

    def tell_read(self, done: int, total: int) -> None:
        """How many of so many passages the model has read."""
        self._progress.update(self._task, completed=done, total=total, description="reading ahead, passages")


@sources.callback()
def list_sources(
    context: typer.Context,
    store: o.StoreOption = None,
    as_json: o.JsonOption = False,
    config: o.ConfigOption = None,
) -> int:
    """List the documents of the index, with what changed on disk since they were indexed."""
    from qa.wiring import open_session

    if context.invoked_subcommand is not None:
        return ExitCode.OK
    with open_session(config, {"store": store}) as session, session.bare_index() as opened:
        rows, stale = opened.sources(), set(opened.stale())
    if as_json:
        from dataclasses import asdict

        from qa.render.json import dump

        write(dump([{**asdict(s), "stale": s.path in stale} for s in rows], indent=2))
    else:
        out().print(_table(rows, stale))
    return ExitCode.OK


def _table(rows: Sequence[Source], stale: set[str]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in ("document", "publisher", "title", "date"):
        table.add_column(name, overflow="fold")
    table.add_column("passages", justify="right")
    table.add_column("")
    for s in rows:
        cells = [Text(one_line(x)) for x in (s.path, s.publisher, s.title, s.date)]
        table.add_row(*cells, str(s.passages), Text("changed on disk" if s.path in stale else "", style="yellow"))
    return table


@sources.command("rm")
def remove_sources(
    names: Annotated[
        list[str],
        typer.Argument(metavar="NAME...", help="Documents, by path or by an ending of it.", show_default=False),
    ],
    store: o.StoreOption = None,
    config: o.ConfigOption = None,
) -> int:
    """Take documents out of the index; their files are not touched."""
    from qa.wiring import open_session

    with open_session(config, {"store": store}) as session:
        count = session.remove(names)
    write(f"{count} removed")
    return ExitCode.OK
