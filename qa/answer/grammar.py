"""Words in their classes, and a sentence cut into clauses: the parts that predicates are read from."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from qa.answer.opposites import LIGHT, NONE, NOT
from qa.answer.words import FUNCTION_WORDS, stem, straight

_TOKEN = re.compile(r"[^\W_]+(?:[.'’,-](?=[^\W_])[^\W_]+)*\.?(?<!\w\w\w\.)|[,;:.!?()\"“”—–]")
_STOPS = frozenset(',;:.!?()"“”—–')
_OPENERS = frozenset(
    """but although though while whereas because before after when whenever until since if unless whether that who
    which where than so""".split()
)
RELATIVE = frozenset("who which that".split())
BE = frozenset("be is are was were been being am isn't aren't wasn't weren't get gets got".split())
_HAVE = frozenset("have has had having hasn't haven't hadn't".split())
DO = frozenset("do does did don't doesn't didn't".split())
MODAL = frozenset(
    "to will would can could may might must shall should won't can't cannot couldn't wouldn't shouldn't".split()
)
AUX = BE | _HAVE | DO | MODAL
PRONOUNS = frozenset("i you he she it we they who which that".split())
SUBJECTS = frozenset("i you he she it we they".split())
DETERMINERS = frozenset(
    "a an the his her its their our my your this that these those no any some of in on at for with from".split()
)
PREPOSITIONS = frozenset("in on at to by with from after for that of about as into during".split())
NOUN, VERB, ANY = "noun", "verb", ""


@dataclass(slots=True)
class Predicate:
    """One content word, whether its text asserts (1), denies (-1) or leaves open (0) it, and the words beside it."""

    word: str
    root: str
    kind: str
    sign: int
    clause: int
    raw: int = 1
    """The sign that it has inside its own clause, whatever stands around that."""
    opener: str = ""
    """The word that opens its clause, such as `that` or `if`."""
    at: int = 0
    """Place among its clause's tokens."""
    subject: frozenset[str] = frozenset()
    """Stems before the verb, active or passive."""
    direct: bool = False
    """Whether the subject stands in the verb's own clause, and is no apposition to what stands before it."""
    agents: frozenset[str] = frozenset()
    """Stems of who does it, as far as the clause says; empty when it does not."""
    patients: frozenset[str] = frozenset()
    """Stems of what it is done to or with."""
    denied: bool = False
    """Whether a cue of denial points at this very word."""
    unsure: bool = False
    """Whether it stands under an `if`, or under a `that` of which the text says that it is not so, or believed."""


@dataclass(slots=True)
class Clause:
    """Words between two borders."""

    opener: str
    tokens: list[str] = field(default_factory=list)
    """In lower case."""
    named: list[bool] = field(default_factory=list)
    """Whether the word has a capital that no sentence's beginning explains."""
    predicates: list[Predicate] = field(default_factory=list)
    stop: str = ""
    """Punctuation in front of it."""

    @property
    def roots(self) -> frozenset[str]:
        """Stems of its content words."""
        return frozenset(p.root for p in self.predicates)


_LONGER = re.compile(r"\bno longer\b", re.I)
_RULED_OUT = re.compile(r"\brul(?:e|es|ed|ing) out (?=\w+ing\b)", re.I)
_NO_DENIAL = re.compile(
    r"\b(?:not|no) (?:more|less|fewer|later|earlier|sooner|further|higher|lower) than\b"
    r"|\bno doubt\b|\bnot (?:only|just|merely)\b|\bno (?:more|fewer|less)\b(?= \d)",
    re.I,
)


def is_negative(word: str) -> bool:
    """Whether a word denies what follows it."""
    return word in NOT or word in NONE or word.endswith("n't")


def root_of(word: str) -> str:
    """Stem of a lower-case word, its dots and possessive cut off."""
    return stem(word.replace(".", "").removesuffix("'s"))


def is_empty(word: str) -> bool:
    """Whether a word carries no meaning of its own."""
    return (word in FUNCTION_WORDS and word != "let") or word in LIGHT or is_negative(word)


def _plainer(sentence: str) -> str:
    """The sentence with single words for what denies in two, and without what only looks like a denial."""
    return _NO_DENIAL.sub(" ", _RULED_OUT.sub("avoid ", _LONGER.sub("not", straight(sentence))))


def cut(sentence: str) -> list[Clause]:
    """Clauses by punctuation and by words that open one; without predicates yet."""
    found = [Clause("")]
    stop = ""
    first = True
    for word in _TOKEN.findall(_plainer(sentence)):
        lower = word.casefold()
        if "." not in lower[:-1] and len(lower) > 1:
            lower = lower.rstrip(".")
        if lower in _STOPS:
            stop = lower
            found.append(Clause("", stop=stop))
            continue
        if lower in _OPENERS:
            found.append(Clause(lower, stop=stop))
        else:
            found[-1].tokens.append(lower)
            found[-1].named.append(word[0].isupper() and not first)
        stop, first = "", False
    return [c for c in found if c.tokens]
