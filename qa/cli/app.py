"""The commands by name. Each lives in a module of its own and imports what it needs when it runs."""

from __future__ import annotations

from typing import Annotated

import typer
from typer.core import TyperGroup

from qa import __version__
from qa.cli import ask, chat, check, evaluate, index, look
from qa.cli.console import err
from qa.errors import ExitCode


class Stopped(Exception):  # noqa: N818 - carries its cause past typer, which would end the process for it
    """Ctrl-C was pressed, or the reader of our output left; which of them is the cause."""


class _Commands(TyperGroup):
    def invoke(self, ctx: typer.Context) -> object:  # type: ignore[override]  # typer's own context is a subclass
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, BrokenPipeError) as cause:
            raise Stopped from cause


app = typer.Typer(
    name="qa",
    help="Answers from your own documents, every sentence cited to an exact span and checked.",
    cls=_Commands,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"qa {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def _root(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Answers from your own documents, every sentence cited to an exact span and checked.

    Exit codes: 0 done or answered; 1 a mistake or a broken set-up; 2 usage; 3 refused, the documents do not say;
    4 unsupported text found; 5 some files could not be indexed; 6 an evaluation fell short; 130 interrupted.
    """
    del version  # it has printed and ended already
    if context.invoked_subcommand is None:
        err().print(context.get_help(), soft_wrap=True)
        raise typer.Exit(ExitCode.USAGE)


for module in (index, ask, check, look, chat, evaluate):
    module.register(app)
