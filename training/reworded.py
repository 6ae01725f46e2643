"""True sentences said otherwise, by code: other words for the same thing, another order, active for passive, one fact
out of several.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable

SYNONYMS = """
ended/finished built/constructed bought/purchased founded/established/set_up created/made
located_in/situated_in famous/well-known large/big huge/enormous/vast small/little many/numerous several/a_number_of
more_than/over/in_excess_of less_than/under/fewer_than help/assist/aid helped/assisted/aided use/employ/make_use_of
used/employed/made_use_of shows/demonstrates showed/demonstrated obtain/get obtained/got/received film/movie
because_of/owing_to/due_to in_order_to/so_as_to near/close_to often/frequently usually/normally/generally
sometimes/at_times/occasionally mainly/mostly/chiefly primarily/mainly during/in_the_course_of said/stated/declared
told/informed asked/requested demanded/called_for claimed/asserted/maintained believed/thought
believes/thinks considered/regarded_as died/passed_away killed/took_the_lives_of
wounded/injured/hurt fled/escaped attacked/assaulted defeated/beat captured/seized/took destroyed/demolished/wrecked
damaged/harmed increased/rose/grew decreased/fell/declined/dropped reached/arrived_at left/departed_from
returned/came_back moved/relocated lived/resided lives/resides worked/was_employed studied/was_a_student
wrote/authored released/issued sent/dispatched gave/provided
gives/provides offered/made_available received/was_given chose/selected/picked elected/voted_in
replaced/took_the_place_of joined/became_a_member_of ruled/governed owned/possessed owns/possesses sold/disposed_of
required/needed requires/needs allowed/permitted allows/permits prevented/stopped caused/brought_about
causes/brings_about led_to/resulted_in leads_to/results_in includes/comprises
included/comprised consists_of/is_made_up_of occurred/happened/took_place occurs/happens/takes_place remains/stays
remained/stayed important/significant main/principal/chief whole/entire similar/alike
difficult/hard quickly/rapidly/fast slowly/gradually almost/nearly only/just area/region people/persons
children/kids teacher/instructor doctor/physician lawyer/attorney soldiers/troops police/police_officers
workers/employees leader/head company/firm job/occupation home/house car/automobile ship/vessel money/funds
battle/fight law/statute illness/disease rich/wealthy currently/at_present/now
previously/formerly/earlier annually/every_year/each_year nearly/close_to two/a_pair_of half_of/fifty_per_cent_of
percent/per_cent a_decade/ten_years a_century/a_hundred_years a_dozen/twelve
""".split()
OTHER_WORDS: dict[str, list[str]] = {}
for _entry in SYNONYMS:
    _all = [word.replace("_", " ") for word in _entry.split("/")]
    for _word in _all:
        OTHER_WORDS.setdefault(_word, []).extend(w for w in _all if w != _word)
ONE_WAY = frozenset("two in got hard now earlier made head fast under only just took beat stopped since close".split())
"""Words that mean too many other things to be replaced themselves."""
_REPLACED = OTHER_WORDS.keys() - ONE_WAY
_KNOWN = re.compile(r"(?<![-\w])(" + "|".join(sorted(map(re.escape, _REPLACED), key=len, reverse=True)) + r")(?![-\w])")
_ABOUT = re.compile(r"\b(about|approximately|around|roughly)(?= [\d$£€])")
_TO_TWELVE = "two three four five six seven eight nine ten eleven twelve".split()
NUMBERS = dict(zip(map(str, range(2, 13)), _TO_TWELVE, strict=True))
PASTS = {"written": "wrote", "given": "gave", "sung": "sang", "taken": "took", "chosen": "chose", "shown": "showed",
         "known": "knew", "begun": "began", "driven": "drove", "spoken": "spoke", "drawn": "drew"}  # fmt: skip
_SAME = "built made led won sold held found lost sent taught bought told read set cut".split()
_OPENERS = frozenset("The A An It He She They This These Its His Their In On Most Many Some Several".split())
_VERB = r"[a-z]+ed|" + "|".join([*PASTS, *_SAME])
_NAME = r"(?:[A-Z][\w’'-]+(?: (?:of |the |de |van )?[A-Z][\w’'-]+)*)"


def reworded(sentence: str, rng: random.Random) -> str:
    """The sentence said otherwise, up to four changes and three words deep; empty where no change fits."""
    changes: list[Callable[[str, random.Random], str]] = [_active, _front, _back, _part, _numbers, _owner]
    rng.shuffle(changes)
    result = sentence
    for change in changes[: rng.choice((2, 3, 4))]:
        result = change(result, rng) or result
    result = _words(result, rng) or result
    return result if result != sentence and len(result) > 20 else ""


def _words(text: str, rng: random.Random) -> str:
    """Up to three words of the table replaced."""
    text = _ABOUT.sub(lambda m: rng.choice([w for w in ("about", "approximately", "around") if w != m.group()]), text)
    found = list(_KNOWN.finditer(text))
    for match in sorted(rng.sample(found, min(len(found), rng.choice((1, 2, 3)))), key=lambda m: -m.start()):
        text = text[: match.start()] + rng.choice(OTHER_WORDS[match.group()]) + text[match.end() :]
    return text


def _active(text: str, rng: random.Random) -> str:  # noqa: ARG001
    """`X was built by Y in 1931.` → `Y built X in 1931.`"""
    agent, tail = r"((?:the |a |an )?[^,.;:]{3,60}?)", r"( (?:in|on|during) [^,.;:]+)?"
    match = re.fullmatch(rf"([A-Z][^,.;:]{{2,70}}?) (?:was|were) ({_VERB}) by {agent}{tail}\.", text)
    if not match or re.search(r"\b(?:him|them|her|it|which|who|that)\b", match.group(3)):
        return ""
    patient, verb, who, when = match.groups()
    return f"{_upper(who)} {PASTS.get(verb, verb)} {_lower(patient)}{when or ''}."


def _front(text: str, rng: random.Random) -> str:  # noqa: ARG001
    """`… in 1931.` → `In 1931, …`"""
    match = re.fullmatch(r"([^,;:]{20,}) ((?:in|on|during) (?:[A-Z]\w+ )?(?:\d{1,2},? )?\d{4})\.", text)
    return f"{_upper(match.group(2))}, {_lower(match.group(1))}." if match else ""


def _back(text: str, rng: random.Random) -> str:  # noqa: ARG001
    """`In 1931, …` → `… in 1931.`"""
    match = re.fullmatch(r"((?:In|During|After|Before|By|At) [^,]{3,40}), ([^,;:]{20,})\.", text)
    return f"{_upper(match.group(2))} {_lower(match.group(1), always=True)}." if match else ""


def _part(text: str, rng: random.Random) -> str:
    """One fact out of several: what a relative clause or an apposition says, or the rest without it."""
    clause = re.search(rf"({_NAME}), who ((?:was|is|had|has|[a-z]+ed) [^,;]{{8,}}),", text)
    apposition = re.search(rf"({_NAME}), ((?:the|a|an) [^,;.]{{5,60}}),", text)
    match = rng.choice([m for m in (clause, apposition) if m] or [None])
    if match is None:
        return ""
    if rng.random() < 0.5:
        return text[: match.start()] + match.group(1) + text[match.end() :]
    link = "" if match is clause else "was " if re.search(r"\b(?:was|were|had|\w+ed)\b", text) else "is "
    return f"{match.group(1)} {link}{match.group(2)}."


def _numbers(text: str, rng: random.Random) -> str:  # noqa: ARG001
    """Small numbers in words or digits, millions written out."""
    said = re.search(r"(?<![\w.,:$£€-])(?<! [-–] )(\d{1,2})(?= [a-z]{4,}s\b)", text)
    if said and said.group(1) in NUMBERS:
        return text[: said.start()] + NUMBERS[said.group(1)] + text[said.end() :]
    big = re.search(r"(?<![\w.,])(\d{1,3}),000,000\b", text)
    if big:
        return text[: big.start()] + f"{big.group(1)} million" + text[big.end() :]
    words = {word: digit for digit, word in NUMBERS.items()}
    match = re.search(r"\b(" + "|".join(words) + r")\b(?= [a-z]{4,}s\b)", text)
    return text[: match.start()] + words[match.group()] + text[match.end() :] if match else ""


def _owner(text: str, rng: random.Random) -> str:  # noqa: ARG001
    """`at Corran's mayor` → `at the mayor of Corran`"""
    after = r"(?=[,.]| (?:in|on|of|at|and|was|is|were|had|has)\b)"
    match = re.search(rf"(?<=[a-z] )({_NAME})['’]s ([a-z]+){after}", text)
    if not match:
        return ""
    return text[: match.start()] + f"the {match.group(2)} of {match.group(1)}" + text[match.end() :]


def _upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def _lower(text: str, *, always: bool = False) -> str:
    """The first word in lower case, if it is no name."""
    first = text.split(" ", 1)[0]
    return text[:1].lower() + text[1:] if always or first in _OPENERS else text
