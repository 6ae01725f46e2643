"""Noun phrases and verbs of a question, by word lists: enough grammar for follow-ups, without a model."""

from __future__ import annotations

import re
from dataclasses import dataclass

BE = frozenset("is are was were be been being".split())
AUX = frozenset("is are was were am has have had do does did can could will would should may might must".split())
PREPOSITIONS = frozenset(
    "in to from at on by for with about near against during after before since until of into over "
    "under between without".split()
)
DO = frozenset("do does did can could will would should may might must".split())
PRONOUNS = frozenset("it they them he him she her i we us you me".split())
_FUNCTION = (
    AUX
    | BE
    | PREPOSITIONS
    | frozenset(
        "yes and or but so not nor than as if because while that which who whom whose what when "
        "where why how it its they them their "
        "theirs he him his she her hers i me my we us our you your there here then else also too "
        "very still already just only even "
        "ever never again now today yesterday tomorrow soon yet both either up out off down away "
        "back many much more most few less long often far".split()
    )
)
DETERMINERS = frozenset(
    "the a an this that these those some any all each every another other both no my your our their his its her".split()
)
_VERBS = frozenset(
    "say said tell told do done go went gone come came send sent take took taken give gave given "
    "make made get got see saw seen know knew "
    "known think thought find found leave left hold held keep kept begin began begun bring brought "
    "write wrote written build built "
    "win won lose lost pay paid meet met sell sold buy bought fly flew flown fight fought fall fell "
    "rise rose risen grow grew grown "
    "speak spoke spoken break broke broken choose chose chosen lead led run ran set cut hit put shut "
    "shoot shot steal stole stolen "
    "happen occur arrive recommend mean want need ask call try use show become became include land "
    "earn cost last live die kill attack "
    "storm own deny approve order announce confirm cause request resign react respond start stop end "
    "agree refuse claim blame work stay "
    "return open close deploy travel serve start built burn burnt hurt spend spent catch caught "
    "teach taught feel felt hear heard".split()
)
_NOT_VERBS = frozenset(
    "united red bed seed speed need deed hundred sacred building morning evening king ring spring "
    "wing thing meeting".split()
)
_IRREGULAR = dict(
    pair.split(":")
    for pair in (
        "said:say told:tell done:do did:do went:go gone:go came:come sent:send took:take taken:take "
        "gave:give given:give made:make "
        "got:get saw:see seen:see knew:know known:know thought:think found:find left:leave held:hold "
        "kept:keep began:begin begun:begin "
        "brought:bring wrote:write written:write built:build won:win lost:lose paid:pay met:meet "
        "sold:sell bought:buy flew:fly "
        "flown:fly fought:fight fell:fall rose:rise grew:grow spoke:speak broke:break chose:choose "
        "led:lead ran:run shot:shoot "
        "stole:steal became:become spent:spend caught:catch taught:teach felt:feel heard:hear"
    ).split()
)
_PLURALS = frozenset("people men women children troops police personnel militiamen officials media data others".split())
_SINGULAR_S = frozenset(
    "news series politics states congress business process press crisis basis virus bus gas address".split()
)
_COLLECTIVE = frozenset(
    "department ministry government company team army militia crowd group court party council agency union bank".split()
)
_TITLES = frozenset(
    "president minister secretary ambassador general mr mrs ms dr sir king queen prince chancellor "
    "governor senator judge "
    "spokesman spokeswoman chief director mayor author chairman chairwoman defense defence state "
    "foreign prime".split()
)
_BODIES = _COLLECTIVE | frozenset(
    "command force corps office division commission committee university house pentagon times post "
    "wire courier association "
    "states nations republic kingdom street river city embassy".split()
)
_TIME = re.compile(
    r"^\d{4}s?$|^(?:january|february|march|april|may|june|july|august|september|october|november|december"
    r"|\w*day|today|tomorrow)$"
)
_PARTS_OF_TIME = frozenset(
    "morning afternoon evening night noon midnight week weekend month year decade century".split()
)
_ROLE = re.compile(r"(?:[^aeiou]er|or|ist|ant|ian|ee|man|woman|patient|student|resident|client|witness|nurse|guest)$")
_NO_ROLE = frozenset(
    "tower water paper letter number order power computer river winter summer weather floor door factor motor error "
    "sector colour color author's plant restaurant committee employer's coffee fee tree virus war car year bar".split()
)
_VENUES = frozenset(
    "bakery school museum office hospital warehouse factory plant university library hotel restaurant shop store "
    "station airport church prison camp base embassy consulate stadium clinic theatre theater market farm mine".split()
)
_WORD = re.compile(r"[^\W_](?:[\w.,'’-]*[^\W_])?|[^\W_]")


def tokens(text: str) -> list[str]:
    """Words in order, as written."""
    return _WORD.findall(text)


def is_verb(word: str) -> bool:
    """Whether a lower-case word is more likely a verb or participle than a noun."""
    low = word.lower()
    if word[:1].isupper() or low in _NOT_VERBS:
        return False
    return low in _VERBS or (len(low) > 4 and low.endswith(("ed", "ied")))


def base(verb: str) -> str:
    """The infinitive of a past form, by rule: `attacked` to attack, `denied` to deny, `approved` to approve."""
    low = verb.lower()
    if low in _IRREGULAR or not low.endswith("ed"):
        return _IRREGULAR.get(low, low)
    stem = low[:-2]
    if stem.endswith("i"):
        return stem[:-1] + "y"
    if re.search(r"([bdgmnprt])\1$", stem):
        return stem[:-1]
    soft = re.search(r"(?:[vcuz]|[^s]s|[aiou]g|rg|dg|[^aeo]at|[^aeiou][iu]r|[^aeo][iou][dkln]|[dgktb]l)$", stem)
    return stem + "e" if soft else stem


def is_small(low: str) -> bool:
    """Whether a lower-case word is a small word that belongs to no noun phrase."""
    return low in _FUNCTION or low in {"this", "that", "these", "those"}


@dataclass(frozen=True, slots=True)
class Phrase:
    """A noun phrase as it stands in a text."""

    text: str
    preposition: str = ""
    """The one before it, in lower case."""

    @property
    def head(self) -> str:
        """Its last word, before any "of"."""
        return self.text.split(" of ")[0].split()[-1]

    @property
    def names(self) -> bool:
        """Whether its head is written with a capital."""
        return self.head[:1].isupper()

    @property
    def plural(self) -> bool:
        """Whether "they" may stand for it."""
        head = self.head.lower()
        if " and " in self.text:
            return True
        if self.names and len([w for w in self.text.split() if w[:1].isupper()]) > 1:
            return False
        return (
            head in _PLURALS
            or head.endswith("men")
            or (head.endswith("s") and head not in _SINGULAR_S and not head.endswith(("ss", "us", "is", "'s")))
        )

    @property
    def collective(self) -> bool:
        """Whether "they" may stand for it although it is singular."""
        return self.head.lower() in _COLLECTIVE or bool(_COLLECTIVE & set(self.text.lower().split()))

    @property
    def person(self) -> bool:
        """Whether "he" or "she" may stand for it."""
        words = self.text.lower().split()
        if words[-1] in _TITLES or set(words) & _TITLES:
            return not self.plural
        return (
            self.names
            and not self.plural
            and not _BODIES & set(words)
            and not self.text.isupper()
            and self.preposition not in {"in", "at", "near", "to", "from", "into"}
        )

    @property
    def role(self) -> bool:
        """Whether it sounds like a person's part, so that "he" or "she" may stand for it where nobody is named."""
        head = self.head.lower()
        return not self.names and not self.plural and bool(_ROLE.search(head)) and head not in _NO_ROLE

    @property
    def venue(self) -> bool:
        """Whether "there" may stand for it although it is not named."""
        return self.head.lower() in _VENUES

    @property
    def place(self) -> bool:
        """Whether "there" may stand for it."""
        return self.preposition in {"in", "at", "near", "to", "from", "into"} and self.names

    @property
    def time(self) -> bool:
        """Whether it names a time, for which nothing stands; "the 1998 final" does not."""
        head = self.head.lower()
        return bool(_TIME.search(head)) or (head in _PARTS_OF_TIME and not head.istitle())

    def definite(self) -> str:
        """As a second mention: numbers and vague words left out, "the" before a common noun."""
        words = [
            w
            for w in self.text.split()
            if w.lower() not in {"about", "some", "any", "roughly", "around", "nearly", "additional"}
        ]
        while len(words) > 1 and (words[0][0].isdigit() or words[0].lower() in {"a", "an", "another"}):
            words = words[1:]
        pair = " and " in self.text
        bare = words[0].lower() not in DETERMINERS and (not self.names or self.plural) and not pair
        return " ".join([*(["the"] if bare else []), *words])


def phrases(text: str) -> list[Phrase]:
    """The noun phrases of a text in order; "of" joins two."""
    chunker = _Chunker()
    for word in tokens(text):
        chunker.take(word)
    chunker.end(verb=False)
    return chunker.found


class _Chunker:
    """Collects runs of words that are neither small words nor verbs."""

    def __init__(self) -> None:
        self.found: list[Phrase] = []
        self._run: list[str] = []
        self._preposition = self._last = ""
        self._verb_due = self._verb_next = False
        """After "did", a verb comes behind the subject: due somewhere, or (after a pronoun) next."""

    def take(self, word: str) -> None:
        low = word.lower()
        if low in DETERMINERS and not is_small(low):
            self.end(verb=False)
            self._begin(word)
        elif is_small(low) or (low.endswith("ly") and word.islower()):
            self.end(verb=False)
            self._verb_next = self._verb_due and low in PRONOUNS
            self._verb_due = low in DO or (self._verb_due and not self._verb_next)
        elif self._verb_next or (is_verb(word) and not self._named_by_determiner(low)):
            self.end(verb=True)
            self._verb_next = self._verb_due = False
        elif self._run:
            self._run.append(word)
        else:
            self._begin(word)
        self._last = low

    def _named_by_determiner(self, low: str) -> bool:
        """ "The storm", "an attack": a word that is a verb elsewhere."""
        return len(self._run) == 1 and self._run[0].lower() in {"the", "a", "an"} and not low.endswith(("ed", "ied"))

    def _begin(self, word: str) -> None:
        self._preposition = self._last if self._last in PREPOSITIONS else ""
        self._run = [word]

    def end(self, verb: bool) -> None:
        """Close the run; ``verb`` says that a known verb closed it, so that its last word is none."""
        run, self._run = self._run, []
        nouns = [word for word in run if word.lower() not in DETERMINERS]
        if self._verb_due and not verb and len(nouns) > 1 and nouns[-1].islower():
            run = run[:-1]
            self._verb_due = False
        if nouns:
            self._add(" ".join(run))

    def _add(self, text: str) -> None:
        if self._preposition == "of" and self.found:
            before = self.found[-1]
            self.found[-1] = Phrase(f"{before.text} of {text}", before.preposition)
        else:
            self.found.append(Phrase(text, self._preposition))
