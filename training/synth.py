"""Training questions made from true ones by code: renamed facts, missing facts and false premises."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from qa.corpus.sentences import split
from qa.resources import REFUSAL
from training.data import Passage, Question

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
NUMBER = re.compile(r"(?<![\w.,])\d[\d,]*(?:\.\d+)?(?![\w])")
NAME = re.compile(r"\b[A-Z][a-zé'’]+(?:[ -](?:of |the |de |van )?[A-Z][a-zé'’]+)*\b")
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
    for match in NAME.finditer(text):
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
        q.answer for q in passage.questions if q.answerable and (NUMBER.fullmatch(q.answer) or NAME.fullmatch(q.answer))
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


def shortened(passage: Passage, rng: random.Random) -> Passage | None:
    """A copy without one sentence that alone holds the answer to a question: what it answered is refused, and all else
    still speaks of the same things. None where no sentence does. Questions whose answer also stands elsewhere are left
    out."""
    everything = [passage.text[span.start : span.end] for span in split(passage.text)]
    holding = [[n for n, one in enumerate(everything) if whole(q.answer).search(one)] for q in passage.questions]
    alone = [found[0] for q, found in zip(passage.questions, holding, strict=True) if q.answerable and len(found) == 1]
    if len(everything) < 3 or not alone:
        return None
    gone = rng.choice(alone)
    text = " ".join(one for n, one in enumerate(everything) if n != gone)
    kept = []
    for question, found in zip(passage.questions, holding, strict=True):
        if not question.answerable or gone not in found:
            kept.append(question)
        elif not any(answer.lower() in text.lower() for answer in question.accepted):
            kept.append(Question(question.text, REFUSAL))
    return replace(passage, text=text, questions=tuple(kept))


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
    match = NUMBER.search(question.text)
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
