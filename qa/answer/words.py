"""Words, stems and content words: the small lexical layer under the deterministic checks."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import Any

from qa.types import Span

_WORD = re.compile(r"[^\W_]+(?:[.'’][^\W_]+)*\.?(?<!\w\w\.)|[^\W_]+", re.UNICODE)
_QUOTES = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-", "\u00a0": " "}
)

FUNCTION_WORDS = frozenset(
    """a about above after again against all along also although am among an and another any are aren't around as at
    away be because been before being below between both but by can cannot could did didn't do does doesn't doing
    don't down during each either else ever every few for from further had has have having he her here hers herself
    him himself his how however i if in into is isn't it its itself just let like many may me might more most much
    must my myself neither no nor not now of off on once one only onto or other our ours out over own per quite
    rather same she should since so some such than that the their theirs them themselves then there these they this
    those though through thus to too toward towards under until up upon us very was wasn't we were weren't what
    whatever when where whether which while who whom whose why will with within without would yes yet you your yours
    's s t""".split()
)


def straight(text: str) -> str:
    """Compatibility form, straight quotes and hyphens, one space; capitals kept."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(_QUOTES).split())


def fold(text: str) -> str:
    """Text for comparison: as ``straight``, and in lower case."""
    return straight(text).casefold()


def words(text: str) -> list[str]:
    """Words of the folded text in order; `U.S.` becomes `us` and a possessive `'s` is cut off."""
    return [w for w in (_bare(m.group()) for m in _WORD.finditer(fold(text))) if w]


def word_spans(text: str) -> list[tuple[str, Span]]:
    """Words with their place in ``text``, which is left as it is."""
    return [(m.group(), Span(m.start(), m.end())) for m in _WORD.finditer(text)]


def _bare(word: str) -> str:
    word = word.replace("’", "'")
    if word.endswith("'s"):
        word = word[:-2]
    return word.replace("'", "").strip(".") if word[0].isdigit() else word.replace(".", "").replace("'", "")


_IRREGULAR_NAMES = frozenset(
    """american iraqi iranian british german french russian chinese european israeli italian spanish japanese indian
    belgian dutch greek turkish polish ukrainian syrian egyptian brazilian mexican canadian australian norwegian swedish
    danish finnish swiss irish scottish welsh afghan pakistani lebanese korean vietnamese thai african asian portuguese
    hungarian romanian bulgarian croatian serbian czech austrian argentine chilean colombian venezuelan kuwaiti yemeni
    libyan sudanese ethiopian kenyan nigerian english filipino cuban peruvian""".split()
)
"""Demonyms, the bases under which their countries stand."""
_IRREGULAR = {
    form: base
    for base, *forms in map(
        str.split,
        """be was were been|go went gone|fly flew flown|come came|say said|take took taken|give gave given|make made
        see saw seen|know knew known|get got gotten|leave left|begin began begun|send sent|find found|hold held
        keep kept|lead led|lose lost|meet met|pay paid|run ran|sell sold|bring brought|buy bought|build built
        catch caught|choose chose chosen|draw drew drawn|drive drove driven|fall fell fallen|feel felt
        fight fought|forbid forbade forbidden|grow grew grown|hear heard|hide hid hidden|break broke broken
        rise rose risen|sit sat|speak spoke spoken|spend spent|stand stood|steal stole stolen
        strike struck stricken|swear swore sworn|teach taught|tell told|think thought|throw threw thrown
        understand understood|win won|withdraw withdrew withdrawn|write wrote written|wear wore worn|shoot shot
        shrink shrank shrunk|sink sank sunk|swim swam swum|bear bore borne|become became|die died dying
        lie lay lain|lay laid|seek sought|mean meant|bind bound|bleed bled|flee fled|deal dealt|do did done
        have had has|eat ate eaten|forget forgot forgotten|freeze froze frozen|ride rode ridden|ring rang rung
        sing sang sung|slide slid|wake woke woken|man men|woman women|child children|foot feet
        person people persons|life lives|wife wives|half halves|mouse mice|tooth teeth|crisis crises
        analysis analyses|american america|iraqi iraq|iranian iran|british britain|german germany|french france
        russian russia|chinese china|european europe|israeli israel|italian italy|spanish spain|japanese japan
        indian india|free freed frees freeing|beat beaten|hit hitting|put putting
        shut shutting|injure injured injuring hurt hurts hurting wound wounded wounding
        belgian belgium|dutch netherlands|greek greece|turkish turkey|polish poland|ukrainian ukraine
        syrian syria|egyptian egypt|brazilian brazil|mexican mexico|canadian canada|australian australia
        norwegian norway|swedish sweden|danish denmark|finnish finland|swiss switzerland|irish ireland
        scottish scotland|welsh wales|saudis saudi|afghan afghanistan|pakistani pakistan|lebanese lebanon
        korean korea|vietnamese vietnam|thai thailand|african africa|asian asia|portuguese portugal|hungarian hungary
        romanian romania|bulgarian bulgaria|croatian croatia|serbian serbia|czech czechia|austrian austria
        argentine argentina|chilean chile|colombian colombia|venezuelan venezuela|kuwaiti kuwait|yemeni yemen
        libyan libya|sudanese sudan|ethiopian ethiopia|kenyan kenya|nigerian nigeria|cuban cuba
        peruvian peru|english england englishman englishmen|french frenchman frenchmen|scottish scot scots scotsman
        british briton britons|danish dane danes|swedish swede swedes|finnish finn finns|turkish turk turks
        spanish spaniard spaniards|dutch dutchman dutchmen|irish irishman irishmen
        filipino philippines filipinos""".replace("\n", "|").split("|"),
    )
    if base
    for form in forms
}
"""Forms that a stemmer does not bring together; the words that news uses most."""


_DEMONYMS = frozenset(word for form, base in _IRREGULAR.items() for word in (form, base) if base in _IRREGULAR_NAMES)


def is_demonym(word: str) -> bool:
    """Whether a lower-case word names a country or its people."""
    return word in _DEMONYMS


IRREGULAR_VERBS = frozenset(
    form
    for form, base in _IRREGULAR.items()
    if base
    in frozenset(
        """be go fly come say take make give see know get leave begin send find hold keep lead lose meet pay run sell
        bring buy build catch choose draw drive fall feel fight forbid grow hear hide break rise sit speak spend stand
        steal strike swear teach tell think throw understand win withdraw write wear shoot shrink sink swim bear
        become die lie lay seek mean bind bleed flee deal do have eat forget freeze ride ring sing slide wake free
        beat""".split()
    )
) | frozenset("hit cut put set shut let beat hurt cost spread burst split".split())
"""Past forms that no ending gives away."""


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """Snowball's English stem of a lower-case word, irregular forms brought to their base first."""
    return str(_stemmer().stemWord(_IRREGULAR.get(word, word)))


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    from snowballstemmer import stemmer

    return stemmer("english")


def content(text: str) -> list[str]:
    """Stems of the words that carry meaning, in order, repetitions kept."""
    return [stem(w) for w in words(text) if w not in FUNCTION_WORDS and (len(w) > 1 or w.isdigit())]


def coverage(claim: str, premise: str) -> float:
    """Share of the claim's distinct content stems that the premise has; 1.0 for a claim without any."""
    wanted = set(content(claim))
    return len(wanted & set(content(premise))) / len(wanted) if wanted else 1.0
