"""Questions taken apart and put together again: fragments ("and when?") made whole by the question before them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.phrases import AUX, BE, DETERMINERS, DO, PREPOSITIONS, Phrase, base, is_verb, phrases, tokens


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as the documents were asked it, standing alone, and the text of its answer (empty for a refusal)."""

    question: str
    answer: str


LEAD = re.compile(
    r"^(?:(?:(?:and|but|so|or|also|then|ok|okay),?|(?:ok|okay|thanks|thank you|great|right|well|i see)[,.!]+)\s+)+",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^(?:(?:by|with|from|for|to|since|until) )?(?:when|where|why|how|whom|who by|how long|how often"
    r"|how many|how much|how (?!come|so|about)[a-z]+|why not|who|what|which)"
    r"(?: exactly| then| else)?$"
)
_EVENT = re.compile(
    r"^(when|where|why|how) (?:did|does|was|is|has) (?:it|this|that) ?(?:all )?(?:happen|occur"
    r"|take place|be|been|happened|so)?$|^(how|why) (?:come|so)$"
)
_ABOUT = re.compile(r"^(?:and |but |so )?(?:what|how) about (?P<x>.+)$|^(?:and|but|or) (?P<y>.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fragment:
    """A follow-up that is no whole question: another question word, or another thing."""

    wh: str = ""
    about: str = ""


def fragment_of(question: str) -> Fragment | None:
    """The fragment that a question is; None when it is a whole question."""
    core = " ".join(question.strip().rstrip("?!. ").split())
    bare = LEAD.sub("", core).lower()
    event = _EVENT.match(bare)
    if event:
        return Fragment(wh=event.group(1) or "why")
    if _BARE.match(bare):
        return Fragment(wh=bare.removesuffix(" exactly").removesuffix(" then"))
    about = _ABOUT.match(core)
    if not about:
        return None
    rest = about.group("x") or about.group("y")
    words = tokens(rest)
    clause = any(w.lower() in AUX or w.lower() in WH or is_verb(w) for w in words)
    return None if clause or not words or len(words) > 6 else Fragment(about=rest)


WH = frozenset("who whom whose what which when where why how".split())


@dataclass(frozen=True, slots=True)
class Shape:
    """A question taken apart: "Where" "did" "the Marines" "come from", or "How many Marines" "were" and "sent"."""

    wh: str
    aux: str
    subject: str
    rest: str
    wh_is_subject: bool = False


def shape_of(question: str) -> Shape | None:
    """The parts of a question; None when it is not one that the rules know."""
    words = LEAD.sub("", question.strip()).rstrip("?!. ").split()
    at = next((n for n, word in enumerate(words[:8]) if word.lower() in AUX), None)
    if not words or (at is None and words[0].lower() not in {"who", "what", "which"}):
        return None
    if at is None or (words[0].lower() in {"who", "what"} and at > 1):
        verb = next((n for n, word in enumerate(words) if n and is_verb(word)), 1)
        return Shape(" ".join(words[:verb]), "", " ".join(words[1:verb]), " ".join(words[verb:]), wh_is_subject=True)
    wh, aux, after = words[:at], words[at].lower(), words[at + 1 :]
    end = _subject_end(after, aux)
    if not end and wh:
        return Shape(" ".join(wh), aux, " ".join(_noun_of(wh)), " ".join(after), wh_is_subject=True)
    return Shape(" ".join(wh), aux, " ".join(after[:end]), " ".join(after[end:]))


def _subject_end(words: Sequence[str], aux: str) -> int:
    for n, word in enumerate(words):
        low = word.lower().strip(",")
        of = low == "of" or (n and words[n - 1].lower() == "of")
        if n > 1 and aux in DO and not of and low in DETERMINERS:
            return n - 1
        if not of and (is_verb(word) or low in PREPOSITIONS or low in {"not", "still", "been", "be", "being"}):
            return n
    return len(words) - 1 if aux in DO and len(words) > 1 else len(words)


def _noun_of(wh: Sequence[str]) -> list[str]:
    small = WH | {"many", "much", "of", "the", "more"}
    return [word for word in wh if word.lower() not in small]


_COUNT = re.compile(r"how (?:many|much)(?: more)? (?P<verb>\w+)\b")


def counted(question: str, turn: Turn) -> str:
    """ "And how many dropped out?" with what is counted; empty where the question says so itself, or nobody does."""
    core = LEAD.sub("", question.strip())
    match = _COUNT.match(core.lower())
    verb = match.group("verb") if match else ""
    if not match or not (verb in {"were", "are", "have"} or (is_verb(verb) and verb not in AUX)):
        return ""
    counts = (phrase.definite() for phrase in phrases(turn.question) if phrase.plural and not phrase.preposition)
    noun = next(counts, "").removeprefix("the ")
    at = match.start("verb")
    return f"{core[:1].upper()}{core[1:at]}{noun} {core[at:]}" if noun else ""


def completed(fragment: Fragment, turn: Turn) -> str:
    """The fragment as a whole question about what the turn was about."""
    shape = shape_of(turn.question)
    core = turn.question.strip().rstrip("?!. ")
    if fragment.about:
        return (shape and _exchanged(shape, core, fragment.about)) or f"{core}, and what about {fragment.about}?"
    return (shape and asked_anew(shape, fragment.wh, turn)) or f"{core}, and {fragment.wh}?"


def asked_anew(shape: Shape, wh: str, turn: Turn) -> str:
    """The same happening, asked for something else: "Why" "were" "Marines" "sent to Baghdad"."""
    if wh in {"who", "what", "which", "how many", "how much"}:
        return _of_subject(shape, wh)
    if shape.aux in BE and shape.subject and not shape.rest and re.fullmatch(r"how [a-z]+", wh):
        return _question(wh, shape.aux, shape.subject)
    negated = wh == "why not"
    wh = "why" if negated else wh
    if not shape.aux:
        done = _doer(shape, turn)
        return _question(wh, "did", done, "not" if negated else "") if done else ""
    if not shape.subject or (shape.aux in BE and not shape.rest):
        return ""
    return _question(wh, shape.aux, shape.subject, "not" if negated else "", unstranded(shape))


def _of_subject(shape: Shape, wh: str) -> str:
    """ "How many?" of the subject, and "who?" of an "anyone"."""
    if shape.subject.lower() in {"anyone", "anybody", "someone", "somebody", "anything", "something"} and wh in {
        "who",
        "what",
    }:
        return _question(wh, shape.aux, shape.rest)
    subject = shape.subject.removeprefix("the ")
    if wh == "how many" and shape.aux in {"were", "are", "have"} and subject and Phrase(subject).plural and shape.rest:
        return _question(f"how many {subject}", shape.aux, shape.rest)
    return ""


def unstranded(shape: Shape) -> str:
    """The rest without what belonged to the old question word: its preposition, or (as "that") its object."""
    words = shape.rest.split()
    if shape.wh.lower() == "what" and shape.aux in DO:
        return " ".join([*words[:1], "that", *words[1:]])
    if words and words[-1].lower() in PREPOSITIONS and not shape.wh_is_subject and shape.wh:
        words = words[:-1]
    return " ".join(words)


def _doer(shape: Shape, turn: Turn) -> str:
    """After "Who attacked the embassy?": who did, from the answer, with the verb's infinitive and the rest."""
    words = shape.rest.split()
    if not words:
        return ""
    if shape.subject:
        return " ".join([Phrase(shape.subject).definite(), base(words[0]), *words[1:]])
    before, verb, _ = turn.answer.partition(f" {words[0]} ")
    if not verb or len(before.split()) > 8 or "." in before:
        return ""
    return " ".join([inner(before), base(words[0]), *words[1:]])


def inner(text: str) -> str:
    """A sentence's beginning, moved into a sentence: a common word loses its capital."""
    first, _, rest = text.partition(" ")
    common = first.lower() in {"the", "a", "an", "some", "about", "all"} or (
        first[1:].islower() and rest.split()[:1] in (["of"], ["from"], ["in"])
    )
    return " ".join(filter(None, [first.lower() if common else first, rest]))


def _exchanged(shape: Shape, core: str, thing: str) -> str:
    """The same question about another thing, in the place of the one it is like."""
    first, _, rest = thing.partition(" ")
    year = re.fullmatch(r"(?:in )?(\d{4})", thing)
    if year and re.search(r"\b\d{4}\b", core):
        return re.sub(r"\b\d{4}\b", year.group(1), core) + "?"
    if first.lower() in PREPOSITIONS and rest:
        return _other_phrase(core, first.lower(), rest)
    if year:
        return ""
    return _other_thing(shape, core, thing)


def _other_thing(shape: Shape, core: str, thing: str) -> str:
    if shape.aux in BE and " of " in shape.subject and shape.rest.partition(" ")[0] in {"", *PREPOSITIONS}:
        return _question(shape.wh, shape.aux, _in_of(shape.subject, thing), shape.rest)
    if shape.aux == "is" and Phrase(thing).plural and not Phrase(shape.subject or "x").plural:
        return ""  # "Where is the museum?", "And the opening hours?": not the same question
    definite = [phrase.text for phrase in phrases(shape.rest) if phrase.text.startswith("the ")]
    if shape.wh_is_subject and thing.startswith("the ") and definite:
        return core.replace(definite[-1], thing, 1) + "?"
    noun = " ".join(_noun_of(shape.wh.split()))
    if noun and (shape.wh_is_subject or not thing[:1].isupper()) and not thing[:1].isupper():
        return core.replace(noun, thing.removeprefix("the "), 1) + "?"
    return _in_place_of_name(shape, core, thing)


def _in_of(subject: str, thing: str) -> str:
    """ "The mayor of Springfield" with another office, or of another place, whichever the thing is like."""
    head, _, owner = subject.partition(" of ")
    if {thing.partition(" ")[0].lower(), owner.partition(" ")[0].lower()} & DETERMINERS:
        return f"{thing} of {owner}"
    return f"{head} of {thing}"


def _in_place_of_name(shape: Shape, core: str, thing: str) -> str:
    names = [phrase for phrase in phrases(shape.rest) if phrase.names and not phrase.time]
    if thing[:1].isupper() and names and not Phrase(shape.subject or "x").names:
        return core.replace(names[-1].text, thing, 1) + "?"
    if shape.subject and not shape.wh_is_subject:
        return _question(shape.wh, shape.aux, thing, shape.rest)
    return ""


def _other_phrase(core: str, preposition: str, thing: str) -> str:
    words = core.split()
    places = [n for n, word in enumerate(words) if word.lower() == preposition]
    if not places:
        return f"{core} {preposition} {thing}?"
    start = places[-1] + 1
    stop = next((n for n in range(start, len(words)) if _ends_phrase(words, n, start)), len(words))
    if preposition == "to" and stop < len(words) and words[stop].lower() in {"in", "at"}:
        stop = len(words)  # "the embassy in Baghdad" is one place
    return " ".join([*words[:start], thing, *words[stop:]]) + "?"


def _ends_phrase(words: Sequence[str], n: int, start: int) -> bool:
    if words[n].lower() in PREPOSITIONS | AUX:
        return True
    return n > start and is_verb(words[n]) and words[n - 1].lower() not in DETERMINERS


def _question(*parts: str) -> str:
    text = " ".join(filter(None, parts))
    return text[:1].upper() + text[1:] + "?"
