"""Follow-up questions: make "and where did they come from?" stand alone, by rules, from the turns before it.

Three things lean on what was said: a fragment ("and when?", "what about soldiers?"), a word that stands for something said
("they", "it", "there"), and a question that says nothing else ("who approved it?" after an event). What leans on nothing is
left exactly as it is. Where no rule finds what is meant, the question is left, too: ``leans`` tells so, and a model's
rewrite may be taken if it is ``accepted``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from qa.answer.phrases import AUX, BE, DETERMINERS, DO, PREPOSITIONS, Phrase, base, is_verb, phrases, tokens


@dataclass(frozen=True, slots=True)
class Turn:
    """One question as the documents were asked it, standing alone, and the text of its answer (empty for a refusal)."""

    question: str
    answer: str


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question, rewritten to stand alone where it leans on the turns before it (oldest first); else unchanged."""
    if not history:
        return question
    fragment = _fragment(question)
    if fragment is not None:
        return _completed(fragment, history[-1]) or question
    found = _anaphors(question)
    return _resolved(question, found, history) if found else question


def leans(question: str) -> bool:
    """Whether the question, read alone, stands for something that was said before."""
    return _fragment(question) is not None or bool(_anaphors(question))


def accepted(proposal: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether a model's rewrite may be used: one question that leans on nothing and names nothing that was not named."""
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


# Fragments: "and when?", "why not?", "what about X?", "and in Y?"

_LEAD = re.compile(r"^(?:(?:and|but|so|or|also|then|ok|okay)[,]?\s+)+", re.IGNORECASE)
_BARE = re.compile(
    r"^(?:(?:by|with|from|for|to|since|until) )?(?:when|where|why|how|whom|who by|how long|how often|how many|how much|why not|who|what|which)"
    r"(?: exactly| then| else)?$"
)
_EVENT = re.compile(
    r"^(when|where|why|how) (?:did|does|was|is|has) (?:it|this|that) ?(?:all )?(?:happen|occur|take place|be|been|happened|so)?$|^(how|why) (?:come|so)$"
)
_ABOUT = re.compile(r"^(?:and |but |so )?(?:what|how) about (?P<x>.+)$|^(?:and|but|or) (?P<y>.+)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Fragment:
    wh: str = ""
    about: str = ""


def _fragment(question: str) -> _Fragment | None:
    core = " ".join(question.strip().rstrip("?!. ").split())
    bare = _LEAD.sub("", core).lower()
    event = _EVENT.match(bare)
    if event:
        return _Fragment(wh=event.group(1) or "why")
    if _BARE.match(bare):
        return _Fragment(wh=bare.removesuffix(" exactly").removesuffix(" then"))
    about = _ABOUT.match(core)
    if not about:
        return None
    rest = about.group("x") or about.group("y")
    words = tokens(rest)
    clause = any(w.lower() in AUX or w.lower() in _WH or is_verb(w) for w in words)
    return None if clause or not words or len(words) > 6 or _anaphors(rest) else _Fragment(about=rest)


_WH = frozenset("who whom whose what which when where why how".split())


@dataclass(frozen=True, slots=True)
class _Shape:
    """A question taken apart: "How many Marines" "were" – "sent to Baghdad", or "Where" "did" "the Marines" "come from"."""

    wh: str
    aux: str
    subject: str
    rest: str
    wh_is_subject: bool = False


def _shape(question: str) -> _Shape | None:
    words = _LEAD.sub("", question.strip()).rstrip("?!. ").split()
    at = next((n for n, word in enumerate(words[:8]) if word.lower() in AUX), None)
    if not words or (at is None and words[0].lower() not in {"who", "what", "which"}):
        return None
    if at is None or (words[0].lower() in {"who", "what"} and at > 1):
        verb = next((n for n, word in enumerate(words) if n and is_verb(word)), 1)
        return _Shape(" ".join(words[:verb]), "", " ".join(words[1:verb]), " ".join(words[verb:]), wh_is_subject=True)
    wh, aux, after = words[:at], words[at].lower(), words[at + 1 :]
    end = _subject_end(after, aux)
    if not end and wh:
        return _Shape(" ".join(wh), aux, " ".join(_noun_of(wh)), " ".join(after), wh_is_subject=True)
    return _Shape(" ".join(wh), aux, " ".join(after[:end]), " ".join(after[end:]))


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
    small = _WH | {"many", "much", "of", "the", "more"}
    return [word for word in wh if word.lower() not in small]


def _completed(fragment: _Fragment, turn: Turn) -> str:
    shape = _shape(turn.question)
    core = turn.question.strip().rstrip("?!. ")
    if fragment.about:
        return (shape and _exchanged(shape, core, fragment.about)) or f"{core}, and what about {fragment.about}?"
    return (shape and _asked_anew(shape, fragment.wh, turn)) or f"{core}, and {fragment.wh}?"


def _asked_anew(shape: _Shape, wh: str, turn: Turn) -> str:
    """The same happening, asked for something else: "Why" "were" "Marines" "sent to Baghdad"."""
    if wh in {"who", "what", "which", "how many", "how much"}:
        return _of_subject(shape, wh)
    negated = wh == "why not"
    wh = "why" if negated else wh
    if not shape.aux:
        done = _doer(shape, turn)
        return _question(wh, "did", done, "not" if negated else "") if done else ""
    if not shape.subject or (shape.aux in BE and not shape.rest):
        return ""
    return _question(wh, shape.aux, shape.subject, "not" if negated else "", _unstranded(shape))


def _of_subject(shape: _Shape, wh: str) -> str:
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


def _unstranded(shape: _Shape) -> str:
    """The rest without what belonged to the old question word: its preposition, or (as "that") its object."""
    words = shape.rest.split()
    if shape.wh.lower() == "what" and shape.aux in DO:
        return " ".join([*words[:1], "that", *words[1:]])
    if words and words[-1].lower() in PREPOSITIONS and not shape.wh_is_subject and shape.wh:
        words = words[:-1]
    return " ".join(words)


def _doer(shape: _Shape, turn: Turn) -> str:
    """After "Who attacked the embassy?": who did, from the answer, with the verb's infinitive and the rest."""
    words = shape.rest.split()
    if not words:
        return ""
    if shape.subject:
        return " ".join([Phrase(shape.subject).definite(), base(words[0]), *words[1:]])
    before, verb, _ = turn.answer.partition(f" {words[0]} ")
    if not verb or len(before.split()) > 8 or "." in before:
        return ""
    return " ".join([_inner(before), base(words[0]), *words[1:]])


def _inner(text: str) -> str:
    """A sentence's beginning, moved into a sentence: a common word loses its capital."""
    first, _, rest = text.partition(" ")
    common = first.lower() in {"the", "a", "an", "some", "about", "all"} or (
        first[1:].islower() and rest.split()[:1] in (["of"], ["from"], ["in"])
    )
    return " ".join(filter(None, [first.lower() if common else first, rest]))


def _exchanged(shape: _Shape, core: str, thing: str) -> str:
    """The same question about another thing, in the place of the one it is like."""
    first, _, rest = thing.partition(" ")
    if first.lower() in PREPOSITIONS and rest:
        return _other_phrase(core, first.lower(), rest)
    if re.fullmatch(r"\d{4}", thing):
        return re.sub(r"\b\d{4}\b", thing, core) + "?" if re.search(r"\b\d{4}\b", core) else ""
    noun = " ".join(_noun_of(shape.wh.split()))
    if noun and (shape.wh_is_subject or not thing[:1].isupper()) and not thing[:1].isupper():
        return core.replace(noun, thing.removeprefix("the "), 1) + "?"
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
    stop = next((n for n in range(start, len(words)) if words[n].lower() in PREPOSITIONS | AUX), len(words))
    if preposition == "to" and stop < len(words) and words[stop].lower() in {"in", "at"}:
        stop = len(words)  # "the embassy in Baghdad" is one place
    return " ".join([*words[:start], thing, *words[stop:]]) + "?"


def _question(*parts: str) -> str:
    text = " ".join(filter(None, parts))
    return text[:1].upper() + text[1:] + "?"


# Words that stand for something said

_CLASSES: dict[str, str] = (
    dict.fromkeys(("they", "them", "their", "theirs", "these", "those"), "many")
    | dict.fromkeys(("he", "him", "his", "she", "her", "hers"), "person")
    | dict.fromkeys(("it", "its", "this", "that"), "thing")
    | {"there": "place"}
)
_POSSESSIVE = frozenset(("their", "his", "her", "its", "theirs", "hers"))
_EMPTY_IT = re.compile(
    r"\bit (?:true|possible|likely|clear|known|correct|right|safe|legal|certain|necessary|important|raining|snowing)\b"
    r"|\b(?:does|did|will|would|do) it (?:take|cost to|rain|snow|matter)\b|\btime (?:is|was) it$|\bit (?:is|was) \w+ (?:that|to)\b|\btakes? it\b",
    re.IGNORECASE,
)
_MOTION = frozenset(
    "sent send go went gone fly flew flown travel travelled traveled moved move brought taken deployed rushed".split()
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
        leads = before in AUX or (word != "that" and n == 0) or (last and bool(before))
        return after not in _WH and (last or follows) and leads
    return True


def _noun_follows(words: Sequence[str], n: int) -> bool:
    after = _bare(words, n + 1)
    return bool(after) and after not in PREPOSITIONS | AUX and not is_verb(after)


def _said_inside(before: Sequence[str], kind: str) -> bool:
    """Whether the question itself, before the word, names what it stands for."""
    earlier = phrases(" ".join(before[1:] if before and before[0].lower() in _WH else before))
    match kind:
        case "many":
            return any(phrase.plural for phrase in earlier)
        case "person":
            return any(phrase.person for phrase in earlier)
        case "thing":
            return any(not phrase.plural and not phrase.names and not phrase.person for phrase in earlier)
    return any(phrase.place for phrase in earlier)


def _resolved(question: str, found: Sequence[_Anaphor], history: Sequence[Turn]) -> str:
    words = _LEAD.sub("", question).split()
    shift = len(question.split()) - len(words)
    done = _done_again(words, history[-1]) if any(anaphor.kind == "thing" for anaphor in found) else ""
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
    shape = _shape(turn.question)
    return _asked_anew(shape, match.group(1), turn) if match and shape else ""


_EVENT_VERBS = frozenset(
    "approved approve ordered order announced announce confirmed confirm caused cause condemned condemn reported authorised "
    "authorized requested request explained justified decided planned said say demanded denied proposed".split()
)


def _event_for(words: Sequence[str], at: int, anaphor: _Anaphor, turn: Turn) -> str:
    """For "who approved it?" after a happening: that it happened, in words; empty where a thing is meant."""
    things = [phrase for phrase in phrases(turn.question) if _fits(phrase, "thing")]
    if not _of_event(words, at, anaphor) or (things and not things[0].preposition and anaphor.word == "it"):
        return ""
    shape = _shape(turn.question)
    if shape and not shape.aux and 2 < len(turn.answer.split()) < 20:
        return f"that {_inner(turn.answer.strip().rstrip('.'))}"
    if not shape or not shape.aux or not shape.subject or not shape.rest or shape.wh.lower() == "what":
        return ""
    auxiliary = "" if shape.aux in {"do", "does", "did"} else shape.aux
    return " ".join(filter(None, ["that", shape.subject, auxiliary, _unstranded(shape)]))


def _of_event(words: Sequence[str], at: int, anaphor: _Anaphor) -> bool:
    return anaphor.word in {"it", "that", "this"} and _bare(words, at - 1) in _EVENT_VERBS


def _replacement(words: Sequence[str], at: int, anaphor: _Anaphor, history: Sequence[Turn]) -> str:
    phrase = _antecedent(anaphor.kind, history)
    if phrase is None or (_of_event(words, at, anaphor) and anaphor.word != "it"):
        return ""
    if anaphor.kind == "place":
        return f"{'to' if _bare(words, at - 1) in _MOTION else 'in'} {phrase.text}"
    named = phrase.definite()
    if anaphor.possessive:
        return named + ("'" if named.endswith("s") else "'s")
    return named


def _antecedent(kind: str, history: Sequence[Turn]) -> Phrase | None:
    for strict in (True, False):
        for turn in reversed(history):
            for phrase in _candidates(kind, turn):
                if _fits(phrase, kind, strict):
                    return phrase
    return None


def _candidates(kind: str, turn: Turn) -> Iterable[Phrase]:
    asked, said = phrases(_LEAD.sub("", turn.question)), phrases(turn.answer)
    who = turn.question.lower().startswith("who")
    if kind == "place":
        return [*reversed(asked), *reversed(said)]
    if kind == "thing":
        asked += [Phrase(phrase.text.partition(" of ")[2]) for phrase in asked if " of " in phrase.text]
    return [*said, *asked] if who and kind in {"person", "many"} else [*asked, *said]


def _fits(phrase: Phrase, kind: str, strict: bool = True) -> bool:
    if phrase.time:
        return False
    match kind:
        case "many":
            return phrase.plural if strict else phrase.collective
        case "person":
            return phrase.person
        case "thing":
            single = not phrase.plural and not phrase.head[0].isdigit()
            known = not phrase.person or len(phrase.text.split()) == 1
            return single and ((known and not phrase.place) or not strict)
    return phrase.place
