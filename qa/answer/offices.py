"""Whether a person holds the office that a question asks for: a spokesman of a party is not its leader, and who is
ambassador is not the former one.

Offices are a closed list. Where a sentence names none of them, nothing is said against it.
"""

from __future__ import annotations

import re

from qa.answer.words import fold

_OFFICES: dict[str, str] = {
    "deputy": r"deputy|vice[- ](?:president|chair\w*|premier|minister|mayor|governor)",
    "prime minister": "prime minister|premier",
    "chief executive": "chief executive|ceo|managing director",
    "general secretary": r"secretary[- ]general|general secretary",
    "minister": r"minister|secretary of (?:state|the \w+|\w+)|(?:foreign|defen[sc]e|home|interior|treasury) secretary",
    "leader": "leader|leaders|head|heads|headed|lead|leads|led|leading|chief|boss|in charge",
    "spokesman": r"spokes(?:man|woman|person|men|women|people)|press (?:secretary|officer)",
    "president": "president|presidency",
    "ambassador": "ambassador|envoy",
    "commander": "commander|commands|commanded|commanding",
    "mayor": "mayor|mayoress",
    "governor": "governor",
    "monarch": "king|queen|emperor|empress|monarch|sultan|emir",
    "chair": r"chair(?:man|woman|person)?(?:ship)?|chairs|chaired|chairing",
    "director": "director|directs|directed",
    "captain": "captain|skipper",
    "coach": "coach|coached|coaches|trainer|trained",
    "founder": r"(?:co-?)?founder|(?:co-?)?founded|founds|established|set up",
    "owner": "owner|owns|owned",
    "prosecutor": "prosecutor|prosecutes|prosecuted",
    "judge": "judge|justice",
}
"""Those of two words first: a prime minister is no minister besides."""
_FOUND = {name: re.compile(rf"\b(?:{pattern})\b") for name, pattern in _OFFICES.items()}
_AT_THE_TOP = frozenset(_OFFICES) - {"spokesman", "ambassador", "deputy", "prosecutor", "judge", "owner"}
"""Who asks for the leader or head of something may be told its president, captain, director ..."""
_LED = frozenset(("commander", "director", "coach"))
"""Who asks for one of these may be told the chief or head of the thing; the head of a board is no chief executive."""
_ASKED = re.compile(r"^(?:and |so )?(?:who|whom|which)\b")
_FORMER = re.compile(
    r"\b(?:former|formerly|ex|once|previous|previously|retired|then|outgoing|was|had been|until|served)\b"
)
_APPOSED = re.compile(r"(?:\s*[,(]|\s+(?:who|is|was|as)\b)(?:\W*\w[\w’'-]*){1,7}|\s+\w[\w’'-]*")
_KIN = re.compile(
    r"(?:\s*,)?\s*(?:the |an? |his |her |their )?(?:elder |younger |late )?"
    r"(?:father|mother|son|daughter|brother|sister|wife|husband|widow|widower|uncle|aunt|nephew|niece|cousin|friend|aide"
    r"|adviser|grandson|granddaughter|grandfather|grandmother) (?:of|to)\b"
)
"""What follows it is another's office."""
_BEFORE = re.compile(r"(?:\w[\w’'-]*\W+){1,8}(?:is|was|are|were)\W+$|(?:\w[\w’'-]*\W+){1,4}$")


def held(question: str, evidence: str, answer: str) -> bool:
    """Whether a sentence may name the answer as the holder of the office that the question asks for: it names that
    office, or gives the answer no other one.

    Only of questions that ask who somebody is; true of all others."""
    asked, told = fold(question), fold(evidence)
    if not _ASKED.match(asked):
        return True
    if re.search(r"\bformer\b", asked) and not _FORMER.search(told):
        return False
    wanted = _named(asked)
    if len(wanted) != 1:
        return True
    (office,) = wanted
    fitting = _AT_THE_TOP if office == "leader" else {office, "leader"} if office in _LED else {office}
    return bool(_named(told) & fitting) or not _named(_beside(told, fold(answer)))


def _beside(text: str, answer: str) -> str:
    """What stands before the answer, and what is said of it right behind it."""
    at = text.find(answer)
    if at < 0:
        return text
    rest = text[at + len(answer) :]
    before, after = _BEFORE.search(text[:at]), None if _KIN.match(rest) else _APPOSED.match(rest)
    return " | ".join(found.group() for found in (before, after) if found)


def _named(text: str) -> set[str]:
    """The offices that a folded text names."""
    found = set()
    for name, pattern in _FOUND.items():
        text, count = pattern.subn(" ", text)
        if count:
            found.add(name)
    return found
