"""How a turn reads: pure functions from its state to styled text. Texts of others enter as literal text only."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual.content import Content
from textual.style import Style

from qa.tui.text import literal, one_line, spoken_date
from qa.tui.turn import Line, Place, TurnState
from qa.types import Answer, Coverage, Reason, Source, Verdict

SIGNS: dict[Verdict | None, tuple[str, str]] = {
    "supported": ("✓", "bold $success"),
    "partial": ("~", "bold $warning"),
    "unsupported": ("✗", "bold $error"),
    None: ("·", "dim"),
}
VERDICTS: dict[Verdict, str] = {"supported": "supported", "partial": "partly supported", "unsupported": "not supported"}
REASONS = {
    Reason.QUOTE_NOT_FOUND: "the quoted words are not there",
    Reason.NUMBER_MISMATCH: "a number differs from the source",
    Reason.NAME_MISMATCH: "a name differs from the source",
    Reason.NEGATION: "the source says the opposite",
    Reason.NO_EVIDENCE: "no passage says this",
    Reason.LOW_SUPPORT: "the source does not clearly say this",
    Reason.CONFLICT: "the sources disagree",
    Reason.STALE_SOURCE: "the source has changed since it was indexed",
}
QUIET = "$quiet"


def link(n: int, selected: int = 0) -> Content:
    """``[n]``, clickable, marked when it is the one that Enter opens."""
    style = Style.parse("bold $accent reverse" if n == selected else "bold $accent")
    return Content.styled(f"[{n}]", style + Style.from_meta({"@click": f"cite({n})"}))


def links(numbers: Iterable[int], selected: int = 0) -> Content:
    """Several links, a space before each."""
    return Content("").join([part for n in numbers for part in (Content(" "), link(n, selected))])


def sign(line: Line) -> Content:
    """The verdict as one character."""
    return Content.styled(*SIGNS[line.verdict])


def sentence(line: Line, selected: int = 0) -> Content:
    """One sentence with its links and, where it is not simply supported, why."""
    text = literal(line.text)
    if line.dropped:
        return Content.styled(text, f"strike {QUIET}") + Content.styled(f"  left out: {why(line.reasons)}", "$error")
    body = Content.styled(text, "dim" if line.verdict is None else "") + links(line.citations, selected)
    if line.verdict in {None, "supported"}:
        return body
    return body + Content.styled(f"  {why(line.reasons, line.verdict)}", SIGNS[line.verdict][1].removeprefix("bold "))


def why(reasons: Sequence[Reason], verdict: Verdict | None = None) -> str:
    """Reasons in words for a person."""
    return "; ".join(REASONS[reason] for reason in reasons) or VERDICTS[verdict or "unsupported"]


def activity(state: TurnState) -> Content:
    """What is going on, in one quiet line; empty when nothing is."""
    if state.phase == "queued":
        return Content.styled("queued", f"italic {QUIET}")
    if state.phase != "running":
        return Content("")
    if state.lines or state.writing:
        return Content.styled("writing and checking …", f"italic {QUIET}")
    if state.found:
        sources = len({place.document for place in state.found})
        return Content.styled(
            f"reading {_count(len(state.found), 'passage')} of {_count(sources, 'document')} …", f"italic {QUIET}"
        )
    return Content.styled("searching …", f"italic {QUIET}")


def _count(n: int, noun: str) -> str:
    return f"{n} {noun}" if n == 1 else f"{n} {noun}s"


def disagreements(answer: Answer, selected: int = 0) -> Content:
    """The values that the sources give differently, each with who gives it; empty when they agree."""
    if not answer.disagreements:
        return Content("")
    names = {
        citation.n: one_line(citation.publisher or citation.title or citation.document, 40)
        for citation in answer.citations
    }
    rows = [Content.styled("≠ Sources disagree", "bold $warning")]
    for item in answer.disagreements:
        givers = [Content.styled(names.get(n, ""), QUIET) + Content(" ") + link(n, selected) for n in item.citations]
        value = Content("• ") + Content.styled(one_line(item.value, 200), "bold")
        rows.append(value + Content("  ") + Content.styled(", ", QUIET).join(givers))
    return Content("\n").join(rows)


def refusal(state: TurnState, selected: int = 0) -> Content:
    """Why there is no answer, what was searched, and the passages that came nearest; empty for an answer."""
    if state.answer is None or not state.refused:
        return Content("")
    searched = f"Searched {_count(state.searched, 'document')}" if state.searched else "Searched the index"
    rows = [
        Content.styled(f"∅ {_reason(state.answer.reason) or 'Not answered.'}", "bold"),
        Content.styled(f"{searched}. " + ("Nearest passages:" if state.found else "Nothing came near."), QUIET),
    ]
    rows += [near(place, selected) for place in state.found]
    return Content("\n").join([row for row in rows if row.plain])


def near(place: Place, selected: int = 0) -> Content:
    """A passage that came near, on one line."""
    quote = one_line(place.quote, 90)
    return link(place.n, selected) + Content(f" {one_line(place.label, 30)} ") + Content.styled(f"“{quote}”", QUIET)


def _reason(reason: str) -> str:
    """The sentence for a person, without the code before it."""
    code, _, text = reason.partition(":") if ":" in reason else reason.partition(" ")
    plain = text if code.strip() in Reason.__members__ else reason
    text = one_line(plain, 300)
    return text[:1].upper() + text[1:]


def coverage(rows: Sequence[Coverage]) -> Content:
    """Which sources a summary leaves out, and why; empty when it uses all."""
    unused = [row for row in rows if not row.citations]
    if not unused:
        return Content("")
    head = Content.styled(f"Used {len(rows) - len(unused)} of {_count(len(rows), 'source')}; left out:", QUIET)
    lines = [
        f"{one_line(row.publisher or row.title or row.document, 60)}: {one_line(row.reason, 120)}" for row in unused
    ]
    return Content("\n").join([head, *(Content.styled(line, QUIET) for line in lines)])


def small_print(state: TurnState) -> Content:
    """Below an answer: how it ended and what to know of its making."""
    parts: list[str] = []
    if state.phase == "stopped":
        kept = _count(len(state.lines), "sentence")
        parts.append(f"stopped, {kept} kept" if state.lines else "stopped")
    if state.phase == "done" and state.dropped:
        parts.append(f"{_count(state.dropped, 'sentence')} left out: not supported")
    if state.answer and state.phase == "done":
        parts += [one_line(note, 200) for note in state.answer.notes]
        parts += _figures(state.answer)
    return Content.styled(" · ".join(parts), QUIET)


def _figures(answer: Answer) -> list[str]:
    total = answer.timings_ms.get("total", 0.0)
    sure = [f"confidence {answer.confidence:.0%}"] if answer.confidence and answer.status == "answered" else []
    return sure + ([f"{total / 1000:.1f}s"] if total else [])


def heading(place: Place) -> Content:
    """Of the source pane: which document, who published it, when, which page, and how it was found to support."""
    facts = [one_line(place.publisher, 60), spoken_date(place.date), f"page {place.page}" if place.page else ""]
    title = one_line(place.title or place.document, 200)
    number = Content.styled(f"[{place.n}] ", "bold $accent") if place.n else Content("")
    rows = [number + Content.styled(title, "bold"), Content.styled(" · ".join(filter(None, facts)), QUIET)]
    if place.verdict:
        mark, style = SIGNS[place.verdict]
        rows.append(Content.styled(f"{mark} {VERDICTS[place.verdict]}", style))
    return Content("\n").join([row for row in rows if row.plain])


def path(document: str) -> Content:
    """Where a document is; a click opens its file."""
    style = Style.parse(QUIET) + Style.from_meta({"@click": "app.open_file"})
    return Content.styled(one_line(document, 300), style)


def source(item: Source) -> Content:
    """One document of the index, on two lines."""
    facts = [one_line(item.publisher, 40), spoken_date(item.date)]
    title = Content.styled(one_line(item.title or item.path, 100), "bold")
    told = " · ".join(filter(None, facts)) or one_line(item.path, 100)
    return title + Content("\n") + Content.styled(told, QUIET)
