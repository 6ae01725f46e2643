"""``qa search`` and ``qa show``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from qa.cli import options as o
from qa.cli.console import out, write
from qa.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from qa.types import Hit


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("search")(search)
    app.command("show")(show)


def search(
    query: Annotated[str, typer.Argument(help="What to look for.", show_default=False)],
    store: o.StoreOption = None,
    as_json: o.JsonOption = False,
    top_k: o.TopKOption = None,
    source: o.SourceOption = None,
    since: o.SinceOption = None,
    until: o.UntilOption = None,
    embedder: o.EmbedderOption = None,
    explain: o.ExplainOption = False,
    offline: o.OfflineOption = None,
    config: o.ConfigOption = None,
) -> int:
    """Find passages; no model writes anything. Exit code 3 when there is none."""
    from qa.wiring import open_session

    typed = {"store": store, "top_k": top_k, "embedder": embedder, "offline": offline}
    with open_session(config, typed) as session:
        hits = session.search(query, session.options(source, since, until))
    if as_json:
        from qa.render.json import dump

        write(dump([_as_json(hit) for hit in hits], indent=2))
    else:
        _print(hits, explain)
    return ExitCode.OK if hits else ExitCode.REFUSED


def _as_json(hit: Hit) -> dict[str, Any]:
    p, s = hit.passage, hit.source
    return {
        "document": p.document,
        "title": s.title,
        "publisher": s.publisher,
        "date": s.date,
        "page": p.page,
        "start": p.start,
        "end": p.end,
        "text": p.text,
        "score": round(hit.score, 6),
        "ranks": {name: {"place": r.place, "score": round(r.score, 6)} for name, r in hit.ranks.items()},
        "copies": [c.path for c in hit.copies],
    }


def _print(hits: Sequence[Hit], explain: bool) -> None:
    from rich.padding import Padding
    from rich.text import Text

    from qa.cli.show import describe
    from qa.render.clean import one_line

    console = out()
    for place, hit in enumerate(hits, 1):
        console.print(
            Text.assemble(
                (f"{place}. ", "cyan"),
                (one_line(hit.source.label), "bold"),
                (f"  {one_line(hit.passage.document)}:{hit.passage.start}-{hit.passage.end}", "dim"),
            )
        )
        if explain:
            console.print(Padding.indent(Text(describe(hit), style="dim"), 3))
        console.print(Padding.indent(Text(one_line(hit.passage.text)), 3))


def show(
    place: Annotated[
        str,
        typer.Argument(
            metavar="DOCUMENT[:START-END]", help="A document of the index, and a span in it.", show_default=False
        ),
    ],
    store: o.StoreOption = None,
    context: Annotated[
        int, typer.Option("--context", "-C", min=0, help="Characters shown before and after the span.")
    ] = 300,
    config: o.ConfigOption = None,
) -> int:
    """Print a document's text as it was indexed, or one span of it in its context."""
    from qa.render.clean import clean
    from qa.wiring import open_session

    match = re.fullmatch(r"(.+):(\d+)-(\d+)", place, re.S)
    name = match.group(1) if match else place
    with open_session(config, {"store": store}) as session, session.bare_index() as opened:
        document = opened.document(opened.find(name).path)
    if match is None:
        write(clean(document.text))
        return ExitCode.OK
    start, end = int(match.group(2)), int(match.group(3))
    if not 0 <= start < end <= len(document.text):
        raise UsageError(
            f"{document.path} has characters 0-{len(document.text)}, not {start}-{end}", f"see it whole: qa show {name}"
        )
    _span(document.text, start, end, context)
    return ExitCode.OK


def _span(text: str, start: int, end: int, context: int) -> None:
    from rich.text import Text

    from qa.render.clean import clean

    before, after = text[max(0, start - context) : start], text[end : end + context]
    lead, trail = ("…" if start > context else ""), ("…" if end + context < len(text) else "")
    out().print(
        Text.assemble(
            (lead + clean(before), "dim"),
            ("»" + clean(text[start:end]) + "«", "bold reverse"),
            (clean(after) + trail, "dim"),
        ),
        soft_wrap=True,
    )
