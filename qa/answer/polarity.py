"""What a clause asserts, denies and leaves open: read from the left, a cue of denial waits for its word and clouds the
rest."""

from __future__ import annotations

import re

from qa.answer.grammar import (
    ANY,
    AUX,
    BE,
    DETERMINERS,
    DO,
    MODAL,
    NOUN,
    PREPOSITIONS,
    PRONOUNS,
    VERB,
    Clause,
    Predicate,
    is_empty,
    is_negative,
    root_of,
)
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
    NOUN_CUES,
    TO_CUES,
)
from qa.answer.words import FUNCTION_WORDS, IRREGULAR_VERBS

_NOMINAL = re.compile(r"(?:tion|sion|ment|ance|ence|ness|ity|ship|al|ure|ism|ist|er|or)s?$")


def sign(clause: Clause, number: int, unsure: bool, embedded: int) -> None:
    """Read the clause from the left: a cue waits for its word, then clouds what is left of the clause."""
    state = _Cue()
    for at, word in enumerate(clause.tokens):
        rest = clause.tokens[at + 1 :]
        if _turns(clause, word, rest, state) or is_empty(word) or word[0].isdigit():
            continue
        root, kind = root_of(word), _kind_of(clause, at)
        if root in EVIDENCE and state.waiting:
            clause.predicates.append(Predicate(word, root, kind, -1, number, at=at))
            continue
        raw, denied = state.take(_reduced(clause, at))
        sign = raw if not unsure else -raw if embedded < 0 and kind == VERB else 0
        predicate = Predicate(word, root, kind, sign, number, raw=raw, at=at, opener=clause.opener, unsure=unsure)
        predicate.denied = denied or (unsure and sign < 0)
        clause.predicates.append(predicate)
        state.after(root, raw, rest, kind)


ADVERBS = frozenset("out off down back away".split())
"""After `drop` these do not tell of an end of what follows."""


def _turns(clause: Clause, word: str, rest: list[str], state: _Cue) -> bool:
    """Whether the word is a cue of denial, which changes what the next one is worth, and nothing else."""
    if word in NONE:
        if not (word == "no" and rest[:1] and rest[0] in PREPOSITIONS):
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
        return NOUN
    kind = _kind(clause.tokens[at], clause.tokens[at - 1] if at else clause.opener, clause.tokens[:at])
    last = clause.predicates[-1] if clause.predicates else None
    return ANY if kind == VERB and last is not None and last.at == at - 1 and last.kind == VERB else kind


def _open_verb(clause: Clause, state: _Cue) -> None:
    """A verb whose object is a "no …" is neither asserted nor denied itself."""
    last = clause.predicates[-1] if clause.predicates else None
    if last is not None and not state.subject and last.kind == VERB:
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
            and (kind != NOUN or root in ("lack", "absenc", "lift"))
            and bool(following)
            and not (root == "drop" and (following.endswith("ly") or near[0][0].isdigit() or near[0] in ADVERBS))
            and near[0] not in PREPOSITIONS - {"of"}
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
        if word in AUX and word != "to":
            return length
        length += word not in FUNCTION_WORDS and word not in LIGHT
    return 0


def _leading(tokens: list[str]) -> int:
    return next((i for i, t in enumerate(tokens) if not is_empty(t)), 0)


def _run(tokens: list[str]) -> int:
    """Content words that follow each other at once: of "beef ban on", the last is the head."""
    return next((i for i, t in enumerate(tokens) if is_empty(t) or t in AUX), len(tokens))


def _verb_follows(rest: list[str]) -> bool:
    return bool(rest) and (rest[0] in AUX or rest[0].endswith("ed") or rest[0] in IRREGULAR_VERBS)


def _kind(word: str, before: str, earlier: list[str]) -> str:
    base = word.removesuffix("'s")
    if base != word or word[0].isdigit():
        return NOUN
    if (
        before in MODAL | DO | (PRONOUNS - {"that"})
        or before.endswith("n't")
        or (before == "not" and not set(earlier) & BE)
    ):
        return VERB
    if before in DETERMINERS:
        return NOUN
    if (len(word) > 4 and word.endswith(("ed", "ing"))) or word in IRREGULAR_VERBS:
        return VERB
    if _NOMINAL.search(word):
        return NOUN
    return ANY


def _reduced(clause: Clause, at: int) -> bool:
    """A participle after its noun, in a clause that has its verb already ("prisoners held there"), asserts nothing."""
    word, before = clause.tokens[at], clause.tokens[at - 1] if at else clause.opener
    return (
        (word.endswith("ed") or word in IRREGULAR_VERBS)
        and before not in AUX
        and before not in ("and", "or", "nor", "not", "")
        and not before.endswith("ly")
        and any(p.kind == VERB and p.sign and not p.word.endswith("ing") for p in clause.predicates)
    )


def embeds(clause: Clause) -> int:
    """What becomes of a following `that`: -1 when denied, 1 when it is somebody's opinion or not known, else 0."""
    last = clause.predicates[-1] if clause.predicates else None
    if last is None or last.root in FACTIVES:
        return 0
    if last.root in DENIALS:
        return -1 if last.sign > 0 else 1
    return int(last.sign < 0 or last.root in BELIEFS)
