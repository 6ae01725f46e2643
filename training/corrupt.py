"""Claims about a sentence made by code: itself, told otherwise, lighter, and corrupted."""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

from training.reworded import reworded
from training.synth import MONTHS, NUMBER, NUMBER_WORDS, OPPOSITE, invented, names, other_number, whole

if TYPE_CHECKING:
    from collections.abc import Callable

    from training.data import Pair


def sentences(text: str) -> list[str]:
    """A plain splitter, enough for training text."""
    parts = re.split(r"(?<=[a-z\d)\"”][.!?])\s+(?=[\"“A-Z(])", " ".join(text.split()))
    return [part for part in parts if 25 < len(part) < 400 and part[-1] in ".!?"]


def sharing(pair: Pair, others: list[Pair], rng: random.Random) -> Pair | None:
    """Another pair's claim that shares a capitalised word with this premise, from another premise."""
    wanted = {w for n in names(pair.premise) for w in n.split()}
    for other in rng.sample(others, 60):
        if other.premise != pair.premise and other.claim not in pair.premise and wanted & set(other.claim.split()):
            return other if _novel(other.claim, pair.premise) else None
    return None


def _novel(claim: str, premise: str) -> bool:
    return any(len(w) > 4 and w.lower().rstrip(".") not in premise.lower() for w in claim.split())


def corruptions(sentence: str, context: str, rng: random.Random) -> list[str]:
    """False copies of a true sentence, one edit each, in random order."""
    makers: list[Callable[[str, str, random.Random], str]] = [
        _number,
        _month,
        _name,
        _role,
        _negate,
        _quantify,
        _opposite,
    ]
    found = [new for make in makers if (new := make(sentence, context, rng)) and new != sentence]
    rng.shuffle(found)
    return found


def _number(sentence: str, context: str, rng: random.Random) -> str:
    matches = list(NUMBER.finditer(sentence))
    if not matches:
        words = [w for w in re.findall(r"[a-z]+", sentence) if w in NUMBER_WORDS]
        return (
            whole(words[0]).sub(rng.choice([n for n in NUMBER_WORDS if n != words[0]]), sentence, count=1)
            if words
            else ""
        )
    match = rng.choice(matches)
    others = [m for m in NUMBER.findall(context) if m not in sentence]
    new = rng.choice(others) if others and rng.random() < 0.4 else other_number(match.group(), rng)
    return sentence[: match.start()] + new + sentence[match.end() :]


def _month(sentence: str, context: str, rng: random.Random) -> str:  # noqa: ARG001
    found = [m for m in MONTHS if m in sentence]
    return sentence.replace(found[0], rng.choice([m for m in MONTHS if m != found[0]]), 1) if found else ""


def _name(sentence: str, context: str, rng: random.Random) -> str:
    inside = names(sentence)
    if not inside:
        return ""
    old = rng.choice(inside)
    others = [n for n in names(context) if n not in sentence and sentence.find(n) < 0]
    new = rng.choice(others) if others and rng.random() < 0.6 else invented(old, rng)
    return whole(old).sub(lambda _: new, sentence, count=1)


def _role(sentence: str, context: str, rng: random.Random) -> str:  # noqa: ARG001
    inside = names(sentence)
    if len(inside) < 2:
        return ""
    first, second = rng.sample(inside, 2)
    if (
        first in second
        or second in first
        or re.search(rf"{re.escape(first)}(,| and| or) {re.escape(second)}", sentence)
    ):
        return ""
    swapped = whole(first).sub("\0", sentence, count=1)
    return whole(second).sub(lambda _: first, swapped, count=1).replace("\0", second)


_AUXILIARY = re.compile(r"\b(is|are|was|were|has|have|had|can|could|will|would|should|may|must)\b (?!not\b)")


def _negate(sentence: str, context: str, rng: random.Random) -> str:  # noqa: ARG001
    if " not " in sentence:
        return sentence.replace(" not ", " ", 1) if rng.random() < 0.7 else ""
    match = _AUXILIARY.search(sentence)
    return sentence[: match.end()] + "not " + sentence[match.end() :] if match else ""


_QUANTIFIERS = {
    "all": "none",
    "some": "all",
    "many": "few",
    "few": "many",
    "most": "few",
    "always": "never",
    "never": "always",
    "often": "never",
    "sometimes": "always",
    "several": "no",
    "both": "neither",
    "usually": "never",
    "only": "not only",
    "about": "exactly",
    "approximately": "exactly",
    "over": "under",
    "nearly": "more than",
    "almost": "more than",
    "half": "all",
    "every": "no",
    "no": "every",
}


def _quantify(sentence: str, context: str, rng: random.Random) -> str:  # noqa: ARG001
    words = [w for w in re.findall(r"[a-z]+", sentence) if w in _QUANTIFIERS]
    return whole(words[0]).sub(_QUANTIFIERS[words[0]], sentence, count=1) if words else ""


def _opposite(sentence: str, context: str, rng: random.Random) -> str:  # noqa: ARG001
    words = [w for w in re.findall(r"[a-z]+", sentence) if w in OPPOSITE]
    if not words:
        return ""
    old = rng.choice(words)
    return whole(old).sub(OPPOSITE[old], sentence, count=1)


def lighter(sentence: str, rng: random.Random) -> str:
    """A true, shorter or re-ordered copy: a bracket, an opening adverbial or a relative clause left out or
    moved; or nothing.
    """
    makers: list[Callable[[str], str]] = [
        lambda s: re.sub(r" ?\([^()]*\)", "", s),
        lambda s: re.sub(r"^(In|On|By|During|Since|After) ([^,]{3,40}), (\w)", lambda m: m.group(3).upper(), s),
        lambda s: re.sub(
            r"^(In|On|During) ([^,]{3,40}), ((?:[Tt]he|[Aa]|[A-Z]\w+)\b.*)\.$",
            lambda m: m.group(3)[0].upper() + m.group(3)[1:] + f" {m.group(1).lower()} {m.group(2)}.",
            s,
        ),
        lambda s: re.sub(r", (?:which|who|whose|where) [^,]+,", "", s),
        lambda s: re.sub(r"; .*$", ".", s),
        lambda s: re.sub(
            r"^(However|Moreover|Furthermore|Additionally|Also|Thus|Therefore|For example), (\w)",
            lambda m: m.group(2).upper(),
            s,
        ),
    ]
    found = [new for make in makers if (new := make(sentence)) != sentence and len(new) > 20]
    return rng.choice(found) if found else ""


def sentence_claims(text: str, rng: random.Random) -> tuple[str, list[tuple[str, bool]]] | None:
    """A premise of one to three sentences and claims about it: itself, a lighter copy, corrupted copies, a
    sentence beyond it.
    """
    found = sentences(text)
    if not found:
        return None
    start = rng.randrange(len(found))
    span = found[start : start + rng.choice((1, 1, 2, 3))]
    premise = " ".join(span)
    chosen = rng.choice(span)
    claims = [(chosen, True)]
    if light := lighter(chosen, rng):
        claims.append((light, True))
    # Told otherwise and true, told otherwise and false: other words alone must not mean no.
    if other := reworded(chosen, rng):
        claims.append((other, True))
        claims += [(new, False) for new in corruptions(other, text, rng)[:1]]
    rest = [s for s in found if s not in span]
    claims += [(new, False) for new in corruptions(chosen, text, rng)[:2]]
    if rest and rng.random() < 0.5:
        claims.append((rng.choice(rest), False))
    if len(span) > 1 and rng.random() < 0.5:
        claims.append((rng.choice([s for s in span if s != chosen] or span), True))
    return premise, claims
