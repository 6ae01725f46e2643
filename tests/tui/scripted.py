"""A backend that plays scripts: what it yields, how it fails and how long it takes is said by the test."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from qa.answer.followup import Turn
from qa.render.json import answer_to_json
from qa.tui.backend import ExportKind, Progress
from qa.types import (
    Answer,
    Cancel,
    Citation,
    Coverage,
    Disagreement,
    Document,
    Done,
    Drafted,
    Event,
    Hit,
    ModelRecord,
    Passage,
    Reason,
    Retrieved,
    Sentence,
    Source,
    Span,
    Token,
    Verified,
)

TEXTS = {
    "garrison.md": (
        "The United States has sent 100 Marines to its embassy in Baghdad, where a crowd loyal to a militia tried "
        "on Tuesday to storm the grounds. U.S. Central Command confirmed the move the same day.\n\n"
        "Nobody on the American staff has come to harm and an evacuation is not being planned, "
        "the State Department wrote.\n\n"
        "The Marines themselves were stationed in Kuwait, their unit announced on Twitter."
    ),
    "harbor.md": (
        "Roughly a hundred extra Marines are heading for the U.S. embassy in Baghdad, officials said. Their orders "
        "are to protect the mission. Emptying it is not part of the plan."
    ),
    "fernbrook.md": (
        "One hundred Marines from a special response team were sent to Baghdad on Tuesday. Some 750 soldiers were "
        "to leave at once for the region."
    ),
}
FACTS = {
    "garrison.md": ("100 Marines flown in to guard besieged embassy in Baghdad", "The Garrison Post", "2019-12-31"),
    "harbor.md": ("About 100 more Marines ordered to U.S. embassy", "Harbor Wire", "2019-12-31"),
    "fernbrook.md": ("Paratroopers to follow Marines as siege enters second day", "Fernbrook Courier", "2020-01-01"),
}
MODEL = ModelRecord("scripted", "", "scripted", "scripted", "0" * 64, 0)
Script = Iterable[Event | Exception | Callable[[], None]]


def source(path: str) -> Source:
    title, publisher, date = FACTS[path]
    return Source(path, title, publisher, date, "0" * 64, len(TEXTS[path]), 3, path)


def citation(n: int, path: str, quote: str, verdict: str = "supported", page: int | None = None) -> Citation:
    title, publisher, date = FACTS[path]
    start = TEXTS[path].index(quote)
    return Citation(n, path, title, publisher, date, page, start, start + len(quote), quote, verdict)  # type: ignore[arg-type]


def hit(path: str, quote: str) -> Hit:
    start = TEXTS[path].index(quote)
    end = start + len(quote)
    return Hit(Passage(path, start, end, quote, (Span(start, end),)), source(path), 0.5)


def answer(question: str, sentences: Sequence[Sentence], citations: Sequence[Citation], **more: object) -> Answer:
    text = " ".join(s.text + "".join(f" [{n}]" for n in s.citations) for s in sentences)
    fields: dict[str, object] = {
        "question": question, "status": "answered", "reason": "", "answer": text, "short": "", "confidence": 0.93,
        "sentences": tuple(sentences), "citations": tuple(citations), "disagreements": (), "model": MODEL,
        "fingerprint": "f" * 16, "timings_ms": {"total": 3200.0},
    }  # fmt: skip
    return Answer(**(fields | more))  # type: ignore[arg-type]


C1 = citation(1, "garrison.md", "The United States has sent 100 Marines to its embassy in Baghdad", page=1)
C2 = citation(2, "harbor.md", "Roughly a hundred extra Marines are heading for the U.S. embassy in Baghdad")
C3 = citation(3, "garrison.md", "The Marines themselves were stationed in Kuwait", "partial")
S1 = Sentence("About 100 Marines were sent to the embassy in Baghdad.", (1, 2), "supported")
S2 = Sentence("They came from Kuwait and Taji.", (3,), "partial", (Reason.NAME_MISMATCH,))
S3 = Sentence("They arrived in three aircraft.", (), "unsupported", (Reason.NO_EVIDENCE,))
HITS = (hit("garrison.md", TEXTS["garrison.md"].split("\n")[0]), hit("harbor.md", TEXTS["harbor.md"]))


def draft(sentence: Sentence) -> Sentence:
    return Sentence(sentence.text, sentence.citations, "unsupported")


def marines(question: str = "How many Marines were sent?") -> list[Event]:
    """An answer in which one sentence holds, one holds partly and one is dropped."""
    cited = (C1, C2, C3)
    return [
        Retrieved(HITS),
        Token("About 100 Marines were "),
        Token("sent to the embassy"),
        Drafted(0, draft(S1), cited),
        Verified(0, S1, cited),
        Drafted(1, draft(S2), cited),
        Verified(1, S2, cited),
        Drafted(2, draft(S3), cited),
        Verified(2, None, cited, (Reason.NO_EVIDENCE,)),
        Done(answer(question, (S1, S2), cited)),
    ]


def streaming() -> list[Event]:
    """The same, broken off while the second sentence is being written."""
    return [*marines()[:5], Drafted(1, draft(S2), (C1, C2, C3)), Token("They arrived in three")]


def conflict() -> list[Event]:
    """An answer whose sources disagree."""
    c2 = citation(2, "fernbrook.md", "Some 750 soldiers were to leave at once for the region.")
    sentence = Sentence("The sources give 100 Marines.", (1,), "supported", (Reason.CONFLICT,))
    rivals = (Disagreement("100 Marines", (1,)), Disagreement("750 soldiers", (2,)))
    return [Retrieved(HITS), Done(answer("How many were sent?", (sentence,), (C1, c2), disagreements=rivals))]


def refusal() -> list[Event]:
    """No answer, and what came nearest."""
    reason = "NO_EVIDENCE: no passage says who paid for the flight."
    return [
        Retrieved(HITS),
        Done(answer("Who paid?", (), (), status="refused", reason=reason, confidence=0.0, nearest=HITS)),
    ]


def summary() -> list[Event]:
    rows = (
        Coverage("garrison.md", "", "The Garrison Post", (1,)),
        Coverage("fernbrook.md", "", "Fernbrook Courier", (), "says nothing that the others do not say"),
    )
    return [Retrieved(HITS), Done(answer("", (S1,), (C1, C2), coverage=rows))]


class ScriptedBackend:
    """See ``qa.tui.backend.Backend``. ``scripts`` are played one a question, the last one again and again."""

    def __init__(self, *scripts: Script, folder: Path | None = None) -> None:
        self.scripts: list[Script] = list(scripts) or [marines()]
        self.folder = folder or Path("/nowhere")
        self.calls: list[tuple[str, ...]] = []
        self.histories: list[tuple[Turn, ...]] = []
        self.loaded = threading.Event()
        self.loaded.set()
        self.load_errors: list[Exception] = []
        self.rewrites: dict[str, str] = {}
        self.changed = False
        self.closed = threading.Event()
        self.index_steps: list[Callable[[], None] | Exception] = []
        self.documents = [source(path) for path in TEXTS]

    def close(self) -> None:
        self.closed.set()

    def load(self) -> str:
        self.calls.append(("load",))
        self.loaded.wait(20)
        if self.load_errors:
            raise self.load_errors.pop(0)
        return "scripted-135M"

    def refresh(self) -> bool:
        changed, self.changed = self.changed, False
        return changed

    def standalone(self, question: str, history: Sequence[Turn]) -> str:
        self.histories.append(tuple(history))
        return self.rewrites.get(question, question)

    def ask(self, question: str, cancel: Cancel) -> Iterator[Event]:
        self.calls.append(("ask", question))
        return self._play(cancel)

    def summarize(self, topic: str, cancel: Cancel) -> Iterator[Event]:
        self.calls.append(("summarize", topic))
        return self._play(cancel)

    def verify(self, text: str, cancel: Cancel) -> Iterator[Event]:
        self.calls.append(("verify", text))
        return self._play(cancel)

    def _play(self, cancel: Cancel) -> Iterator[Event]:
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        for step in script:
            if cancel():
                return
            if isinstance(step, Exception):
                raise step
            if callable(step):
                step()
            else:
                yield step

    def sources(self) -> Sequence[Source]:
        return self.documents

    def document(self, path: str) -> Document:
        title, publisher, date = FACTS[path]
        return Document(path, TEXTS[path], title, publisher, date)

    def locate(self, path: str) -> Path:
        return self.folder / path

    def index(self, paths: Sequence[str], progress: Progress, cancel: Cancel) -> object:
        self.calls.append(("index", *paths))
        for n, step in enumerate(self.index_steps, 1):
            if cancel():
                return f"stopped after {n - 1} files"
            if isinstance(step, Exception):
                raise step
            progress(n, len(self.index_steps), f"file{n}.md")
            step()
        return f"indexed {len(self.index_steps)} files"

    def models(self) -> Sequence[str]:
        return ("smollm2", "smollm2-plain")

    def set_model(self, name: str) -> str:
        self.calls.append(("set_model", name))
        return name

    def export(self, answers: Sequence[Answer], kind: ExportKind) -> str:
        return json.dumps({"kind": kind, "answers": [answer_to_json(item) for item in answers]})
