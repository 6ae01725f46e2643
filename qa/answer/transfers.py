"""Who gave what to whom: "Norway lent two ships to Denmark" and "two ships were lent to Norway by Denmark" share every
word that carries meaning, and say the opposite.

Only plain clauses decide: a verb of giving or receiving with both its parties, each a name or one noun behind "the"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from qa.answer.clauses import sentences
from qa.answer.numerals import DAYS, MONTHS
from qa.answer.words import FUNCTION_WORDS, stem

_TOKEN = re.compile(r"[^\W_]+(?:['’.-][^\W_]+)*|[,;:()–—]")
_LONGEST = 80
"""Words and marks of a sentence: a longer one has no plain pattern."""
_GIVE = {
    "loan": "lend lends lent lending loan loans loaned",
    "sale": "sell sells sold selling",
    "gift": "give gives gave given grant grants granted award awards awarded donate donates donated hand hands handed "
    "pay pays paid cede cedes ceded transfer transfers transferred",
    "sending": "send sends sent ship ships shipped deliver delivers delivered export exports exported",
    "lease": "lease leases leased rent rents rented",
}
_RECEIVE = {
    "loan": "borrow borrows borrowed",
    "sale": "buy buys bought buying purchase purchases purchased acquire acquires acquired",
    "gift": "receive receives received obtain obtains obtained inherit inherits inherited",
    "sending": "receive receives received import imports imported",
}
_FORMS: dict[str, tuple[bool, frozenset[str]]] = {
    word: (gives, frozenset(kind for kind, words in table.items() if word in words.split()))
    for gives, table in ((True, _GIVE), (False, _RECEIVE))
    for words in table.values()
    for word in words.split()
}
"""Whether the doer of a verb gives, and the kinds of transfer that it may be."""
_PASSIVES = frozenset("was were is are been be being".split())
_AUXILIARIES = _PASSIVES | frozenset("has have had will would later then also first once again".split())
_BORDERS = frozenset(
    "; : ( ) – — who whom whose which that but while when after before because although though if and or where".split()
)
_DENIALS = frozenset("not never no neither nor refused declined failed".split())
_ARTICLES = frozenset(("the", "its", "their", "his", "her"))


@dataclass(frozen=True, slots=True)
class Transfer:
    """Something went from one party to another."""

    kinds: frozenset[str]
    giver: str
    receiver: str
    """Stem of the party's last word, as the giver's."""

    def like(self, other: Transfer) -> bool:
        """Whether both may be the same event, whoever gave."""
        return bool(self.kinds & other.kinds)


def returned(claim: str, premise: str) -> bool:
    """Whether the claim has something go back the way that it came in the premise: not where the premise tells of both
    ways."""
    given = list(transfers(premise))
    for told in transfers(claim):
        alike = [other for other in given if told.like(other)]
        ways = {(other.giver, other.receiver) for other in alike}
        if (told.receiver, told.giver) in ways and (told.giver, told.receiver) not in ways:
            return True
    return False


def transfers(text: str) -> Iterator[Transfer]:
    """Those that plain clauses of a text tell of."""
    for sentence in sentences(text):
        tokens = tuple(_TOKEN.findall(sentence))
        if len(tokens) <= _LONGEST:
            yield from _transfers(tokens)


@lru_cache(maxsize=4096)
def _transfers(tokens: tuple[str, ...]) -> tuple[Transfer, ...]:
    found = (_transfer(tokens, at) for at, word in enumerate(tokens) if word in _FORMS)
    return tuple(one for one in found if one is not None)


def _transfer(tokens: Sequence[str], at: int) -> Transfer | None:
    """That of the verb at this place; None where a party is missing, or the clause denies it."""
    gives, kinds = _FORMS[tokens[at]]
    before, after = _clause(tokens, at)
    if _DENIALS & {word.lower() for word in (*before, *after)}:
        return None
    passive = bool(before) and before[-1].lower() in _PASSIVES
    subject, by = _subject(before), _behind("by", after)
    if not gives:
        giver, receiver = _behind("from", after), by if passive else subject
    elif passive:
        giver, receiver = by, _behind("to", after) or (subject if _has_object(after) else "")
    else:
        giver, receiver = subject, _behind("to", after) or _indirect(after)
    return Transfer(kinds, giver, receiver) if giver and receiver and giver != receiver else None


def _clause(tokens: Sequence[str], at: int) -> tuple[list[str], list[str]]:
    """The words of the verb's clause before and after it."""
    first = max((i + 1 for i in range(at) if tokens[i].lower() in _BORDERS), default=0)
    last = min((i for i in range(at + 1, len(tokens)) if tokens[i].lower() in _BORDERS), default=len(tokens))
    return list(tokens[first:at]), list(tokens[at + 1 : last])


def _subject(before: Sequence[str]) -> str:
    """The party right before the verb and its helpers; empty where something else stands there."""
    end = len(before)
    while end and before[end - 1].lower() in _AUXILIARIES:
        end -= 1
    start = end
    while start and _is_name(before, start - 1):
        start -= 1
    if start < end:
        # "The school of Leeds" is not Leeds.
        joined = start and before[start - 1].lower() in FUNCTION_WORDS - _ARTICLES
        return "" if joined else _key(before[end - 1])
    plain = end >= 2 and before[end - 2].lower() in _ARTICLES and (end == 2 or before[end - 3] == ",")
    return _key(before[end - 1]) if plain and before[end - 1].isalpha() else ""


def _behind(preposition: str, words: Sequence[str]) -> str:
    """The party behind the first such preposition that has one."""
    found = (_party(words, i + 1) for i, word in enumerate(words) if word == preposition)
    return next(filter(None, found), "")


def _party(words: Sequence[str], at: int) -> str:
    """The party that begins here, its last word's stem; empty where none does."""
    article = at < len(words) and words[at].lower() in _ARTICLES
    start = at + article
    end = start
    while end < len(words) and _is_name(words, end):
        end += 1
    if end > start:
        return _key(words[end - 1])
    alone = start + 1 >= len(words) or words[start + 1] == "," or words[start + 1].lower() in FUNCTION_WORDS
    return _key(words[start]) if article and start < len(words) and words[start].isalpha() and alone else ""


def _indirect(after: Sequence[str]) -> str:
    """The name right behind the verb, where the thing itself follows it: "lent Denmark two ships"."""
    end = 0
    while end < len(after) and _is_name(after, end):
        end += 1
    return _key(after[end - 1]) if end and _has_object(after[end:]) else ""


def _has_object(after: Sequence[str]) -> bool:
    """Whether a thing stands here: an article, a number or a plain word, and not a preposition."""
    if not after or not after[0][0].isalnum():
        return False
    word = after[0].lower()
    return word in ("a", "an", *_ARTICLES) or (word not in FUNCTION_WORDS and not after[0][0].isupper())


def _is_name(words: Sequence[str], at: int) -> bool:
    word = words[at].lower()
    return words[at][0].isupper() and word not in FUNCTION_WORDS and word not in MONTHS and word not in DAYS


def _key(word: str) -> str:
    return stem(word.lower().removesuffix("'s").removesuffix("’s"))
