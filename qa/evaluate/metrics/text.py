"""Tokens, names and document paths as the metrics see them; independent of how the product reads text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+(?:['][^\W_]+)*")
_ARTICLES = re.compile(r"\b(a|an|the)\b")
_PUNCTUATION = re.compile(r"[^\w\s]|_")
_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\u00a0": " ", "\u00ad": None})
STOPWORDS = frozenset(
    re.findall(
        r"[a-z]+",
        "a about after all also an and any are as at be been before being but by can could did do does for from "
        "had has have he her his how i if in into is it its just may might more most much must of on one or other "
        "our out over said say says she should so some such than that the their them then there these they this "
        "those to under up us was we were what when where which while who whom whose why will with would you your ",
    )
)
NEGATIONS = frozenset({"no", "not", "never", "none", "nobody", "nothing", "neither", "nor", "without", "cannot"})


def plain(text: str) -> str:
    """Typographic quotes and dashes as ASCII, compatibility forms resolved, white space as single spaces.

    >>> plain("“100 Marines”  –  he’s")
    '"100 Marines" - he\\'s'
    """
    return " ".join(unicodedata.normalize("NFKC", text.translate(_MARKS)).translate(_MARKS).split())


def normalize(text: str) -> str:
    """SQuAD's normalisation: lower case, no punctuation, no articles, single spaces.

    >>> normalize("The  U.S. Marines!")
    'us marines'
    """
    return " ".join(_ARTICLES.sub(" ", _PUNCTUATION.sub("", plain(text).lower())).split())


def words(text: str) -> list[str]:
    """Lower-case words, apostrophes kept inside.

    >>> words("They didn't leave: 100 Marines.")
    ['they', "didn't", 'leave', '100', 'marines']
    """
    return _WORD.findall(plain(text).lower())


def stem(word: str) -> str:
    """A light English stem, enough to match *attacked* with *attack* and *soldiers* with *soldier*.

    >>> [stem(w) for w in ("attacked", "soldiers", "parties", "this", "leaving", "leaves")]
    ['attack', 'soldier', 'party', 'this', 'leav', 'leav']
    """
    word = word.removesuffix("'s")
    for suffix, rest in (("ies", "y"), ("ing", ""), ("ed", ""), ("es", ""), ("s", "")):
        if word.endswith(suffix) and len(word) - len(suffix) >= 4 and not word.endswith("ss"):
            return word[: -len(suffix)] + rest
    return word.removesuffix("e") if len(word) > 4 else word


def content(text: str) -> set[str]:
    """Stems of the words that carry meaning; no stop words, no negations.

    >>> sorted(content("The soldiers were not leaving the embassy"))
    ['embassy', 'leav', 'soldier']
    """
    return {stem(word) for word in words(text) if word not in STOPWORDS | NEGATIONS and not word.endswith("n't")}


def negations(text: str) -> int:
    """How many words negate.

    >>> negations("It wasn't breached and nobody left"), negations("It was breached")
    (2, 0)
    """
    return sum(word in NEGATIONS or word.endswith("n't") for word in words(text))


_TITLES = frozenset({"mr", "mrs", "ms", "dr", "gen", "sen", "rep", "lt", "col", "st"})


def names(sentence: str) -> list[str]:
    """Capitalised words that are not capitalised merely because they open the sentence, in order, lower-cased.

    >>> names("On Tuesday Mark Esper spoke in Baghdad.")
    ['tuesday', 'mark', 'esper', 'baghdad']
    >>> names("Marines arrived."), names("Donald Trump spoke.")
    ([], ['donald', 'trump'])
    """
    tokens = re.findall(r"[^\W_][\w'.&-]*", plain(sentence))
    found = []
    for place, token in enumerate(tokens):
        bare = token.strip(".-'&").removesuffix("'s")
        opens = place == 0 and not (len(tokens) > 1 and tokens[1][0].isupper())
        if bare[:1].isupper() and not opens and len(bare) > 1 and bare.lower() not in STOPWORDS | _TITLES:
            found.append(bare.lower())
    return found


def same_document(name: str, other: str) -> bool:
    """Whether two paths name one document: equal, or one is the tail of the other at a slash.

    >>> same_document("seeds/a.md", "a.md"), same_document("seeds/aa.md", "a.md")
    (True, False)
    """
    return name == other or name.endswith("/" + other) or other.endswith("/" + name)


def names_any(name: str, others: Iterable[str]) -> bool:
    """Whether ``name`` is the same document as one of ``others``.

    >>> names_any("x/a.md", ["b.md", "a.md"])
    True
    """
    return any(same_document(name, other) for other in others)


def holds(text: str, phrase: str) -> bool:
    """Whether the words of ``phrase`` stand in ``text`` in order, without gap, by SQuAD's normalisation.

    >>> holds("It sent 100 Marines on Tuesday.", "100 Marines")
    True
    >>> holds("It sent 1000 marines", "100 marines"), holds("x", "")
    (False, False)
    """
    wanted = normalize(phrase)
    return bool(wanted) and f" {wanted} " in f" {normalize(text)} "
