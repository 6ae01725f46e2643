"""``qa verify`` and ``qa doctor``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from qa.cli import options as o
from qa.cli.console import Status, out, write
from qa.errors import ExitCode, InputError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("verify")(verify)
    app.command("doctor")(doctor)


def verify(
    file: Annotated[
        str, typer.Argument(metavar="FILE", help="The text to check; - for standard input.", show_default=False)
    ],
    store: o.StoreOption = None,
    as_json: o.JsonOption = False,
    as_md: o.MarkdownOption = False,
    top_k: o.TopKOption = None,
    source: o.SourceOption = None,
    since: o.SinceOption = None,
    until: o.UntilOption = None,
    model: o.ModelOption = None,
    embedder: o.EmbedderOption = None,
    offline: o.OfflineOption = None,
    config: o.ConfigOption = None,
) -> int:
    """Check any text against the documents, sentence by sentence. Exit code 4 when something is unsupported."""
    from qa.answer.verify import verify as run
    from qa.cli.show import follow
    from qa.render.json import dumps
    from qa.render.markdown import to_markdown
    from qa.render.text import print_checked
    from qa.wiring import open_session

    text = _text(file)
    typed = {"store": store, "top_k": top_k, "model": model, "embedder": embedder, "offline": offline}
    with open_session(config, typed) as session, Status("verifying") as status:
        events = run(session.engine, text, session.options(source, since, until))
        answer = follow(events, status)
    if as_json or as_md:
        write(dumps(answer, indent=2) if as_json else to_markdown(answer))
    else:
        print_checked(out(), answer)
    return ExitCode.UNSUPPORTED if any(s.verdict == "unsupported" for s in answer.sentences) else ExitCode.OK


def _text(file: str) -> str:
    """A file in any format that can be indexed, or standard input as UTF-8."""
    if file != "-":
        from qa.corpus import read

        return read(Path(file), file).text
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"standard input is not UTF-8 text (byte {error.start})", "save it as a file and name that"
        ) from error


def doctor(
    store: o.StoreOption = None,
    model: o.ModelOption = None,
    adapter: o.AdapterOption = None,
    embedder: o.EmbedderOption = None,
    as_json: o.JsonOption = False,
    config: o.ConfigOption = None,
) -> int:
    """Examine the installation: llama.cpp's build, models, index, disk, memory, threads. Exit code 1 when something is
    wrong."""
    from qa.wiring import examine

    with Status("examining"):
        findings = examine(config, {"store": store, "model": model, "adapter": adapter, "embedder": embedder})
    if as_json:
        from dataclasses import asdict

        from qa.render.json import dump

        write(dump([asdict(f) for f in findings], indent=2))
    else:
        from qa.render.clean import one_line

        for f in findings:
            write(
                f"{'ok  ' if f.ok else 'FAIL'}  {one_line(f.name)}: {one_line(f.detail)}"
                + (f"\n      mend it: {one_line(f.fix)}" if f.fix and not f.ok else "")
            )
    return ExitCode.OK if all(f.ok for f in findings) else ExitCode.ERROR
