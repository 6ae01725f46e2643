"""Events of an answer as narration on stderr; the answer itself is printed by who called."""

from __future__ import annotations

from collections.abc import Iterable

from qa.cli.console import Status, err, out
from qa.render.clean import one_line
from qa.render.text import sentence_text
from qa.types import Answer, Done, Drafted, Event, Hit, Retrieved, Verified


def follow(events: Iterable[Event], status: Status, explain: bool = False, stream: bool = False) -> Answer:
    """Tell what happens and return the answer.

    With ``explain``, the hits are listed on stderr with their ranks. With ``stream``, each checked sentence goes to
    stdout at once.
    """
    status.tell("searching")
    for event in events:
        if isinstance(event, Done):
            return event.answer
        _narrate(event, status, explain)
        if stream and isinstance(event, Verified) and event.sentence is not None:
            status.stop()
            out().print(sentence_text(event.sentence))
    raise ValueError("the events ended without an answer")


def _narrate(event: Event, status: Status, explain: bool) -> None:
    if isinstance(event, Retrieved):
        status.tell(f"reading {len(event.hits)} passages")
        if explain:
            _list(event.hits)
    elif isinstance(event, Drafted):
        status.tell(f"checking: {event.sentence.text}")


def _list(hits: tuple[Hit, ...]) -> None:
    console = err()
    for place, hit in enumerate(hits, 1):
        console.print(f"{place:2}. {describe(hit)}")


def describe(hit: Hit) -> str:
    """One line: where the hit is, its fused score, its place and score in each list, and its near-copies."""
    ranks = "  ".join(f"{name} #{rank.place} ({rank.score:.3f})" for name, rank in hit.ranks.items())
    copies = f"  copies: {', '.join(c.path for c in hit.copies)}" if hit.copies else ""
    return one_line(f"{hit.passage.document}:{hit.passage.start}-{hit.passage.end}  {hit.score:.4f}  {ranks}{copies}")
