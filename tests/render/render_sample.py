"""Answers to render: one of each kind, and hostile text."""

from __future__ import annotations

from qa.types import (
    Answer,
    Citation,
    Coverage,
    Disagreement,
    Hit,
    ModelRecord,
    Passage,
    Rank,
    Reason,
    Sentence,
    Source,
    Span,
)

MODEL = ModelRecord("reader-135m", "reader.gguf 1a2b3c4d", "mini 384", "entails 5e6f", "ab" * 32, 7)
LEDGER = Citation(
    1, "news/ledger.md", "Marines leave for Baghdad", "The Ledger", "2019-12-31", None, 120, 195,
    "A detachment of 100 Marines was sent from Kuwait to the embassy in Baghdad.", "supported", 4,
)  # fmt: skip
REPORT = Citation(
    2, "reports/annual.pdf", "Annual report", "", "2020", 12, 4000, 4061,
    "Officers told reporters that 120 Marines were sent in the night.", "partial", 9,
)  # fmt: skip
NOTES = Citation(3, "notes.txt", "", "", "", None, 0, 11, "Nobody came.", "unsupported", 1)

ANSWERED = Answer(
    id="q-1",
    question="How many Marines were sent?",
    status="answered",
    reason="",
    answer="100 Marines were sent [1]. Officers spoke of more [2].",
    short="100",
    confidence=0.8312,
    sentences=(
        Sentence("100 Marines were sent.", (1,), "supported", (Reason.CONFLICT,), 0.97),
        Sentence("Officers spoke of more.", (2,), "partial", (Reason.LOW_SUPPORT, Reason.STALE_SOURCE), 0.41),
    ),
    citations=(LEDGER, REPORT),
    disagreements=(Disagreement("100", (1,)), Disagreement("120", (2,))),
    model=MODEL,
    fingerprint="0123456789abcdef",
    timings_ms={"search": 3.2, "read": 410.5, "total": 431.0},
    notes=("reports/annual.pdf changed on disk since it was indexed: run qa index reports/annual.pdf",),
)
_TEXT = "The wall of the embassy is high. " * 8
NEAREST = Hit(
    Passage("news/wire.md", 40, 40 + len(_TEXT), _TEXT, (Span(40, 73),), None, 3),
    Source("news/wire.md", "Guards", "Wire News", "2019-12-31", "0" * 64, 900, 2, "news/wire.md"),
    0.0312,
    {"dense": Rank(1, 0.41), "lexical": Rank(3, 5.2)},
)
REFUSED = Answer(
    question="Who won the cup?",
    status="refused",
    reason="NO_EVIDENCE: the documents do not say.",
    answer="",
    short="",
    confidence=0.1,
    sentences=(),
    citations=(),
    disagreements=(),
    model=MODEL,
    fingerprint="0123456789abcdef",
    timings_ms={"total": 12.0},
    nearest=(NEAREST,),
)
SUMMARY = Answer(
    question="the embassy",
    status="answered",
    reason="",
    answer="100 Marines were sent [1][2].",
    short="",
    confidence=1.0,
    sentences=(Sentence("100 Marines were sent.", (1, 2), "supported"),),
    citations=(LEDGER, REPORT),
    disagreements=(),
    model=MODEL,
    fingerprint="0123456789abcdef",
    timings_ms={"total": 88.0},
    coverage=(
        Coverage("news/ledger.md", "Marines leave for Baghdad", "The Ledger", (1,)),
        Coverage("reports/annual.pdf", "Annual report", "", (2,)),
        Coverage("notes.txt", "", "", (), "says nothing on the topic"),
    ),
)
CHECKED = Answer(
    question="",
    status="answered",
    reason="",
    answer="A detachment of 100 Marines was sent [1]. Many came [2].",
    short="1 of 2 sentences supported",
    confidence=0.5,
    sentences=(
        Sentence("A detachment of 100 Marines was sent.", (1,), "supported"),
        Sentence("Many came.", (2,), "unsupported", (Reason.NEGATION,)),
    ),
    citations=(LEDGER, Citation(2, *[getattr(NOTES, f) for f in Citation.__slots__[1:]])),
    disagreements=(),
    model=MODEL,
    fingerprint="0123456789abcdef",
    timings_ms={"total": 9.0},
)

ESCAPES = (
    "\x1b[31mred\x1b[0m \x1b]8;;http://evil\x07link\x1b]8;;\x07 \x9b2J \r\x08\x00\x7f "
    "\u202egpj.exe\u202c \u200b\ufeff\u2066"
)
MARKUP = (
    "[bold]x[/bold] [link=http://evil]y[/] <script>alert(1)</script> ![i](http://evil/i.png) "
    "| `a` **b** # _c_ \\ & \" '"
)
WIDE = "漢字" * 80 + " " + "a" * 400 + " e\u0301\u0302 👩‍👩‍👧 ﷽ " + "\t\n\n  x"
HOSTILE_TEXT = f"{ESCAPES} {MARKUP} {WIDE}"
HOSTILE = Answer(
    id=HOSTILE_TEXT,
    question=HOSTILE_TEXT,
    status="answered",
    reason="",
    answer=HOSTILE_TEXT,
    short=HOSTILE_TEXT,
    confidence=0.5,
    sentences=(Sentence(HOSTILE_TEXT, (1,), "partial", (Reason.LOW_SUPPORT,)),),
    citations=(Citation(1, *[HOSTILE_TEXT] * 4, None, 0, len(HOSTILE_TEXT), HOSTILE_TEXT, "partial"),),
    disagreements=(Disagreement(HOSTILE_TEXT, (1,)),),
    model=ModelRecord(*[HOSTILE_TEXT] * 5, 0),
    fingerprint="f",
    timings_ms={"total": 1.0},
    coverage=(Coverage(HOSTILE_TEXT, HOSTILE_TEXT, HOSTILE_TEXT, (), HOSTILE_TEXT),),
    notes=(HOSTILE_TEXT,),
)
ALL = {"answered": ANSWERED, "refused": REFUSED, "summary": SUMMARY, "checked": CHECKED}
