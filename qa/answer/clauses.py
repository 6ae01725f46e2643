"""A sentence as clauses, and a clause as predicates with what stands on either side: enough grammar, by rules, to
compare who did what and what is denied.

No tagger is at hand, so a word counts as a verb by its form and its neighbours. What cannot be told is left open:
unknown sides and unknown signs never decide anything.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from qa.answer.opposites import (
    BELIEFS,
    CLOUDS,
    DENIALS,
    EVIDENCE,
    FACTIVES,
    FROM_CUES,
    ING_CUES,
    LIGHT,
    NONE,
    NOT,
    NOUN_CUES,
    TO_CUES,
)
from qa.answer.words import FUNCTION_WORDS, IRREGULAR_VERBS, stem, straight

_TOKEN = re.compile(r"[^\W_]+(?:[.'’,-](?=[^\W_])[^\W_]+)*\.?(?<!\w\w\w\.)|[,;:.!?()\"“”—–]")
_STOPS = frozenset(',;:.!?()"“”—–')
_OPENERS = frozenset(
    """but although though while whereas because before after when whenever until since if unless whether that who
    which where than so""".split()
)
_RELATIVE = frozenset("who which that".split())
_BE = frozenset("be is are was were been being am isn't aren't wasn't weren't get gets got".split())
_HAVE = frozenset("have has had having hasn't haven't hadn't".split())
_DO = frozenset("do does did don't doesn't didn't".split())
_MODAL = frozenset(
    "to will would can could may might must shall should won't can't cannot couldn't wouldn't shouldn't".split()
)
_AUX = _BE | _HAVE | _DO | _MODAL
_PRONOUNS = frozenset("i you he she it we they who which that".split())
_SUBJECTS = frozenset("i you he she it we they".split())
_DETERMINERS = frozenset(
    "a an the his her its their our my your this that these those no any some of in on at for with from".split()
)
_BETWEEN = frozenset("not never also well now still been being already yet later first often again twice once".split())
_PREPOSITIONS = frozenset("in on at to by with from after for that of about as into during".split())
_NOMINAL = re.compile(r"(?:tion|sion|ment|ance|ence|ness|ity|ship|al|ure|ism|ist|er|or)s?$")
_NOUN, _VERB, _ANY = "noun", "verb", ""


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
_NO_DENIAL = re.compile(
    r"\b(?:not|no) (?:more|less|fewer|later|earlier|sooner|further|higher|lower) than\b"
    r"|\bno doubt\b|\bnot (?:only|just|merely)\b|\bno (?:more|fewer|less)\b(?= \d)",
    re.I,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+")


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[str, ...]:
    """Cut at final stops; enough for comparing clauses."""
    return tuple(s for s in _SENTENCE_END.split(" ".join(text.split())) if s)


def is_negative(word: str) -> bool:
    """Whether a word denies what follows it."""
    return word in NOT or word in NONE or word.endswith("n't")


@lru_cache(maxsize=4096)
def clauses(sentence: str) -> tuple[Clause, ...]:
    """The sentence's clauses in order, with predicates signed and sided. Treat as read-only."""
    cut = _cut(sentence)
    embedded = 0
    for number, clause in enumerate(cut):
        unsure = clause.opener in ("if", "unless", "whether") or (embedded != 0 and clause.opener == "that")
        _sign(clause, number, unsure, embedded if clause.opener == "that" else 0)
        embedded = _embeds(clause)
    for number, clause in enumerate(cut):
        _side(clause, cut[:number])
    return tuple(cut)


def _cut(sentence: str) -> list[Clause]:
    cut = [Clause("")]
    stop = ""
    first = True
    for word in _TOKEN.findall(_NO_DENIAL.sub(" ", _LONGER.sub("not", straight(sentence)))):
        lower = word.casefold()
        if "." not in lower[:-1] and len(lower) > 1:
            lower = lower.rstrip(".")
        if lower in _STOPS:
            stop = lower
            cut.append(Clause("", stop=stop))
            continue
        if lower in _OPENERS:
            cut.append(Clause(lower, stop=stop))
        else:
            cut[-1].tokens.append(lower)
            cut[-1].named.append(word[0].isupper() and not first)
        stop, first = "", False
    return [c for c in cut if c.tokens]


def _sign(clause: Clause, number: int, unsure: bool, embedded: int) -> None:
    """Read the clause from the left: a cue waits for its word, then clouds what is left of the clause."""
    state = _Cue()
    for at, word in enumerate(clause.tokens):
        rest = clause.tokens[at + 1 :]
        if _turns(clause, word, rest, state) or _empty(word) or word[0].isdigit():
            continue
        root, kind = _root(word), _kind_of(clause, at)
        if root in EVIDENCE and state.waiting:
            clause.predicates.append(Predicate(word, root, kind, -1, number, at=at))
            continue
        raw, denied = state.take(_reduced(clause, at))
        sign = raw if not unsure else -raw if embedded < 0 and kind == _VERB else 0
        predicate = Predicate(word, root, kind, sign, number, raw=raw, at=at, opener=clause.opener, unsure=unsure)
        predicate.denied = denied or (unsure and sign < 0)
        clause.predicates.append(predicate)
        state.after(root, raw, rest, kind)


def _turns(clause: Clause, word: str, rest: list[str], state: _Cue) -> bool:
    """Whether the word is a cue of denial, which changes what the next one is worth, and nothing else."""
    if word in NONE:
        if not (word == "no" and rest[:1] and rest[0] in _PREPOSITIONS):
            state.none(rest)
            _open_verb(clause, state)
        return True
    if is_negative(word) or (word == "yet" and rest[:1] == ["to"]):
        state.turn()
        return True
    if word == "and" and state.used and _verb_follows(rest):
        state.end()
        return True
    state.pass_gate(word, rest)
    return False


def _kind_of(clause: Clause, at: int) -> str:
    """Kind of the word at a place; a participle right after a verb describes what follows ("sold stolen goods")."""
    if clause.named[at]:
        return _NOUN
    kind = _kind(clause.tokens[at], clause.tokens[at - 1] if at else clause.opener, clause.tokens[:at])
    last = clause.predicates[-1] if clause.predicates else None
    return _ANY if kind == _VERB and last is not None and last.at == at - 1 and last.kind == _VERB else kind


def _open_verb(clause: Clause, state: _Cue) -> None:
    """A verb whose object is a "no …" is neither asserted nor denied itself."""
    last = clause.predicates[-1] if clause.predicates else None
    if last is not None and not state.subject and last.kind == _VERB:
        last.sign = last.raw = 0


class _Cue:
    """What a denial still waits for."""

    def __init__(self) -> None:
        self.waiting = False
        self.used = False
        self.skip = 0
        self.gate = ""
        self.subject = False

    def turn(self) -> None:
        self.waiting = not self.waiting

    def none(self, rest: list[str]) -> None:
        """A `no`: with a verb after its noun, the verb is denied and the noun is left open; else its noun is denied."""
        self.waiting = True
        length = _subject_length(rest)
        self.subject, self.skip = length > 0, length or max(0, _run(rest) - 1)

    def end(self) -> None:
        self.waiting = self.used = False

    def pass_gate(self, word: str, rest: list[str]) -> None:
        """A cue that denies what comes after its `to` or `from` starts there; nouns after a `from` are left open."""
        if word == self.gate:
            self.waiting, self.gate = word == "to" or (bool(rest) and rest[0].endswith("ing")), ""
            self.used = not self.waiting

    def take(self, open_: bool) -> tuple[int, bool]:
        """Sign of the next content word, and whether the cue pointed at it."""
        if self.skip:
            self.skip -= 1
            return 0, False
        if self.waiting:
            self.waiting, self.used = False, True
            return (0 if open_ else -1), True
        return (0 if open_ or self.used else 1), False

    def after(self, root: str, sign: int, rest: list[str], kind: str) -> None:
        """Verbs and nouns that deny what follows them: `refused to`, `prevented … from`, `lifted the ban`."""
        near = rest[:7]
        following = next((w for w in near if w not in FUNCTION_WORDS), "")
        gate = next((g for cues, g in ((TO_CUES, "to"), (FROM_CUES, "from")) if root in cues and g in near), "")
        direct = (root in ING_CUES and following.endswith("ing")) or (
            root in NOUN_CUES
            and (kind != _NOUN or root in ("lack", "absenc", "lift"))
            and bool(following)
            and near[0] not in _PREPOSITIONS - {"of"}
        )
        if gate or direct:
            # A denied refusal asserts what was refused.
            self.gate = gate if sign > 0 else ""
            self.waiting, self.used = direct and sign > 0, False
            self.skip = max(0, _run(near[_leading(near) :]) - 1) if direct and root in NOUN_CUES else 0
        elif root in CLOUDS:
            self.used = True


def _subject_length(rest: list[str]) -> int:
    """Content words between a `no` and the auxiliary of which they are the subject; 0 when there is none."""
    length = 0
    for word in rest[:7]:
        if word in _AUX and word != "to":
            return length
        length += word not in FUNCTION_WORDS and word not in LIGHT
    return 0


def _leading(tokens: list[str]) -> int:
    return next((i for i, t in enumerate(tokens) if not _empty(t)), 0)


def _run(tokens: list[str]) -> int:
    """Content words that follow each other at once: of "beef ban on", the last is the head."""
    return next((i for i, t in enumerate(tokens) if _empty(t) or t in _AUX), len(tokens))


def _verb_follows(rest: list[str]) -> bool:
    return bool(rest) and (rest[0] in _AUX or rest[0].endswith("ed") or rest[0] in IRREGULAR_VERBS)


def _kind(word: str, before: str, earlier: list[str]) -> str:
    base = word.removesuffix("'s")
    if base != word or word[0].isdigit():
        return _NOUN
    if (
        before in _MODAL | _DO | (_PRONOUNS - {"that"})
        or before.endswith("n't")
        or (before == "not" and not set(earlier) & _BE)
    ):
        return _VERB
    if before in _DETERMINERS:
        return _NOUN
    if (len(word) > 4 and word.endswith(("ed", "ing"))) or word in IRREGULAR_VERBS:
        return _VERB
    if _NOMINAL.search(word):
        return _NOUN
    return _ANY


def _reduced(clause: Clause, at: int) -> bool:
    """A participle after its noun, in a clause that has its verb already ("prisoners held there"), asserts nothing."""
    word, before = clause.tokens[at], clause.tokens[at - 1] if at else clause.opener
    return (
        (word.endswith("ed") or word in IRREGULAR_VERBS)
        and before not in _AUX
        and before not in ("and", "or", "nor", "not", "")
        and not before.endswith("ly")
        and any(p.kind == _VERB and p.sign and not p.word.endswith("ing") for p in clause.predicates)
    )


def _embeds(clause: Clause) -> int:
    """What becomes of a following `that`: -1 when denied, 1 when it is somebody's opinion or not known, else 0."""
    last = clause.predicates[-1] if clause.predicates else None
    if last is None or last.root in FACTIVES:
        return 0
    if last.root in DENIALS:
        return -1 if last.sign > 0 else 1
    return int(last.sign < 0 or last.root in BELIEFS)


def _side(clause: Clause, earlier: list[Clause]) -> None:
    """Give each verb its agents and patients; a passive turns them."""
    for predicate in clause.predicates:
        if predicate.kind == _NOUN:
            continue
        at = predicate.at
        left, right = _heads(clause, 0, at), _heads(clause, at + 1, len(clause.tokens))
        opening = not left
        twin = _coordinate(clause, at)
        pronoun = _SUBJECTS & set(clause.tokens[:at])
        predicate.subject = (
            frozenset() if pronoun else twin.subject if twin else _inherited(clause, earlier) if opening else left
        )
        predicate.direct = bool(left) and not twin and not pronoun and not _apposed(clause, earlier)
        by = clause.tokens.index("by", at) if "by" in clause.tokens[at + 1 : at + 9] else -1
        if _passive(clause.tokens, at) or (opening and not clause.opener and predicate.word.endswith("ed") and by > 0):
            predicate.agents = _heads(clause, by + 1, len(clause.tokens)) if by > 0 else frozenset()
            predicate.patients = predicate.subject
        else:
            predicate.agents, predicate.patients = predicate.subject, right


def _coordinate(clause: Clause, at: int) -> Predicate | None:
    """The verb to which an `and` or a `to` ties the one at this place: they have one subject."""
    if clause.tokens[at - 1 : at] == ["to"]:
        return next((p for p in clause.predicates if p.kind == _VERB and p.at < at), None)
    before = at - 1
    while before >= 0 and _empty(clause.tokens[before]) and clause.tokens[before] not in ("and", "or", "nor"):
        before -= 1
    if before < 1 or clause.tokens[before] not in ("and", "or", "nor"):
        return None
    return next((p for p in clause.predicates if p.kind == _VERB and p.at < before), None)


def _apposed(clause: Clause, earlier: list[Clause]) -> bool:
    """Whether a clause follows, after a comma, one without a verb: "Diana, Princess of Wales died"."""
    return bool(earlier) and clause.stop == "," and not any(p.kind == _VERB for p in earlier[-1].predicates)


def _passive(tokens: list[str], at: int) -> bool:
    if not (tokens[at].endswith(("ed", "en")) or tokens[at] in IRREGULAR_VERBS):
        return False
    before = [t for t in tokens[max(0, at - 4) : at] if not t.endswith("ly") and t not in _BETWEEN]
    after = tokens[at + 1 : at + 5] if tokens[at + 1 : at + 2] == ["and"] else tokens[at + 1 : at + 2]
    return (bool(before) and before[-1] in _BE) or "by" in after


def _inherited(clause: Clause, earlier: list[Clause]) -> frozenset[str]:
    """The subject of a verb that opens its clause: what stands without a verb right before it, relative clauses apart
    ("Haddad, who is 61, resigned"); else the subject of the clause before."""
    if clause.opener and clause.opener not in _RELATIVE:
        return frozenset()
    found: frozenset[str] = frozenset()
    for before in reversed(earlier):
        verb = next((p for p in before.predicates if p.kind == _VERB), None)
        if verb is not None and before.opener in _RELATIVE and not clause.opener:
            continue
        if verb is not None:
            return found or (verb.subject if not clause.opener else _heads(before, verb.at + 1, len(before.tokens)))
        found |= _heads(before, 0, len(before.tokens))
    return found


def _heads(clause: Clause, start: int, end: int) -> frozenset[str]:
    """Names and the last word of each noun phrase between two places of the clause."""
    tokens = clause.tokens
    return frozenset(
        _root(tokens[i])
        for i in range(start, end)
        if not _empty(tokens[i])
        and (clause.named[i] or i + 1 >= end or _empty(tokens[i + 1]) or not tokens[i + 1][0].isalpha())
    )


def _roots(tokens: list[str]) -> frozenset[str]:
    return frozenset(_root(t) for t in tokens if not _empty(t))


def _root(word: str) -> str:
    return stem(word.replace(".", "").removesuffix("'s"))


def _empty(word: str) -> bool:
    return (word in FUNCTION_WORDS and word != "let") or word in LIGHT or is_negative(word)
