"""Words that deny, cloud or oppose: closed lists, as stems.

Opposites are one predicate with two signs, so that "did not approve" and "rejected" agree and "approved" and "rejected"
do not.
"""

from __future__ import annotations

from qa.answer.words import stem


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(word) for word in text.split())


NOT = frozenset("not never cannot without hardly scarcely barely nor".split())
"""Deny the first predicate after them."""
NONE = frozenset("no none nobody nothing neither".split())
"""Deny the noun after them, or the verb of which that noun is the subject."""
TO_CUES = _stems("fail refuse decline cease unable forget neglect unwilling reluctant impossible powerless")
"""Deny the verb after their `to`."""
FROM_CUES = _stems("prevent stop bar ban prohibit exclude exempt discourage deter refrain abstain block hinder stop")
"""Deny the verb after their `from`; some also deny an `-ing` that follows at once."""
ING_CUES = _stems("stop cease avoid quit deny denied denies denial")
NOUN_CUES = _stems(
    "lack absence deny dispute contest lift end scrap abolish overturn drop cancel revoke remove remov waive"
)
"""Deny the noun after them."""
DENIALS = _stems("deny denied denies dispute doubt refute disprove reject dismiss unproven unlikely")
"""What their `that` introduces is not asserted."""
FACTIVES = _stems("know notice realise realize remember forget regret understand see learn mention")
"""What their `that` introduces holds even where they are denied."""
BELIEFS = _stems("think believe hope fear expect suppose suspect claim allege suggest assume guess wish want demand")
"""What follows them is somebody's opinion."""
EVIDENCE = _stems("evidence sign proof indication way possibility chance hint reason longer means need plan intention")
"""Nouns that pass a denial on: no evidence that, no way to."""
CLOUDS = _stems("former formerly resign retire used ex fire oust sack yet rather instead only unless")
"""After these a noun or verb is neither asserted nor denied: a former teacher, resigned as chief."""
HEDGES = frozenset(
    """may might could would perhaps possibly probably maybe allegedly reportedly apparently likely unlikely if unless
    whether should""".split()
)
SOFT = HEDGES | frozenset(
    """can alleged said says say told according reported reports believe believes thought think suspected accused
    possible potential potentially seems appears risk chance claims claimed argued suggests suggested
    expected hopes hope fear
    feared must sometimes often some tend tends help helps denied denies disputes plans planned unclear open considered
    considering suspect unknown doubt pending""".split()
)
"""Words by which a claim shows that it is not plain fact."""
LIGHT = frozenset(
    """yet even ever so very too only just been being fully amount amounts constitute involve mean cause suffer reach
    any anyone anybody anything able possible longer way further more again still also to""".split()
)

_PAIRS = (
    ("increase rise grow climb raise up higher more greater soar jump larger longer taller bigger surge grew rose "
     "longest largest highest biggest most",
     "decrease fall shrink drop decline lower down reduce fewer smaller less plunge shorter slump cut least lowest "
     "smallest shortest"),
    ("approve accept back support endorse agree favour", "reject refuse oppose turn-down veto"),
    ("beat defeat win won", "lose lost"),
    ("open", "close shut"),
    ("allow permit let legalise legalize", "ban forbid prohibit bar outlaw disallow"),
    ("include cover", "exclude exempt"),
    ("survive alive", "die dead kill perish"),
    ("arrive enter", "depart leave exit"),
    ("guilty convict", "innocent acquit"),
    ("succeed", "fail"),
    ("legal lawful", "illegal unlawful"),
    ("hire appoint", "dismiss sack resign fire"),
    ("impose introduce", "lift abolish scrap remove"),
    ("before earlier precede", "after later follow"),
    ("admit confirm acknowledge", "deny dispute"),
    ("used", "unused"), ("safe", "unsafe dangerous"), ("hot warm warmer hotter", "cold cool colder cooler"),
    ("extend prolong", "shorten"), ("strengthen strong", "weaken weak"), ("free release", "jail imprison detain"),
    ("buy purchase", "sell"), ("lend", "borrow"), ("first", "last"), ("early", "late"), ("majority", "minority"),
    ("faster fast quicker", "slower slow"), ("older old", "younger young newer"), ("cheaper cheap", "dearer expensive"),
    ("improve better best", "worsen worse worst deteriorate"), ("heavier heavy", "lighter"),
    ("above over", "below under"),
    ("maximum", "minimum"), ("import", "export"), ("internal domestic", "external foreign"), ("public", "private"),
    ("start begin", "finish"), ("profit", "loss"), ("victory", "defeat"), ("attack", "defend"),
    ("include including", "excluding"), ("present", "absent"), ("keep retain", "abandon"),
    ("widen", "narrow"), ("deep deeper", "shallow shallower"), ("north northern", "south southern"), ("rich", "poor"),
    ("east eastern", "west western"), ("inside indoors", "outside outdoors"), ("left", "right"), ("male", "female"),
    ("day daytime", "night nighttime"), ("summer", "winter"), ("husband", "wife"), ("son", "daughter"),
    ("brother", "sister"), ("father", "mother"), ("mandatory compulsory required", "optional voluntary"),
    ("temporary temporarily", "permanent permanently"), ("partly partially", "completely entirely fully wholly"),
    ("always", "never"), ("winner", "loser"), ("simple easy easier", "difficult hard harder"), ("with", "without"),
)  # fmt: skip
_UNSAID = frozenset("before after above over below under with without up down more most left right back least".split())
"""Members that are too often something else (prepositions, "left" of "leave") to carry the pair."""

CONVERSE = frozenset(("buy", "lend", "beat", "before", "attack"))
"""Pairs that tell one event from its two sides: opposite only of one subject."""

POLE: dict[str, tuple[str, int]] = {}
"""Stem to (name of its pair, sign)."""
for _left, _right in _PAIRS:
    for _side, _sign in ((_left, 1), (_right, -1)):
        for _word in _side.split():
            if _word not in _UNSAID:
                POLE.setdefault(stem(_word), (_left.split()[0], _sign))
