"""Proper names in text and whether a source bears them: deterministic, by capitals, with a short list of common
aliases."""

from __future__ import annotations

import re
from functools import lru_cache

from qa.answer import lands
from qa.answer.words import FUNCTION_WORDS, fold, is_demonym, stem, word_spans

_STATES = tuple(
    tuple(part.replace("_", " ") for part in state.split("/"))
    for state in """
alabama/ala arizona/ariz arkansas/ark california/calif/californian colorado/colo connecticut/conn delaware/del
florida/fla georgia/ga illinois/ill indiana/ind kansas/kan kentucky/ky louisiana/la maryland/md massachusetts/mass
michigan/mich minnesota/minn mississippi/miss missouri/mo montana/mont nebraska/neb nevada/nev new_hampshire/nh
new_jersey/nj new_mexico/nm new_york/ny north_carolina/nc north_dakota/nd oklahoma/okla oregon/ore pennsylvania/pa
rhode_island/ri south_carolina/sc south_dakota/sd tennessee/tenn texas/tex/texan/texans vermont/vt virginia/va
washington/wash west_virginia/wva wisconsin/wis wyoming/wyo
""".split()
)
_WARS = (
    ("first world war", "world war i", "world war one", "wwi", "great war"),
    ("second world war", "world war ii", "world war two", "wwii", "ww2"),
)
_FIRST_NAMES = tuple(
    tuple(name.split("/"))
    for name in """
alexander/alex andrew/andy anthony/tony benjamin/ben bernard/bernie charles/charlie/chuck christopher/chris daniel/dan
david/dave donald/don edward/ed/ted elizabeth/liz/beth frederick/fred gregory/greg james/jim/jimmy jeffrey/jeff
jennifer/jen joseph/joe katherine/kate/kathy kenneth/ken lawrence/larry margaret/maggie/peggy matthew/matt michael/mike
nicholas/nick rebecca/becky richard/rick/dick robert/bob/rob ronald/ron samuel/sam stephen/steven/steve susan/sue
thomas/tom timothy/tim william/bill
""".split()
)
_SHORT = frozenset({"r", "d", *(state[1] for state in _STATES), *(name for forms in _FIRST_NAMES for name in forms)})
"""Aliases that stand for a name only where they have a capital: "Ill.", not "ill"."""
_ALIASES = (
    ("united states", "us", "usa", "america", "american", "americans", "washington"),
    ("united kingdom", "uk", "britain", "british", "great britain", "briton", "britons"),
    ("european union", "eu", "european"),
    ("united nations", "un"),
    ("department of defense", "defense department", "pentagon", "dod", "defence department"),
    ("department of state", "state department"),
    ("white house", "president"),
    ("republican", "republicans", "gop", "r", "republican party"),
    ("democrat", "democrats", "democratic", "d", "democratic party"),
    ("conservative", "conservatives", "tory", "tories", "conservative party"),
    ("kurd", "kurds", "kurdish"),
    ("bible", "biblical"),
    ("academy award", "academy awards", "oscar", "oscars"),
    ("television", "tv"),
    ("congress", "congressional", "congressman", "congresswoman", "house of representatives"),
    *_STATES,
    ("covid-19", "covid", "covid19", "coronavirus", "sars-cov-2", "sars-cov2"),
    ("co2", "carbon dioxide"),
    ("uv", "ultraviolet"),
    ("tb", "tuberculosis"),
    *_WARS,
    *_FIRST_NAMES,
    ("middle ages", "medieval", "mediaeval"),
    ("soviet union", "ussr", "soviet"),
)
_COMMON = frozenset("earth sun moon internet".split())
"""Written with a capital or without; no name of anybody's."""
_TITLES = frozenset(
    """mr mrs ms dr prof sir lord lady president vice prime minister secretary senator representative governor mayor
    judge justice general gen colonel col major maj captain capt lieutenant lt sergeant sgt admiral adm commander
    ambassador chancellor king queen prince princess pope professor chief director chairman chairwoman spokesman
    spokeswoman spokesperson pm mp ceo""".split()
)
_CALENDAR = frozenset(
    """monday tuesday wednesday thursday friday saturday sunday january february march april may june july august
    september october november december jan feb mar apr jun jul aug sept sep oct nov dec i""".split()
)
_NAME_ASKED = re.compile(r"\b(?:what|which)\b.*\bnames? of\b", re.I)
_JOIN = re.compile(r"^(?:\s+|\s+(?:of|the|de|la|al|von|van|bin|for|and)\s+|-|\s+of\s+the\s+|'s\s+|’s\s+)$")


_RAY = re.compile(r"\bX(?=-ray)")


def names(text: str) -> list[str]:
    """Runs of capitalised words, in order of appearance, without repetition.

    A single capitalised word that opens a sentence is left out: its capital says nothing. Titles, days and months are
    no names.
    """
    found: list[str] = []
    for run, first in _runs(_RAY.sub("x", text)):
        opens = first
        kept = [w for n, w in enumerate(run) if _bare(w) not in _TITLES | _CALENDAR or (n and w == "I")]
        while kept and _bare(kept[0]) in FUNCTION_WORDS and not _acronym(kept[0]):
            kept.pop(0)
            opens = False
        if not kept or (opens and len(run) == 1 and not _acronym(kept[0]) and not is_demonym(_bare(kept[0]))):
            continue
        name = " ".join(kept)
        if name not in found:
            found.append(name)
    return found


def only_describes(question: str, answer: str) -> bool:
    """Whether a name was asked for and the answer says again what the thing is, as "American defense contractor" does
    when the name of a contractor is asked: its last word stands in the question, and no word is a name.

    So do the true answers to 5 of 654 training questions that ask for a name, such as "tobacco mosaic virus"."""
    words = [word for word, _ in word_spans(answer)]
    if not words or not _NAME_ASKED.search(question):
        return False
    named = any((w[0].isupper() and not is_demonym(_bare(w))) or w[0].isdigit() for w in words)
    return not named and stem(_bare(words[-1])) in {stem(_bare(w)) for w, _ in word_spans(question)}


def _runs(text: str) -> list[tuple[list[str], bool]]:
    runs: list[tuple[list[str], bool]] = []
    last_end = -1
    for word, span in word_spans(text):
        gap = text[last_end : span.start] if last_end >= 0 else ""
        opens = (
            last_end < 0
            or bool(re.search(r"[.!?:;\"“”\n•*-]\s*$|[“\"‘(]$", gap))
            or text[:last_end].rstrip().endswith((".", "!", "?"))
        )
        if word[0].isupper() and word[0].isalpha():
            if runs and last_end >= 0 and runs[-1][0] and not opens and gap == " " and _last_is(runs, text, last_end):
                runs[-1][0].append(word)
            else:
                runs.append(([word], opens))
        last_end = span.end
    return runs


def _last_is(runs: list[tuple[list[str], bool]], text: str, end: int) -> bool:
    return text[:end].endswith(runs[-1][0][-1])


def _acronym(word: str) -> bool:
    return len(word) > 1 and word.isupper()


def _bare(word: str) -> str:
    return re.sub(r"'s$", "", fold(word)).replace(".", "").replace("'", "")


def missing_names(claim: str, premise: str) -> list[str]:
    """The claim's names that the premise does not bear.

    A name is borne when its last word, its stem or an alias of the whole occurs in the premise: `Esper` bears `Mark
    Esper` and the reverse; `American` bears `U.S.`. All of a name's words need not occur, but one that names its bearer
    must.
    """
    bag = _bag(premise)
    return [name for name in names(claim) if not _borne(name, premise, bag)]


@lru_cache(maxsize=4096)
def _bag(text: str) -> frozenset[str]:
    bare = [_bare(w) for w, _ in word_spans(text)]
    pieces = [piece for word in bare for piece in {word, *word.split("-")}]
    return frozenset(pieces) | frozenset(stem(p) for p in pieces)


def _borne(name: str, premise: str, bag: frozenset[str]) -> bool:
    words = enumerate(name.split())
    parts = [_bare(w) for n, w in words if _acronym(w) or (n and w == "I") or _bare(w) not in FUNCTION_WORDS]
    whole = " ".join(parts)
    if not parts or _aliased(whole, premise, bag):
        return True
    if any(whole in war for war in _WARS) and re.search(r"\b(?:world war|ww)", fold(premise)):
        return False  # only the other one is there
    if whole.replace("-", " ") in fold(premise).replace("-", " ").replace(".", ""):
        return True
    head = parts[-1]
    present = [
        p
        for p in parts
        if p in bag
        or stem(p) in bag
        or all(x in bag for x in p.split("-"))
        or _aliased(p, premise, bag)
        or lands.related(p, premise)
    ]
    # A surname alone stands for its bearer; a first name alone does not.
    if len(parts) == 1:
        return bool(present) or parts[0] in _COMMON or _acronym_of(parts[0], premise)
    if _initials("".join(p[0] for p in parts), bag):
        return True
    return head in present and len(present) * 2 >= len(parts) and not _namesake(parts, present, premise)


def _untitled(run: list[str]) -> list[str]:
    """What stands after the last title: of "Defense Secretary Esper", the name."""
    return run[max((i + 1 for i, w in enumerate(run) if w in _TITLES), default=0) :]


def _namesake(parts: list[str], present: list[str], premise: str) -> bool:
    """Whether the premise has the last word only as another's: Yuri Belov for Ivan Belov, Czech Radio for Polish."""
    if len(present) > 1:
        return False
    runs = ([_bare(w) for w in run] for run, _ in _runs(f"the {premise}"))
    others = [_untitled(run) for run in runs if run[-1] == parts[-1]]
    return bool(others) and all(len(o) > 1 for o in others)


def _aliased(name: str, premise: str, bag: frozenset[str]) -> bool:
    for group in _ALIASES:
        if name in group:
            folded = fold(premise).replace(".", "")
            return any(
                re.search(rf"\b{re.escape(a)}\b", folded) if " " in a or "-" in a else _stands(a, premise, bag)
                for a in group
            )
    return False


def _stands(alias: str, premise: str, bag: frozenset[str]) -> bool:
    if alias not in bag or alias not in _SHORT:
        return alias in bag
    return any(word[0].isupper() and alias in _bare(word).split("-") for word, _ in word_spans(premise))


def _initials(letters: str, bag: frozenset[str]) -> bool:
    return len(letters) >= 3 and letters in bag


_SPELT = 80
"""Words of a premise in which an acronym may be spelt without capitals: in a longer one some words always fit."""


def _acronym_of(letters: str, premise: str) -> bool:
    """Whether consecutive words of the premise spell the acronym: capitalised ones, or any of one to three
    sentences."""
    if not 3 <= len(letters) <= 6:
        return False
    forms = {letters, letters.removesuffix("s")} if len(letters) > 3 else {letters}
    spelt = [word for word, _ in word_spans(premise)]
    initials = "".join(w[0].casefold() for w in spelt if w[0].isupper())
    plain = "".join(w[0].casefold() for w in spelt if w.casefold() not in FUNCTION_WORDS)
    return any(form in initials or (len(spelt) <= _SPELT and form in plain) for form in forms)
