"""An answer for a terminal, as ``rich`` renderables built from plain text: nothing of a document is read as markup."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from qa.render.clean import one_line
from qa.types import Answer, Citation, Coverage, Disagreement, Hit, Sentence, Verdict

SIGNS: dict[Verdict, tuple[str, str]] = {
    "supported": ("✓", "green"),
    "partial": ("~", "yellow"),
    "unsupported": ("✗", "red"),
}
"""Sign and colour of each verdict; the sign alone tells it without colour."""


def to_text(answer: Answer, explain: bool = False, told: bool = False) -> RenderableType:
    """The answer, disagreements under it, then the sources that it uses with the quoted spans.

    ``told`` leaves the sentences out: they were printed as they came.
    """
    parts: list[RenderableType] = []
    if answer.status == "refused":
        parts += list(_refusal(answer))
    elif not told:
        parts.append(_sentences(answer.sentences))
    if answer.disagreements:
        parts += [Text(), _disagreements(answer.disagreements)]
    if answer.citations:
        parts += [Text(), *(_citation(c) for c in answer.citations)]
    if answer.coverage:
        parts += [Text(), _coverage(answer.coverage)]
    if answer.notes:
        parts += [Text(), *(Text(f"note: {one_line(note)}", style="dim") for note in answer.notes)]
    if explain:
        parts += [Text(), _making(answer)]
    return Group(*parts)


def print_answer(console: Console, answer: Answer, explain: bool = False, told: bool = False) -> None:
    """Print ``to_text`` and a final newline."""
    console.print(to_text(answer, explain, told), soft_wrap=False)


def _sentences(sentences: tuple[Sentence, ...]) -> Text:
    text = Text()
    for i, sentence in enumerate(sentences):
        text.append(" " if i else "")
        text.append(sentence_text(sentence))
    return text


def sentence_text(sentence: Sentence) -> Text:
    """A sentence, its marks and, unless it is supported, the sign and reasons of its verdict."""
    text = Text(one_line(sentence.text))
    if sentence.citations:
        text.append(" ")
    for n in sentence.citations:
        text.append(f"[{n}]", style="cyan")
    sign, colour = SIGNS[sentence.verdict]
    text.append(f" {sign}", style=colour)
    if sentence.verdict != "supported" and sentence.reasons:
        text.append(f" ({', '.join(sentence.reasons)})", style=colour)
    return text


def _refusal(answer: Answer) -> Iterator[RenderableType]:
    yield Text.assemble(("Not answered. ", "bold yellow"), one_line(answer.reason))
    if answer.nearest:
        yield Text()
        yield Text("The nearest passages:", style="dim")
        for hit in answer.nearest:
            yield Padding.indent(_nearest(hit), 2)


def _nearest(hit: Hit) -> Text:
    quote = one_line(hit.passage.text)
    return Text.assemble(
        (one_line(hit.source.label), "bold"),
        (f" {hit.passage.start}-{hit.passage.end}  ", "dim"),
        quote[:160] + ("…" if len(quote) > 160 else ""),
    )


def _disagreements(items: tuple[Disagreement, ...]) -> RenderableType:
    lines = [Text("The sources disagree:", style="bold yellow")]
    for item in items:
        marks = "".join(f"[{n}]" for n in item.citations)
        lines.append(Text.assemble("  ", ("• ", "yellow"), one_line(item.value), " ", (marks, "cyan")))
    return Group(*lines)


def _citation(c: Citation) -> RenderableType:
    sign, colour = SIGNS[c.verdict]
    head = Text.assemble((f"[{c.n}] ", "cyan"), (one_line(c.publisher or c.title or c.document), "bold"))
    if c.publisher and c.title:
        head.append(f", {one_line(c.title)}")
    if c.date:
        head.append(f", {one_line(c.date)}")
    if c.page:
        head.append(f", page {c.page}")
    head.append(f"  {one_line(c.document)}:{c.start}-{c.end}", style="dim")
    quote = Text.assemble((f"{sign} ", colour), (f"“{one_line(c.quote)}”", "italic"))
    return Group(head, Padding.indent(quote, 4))


def _coverage(items: tuple[Coverage, ...]) -> RenderableType:
    table = Table("source", "contributes", box=None, header_style="bold", padding=(0, 2, 0, 0))
    for item in items:
        marks = (
            Text("".join(f"[{n}]" for n in item.citations), style="cyan")
            if item.citations
            else Text(one_line(item.reason), style="dim")
        )
        table.add_row(Text(one_line(item.publisher or item.title or item.document)), marks)
    return table


def _making(answer: Answer) -> Text:
    steps = ", ".join(f"{name} {ms:.0f} ms" for name, ms in answer.timings_ms.items())
    model = answer.model
    lines = (
        f"confidence {answer.confidence:.2f}; {steps}",
        f"generator {model.generator}; adapter {model.adapter or 'none'}; embedder {model.embedder}; "
        f"checker {model.checker}; seed {model.seed}",
        f"prompts {model.prompt_sha256[:12]}; index {answer.fingerprint[:12]}",
    )
    return Text("\n".join(map(one_line, lines)), style="dim")


def print_checked(console: Console, answer: Answer) -> None:
    """A verified text: each sentence on its own line with sign, marks and reasons, its nearest span under it; then the
    count."""
    by_n = {c.n: c for c in answer.citations}
    for sentence in answer.sentences:
        sign, colour = SIGNS[sentence.verdict]
        line = Text.assemble((f"{sign} ", colour), one_line(sentence.text))
        line.append("".join(f" [{n}]" for n in sentence.citations), style="cyan")
        if sentence.reasons:
            line.append(f"  {', '.join(sentence.reasons)}", style=colour)
        console.print(line)
        for n in sentence.citations if sentence.verdict != "supported" else ():
            console.print(Padding.indent(Text(f"nearest: “{one_line(by_n[n].quote)}”", style="dim"), 4))
    console.print()
    for citation in answer.citations:
        console.print(_citation(citation))
    console.print(Text(one_line(answer.short), style="bold"))
