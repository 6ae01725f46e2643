"""``qa ask`` and ``qa summarize``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli import options as o
from qa.cli.console import Status, out, write
from qa.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from qa.types import Answer, Event
    from qa.wiring import Session


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("ask")(ask)
    app.command("summarize")(summarize)


def ask(
    question: Annotated[
        str | None, typer.Argument(help="What to answer from the documents.", show_default=False)
    ] = None,
    store: o.StoreOption = None,
    as_json: o.JsonOption = False,
    as_md: o.MarkdownOption = False,
    stream: Annotated[
        bool | None,
        typer.Option(
            "--stream/--no-stream", help="Print each sentence as soon as it is checked.", show_default="on a terminal"
        ),
    ] = None,
    top_k: o.TopKOption = None,
    source: o.SourceOption = None,
    since: o.SinceOption = None,
    until: o.UntilOption = None,
    risk: o.RiskOption = None,
    model: o.ModelOption = None,
    adapter: o.AdapterOption = None,
    llm_url: o.UrlOption = None,
    embedder: o.EmbedderOption = None,
    seed: o.SeedOption = None,
    explain: o.ExplainOption = False,
    offline: o.OfflineOption = None,
    batch: Annotated[
        Path | None,
        typer.Option("--batch", metavar="FILE.jsonl", help='Answer lines {"id", "question"}; one JSON answer a line.'),
    ] = None,
    config: o.ConfigOption = None,
) -> int:
    """Answer a question from the indexed documents, with citations, or refuse (exit code 3)."""
    from qa.answer import pipeline

    if (question is None) == (batch is None):
        raise UsageError("give either a question or --batch FILE", 'for example: qa ask "how many Marines were sent?"')
    with _session(config, _given(locals())) as session:
        options = session.options(source, since, until)
        if batch is not None:
            return _batch(session, batch, options)
        assert question is not None
        events = pipeline.ask(session.engine, question, options)
        return _show(events, as_json, as_md, explain, _streaming(stream, as_json or as_md))


def summarize(
    topic: Annotated[str, typer.Argument(help="What to summarize; everything when left out.", show_default=False)] = "",
    store: o.StoreOption = None,
    as_json: o.JsonOption = False,
    as_md: o.MarkdownOption = False,
    stream: Annotated[
        bool | None,
        typer.Option(
            "--stream/--no-stream", help="Print each sentence as soon as it is checked.", show_default="on a terminal"
        ),
    ] = None,
    top_k: o.TopKOption = None,
    source: o.SourceOption = None,
    since: o.SinceOption = None,
    until: o.UntilOption = None,
    model: o.ModelOption = None,
    adapter: o.AdapterOption = None,
    llm_url: o.UrlOption = None,
    embedder: o.EmbedderOption = None,
    seed: o.SeedOption = None,
    explain: o.ExplainOption = False,
    offline: o.OfflineOption = None,
    config: o.ConfigOption = None,
) -> int:
    """Summarize several sources: each fact once, cited; disagreements and every source's part shown."""
    from qa.answer.summarize import summarize as run

    with _session(config, _given(locals())) as session:
        events = run(session.engine, topic, session.options(source, since, until))
        return _show(events, as_json, as_md, explain, _streaming(stream, as_json or as_md))


def _given(arguments: dict[str, Any]) -> dict[str, object]:
    """Of a command's arguments, those that are settings and were typed."""
    from qa.config import KEYS

    return {key: arguments[key] for key in KEYS if arguments.get(key) is not None}


@contextmanager
def _session(config: Path | None, typed: dict[str, object]) -> Iterator[Session]:
    from qa.wiring import open_session

    with open_session(config, typed) as session:
        yield session


def _streaming(asked: bool | None, machine: bool) -> bool:
    return not machine and (sys.stdout.isatty() if asked is None else asked)


def _show(events: Iterable[Event], as_json: bool, as_md: bool, explain: bool, stream: bool) -> int:
    from qa.cli.show import follow
    from qa.render.json import dumps
    from qa.render.markdown import to_markdown
    from qa.render.text import print_answer

    if as_json and as_md:
        raise UsageError("--json and --md exclude each other", "choose one")
    with Status("starting") as status:
        answer = follow(events, status, explain=explain, stream=stream)
    if as_json:
        write(dumps(answer, indent=2))
    elif as_md:
        write(to_markdown(answer))
    else:
        print_answer(out(), answer, explain, told=stream)
    return exit_code(answer)


def exit_code(answer: Answer) -> int:
    """0 for an answer, 3 for a refusal."""
    return ExitCode.OK if answer.status == "answered" else ExitCode.REFUSED


def _batch(session: Session, file: Path, options: Any) -> int:
    from dataclasses import replace

    from qa.answer import pipeline
    from qa.cli.batch import read_batch
    from qa.render.json import dumps

    lines = read_batch(file)
    with Status("answering") as status:
        for number, (id_, question) in enumerate(lines, 1):
            status.tell(f"{number} of {len(lines)}: {question}")
            answer = pipeline.drain(pipeline.ask(session.engine, question, options))
            write(dumps(replace(answer, id=id_)))
            sys.stdout.flush()
    return ExitCode.OK
