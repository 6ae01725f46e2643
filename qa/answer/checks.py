"""Whether a premise supports a claim: first what code can decide for certain, then the entailment checker.

The order is the point. A verbatim quote is supported whatever a model thinks of it; a number, date, name or negation
that the premise does not bear is never supported, however similar the wording. Only what is left goes to the checker.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.answer.amounts import as_written, partly, unborne_quantities
from qa.answer.asides import misattributes
from qa.answer.bindings import turns_joint, unbinds
from qa.answer.clauses import sentences
from qa.answer.copies import changes_amount, denies_copy, exchanges_names
from qa.answer.edits import renames, trades, turns
from qa.answer.names import missing_names
from qa.answer.negation import reverses
from qa.answer.roles import swapped
from qa.answer.transfers import returned
from qa.answer.words import fold
from qa.models.seams import Checker
from qa.types import Reason, Verdict

PARTIAL_SHARE = 0.5
"""Of the checker's threshold: above it a claim counts as partly supported, worth showing but not worth stating."""


@dataclass(frozen=True, slots=True)
class Premise:
    """Text of one to three consecutive sentences, and what their document says around them."""

    text: str
    context: str = ""
    """Title and publisher: may bear a claim's names and a title that it quotes, never its numbers."""
    date: str = ""
    """ISO day of the document, to which its weekdays are resolved."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What checking one claim against one premise found."""

    verdict: Verdict
    reasons: tuple[Reason, ...] = ()
    support: float | None = None
    """The checker's probability; None where code decided."""

    @property
    def rank(self) -> tuple[int, float]:
        """Larger is better."""
        return (
            {"unsupported": 0, "partial": 1, "supported": 2}[self.verdict],
            1.0 if self.support is None else self.support,
        )


SUPPORTED = Finding("supported")


def judge(checker: Checker, pairs: Sequence[tuple[str, Premise]]) -> list[Finding]:
    """A finding for each (claim, premise), in order; the checker is asked once for all that code cannot decide."""
    findings = [decide(claim, premise) for claim, premise in pairs]
    open_ = [i for i, finding in enumerate(findings) if finding is None]
    asked = [(pairs[i][1].text, as_written(pairs[i][0], pairs[i][1].text)) for i in open_]
    scores = checker.support(asked) if asked else []
    for i, score in zip(open_, scores, strict=True):
        findings[i] = _graded(score, checker.threshold)
    return [finding for finding in findings if finding is not None]


def _graded(score: float, threshold: float) -> Finding:
    if score >= threshold:
        return Finding("supported", (), score)
    verdict: Verdict = "partial" if score >= PARTIAL_SHARE * threshold else "unsupported"
    return Finding(verdict, (Reason.LOW_SUPPORT,), score)


def decide(claim: str, premise: Premise) -> Finding | None:
    """What is certain without a model: a verbatim quote, or a contradiction in a number, name or negation. None when
    neither."""
    if not premise.text.strip():
        return Finding("unsupported", (Reason.NO_EVIDENCE,))
    if is_quote(claim, premise.text) and not _embedded(claim, premise.text):
        return SUPPORTED
    reasons = tuple(contradictions(claim, premise))
    if reasons:
        return Finding("unsupported", reasons)
    return None


def is_quote(claim: str, premise: str) -> bool:
    """Whether the claim stands in the premise word for word; case, kinds of quotation marks and the final stop
    aside."""
    wanted = fold(claim).strip(" .\"'…:;,-•*")
    if len(wanted) < 2:
        return False
    text = fold(premise)
    at = text.find(wanted)
    while at >= 0:
        if not _cuts(text, at) and not _cuts(text, at + len(wanted)):
            return True
        at = text.find(wanted, at + 1)
    return False


_UNDER = re.compile(
    r"n't\b|\b(?:not|no|never|nobody|neither|nor|none|without|hardly|if|unless|whether|den(?:y|ies|ied|ying)|doubt\w*"
    r"|alleg\w+|claim\w*|may|might|could|would|suppos\w+|belie\w+|think\w*|thought|hop(?:e|es|ed|ing)|fear\w*|rumou?r\w*"
    r"|false\w*|myth|refus\w+|fail\w*|ruled? out|expect\w*|until|prevent\w*|reject\w*)\b",
    re.I,
)
_AFTER = re.compile(r"^[\"')]*\s*,?\s*(?:if|unless|or (?:so|not)\b)", re.I)


def _embedded(claim: str, premise: str) -> bool:
    """Whether the claim's words stand in the premise only as part of a sentence that may take them back: after a "no
    evidence that", an "if", a "may"."""
    wanted = fold(claim).strip(" .\"'…:;,-•*")
    found = [(s, s.find(wanted)) for s in map(fold, sentences(premise)) if wanted in s]
    return bool(found) and all(
        _UNDER.search(re.split(r"[;:]|, (?:but|and|while|although)\b", s[:at])[-1])
        or _AFTER.search(s[at + len(wanted) :])
        for s, at in found
    )


def _cuts(text: str, at: int) -> bool:
    """Whether a border here cuts a word, or a number at its separator ("1" out of "1,000"), in two."""
    before, after = text[max(0, at - 2) : at], text[at : at + 2]
    if not before or not after:
        return False
    word = before[-1].isalnum() and after[0].isalnum()
    number = (len(after) == 2 and before[-1].isdigit() and after[0] in ",." and after[1].isdigit()) or (
        len(before) == 2 and before[0].isdigit() and before[1] in ",." and after[0].isdigit()
    )
    return word or number


def contradictions(claim: str, premise: Premise) -> list[Reason]:
    """Reason codes for everything in the claim that the premise certainly does not bear."""
    reasons = []
    held = (premise.text, premise.context)
    if not all(any(is_quote(quoted, text) for text in held) for quoted in quotations(claim)):
        reasons.append(Reason.QUOTE_NOT_FOUND)
    other = _any_sentence(changes_amount, claim, premise) or partly(claim, premise.text)
    if other or unborne_quantities(claim, premise.text, premise.date) or unbinds(claim, premise.text):
        reasons.append(Reason.NUMBER_MISMATCH)
    turned = any(how(claim, premise.text) for how in (swapped, returned, misattributes))
    renamed = any(_any_sentence(how, claim, premise) for how in (exchanges_names, trades, renames))
    if turned or renamed or missing_names(claim, f"{premise.text}\n{premise.context}"):
        reasons.append(Reason.NAME_MISMATCH)
    denied = reverses(claim, premise.text) or any(_any_sentence(how, claim, premise) for how in (denies_copy, turns))
    if denied or turns_joint(claim, premise.text):
        reasons.append(Reason.NEGATION)
    return reasons


_SENTENCES = 5
"""Of a claim."""


def _any_sentence(holds: Callable[[str, str], bool], claim: str, premise: Premise) -> bool:
    """Whether a rule that compares sentence with sentence holds of one of the claim's; of the whole where it has more
    than a claim has, since each is compared with all of the premise's."""
    parts = sentences(claim)
    return any(holds(one, premise.text) for one in (parts if len(parts) <= _SENTENCES else (claim,)))


_QUOTATION = re.compile(r"[\"“«]([^\"“”«»]{8,}?)[\"”»]")


def quotations(claim: str) -> list[str]:
    """What the claim puts in quotation marks, where it is long enough to be someone's words: three words or more.

    A mark of omission divides a quotation: its parts must stand in the source, not the whole.
    """
    found = (part for quoted in _QUOTATION.findall(claim) for part in re.split(r"\[?(?:…|\.\.\.)\]?", quoted))
    return [part.strip() for part in found if len(part.split()) >= 3]
