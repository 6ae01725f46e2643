"""What a question asks for: the kind of its answer, and the thing it counts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from qa.answer.assertions import AUX
from qa.answer.names import names
from qa.answer.quantities import Quantity, quantities
from qa.answer.words import content, fold, stem

Kind = Literal["number", "person", "place", "time", "reason", "yesno", "other"]

_SIZED = r"(?:number|size|amount|cost|price|population|length|height|depth|width|weight)"
_WHICH = (
    r"(?:total|overall|combined|exact|precise|approximate|estimated|current|final|actual|original|average|mean|typical"
    r"|usual|normal|highest|greatest|largest|maximum|lowest|smallest|minimum|record|definitive|latest|adjusted)"
)
"""Words that leave a number an amount: a registration number is none."""
_NO_ASKING = r"^(?:(?!\b(?:who|whom|whose|what|which|where|when|why|how)\b).)*"
_PATTERNS: tuple[tuple[Kind, str], ...] = (
    (
        "number",
        r"\b(how (?:many|much|long|far|old|tall|big|large|often|high|fast|deep)"
        r"|what (?:percentage|percent|number|proportion|size|sum|amount)|what (?:\w+ )?share(?! price)"
        r"|what (?:did|does|do|will|would) [^?]{1,60} cost)\b"
        rf"|{_NO_ASKING}\b(?:what (?:(?:is|was|are|were|will be|would be) )?(?:the )?|the )(?:{_WHICH} )?{_SIZED} of\b"
        r"(?!.* (?:called|known as)\b)"
        r"|^what (?:is|was|are|were|will be) (?:the|its|their|his|her) (?:[\w-]+ ){1,2}"
        r"(?:(?<=total )number|size|amount|cost|price|population|length|height|depth|width|weight)(?= of\b|[ ?]*$)"
        r"(?!.* (?:called|known as)\b)",
    ),
    (
        "time",
        r"\b(when|(?:what|which|in which|on which|in what|on what) (?:year|date|day|month|time|decade|century))\b"
        r"|^what (?:is|was|will be) (?:the|its|their|his|her) (?:[\w-]+ ){0,2}date(?= (?:of|for|on)\b|[ ?]*$)",
    ),
    (
        "place",
        r"\b(where|(?:what|which) (?:country|city|town|place|state|region|county|street|location|province"
        r"|village|island|port|district))\b",
    ),
    (
        "person",
        r"^(?:and |so )?(?:by |to |with |from |for )?"
        r"(who|whom|whose|which (?:person|minister|official|president|man|woman))\b|\bwho\b",
    ),
    ("reason", r"\b(why|for what reason|what (?:caused|led to|prompted|triggered|is the reason|was the reason))\b"),
    ("yesno", rf"^(?:and |so |but )?(?:{AUX})\b"),
)
_KINDS = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
_ASKS = re.compile(
    rf"^(?:and |so |but )?(?:(?:by|to|with|from|for|in|on|at|of|under) )?"
    rf"(?:who|whom|whose|what|which|where|when|why|how|(?P<verb>{AUX}) (?!(?:you|we|i|it|anyone|anybody)\b))\b"
)
_YESNO = re.compile(
    rf"^(?:and |so |but )?(?:{AUX}) (?!(?:you|we|i|it|anyone|anybody"
    r"|(?:the |these |those |any |my )?(?:documents?|sources?|reports?|articles?|texts?|papers?))\b)"
)
"""Whatever its clauses ask: "Did he say how many came?" is answered by yes or no; "Do the documents say how many came?"
by how many."""
_LATER = "when|where|who|whom|whose|why"
_CLAUSE = re.compile(rf"\s(?:{_LATER})\b")
_AMOUNT_CLAUSE = re.compile(rf"\s(?:{_LATER}|(?<![,:;]\s)how (?:many|much|long|far|old|tall|big|large|often))\b")
"""The same behind a word that asks for something else: "What decides how much is paid?" asks for no sum."""
_COUNTED = re.compile(
    r"\bhow many (?:more |other |of (?:the |his |her |its |their )?)?(?P<a>[^?]+)"
    r"|\b(?:what|the) (?:number|percentage|percent|share|proportion|amount) of (?:the )?(?P<b>[^?]+)"
)
_PHRASE_END = re.compile(
    rf"\s(?:{AUX}|of|in|from|at|on|who|that|which|to|for|with|by|into|after|before|during|a|an|the|his|her|their|its)\b.*$"
)
_PLURAL = re.compile(
    r"[^\W\d_]{2,}[^siu\W]s$|^(?:men|women|people|children|feet|teeth|mice|police|troops|staff|cattle)$"
)
_GENERIC = frozenset(
    stem(w)
    for w in """people persons person troops members personnel casualties victims men women things times percent
    items lives deaths fatalities dead injured wounded injuries""".split()
)


_POLICE = frozenset(stem(w) for w in ("police", "policemen", "officers"))


@dataclass(frozen=True, slots=True)
class Question:
    """A question, read by rules."""

    typed: str
    text: str
    """The same, but one of yes or no begins with its verb: "Was he held according to the police?" where that came
    first."""
    kind: Kind
    counted: frozenset[str]
    """Stems any of which names what "how many" counts: "police officers" are police, officers or policemen; empty for
    other questions and for generic words such as people."""
    content: frozenset[str]
    names: tuple[str, ...]
    quantities: tuple[Quantity, ...]


def parse(text: str) -> Question:
    """Never fails: what no rule knows is of kind `other`."""
    typed, text = text, _straight(text)
    folded = fold(text)
    return Question(
        typed=typed,
        text=text,
        kind=_kind(folded),
        counted=_counted(folded),
        content=frozenset(c for c in content(text) if c not in _ASKING),
        names=tuple(names(_decapitalise(text))),
        quantities=tuple(quantities(text)),
    )


_LED = re.compile(
    r"^(?P<lead>(?:according to|in|on|at|after|before|during|by|for|under|from|since|until|as of)\b[^,?]{1,80}), "
    rf"(?P<asked>(?:{AUX}) .*?)(?P<end>[?.! ]*)$",
    re.I | re.S,
)


def _straight(text: str) -> str:
    """A question of yes or no that begins with its verb: rules and readers know it by that."""
    led = _LED.match(text.strip())
    if led is None:
        return text
    lead, asked = led["lead"], led["asked"]
    return f"{asked[0].upper()}{asked[1:]} {lead[0].lower()}{lead[1:]}{led['end']}"


def _kind(folded: str) -> Kind:
    if _YESNO.match(folded):
        return "yesno"
    main = _main_clause(folded)
    return next((kind for kind, pattern in _KINDS if pattern.search(main)), "other")


def _main_clause(folded: str) -> str:
    """The question up to a clause that only says when, where or of whom: "Who led the club when it was founded?" asks
    for a person."""
    asks = _ASKS.match(folded)
    if asks is None:
        return folded
    later = (_CLAUSE if asks["verb"] else _AMOUNT_CLAUSE).search(folded, asks.end())
    return folded[: later.start()] if later else folded


def _counted(folded: str) -> frozenset[str]:
    """Stems that name the head of the noun phrase after "how many"; none when it is generic or not found.

    Without an auxiliary verb after it, the phrase ends with the first plural and those right behind it: "how many
    guards left Kuwait" counts guards, and "how many police officers took part" officers.
    """
    match = _COUNTED.search(folded)
    if match is None:
        return frozenset()
    phrase = _PHRASE_END.sub("", " " + (match["a"] or match["b"])).split()[:5]
    plurals = [bool(_PLURAL.search(word)) for word in phrase]
    if not any(plurals) and len(phrase) > 3:
        return frozenset()
    first = plurals.index(True) if any(plurals) else len(phrase) - 1
    head = next((i for i in range(first, len(phrase) - 1) if not plurals[i + 1]), len(phrase) - 1)
    stems = content(" ".join(phrase[: head + 1]))
    if not stems or stems[-1] in _GENERIC:
        return frozenset()
    police = stems[-1] == stem("police") or stems[-2:] == [stem("police"), stem("officers")]
    return _POLICE if police else frozenset(stems[-1:])


_ASKING = frozenset(
    stem(w)
    for w in """many much long number percentage tell say said according year date day time name kind type happen
    happened""".split()
)


def _decapitalise(text: str) -> str:
    """The first word in lower case unless it is all capitals: a question's first capital names nothing."""
    first, _, rest = text.strip().partition(" ")
    return text if first.isupper() and len(first) > 1 else f"{first.lower()} {rest}"
