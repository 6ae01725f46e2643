"""Follow-up questions: make "and where did they come from?" stand alone, by rules, from the turns before it.

Three things lean on what was said: a fragment ("and when?", "what about soldiers?"), a word that stands for something
("they", "it", "there"), and one that stands for a happening ("who approved it?"). What leans on nothing is left exactly
as it is. Where no rule finds what is meant, the question is left, too: ``leans`` tells so, and a model's
rewrite may be taken if it is ``accepted``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answer.fragments import (
    LEAD,
    WH,
    Turn,
    asked_anew,
    completed,
    counted,
    fragment_of,
    inner,
    shape_of,
    unstranded,
)
from qa.answer.phrases import AUX, BE, PREPOSITIONS, Phrase, is_verb, phrases, tokens

__all__ = ["Turn", "accepted", "leans", "standalone"]


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question, rewritten to stand alone where it leans on the turns before it (oldest first); else unchanged."""
    if not history:
        return question
    found, fragment = _anaphors(question), fragment_of(question)
    if fragment is not None and not (fragment.about and found):
        return completed(fragment, history[-1])
    whole = "" if found else counted(question, history[-1])
    if whole:
        return whole
    return _resolved(question, found, history) if found else question


def leans(question: str) -> bool:
    """Whether the question, read alone, stands for something that was said before."""
    return fragment_of(question) is not None or bool(_anaphors(question))


def accepted(proposal: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether a model's rewrite may be used: one question, leaning on nothing, naming nothing that was not named."""
    line = proposal.strip()
    if "\n" in line or not line.endswith("?") or len(line.split()) > 40 or leans(line):
        return False
    said = " ".join([question, *(f"{turn.question} {turn.answer}" for turn in history)])
    known = {_root(word) for word in tokens(said)}
    return all(_root(word) in known or word.lower() in _SMALL for word in tokens(line))


_SMALL = (
    AUX
    | PREPOSITIONS
    | frozenset("the a an and or not that which who whom whose what when where why how many much there".split())
)


def _root(word: str) -> str:
    low = word.lower().removesuffix("'s").removesuffix("’s")
    return low if any(c.isdigit() for c in low) else low[:5].rstrip("s")


# Words that stand for something said

_CLASSES: dict[str, str] = (
    dict.fromkeys(("they", "them", "their", "theirs", "these", "those"), "many")
    | dict.fromkeys(("he", "him", "his", "she", "her", "hers"), "person")
    | dict.fromkeys(("it", "its", "this", "that"), "thing")
    | {"there": "place"}
)
_POSSESSIVE = frozenset(("their", "his", "her", "its", "theirs", "hers"))
_EMPTY_IT = re.compile(
    r"\bit (?:true|possible|likely|clear|known|correct|right|safe|legal|certain|necessary|important"
    r"|raining|snowing)\b"
    r"|\b(?:does|did|will|would|do) it (?:take(?! effect| place| off| over| part)|cost to|rain|snow|matter)\b"
    r"|\btime (?:is|was) it$"
    r"|\bit (?:is|was) \w+ (?:that|to)\b|\btakes? it\b",
    re.IGNORECASE,
)
_MOTION = frozenset(
    "get got sent send go went gone come came walk drive fly flew flown travel travelled traveled move moved brought "
    "taken deployed rushed".split()
)


@dataclass(frozen=True, slots=True)
class _Anaphor:
    at: int
    """Which of the question's words, split at white space."""
    word: str
    kind: str
    possessive: bool


def _anaphors(question: str) -> list[_Anaphor]:
    words = question.split()
    found = []
    for n, raw in enumerate(words):
        word = raw.strip("?!.,;:\"'“”").lower()
        kind = _CLASSES.get(word)
        if kind and _stands_for(words, n, word) and not _said_inside(words[:n], kind):
            possessive = word in _POSSESSIVE and (word != "her" or _noun_follows(words, n))
            found.append(_Anaphor(n, word, kind, possessive))
    return found


def _bare(words: Sequence[str], n: int) -> str:
    return words[n].strip("?!.,;:").lower() if 0 <= n < len(words) else ""


def _stands_for(words: Sequence[str], n: int, word: str) -> bool:
    """Whether the word stands for something, and is not a conjunction, an article, or empty."""
    before, after = _bare(words, n - 1), _bare(words, n + 1)
    if word in {"it", "its"}:
        return not _EMPTY_IT.search(" ".join(words).rstrip("?!. "))
    if word == "there":
        return after not in BE and (before not in BE or (n == len(words) - 1 and _bare(words, 0) == "who"))
    if word in {"that", "this", "these", "those"}:
        last = not after
        follows = after in AUX or is_verb(after) or after in PREPOSITIONS
        leads = before in AUX | PREPOSITIONS or (word != "that" and n == 0) or (last and bool(before))
        return after not in WH and (last or follows) and leads
    return True


def _noun_follows(words: Sequence[str], n: int) -> bool:
    after = _bare(words, n + 1)
    return bool(after) and after not in PREPOSITIONS | AUX and not is_verb(after)


def _said_inside(before: Sequence[str], kind: str) -> bool:
    """Whether the question itself, before the word, names what it stands for."""
    asks = bool(before) and before[0].lower() in WH
    if asks and _bare(before, len(before) - 1) in AUX:  # "which licence does it use", "how strong was it"
        return False
    earlier = phrases(" ".join(before[1:] if asks else before))
    match kind:
        case "many":
            return any(phrase.plural for phrase in earlier)
        case "person":
            return any(phrase.person for phrase in earlier)
        case "thing":
            return any(not phrase.plural and not phrase.names and not phrase.person for phrase in earlier)
    return any(phrase.place for phrase in earlier)


def _resolved(question: str, found: Sequence[_Anaphor], history: Sequence[Turn]) -> str:
    words = LEAD.sub("", question).split()
    shift = len(question.split()) - len(words)
    done = ""
    if any(anaphor.kind == "thing" for anaphor in found):
        done = _done_again(words, history[-1]) or _who_else(words, history[-1])
    if done:
        return done
    changed = False
    for anaphor in found:
        at = anaphor.at - shift
        new = _event_for(words, at, anaphor, history[-1]) or _replacement(words, at, anaphor, history)
        if new and at >= 0:
            words[at] = words[at].replace(words[at].strip("?!.,;:\"'“”"), new, 1)
            changed = True
    text = " ".join(words)
    return text[:1].upper() + text[1:] if changed else question


def _done_again(words: Sequence[str], turn: Turn) -> str:
    """ "Why did they do it?": the happening itself, asked anew."""
    text = " ".join(words).rstrip("?!. ").lower()
    match = re.fullmatch(r"(when|where|why|how) did (?:they|he|she|it) do (?:it|that|this|so)", text)
    shape = shape_of(turn.question)
    return asked_anew(shape, match.group(1), turn) if match and shape else ""


def _who_else(words: Sequence[str], turn: Turn) -> str:
    """ "Who was it before?" after "Who is the mayor?": the office, not what it belongs to."""
    shape = shape_of(turn.question)
    if not shape or shape.wh.lower() != "who" or shape.aux not in BE or [w.lower() for w in words[:1]] != ["who"]:
        return ""
    if _bare(words, 1) not in BE or _bare(words, 2) not in {"it", "that"}:
        return ""
    return " ".join([words[0][:1].upper() + words[0][1:], words[1], shape.subject, *words[3:]])


_INANIMATE = frozenset("cost open start begin end last happen expire contain include take run".split())
_EVENT_VERBS = frozenset(
    "approved approve ordered order announced announce confirmed confirm caused cause condemned "
    "condemn reported authorised "
    "authorized requested request explained justified decided planned said say demanded denied proposed".split()
)


def _event_for(words: Sequence[str], at: int, anaphor: _Anaphor, turn: Turn) -> str:
    """For "who approved it?" after a happening: that it happened, in words; empty where a thing is meant."""
    things = [phrase for phrase in phrases(turn.question) if _fits(phrase, "thing")]
    if not _of_event(words, at, anaphor) or (things and not things[0].preposition and anaphor.word == "it"):
        return ""
    shape = shape_of(turn.question)
    if shape and not shape.aux and 2 < len(turn.answer.split()) < 20:
        return f"that {inner(turn.answer.strip().rstrip('.'))}"
    if not shape or not shape.aux or not shape.subject or not shape.rest or shape.wh.lower() == "what":
        return ""
    auxiliary = "" if shape.aux in {"do", "does", "did"} else shape.aux
    return " ".join(filter(None, ["that", shape.subject, auxiliary, unstranded(shape)]))


def _of_event(words: Sequence[str], at: int, anaphor: _Anaphor) -> bool:
    return anaphor.word in {"it", "that", "this"} and _bare(words, at - 1) in _EVENT_VERBS


def _replacement(words: Sequence[str], at: int, anaphor: _Anaphor, history: Sequence[Turn]) -> str:
    before, after = _bare(words, at - 1), _bare(words, at + 1)
    is_object = at > 0 and (is_verb(before) or before in PREPOSITIONS or after in _INANIMATE)
    phrase = _antecedent(anaphor.kind, history, is_object)
    if phrase is None or (_of_event(words, at, anaphor) and anaphor.word != "it"):
        return ""
    if anaphor.kind == "place":
        where = "in" if phrase.place else "at"
        return f"{'to' if before in _MOTION else where} {phrase.text if phrase.place else phrase.definite()}"
    named = phrase.definite()
    if anaphor.possessive:
        return named + ("'" if named.endswith("s") else "'s")
    return named


def _antecedent(kind: str, history: Sequence[Turn], is_object: bool) -> Phrase | None:
    """What a word stands for: of the latest turn that has something fitting; for an object rather an object."""
    for strict in (True, False):
        for turn in reversed(history):
            for phrase in _candidates(kind, turn, is_object):
                if _fits(phrase, kind, strict):
                    return phrase
    return None


def _candidates(kind: str, turn: Turn, is_object: bool) -> Sequence[Phrase]:
    asked, said = phrases(LEAD.sub("", turn.question)), phrases(turn.answer)
    parts = [Phrase(phrase.text.partition(" of ")[2], "in") for phrase in asked if " of " in phrase.text]
    who = turn.question.lower().startswith("who")
    match kind:
        case "place":
            return [*reversed([*asked, *parts]), *reversed(said)]
        case "thing":
            subject, objects = asked[:1], [phrase for phrase in asked[1:] if not phrase.preposition]
            first = [*objects, *subject] if is_object else asked[:1]
            rest = [phrase for phrase in asked if phrase not in first]
            return [*first, *rest, *(Phrase(part.text) for part in parts), *said]
    if kind == "many":
        asked, said = [*_pairs(turn.question), *asked], [*_pairs(turn.answer), *said]
    return [*said, *asked] if who else [*asked, *said]


_NAME = r"[A-Z][\w.'’-]*(?: (?:of |de |van |von )?[A-Z][\w.'’-]*)*"
_PAIR = re.compile(rf"(?:{_NAME}, )*{_NAME},? and {_NAME}")


def _pairs(text: str) -> list[Phrase]:
    """Names that "and" joins, as one phrase."""
    return [Phrase(match.group()) for match in _PAIR.finditer(text)]


def _fits(phrase: Phrase, kind: str, strict: bool = True) -> bool:
    if phrase.time:
        return False
    match kind:
        case "many":
            return phrase.plural if strict else phrase.collective
        case "person":
            return phrase.person or (not strict and phrase.role)
        case "thing":
            single = not phrase.plural and not phrase.head[0].isdigit()
            known = not phrase.person or len(phrase.text.split()) == 1
            return single and ((known and not phrase.place) or not strict)
    return phrase.place or (not strict and phrase.venue)
