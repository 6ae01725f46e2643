"""One case on the page: question, answer with each sentence coloured and signed by its verdict, cited spans in
their context."""

from __future__ import annotations

import html
from collections.abc import Iterator

from qa.evaluate.reports.visible import visible
from qa.evaluate.result import CaseResult, SuiteRun
from qa.types import Answer, Citation, Hit, Sentence

SIGNS = {"supported": "✓", "partial": "~", "unsupported": "✗"}
CONTEXT = 90
"""Characters of the passage shown on either side of a cited span."""


def article(run: SuiteRun, one: CaseResult) -> str:
    """An ``<article>``; its data attributes are what the filters look at."""
    name = html.escape(f"{run.name}/{one.case.id}")
    look = "" if one.passed else " failed"
    kind, suite = html.escape(one.case.kind), html.escape(run.name)
    inner = "".join(_inner(run, one, name))
    return f'<article class="case{look}" id="{name}" data-kind="{kind}" data-run="{suite}">{inner}</article>'


def _inner(run: SuiteRun, one: CaseResult, name: str) -> Iterator[str]:
    answer = one.outcome.answer
    mark = '<b class="good">✓ pass</b>' if one.passed else '<b class="bad">✗ fail</b>'
    chips = f'<span class="chip">{visible(one.case.kind)}</span><span>expects {one.case.expect}</span>'
    yield f'<div class="top">{mark}<a href="#{name}" class="mono">{visible(one.case.id)}</a>{chips}'
    yield f"<span>{visible(run.name)}</span></div>"
    yield f'<div class="q">{visible(one.case.question) or "(everything)"}</div>'
    yield _answer(answer)
    yield from (f'<div class="fail">✗ {visible(failure)}</div>' for failure in one.observed.failures)
    yield _facts(one)
    if answer.citations:
        cited = "".join(_citation(citation, one.outcome.hits) for citation in answer.citations)
        noun = "span" if len(answer.citations) == 1 else "spans"
        yield f"<details open><summary>{len(answer.citations)} cited {noun}</summary>{cited}</details>"
    yield _more(one)


def _answer(answer: Answer) -> str:
    if answer.status == "refused":
        return f'<p class="answer soft">Refused. {visible(answer.reason)}</p>'
    return f'<p class="answer">{" ".join(_sentence(one) for one in answer.sentences)}</p>'


def _sentence(sentence: Sentence) -> str:
    marks = "".join(f"<sup>[{n}]</sup>" for n in sentence.citations)
    reasons = f' title="{html.escape(", ".join(sentence.reasons))}"' if sentence.reasons else ""
    sign = f'<span class="sign" aria-label="{sentence.verdict}">{SIGNS[sentence.verdict]}</span>'
    return f'<span class="s {sentence.verdict}"{reasons}>{sign}{visible(sentence.text)}{marks}</span>'


def _facts(one: CaseResult) -> str:
    answer, case = one.outcome.answer, one.case
    rows = [("expected", " · ".join(case.answers) or case.expect)]
    if case.expect == "conflict":
        rows.append(("must report", " · ".join(case.value_texts)))
    if answer.short:
        rows.append(("found", f"{answer.short}"))
    if answer.disagreements:
        sides = (f"{d.value} [{', '.join(map(str, d.citations))}]" for d in answer.disagreements)
        rows.append(("disagreement", " · ".join(sides)))
    rows += [("left out", f"{one.document}: {one.reason}") for one in answer.coverage if one.reason]
    if answer.status == "answered" and not answer.coverage:
        rows.append(("confidence", f"{answer.confidence:.2f}"))
    items = "".join(f"<dt>{name}</dt><dd>{visible(words)}</dd>" for name, words in rows)
    return f'<dl class="facts">{items}</dl>'


def _citation(citation: Citation, hits: tuple[Hit, ...]) -> str:
    before, after = _context(citation, hits)
    where = " · ".join(part for part in (citation.publisher, citation.date, citation.document) if part)
    span = f"{citation.start}–{citation.end}"
    return (
        f'<div class="cite {citation.verdict}"><span class="sign">{SIGNS[citation.verdict]} [{citation.n}]</span>'
        f'<span class="soft small">{visible(where)}, {span}</span><br>'
        f"<q>{visible(before)}<mark>{visible(citation.quote)}</mark>{visible(after)}</q></div>"
    )


def _context(citation: Citation, hits: tuple[Hit, ...]) -> tuple[str, str]:
    """What stands around the span in the passage that was read; empty where the span lies outside all of them."""
    for hit in hits:
        passage = hit.passage
        if passage.document == citation.document and passage.start <= citation.start and citation.end <= passage.end:
            start, end = citation.start - passage.start, citation.end - passage.start
            before, after = passage.text[:start], passage.text[end:]
            if len(before) > CONTEXT:
                before = "… " + before[-CONTEXT:].partition(" ")[2]
            if len(after) > CONTEXT:
                after = after[:CONTEXT].rpartition(" ")[0] + " …"
            return before, after
    return "", ""


def _more(one: CaseResult) -> str:
    scores = "".join(
        f"<div><span>{name}</span><span>{value:.3f}</span></div>" for name, value in sorted(one.observed.scores.items())
    )
    read = "".join(_read(place, hit) for place, hit in enumerate(one.outcome.hits, 1))
    evidence = "".join(
        f'<div class="cite"><span class="soft small">{visible(e.document)}</span><br><q>{visible(e.quote)}</q></div>'
        for e in one.case.evidence
    )
    gold = f"<details><summary>gold evidence</summary>{evidence}</details>" if evidence else ""
    passages = f"<details><summary>{len(one.outcome.hits)} passages found</summary>{read}</details>" if read else ""
    measured = f'<details><summary>scores</summary><div class="scores mono small">{scores}</div></details>'
    return f'<div class="more">{gold}{passages}{measured}</div>'


def _read(place: int, hit: Hit) -> str:
    where = f"{place}. {hit.passage.document}, {hit.passage.start}–{hit.passage.end}"
    ranks = ", ".join(f"{name} {rank.place}" for name, rank in sorted(hit.ranks.items()))
    head = f"{visible(where)}{f' ({visible(ranks)})' if ranks else ''}"
    return f'<div class="cite"><span class="soft small">{head}</span><br><q>{visible(hit.passage.text)}</q></div>'
