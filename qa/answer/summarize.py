"""A summary of several sources: facts ranked by who tells them, one checked sentence each, and an account of every
source."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from qa.answer.check import premise_of
from qa.answer.checks import judge
from qa.answer.cite import Numbering, unmarked, with_marks
from qa.answer.clashes import Clash, clashes
from qa.answer.engine import DEFAULTS, AskOptions, Engine
from qa.answer.facts import REDUNDANT, Fact, compare, gather, narrow, tellable
from qa.answer.instructions import plain_sentences
from qa.answer.pipeline import MAX_QUESTION, mark_stale
from qa.answer.write import Evidence, tidy
from qa.errors import StoreError, UsageError
from qa.retrieve import select
from qa.types import (
    Answer,
    Cancel,
    Coverage,
    Disagreement,
    Done,
    Drafted,
    Event,
    Hit,
    Reason,
    Retrieved,
    Sentence,
    Source,
    Verified,
    never,
)

LEAST_FACTS, MOST_FACTS = 8, 18
"""Sentences of a summary, two a source and four more between these bounds, before sources that have none get theirs."""
MAX_SENTENCES = 600
"""Compared with each other; taken evenly from all sources, from the beginning of each, where there are more."""
_NOTHING_TOLD = "no source has a sentence on this that can stand alone."
_NOTHING_CHECKED = "stopped before a sentence was checked."


def summarize(
    engine: Engine, topic: str = "", options: AskOptions = DEFAULTS, cancel: Cancel = never
) -> Iterator[Event]:
    """Events as in ``ask``. Without a topic, everything that the filters let through is summarized.

    Raises ``StoreError`` when no source passes the filters, ``UsageError`` for an overlong topic.
    """
    started = time.perf_counter()
    topic = _usable(topic)
    sources = select(engine.index.sources(), options.filters)
    if not sources:
        raise StoreError("no source matches the filters", "see what there is with: qa sources")
    hits = _hits(engine, topic, options, sources)
    yield Retrieved(tuple(hits[: options.top_k]))
    candidates = _candidates(hits, sources)
    material = compare(engine.embedder, candidates)
    if topic:
        material = narrow(engine.embedder, material, topic)
    facts = [f for f in gather(engine.embedder, material, topic) if tellable(f.members[0].text)]
    chosen = _ordered(_with_every_source(_chosen(facts, len(sources)), facts))
    numbering = Numbering()
    kept: list[Sentence] = []
    for index, fact in enumerate(chosen):
        if cancel():
            break
        text = tidy(fact.members[0].text)
        yield Drafted(index, Sentence(unmarked(text), (), "unsupported"), numbering.all)
        sentence = _checked(engine, text, fact, numbering)
        kept.append(sentence)
        yield Verified(index, sentence, numbering.all)
    stopped = [f"stopped after {len(kept)} of {len(chosen)} facts"] if len(kept) < len(chosen) else []
    answer = replace(
        _summary(engine, options, kept, clashes(material), numbering),
        question=topic,
        reason="" if kept else f"{Reason.NO_EVIDENCE}: {_NOTHING_CHECKED if stopped else _NOTHING_TOLD}",
        coverage=coverage_of(sources, kept, numbering, {e.hit.source.path for e in material.candidates}),
        notes=engine.notes(*stopped),
        timings_ms={"total": round(1000 * (time.perf_counter() - started), 1)},
    )
    yield Done(engine.steps.finish(mark_stale(engine, answer)))


def _usable(topic: str) -> str:
    text = " ".join(topic.split())
    if len(text) > MAX_QUESTION:
        raise UsageError(
            f"the topic has {len(text):,} characters, at most {MAX_QUESTION:,} are read", "name it in a few words"
        )
    return text


def _hits(engine: Engine, topic: str, options: AskOptions, sources: Sequence[Source]) -> list[Hit]:
    if topic:
        wide = AskOptions(top_k=max(24, options.top_k), per_source=8, filters=options.filters, seed=options.seed)
        return list(engine.steps.search(engine, topic, wide))
    by_path = {source.path: source for source in sources}
    return [Hit(p, by_path[p.document], 0.0) for p in engine.index.all_passages([s.path for s in sources])]


def _candidates(hits: Sequence[Hit], sources: Sequence[Source]) -> list[Evidence]:
    """Each sentence once, at most an even share from each source."""
    share = max(6, MAX_SENTENCES // max(1, len(sources)))
    seen: set[tuple[str, int]] = set()
    taken: dict[str, int] = {}
    found = []
    for hit in hits:
        for span in plain_sentences(hit.passage):
            path = hit.source.path
            evidence = Evidence(hit, span)
            if (path, span.start) in seen or taken.get(path, 0) >= share or len(evidence.text.split()) < 4:
                continue
            seen.add((path, span.start))
            taken[path] = taken.get(path, 0) + 1
            found.append(evidence)
    return found[:MAX_SENTENCES]


def _chosen(facts: Sequence[Fact], sources: int) -> list[Fact]:
    most = min(MOST_FACTS, max(LEAST_FACTS, 2 * sources + 4))
    chosen: list[Fact] = []
    for fact in facts:
        if len(chosen) == most:
            break
        if all(float(fact.vector @ other.vector) < REDUNDANT for other in chosen):
            chosen.append(fact)
    return chosen


def _with_every_source(chosen: list[Fact], facts: Sequence[Fact]) -> list[Fact]:
    """A source that no chosen fact begins with or shares gets its best fact, unless it only repeats."""
    told = {group for fact in chosen for group in fact.sources}
    for fact in facts:
        group = fact.members[0].hit.source.group
        if group not in told and all(float(fact.vector @ other.vector) < REDUNDANT for other in chosen):
            chosen.append(fact)
            told.add(group)
    return chosen


def _ordered(facts: Sequence[Fact]) -> list[Fact]:
    """As a report would tell them: by how far from the beginning of their document they stand."""

    def place(fact: Fact) -> float:
        return min(e.span.start / max(1, e.hit.source.characters) for e in fact.members)

    return sorted(facts, key=lambda f: (-(len(f.sources) > 1), place(f)))


def _checked(engine: Engine, text: str, fact: Fact, numbering: Numbering) -> Sentence:
    """The sentence with its own span first, then every other source's span that supports the whole of it."""
    own, others = fact.members[0], fact.members[1:]
    findings = judge(engine.checker, [(text, premise_of(e)) for e in others])
    numbers = [numbering.cite(own, "supported")]
    groups = {own.hit.source.group}
    for evidence, finding in zip(others, findings, strict=True):
        if finding.verdict == "supported" and evidence.hit.source.group not in groups:
            groups.add(evidence.hit.source.group)
            numbers.append(numbering.cite(evidence, "supported"))
    return Sentence(unmarked(text), tuple(numbers), "supported")


def _disagreements(found: Sequence[Clash], numbering: Numbering) -> tuple[Disagreement, ...]:
    return tuple(
        Disagreement(value, tuple(numbering.cite(e, "supported") for e in evidence))
        for clash in found
        for value, evidence in clash.values
    )


def _summary(
    engine: Engine, options: AskOptions, kept: Sequence[Sentence], found: Sequence[Clash], numbering: Numbering
) -> Answer:
    """The answer without its account of the sources; a refusal when nothing is kept, then it cites nothing."""
    disagreements = _disagreements(found, numbering) if kept else ()
    return Answer(
        question="",
        status="answered" if kept else "refused",
        reason="",
        answer=" ".join(with_marks(s.text, s.citations) for s in kept),
        short="",
        confidence=1.0 if kept else 0.0,
        sentences=tuple(kept),
        citations=numbering.all,
        disagreements=disagreements,
        model=engine.record(options.seed),
        fingerprint=engine.index.fingerprint,
    )


def coverage_of(
    sources: Sequence[Source], kept: Sequence[Sentence], numbering: Numbering, considered: set[str]
) -> tuple[Coverage, ...]:
    """One entry a source: the citations that it gives to the summary's sentences, or why it gives none."""
    used = {n for sentence in kept for n in sentence.citations}
    by_path: dict[str, tuple[int, ...]] = {}
    for c in numbering.all:
        if c.n in used:
            by_path[c.document] = (*by_path.get(c.document, ()), c.n)
    groups = {s.group: s for s in sources if s.path in by_path}
    return tuple(
        Coverage(
            s.path,
            s.title,
            s.publisher,
            by_path.get(s.path, ()),
            "" if s.path in by_path else _why_not(s, groups.get(s.group), considered),
        )
        for s in sources
    )


def _why_not(source: Source, twin: Source | None, considered: set[str]) -> str:
    if twin is not None:
        return f"a near-copy of {twin.label}"
    if source.path not in considered:
        return "says nothing on the topic"
    return "what it says is told by other sources or cannot stand alone"
