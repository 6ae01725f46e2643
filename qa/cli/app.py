"""The commands by name. Each lives in a module of its own and imports what it needs when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from qa import __version__
from qa.cli import ask, chat, check, evaluate, index, look

app = typer.Typer(
    name="qa",
    help="Answers from your own documents, every sentence cited to an exact span and checked.",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"qa {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Answers from your own documents, every sentence cited to an exact span and checked.

    Exit codes: 0 done or answered; 1 a mistake or a broken set-up; 2 usage; 3 refused, the documents do not say;
    4 unsupported text found; 5 some files could not be indexed; 6 an evaluation fell short; 130 interrupted.
    """


for module in (index, ask, check, look, chat, evaluate):
    module.register(app)
