"""Training examples made from true ones by code: renamed facts, false premises, corrupted claims."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from qa.resources import REFUSAL
from training.data import Pair, Passage, Question
from training.reworded import reworded

if TYPE_CHECKING:
    from collections.abc import Callable

SURNAMES = """
Aldane Bresk Corvin Dalloway Estrem Farrow Gantry Halvorsen Ibarra Jessup Kovalenko Lindqvist Marchetti
Nakagawa Okonjo Petrakis Quiller Rasmund Sorrell Tamsin Ulvaeus Vantongeren Whitlock Yarrow Zemlak Abernathy
Bellweather Castellan Drummond Ostrander
""".split()
FIRST = """
Anna Boris Clara Daniel Elena Farid Greta Hugo Ingrid Jonas Katya Luis Mara Nadia Omar Paula Ravi Sofia Tomas
Ursula Viktor Wanda Yusuf Zoe Miriam Stefan Amara Kofi Lena Pavel
""".split()
PLACES = """
Alderbrook Breskova Carrowmoor Delmont Eastvale Fernhaven Gorlitza Harrowgate Istenberg Jaravelle Kestrel-Bay
Lorvania Mirandol Northmere Oskarlund Pellinore Quartzburg Rosendale Sarovia Tarnholm Umbria-Nord Velkany
Westerfold Yelland Zarinsk
""".split()
ANTONYMS = """
first/last won/lost largest/smallest before/after north/south east/west northern/southern eastern/western
highest/lowest increase/decrease increased/decreased more/fewer most/least oldest/youngest began/ended
begin/end start/end started/stopped founded/abolished built/demolished bought/sold born/buried above/below
rise/fall rose/fell major/minor early/late earliest/latest allowed/forbidden supported/opposed
accepted/rejected created/destroyed inside/outside male/female men/women public/private top/bottom upper/lower
old/new majority/minority strong/weak win/lose joined/left attacked/defended arrived/departed killed/wounded
sent/withdrew hired/dismissed approved/rejected gained/lost maximum/minimum wife/husband father/mother
son/daughter brother/sister king/queen longer/shorter
""".split()
OPPOSITE = {a: b for pair in ANTONYMS for a, b in (pair.split("/"), pair.split("/")[::-1])}
NUMBER_WORDS = "two three four five six seven eight nine ten eleven twelve".split()
MONTHS = "January February March April May June July August September October November December".split()
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
_NAME = re.compile(r"\b[A-Z][a-zé'’]+(?:[ -](?:of |the |de |van )?[A-Z][a-zé'’]+)*\b")
_STOPS = frozenset(
    """
The A An In On At By For From It Its He She They His Her Their This That These Those As When While After
Before Although If But And Or Not What Who Which Where When Why How Is Are Was Were Did Does Do Has Have Had
There Some Many Most All Both Each During Since Until With Under Other One Two However Also Thus For To Of
According Because Such Then Another Many Several Only Once
""".split()
)


def other_number(text: str, rng: random.Random) -> str:
    """A number of the same look and a nearby size, never the same."""
    digits = text.replace(",", "")
    if "." in digits:
        whole, _, part = digits.partition(".")
        return f"{int(whole) + rng.choice((1, 2, 3, 7))}.{part}"
    value = int(digits)
    if len(digits) == 4 and 1000 <= value <= 2100 and "," not in text:
        return str(value + rng.choice((-31, -12, -5, -3, -2, -1, 1, 2, 3, 4, 7, 16)))
    scale = max(1, value // 4)
    result = value
    while result == value or result < 0:
        result = value + rng.randint(-scale, 2 * scale) + rng.choice((-1, 1))
    return f"{result:,}" if "," in text else str(result)


def names(text: str) -> list[str]:
    """Capitalised runs, sentence openers left out as far as a list of words can."""
    found = []
    for match in _NAME.finditer(text):
        words = match.group().split(" ")
        while words and words[0] in _STOPS:
            words = words[1:]
        if words and words[-1][0].isupper() and words[-1] not in _STOPS:
            found.append(" ".join(words))
    return list(dict.fromkeys(found))


def whole(old: str) -> re.Pattern[str]:
    """The words of ``old``, not inside longer words or numbers."""
    return re.compile(rf"(?<![\w,.])(?<!\d[.,]){re.escape(old)}(?![\w])(?![.,]\d)")


def renamed(passage: Passage, rng: random.Random) -> Passage:
    """A counterfactual copy: up to two answers (numbers or names) replaced everywhere, so that reading beats
    remembering.
    """
    targets = [
        q.answer
        for q in passage.questions
        if q.answerable and (_NUMBER.fullmatch(q.answer) or _NAME.fullmatch(q.answer))
    ]
    for target in rng.sample(targets, min(2, len(targets))):
        new = other_number(target, rng) if target[0].isdigit() else invented(target, rng)
        old = whole(target)
        if new in passage.text or not old.search(passage.text):
            continue

        def swap(text: str, old: re.Pattern[str] = old, new: str = new) -> str:
            return old.sub(lambda _: new, text)

        questions = tuple(
            Question(swap(q.text), swap(q.answer), tuple(map(swap, q.accepted))) for q in passage.questions
        )
        text = swap(passage.text)
        kept = tuple(q for q in questions if not q.answerable or q.answer in text)
        passage = replace(passage, title=swap(passage.title), text=text, questions=kept)
    return passage


def invented(name: str, rng: random.Random) -> str:
    """Another name with as many words."""
    words = name.split(" ")
    if len(words) == 1:
        return rng.choice(SURNAMES + PLACES)
    return " ".join([rng.choice(FIRST) for _ in words[:-1]] + [rng.choice(SURNAMES)])


def false_premises(passage: Passage, count: int, rng: random.Random) -> list[Question]:
    """Answerable questions edited until the passage no longer answers them: another number, name or opposite word."""
    found: list[Question] = []
    own = [q for q in passage.questions if q.answerable]
    for question in rng.sample(own, min(len(own), 2 * count)):
        edits = [edit for make in (_edit_number, _edit_name, _edit_word) if (edit := make(question, passage, rng))]
        if edits and len(found) < count:
            found.append(Question(rng.choice(edits), REFUSAL))
    return found


def _edit_number(question: Question, passage: Passage, rng: random.Random) -> str:
    match = _NUMBER.search(question.text)
    if not match:
        return ""
    new = other_number(match.group(), rng)
    return "" if new in passage.text else question.text[: match.start()] + new + question.text[match.end() :]


def _edit_name(question: Question, passage: Passage, rng: random.Random) -> str:
    inside = [n for n in names(question.text) if n not in question.answer]
    if not inside:
        return ""
    old = rng.choice(inside)
    others = [
        n
        for n in names(passage.text)
        if n not in question.text and n not in question.answer and question.answer not in n
    ]
    new = rng.choice(others) if others and rng.random() < 0.35 else invented(old, rng)
    return whole(old).sub(lambda _: new, question.text, count=1)


def _edit_word(question: Question, passage: Passage, rng: random.Random) -> str:  # noqa: ARG001
    words = [w for w in re.findall(r"[a-z]+", question.text) if w in OPPOSITE]
    if not words:
        return ""
    old = rng.choice(words)
    return whole(old).sub(OPPOSITE[old], question.text, count=1)


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
    matches = list(_NUMBER.finditer(sentence))
    if not matches:
        words = [w for w in re.findall(r"[a-z]+", sentence) if w in NUMBER_WORDS]
        return (
            whole(words[0]).sub(rng.choice([n for n in NUMBER_WORDS if n != words[0]]), sentence, count=1)
            if words
            else ""
        )
    match = rng.choice(matches)
    others = [m for m in _NUMBER.findall(context) if m not in sentence]
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
    makers = [
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
