"""Whether a claim says the opposite of its source: one denies the very word that the other asserts, or they use
opposites.

High precision is the aim: fair paraphrase turns "cannot" into "no way to" and "not covered" into "excluded", so only
what is plain is decided here, and the rest is left to the entailment checker.
"""

from __future__ import annotations

import re

from qa.answer.words import FUNCTION_WORDS, coverage, fold, stem

_CUES = frozenset("not no never neither nor none nobody nothing without cannot hardly scarcely barely".split())
_VERB_CUES = frozenset(
    stem(w)
    for w in """deny denied denies refuse refused fail failed lack lacked decline declined reject rejected prevent
    prevented avoid avoided exclude excluded omit omitted unable impossible forbid forbidden prohibit prohibited ban
    banned cease ceased stop stopped withhold withheld dispute disputed doubt doubted dismiss dismissed""".split()
)
_OPPOSITES = tuple(
    (frozenset(map(stem, a.split())), frozenset(map(stem, b.split())))
    for a, b in (
        (
            "increase increased rise rose risen grow grew grown climb climbed",
            "decrease decreased fall fell fallen shrink shrank drop dropped decline declined",
        ),
        ("approve approved accept accepted", "reject rejected refuse refused"),
        ("win won", "lose lost"),
        ("open opened", "close closed shut"),
        ("allow allowed permit permitted", "ban banned forbid forbade forbidden prohibit prohibited"),
        ("support supported", "oppose opposed"),
        ("alive survived", "dead died killed"),
        ("arrive arrived", "depart departed"),
        ("guilty convicted", "innocent acquitted"),
        ("succeed succeeded", "fail failed"),
        ("legal lawful", "illegal unlawful"),
        ("hire hired appoint appointed", "dismiss dismissed"),
    )
)
_TOKEN = re.compile(r"[^\W_]+(?:['.-][^\W_]+)*|[,;:.!?()\"]")
_ENDS = frozenset(',;:.!?()"') | {"but", "although", "though", "while", "because"}
_PASSED = re.compile(
    r"\w{3,}ly$|^(?:yet|even|ever|so|very|too|only|just|been|being|fully)$"
    r"|^(?:amount|constitut|involv|mean|caus|suffer|reach)\w*$"
)
"""Words between a cue and what it denies: adverbs, and verbs that say little ("did not amount to a breach")."""


def reverses(claim: str, premise: str) -> bool:
    """Whether, of a word that both use, exactly one denies it and the other's sentence has no denial at all; or they
    use opposites instead of each other.

    The word denied is the first that carries meaning after the cue. A premise of which one sentence asserts the word
    and another denies it decides nothing.
    """
    claimed = _Polarity(claim)
    given = [_Polarity(sentence) for sentence in _SENTENCE_END.split(premise)]
    plain: set[str] = set().union(*(g.asserted for g in given if not g.cues))
    hedged: set[str] = set().union(*(g.asserted | g.denied for g in given if g.cues))
    if claimed.cues:
        return bool((claimed.denied - claimed.asserted) & (plain - hedged))
    denied: set[str] = set().union(*(g.denied - g.asserted for g in given))
    if claimed.asserted & (denied - plain):
        return True
    return not hedged and coverage(claim, premise) >= 0.5 and _opposed(claimed.asserted, plain)


_SENTENCE_END = re.compile(r"(?<=[.!?])[\"”’)]*\s+")


def _opposed(claimed: set[str], given: set[str]) -> bool:
    return any(
        claimed & mine and not claimed & other and given & other and not given & mine
        for left, right in _OPPOSITES
        for mine, other in ((left, right), (right, left))
    )


class _Polarity:
    """Stems that a text asserts and denies, and whether it has a cue of denial at all."""

    def __init__(self, text: str) -> None:
        self.asserted: set[str] = set()
        self.denied: set[str] = set()
        self.cues = False
        open_ = False
        for token in _TOKEN.findall(fold(text)):
            if token in _ENDS:
                open_ = False
            elif token in _CUES or token.endswith("n't"):
                self.cues = open_ = True
            elif token not in FUNCTION_WORDS:
                open_ = self._word(token, open_)

    def _word(self, token: str, negated: bool) -> bool:
        """Sort one word; whether the cue is still waiting for its word."""
        root = stem(token.replace(".", "").removesuffix("'s"))
        if root in _VERB_CUES:
            self.cues = True
            (self.denied if negated else self.asserted).add(root)
            return not negated
        if negated and _PASSED.search(token):
            return True
        (self.denied if negated else self.asserted).add(root)
        return False
