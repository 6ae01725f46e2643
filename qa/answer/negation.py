"""Whether a claim says the opposite of its source: negation words within reach of the same word, and pairs of opposites."""

from __future__ import annotations

import re

from qa.answer.words import FUNCTION_WORDS, fold, stem

_CUES = frozenset("not no never neither nor none nobody nothing without cannot hardly scarcely barely".split())
_VERB_CUES = frozenset(
    stem(w) for w in "deny denied denies refuse refused fail failed lack lacked decline declined reject rejected prevent prevented avoid avoided".split()
)
_OPPOSITES = tuple(
    (frozenset(map(stem, a.split())), frozenset(map(stem, b.split())))
    for a, b in (
        ("increase increased rise rose risen grow grew grown gain gained climb climbed", "decrease decreased fall fell fallen shrink shrank drop dropped decline declined"),
        ("approve approved accept accepted", "reject rejected refuse refused deny denied"),
        ("win won", "lose lost"),
        ("open opened", "close closed shut"),
        ("allow allowed permit permitted", "ban banned forbid forbade forbidden prohibit prohibited"),
        ("support supported back backed", "oppose opposed"),
        ("before", "after"),
        ("alive survive survived", "dead die died killed"),
        ("arrive arrived", "leave left depart departed"),
        ("buy bought", "sell sold"),
        ("begin began start started", "end ended stop stopped"),
        ("guilty convicted", "innocent acquitted"),
        ("safe secure unharmed unhurt", "injured hurt wounded harmed"),
        ("succeed succeeded success", "fail failed failure"),
        ("legal lawful", "illegal unlawful"),
        ("remain remained stay stayed", "leave left withdraw withdrew withdrawn"),
        ("confirm confirmed", "deny denied"),
        ("hire hired appoint appointed", "fire fired dismiss dismissed"),
        ("first", "last"),
        ("north northern", "south southern"),
        ("east eastern", "west western"),
    )
)
_REACH = 4
"""Content words after a cue that it negates; clause marks end the reach earlier."""
_TOKEN = re.compile(r"[^\W_]+(?:['.][^\W_]+)*|[,;:.!?()\"-]")
_ENDS = frozenset(",;:.!?()\"") | {"but", "although", "though", "while", "because", "and"}


def reverses(claim: str, premise: str) -> bool:
    """Whether, of a word that both use, one denies what the other asserts; or they use opposites with nothing shared instead.

    Only words that carry meaning count. A premise that both asserts and denies a word (two clauses) decides nothing.
    """
    claimed_yes, claimed_no = _polarity(claim)
    given_yes, given_no = _polarity(premise)
    denied = (claimed_yes & (given_no - given_yes)) | ((claimed_no - claimed_yes) & (given_yes - given_no))
    return bool(denied) or _opposed(claimed_yes, given_yes, claimed_no | given_no)


def _opposed(claimed: set[str], given: set[str], negated: set[str]) -> bool:
    for left, right in _OPPOSITES:
        for mine, other in ((left, right), (right, left)):
            if claimed & mine and not claimed & other and given & other and not given & mine and not negated & (mine | other):
                return True
    return False


def _polarity(text: str) -> tuple[set[str], set[str]]:
    """Stems that the text asserts, and stems that it denies."""
    yes: set[str] = set()
    no: set[str] = set()
    left = 0
    for token in _TOKEN.findall(fold(text)):
        if token in _ENDS:
            left = 0
            continue
        if token in _CUES or token.endswith("n't") or (token == "longer" and left):
            left = _REACH
            continue
        if token in FUNCTION_WORDS:
            if token in ("before", "after"):
                yes.add(token)
            continue
        root = stem(token.replace(".", "").removesuffix("'s"))
        (no if left else yes).add(root)
        left = _REACH if root in _VERB_CUES else max(0, left - 1)
    return yes, no
