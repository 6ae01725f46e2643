"""Step five: every sentence against the spans that it cites. What fails is pointed elsewhere, replaced, or dropped;
never shown as sound."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.answer.checks import Finding, Premise, judge
from qa.answer.instructions import plain_sentences
from qa.answer.question import Question
from qa.answer.words import content
from qa.answer.write import Draft, Evidence, tidy
from qa.types import Hit, Reason, Verdict

if TYPE_CHECKING:
    from qa.answer.engine import Engine

REPAIR_CANDIDATES = 6
"""Sentences of the retrieved passages that are tried when the cited ones do not support."""


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence that was checked; ``evidence`` holds only spans that support it, unless none does."""

    text: str
    evidence: tuple[Evidence, ...]
    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    support: float | None = None
    dropped: bool = False


def premise_of(evidence: Evidence) -> Premise:
    """The cited span as a premise, with its document's title, publisher and date around it."""
    source = evidence.hit.source
    return Premise(evidence.text, f"{source.title}\n{source.publisher}", source.date)


def check(engine: Engine, question: Question, drafts: Sequence[Draft], hits: Sequence[Hit]) -> list[Checked]:
    """One ``Checked`` a draft, in order: supported, repaired, replaced by the source's own sentence, or dropped."""
    del question
    return [_ladder(engine, draft, hits) for draft in drafts]


def _ladder(engine: Engine, draft: Draft, hits: Sequence[Hit]) -> Checked:
    cited = _against(engine, draft.text, draft.evidence)
    kept = [(e, f) for e, f in zip(draft.evidence, cited, strict=True) if f.verdict == "supported"]
    if not kept and len(draft.evidence) > 1 and (joint := _jointly(engine, draft)):
        return joint
    if not kept and draft.fallback is not None:
        others = nearest_sentences(draft.text, hits, exclude=draft.evidence)
        found = _against(engine, draft.text, others)
        kept = [(e, f) for e, f in zip(others, found, strict=True) if f.verdict == "supported"][:1]
    if kept:
        return Checked(draft.text, tuple(e for e, _ in kept), "supported", (), kept[0][1].support)
    if draft.fallback is not None:
        return Checked(tidy(draft.fallback.text), (draft.fallback,), "supported")
    worst = max(cited, key=lambda f: f.rank, default=Finding("unsupported", (Reason.NO_EVIDENCE,)))
    return Checked(
        draft.text, draft.evidence, worst.verdict, worst.reasons, worst.support, dropped=worst.verdict == "unsupported"
    )


def _against(engine: Engine, claim: str, evidence: Sequence[Evidence]) -> list[Finding]:
    return judge(engine.checker, [(claim, premise_of(e)) for e in evidence])


def _jointly(engine: Engine, draft: Draft) -> Checked | None:
    """Several spans together, where none alone supports the sentence."""
    premises = [premise_of(e) for e in draft.evidence[:3]]
    joined = Premise(" ".join(p.text for p in premises), "\n".join(p.context for p in premises), premises[0].date)
    finding = judge(engine.checker, [(draft.text, joined)])[0]
    return (
        Checked(draft.text, draft.evidence[:3], "supported", (), finding.support)
        if finding.verdict == "supported"
        else None
    )


def nearest_sentences(
    claim: str, hits: Sequence[Hit], exclude: Sequence[Evidence] = (), limit: int = REPAIR_CANDIDATES
) -> list[Evidence]:
    """The sentences of the hits that share most content words with the claim, best first; those that share none are
    left out."""
    wanted = set(content(claim))
    barred = {(e.passage.document, e.span) for e in exclude}
    seen: set[tuple[str, object]] = set(barred)
    scored: list[tuple[float, int, Evidence]] = []
    for order, hit in enumerate(hits):
        for span in plain_sentences(hit.passage):
            key = (hit.passage.document, span)
            evidence = Evidence(hit, span)
            shared = len(wanted & set(content(evidence.text)))
            if key not in seen and shared:
                seen.add(key)
                scored.append((-shared / max(1, len(wanted)), order, evidence))
    return [evidence for _, _, evidence in sorted(scored, key=lambda item: item[:2])[:limit]]
