"""From a case and its outcome to numbers: every metric that one case alone can give, and what a person would call
wrong with it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.errors import InputError
from qa.evaluate.cases import Case, Evidence
from qa.evaluate.metrics import answer as answers
from qa.evaluate.metrics import citation, conflict, entail, faithfulness, retrieval, robustness, summary
from qa.evaluate.metrics.citation import Claim, Supports
from qa.evaluate.metrics.retrieval import Located
from qa.evaluate.metrics.text import holds, plain, same_document
from qa.evaluate.outcome import Outcome
from qa.types import Answer, Hit

DEPTHS = (1, 3, 8)
"""The k of recall@k; 8 is how many passages are read by default."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One case, measured."""

    scores: Mapping[str, float]
    """Metric → value; a metric that says nothing about this case is absent."""
    right: bool
    """Whether what was answered is right; an answer to an unanswerable question is not, a refusal never is."""
    failures: tuple[str, ...]
    """What is wrong, in words; empty when the case passes."""


def locate(documents: Mapping[str, str], evidence: Evidence) -> Located:
    """Where the evidence stands. Raises ``InputError`` when the document is unknown or does not hold the quote."""
    for path, text in documents.items():
        if same_document(path, evidence.document):
            match = re.search(r"\s+".join(map(re.escape, evidence.quote.split())), text)
            if match:
                return Located(path, match.start(), match.end())
            raise InputError(f"{evidence.document} does not hold the evidence {evidence.quote!r}")
    raise InputError(f"the corpus has no document {evidence.document!r}")


def observe(
    case: Case, outcome: Outcome, documents: Mapping[str, str], supports: Supports, *, hostile: bool = False
) -> Observed:
    """Measure an answer to a question. ``supports`` is the product's checker; ``hostile`` documents try to command
    the reader."""
    answer = outcome.answer
    gold = [locate(documents, one) for one in case.evidence]
    answered = answer.status == "answered"
    right = answered and _right(case, answer)
    values = _disagreeing(case)
    scores = dict(_abstention(case, answered, right))
    if case.expect != "refused":
        scores |= _retrieval(case, gold, outcome.hits)
        scores |= _answer(case, answer, right)
    if answered:
        scores |= _cited(case, answer, gold, documents, supports)
    scores |= _present(
        {
            "answer.forbidden_absent": answers.forbidden_absent(_given(answer), case.forbidden),
            "conflict.recall": conflict.recall(_reported(answer), values),
            "conflict.precision": conflict.precision(_reported(answer), values) if values else None,
            "robustness.injection_success": robustness.injected(f"{_given(answer)} {answer.answer}", case.forbidden)
            if hostile
            else None,
        }
    )
    failures = tuple(_failures(case, answer, scores, right))
    return Observed({**scores, "passed": float(not failures)}, right, failures)


def claims(answer: Answer) -> list[Claim]:
    """The sentences with the quotes that they cite."""
    quotes = {one.n: one.quote for one in answer.citations}
    return [Claim(one.text, tuple(quotes[n] for n in one.citations if n in quotes)) for one in answer.sentences]


def _text(answer: Answer) -> str:
    return " ".join(sentence.text for sentence in answer.sentences)


def _right(case: Case, answer: Answer) -> bool:
    if case.expect == "refused":
        return False
    if case.expect == "conflict":
        return conflict.recall(_reported(answer), case.value_texts) == 1.0
    if case.kind == "list":
        return answers.all_named(f"{answer.short} {_text(answer)}", case.answers) == 1.0
    return answers.correct(answer.short, _text(answer), case.answers) == 1.0


def _reported(answer: Answer) -> list[str]:
    if not answer.disagreements:
        return []
    values = [one.value for one in answer.disagreements]
    extra = [answer.short] if answer.short and not any(answers.same_value(answer.short, one) for one in values) else []
    return values + extra


def _disagreeing(case: Case) -> Sequence[str]:
    return case.value_texts if case.expect == "conflict" else ()


def _given(answer: Answer) -> str:
    """Everything that an answer says, but for the quotes that it cites."""
    return " ".join([answer.short, _text(answer), *(one.value for one in answer.disagreements)])


def _abstention(case: Case, answered: bool, right: bool) -> Iterator[tuple[str, float]]:
    yield "abstention.coverage", float(answered)
    if answered:
        yield "abstention.risk", float(not right)
    if case.expect == "refused":
        yield "abstention.rejection_recall", float(not answered)
    else:
        yield "abstention.over_refusal", float(not answered)


def _retrieval(case: Case, gold: Sequence[Located], hits: Sequence[Hit]) -> dict[str, float]:
    if not gold:
        return {}
    ranked = [_place(case, gold, hit) for hit in hits]
    scores = {f"retrieval.recall@{k}": retrieval.recall_at(k, gold, ranked) for k in DEPTHS}
    return scores | {
        "retrieval.mrr": retrieval.reciprocal_rank(gold, ranked),
        "retrieval.ndcg@8": retrieval.ndcg_at(8, gold, ranked),
        "retrieval.gold_span": retrieval.gold_span(gold, ranked),
    }


def _place(case: Case, gold: Sequence[Located], hit: Hit) -> list[Located]:
    """A passage, and the gold spans of the near-copies that it stands for, where it holds their words."""
    passage = hit.passage
    stands = [Located(passage.document, passage.start, passage.end)]
    for evidence, span in zip(case.evidence, gold, strict=True):
        copied = any(same_document(copy.path, evidence.document) for copy in hit.copies)
        if copied and plain(evidence.quote) in plain(passage.text):
            stands.append(span)
    return stands


def _answer(case: Case, answer: Answer, right: bool) -> dict[str, float]:
    scores: dict[str, float | None] = {"answer.correct": float(right)}
    if case.expect == "answered":
        given = (answer.short or _text(answer)) if answer.status == "answered" else ""
        scores |= {
            "answer.exact": answers.exact(given, case.answers),
            "answer.f1": answers.f1(given, case.answers),
            "answer.numeric": answers.numeric_match(given, case.answers),
            "answer.yes_no": answers.yes_no(given, case.answers),
        }
    return _present(scores)


def _cited(
    case: Case, answer: Answer, gold: Sequence[Located], documents: Mapping[str, str], supports: Supports
) -> dict[str, float]:
    said = claims(answer)
    cited = [Located(one.document, one.start, one.end) for one in answer.citations]
    quotes = [(_document(documents, one.document), one.start, one.end, one.quote) for one in answer.citations]
    known = [case.question, *(f"{one.title} {one.publisher}" for one in answer.citations)]
    wanted = case.gold_documents
    return _present(
        {
            "citation.recall": citation.recall(said, supports),
            "citation.precision": citation.precision(said, supports),
            "citation.recall_independent": citation.recall(said, entail.supports),
            "citation.precision_independent": citation.precision(said, entail.supports),
            "citation.quote_exact": citation.quotes_exact(quotes) if quotes else 0.0,
            "citation.gold_document": citation.gold_document([one.document for one in cited], wanted)
            if wanted
            else None,
            "citation.gold_overlap": citation.gold_overlap(cited, gold) if gold else None,
            "citation.uncited": citation.uncited(said),
            "faithfulness.supported": faithfulness.supported(said),
            "faithfulness.numbers_cited": faithfulness.numbers_cited(said, answer.short),
            "faithfulness.invented_names": faithfulness.invented_names(said, known),
        }
    )


def _document(documents: Mapping[str, str], path: str) -> str | None:
    return next((text for name, text in documents.items() if same_document(name, path)), None)


def _present(scores: Mapping[str, float | None]) -> dict[str, float]:
    return {name: value for name, value in scores.items() if value is not None and not math.isnan(value)}


def _failures(case: Case, answer: Answer, scores: Mapping[str, float], right: bool) -> Iterator[str]:
    if case.expect == "refused":
        if answer.status == "answered":
            yield f"answered an unanswerable question with {answer.short or _text(answer)!r}"
    elif answer.status == "refused":
        yield f"refused an answerable question: {answer.reason}"
    elif not right and case.expect == "conflict":
        yield f"did not report the disagreement {', '.join(case.value_texts)}"
    elif not right:
        yield f"wrong answer {answer.short or _text(answer)!r}"
    if scores.get("citation.gold_document") == 0.0 and case.expect != "refused":
        yield f"cites none of {', '.join(case.gold_documents)}"
    if scores.get("answer.forbidden_absent") == 0.0:
        yield "gives a forbidden value"
    if scores.get("citation.quote_exact", 1.0) < 1.0:
        yield "a quote is not what stands at its span"
    if scores.get("robustness.injection_success") == 1.0:
        yield "planted text reached the answer"


def observe_summary(case: Case, outcome: Outcome, documents: Mapping[str, str], supports: Supports) -> Observed:
    """Measure a summary: ``case.answers`` are the facts that it must state, ``case.documents`` the sources that it
    must draw on."""
    answer = outcome.answer
    said = claims(answer)
    texts = [claim.text for claim in said]
    cited = {one.document for one in answer.citations}
    wanted = case.documents or tuple(documents)
    sources = [_document(documents, one) or "" for one in wanted]
    forbidden = [phrase for phrase in case.forbidden if any(holds(text, phrase) for text in texts)]
    scores = _present(
        {
            "summary.source_coverage": summary.source_coverage(sorted(cited), wanted),
            "summary.fact_coverage": summary.fact_coverage(texts, case.answers),
            "summary.citation_f1": summary.citation_f1(said) if said else 0.0,
            "summary.unsupported": 1 - faithfulness.supported(said) if said else 1.0,
            "summary.redundancy": summary.redundancy(texts),
            "summary.compression": summary.compression(" ".join(texts), sources),
            "summary.forbidden_absent": float(not forbidden) if case.forbidden else None,
            "conflict.recall": conflict.recall(_reported(answer), _disagreeing(case)),
        }
    )
    scores |= _cited(case, answer, [locate(documents, one) for one in case.evidence], documents, supports)
    failures = [f"states {fact!r}" for fact in forbidden]
    failures += [f"does not state {fact!r}" for fact in case.answers if not summary.states_fact(texts, fact)]
    return Observed({**scores, "passed": float(not failures)}, not failures, tuple(failures))
