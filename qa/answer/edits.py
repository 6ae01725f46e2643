"""Claims that are nearly a sentence of the source, a few words apart: whether those words make it another statement.

Where all else stands word for word, in the same order, a word that is too vague to decide by itself ("after", "over",
"left") says the opposite as surely as a verb does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import combinations, pairwise

from qa.answer.clauses import sentences
from qa.answer.copies import is_name, words_of, works_both_ways
from qa.answer.names import missing_names
from qa.answer.words import stem

NEAR = 0.7
"""Share of the claim's words that stand in the sentence in the same order, from which the claim is nearly that."""
NEARER = 0.8
"""The same where a name stands for another: a place may rightly stand for a place inside it."""
_LEAST, _LEAST_NAMED = 5, 8
"""Words of such a claim."""
_MOST = 300
"""Words of a claim or a sentence: comparing longer ones takes time, and nobody copies them with one edit."""
_FARTHEST = 4
"""Words on either side of an edit: a longer one says something else, and not the opposite of something."""
_ALIKE = 0.6
"""Share of letters of two names in the same order from which one may be the other, wrongly spelt."""
_NEGATORS = frozenset(("not", "never", "no", "neither", "nor", "none", "without"))
_AUXILIARIES = frozenset(("do", "does", "did"))
_OPPOSITES = """
after/before above,over/below,under,beneath inside,within/outside up,upward,upwards/down,downward,downwards first/last
most/least,fewest,few more/fewer,less many,much/few,little all,every,each,always/no,none,never
several,some,many,both/no,none,neither almost,nearly/over
early,earlier,earliest/late,later,latest old,older,oldest/new,newer,newest,young,younger,youngest
long,longer,longest/short,shorter,shortest large,larger,largest,big,bigger,biggest/small,smaller,smallest
high,higher,highest/low,lower,lowest heavy,heavier,heaviest/light,lighter,lightest
strong,stronger,strongest/weak,weaker,weakest fast,faster,fastest/slow,slower,slowest
rich,richer,richest/poor,poorer,poorest wide,wider,widest/narrow,narrower,narrowest
deep,deeper,deepest/shallow,shallower,shallowest hot,hotter,hottest,warm,warmer/cold,colder,coldest,cool,cooler
good,better,best/bad,worse,worst easy,easier/hard,harder,difficult cheap,cheaper/expensive,dear near,close/far,distant
north,northern/south,southern east,eastern/west,western northeast/southwest northwest/southeast left/right
top,upper/bottom,lower front/back,rear major/minor maximum/minimum majority/minority senior/junior public/private
male,men,man/female,women,woman boy,boys/girl,girls king/queen father/mother son/daughter brother/sister husband/wife
uncle/aunt urban/rural internal,domestic/external,foreign
begin,begins,began,start,starts,started/end,ends,ended,stop,stops,stopped,finish,finished
open,opens,opened/close,closes,closed,shut win,wins,won/lose,loses,lost gain,gains,gained/lose,loses,lost
rise,rises,rose,increase,increases,increased,grow,grew/fall,falls,fell,decrease,decreases,decreased,decline,declined
build,built,erected/demolish,demolished,destroy,destroyed
create,created,establish,established,founded/destroy,destroyed,abolish,abolished buy,buys,bought/sell,sells,sold
join,joins,joined/leave,leaves,left arrive,arrives,arrived/depart,departs,departed
accept,accepts,accepted,approve,approved/reject,rejects,rejected,refuse,refused
support,supports,supported/oppose,opposes,opposed
allow,allows,allowed,permitted/forbid,forbids,forbidden,banned,prohibited attack,attacked/defend,defended
hire,hired,appointed/dismiss,dismissed,fired succeed,succeeded/fail,failed agree,agreed/disagree,disagreed
include,includes,included,including/exclude,excludes,excluded,excluding
import,imports,imported/export,exports,exported lend,lent/borrow,borrowed send,sent/receive,received
push,pushed/pull,pulled teach,taught/learn,learned love,loved/hate,hated remember,remembered/forget,forgot,forgotten
live,lives,lived/die,dies,died born/buried,died killed/wounded,injured alive/dead guilty/innocent legal/illegal
possible/impossible likely/unlikely common/rare,uncommon safe/dangerous,unsafe known/unknown same/different
similar/different true/false correct/incorrect present/absent full/empty with/without
about,approximately,around,roughly,nearly,almost/exactly,precisely often,usually,frequently/rarely,seldom,never
"""
"""Of the plain words of general English, sides of a pair divided by a stroke; forms of one word side by side."""


_ELSEWHERE = frozenset(("unlike", "except", "rather", "instead"))
"""A sentence with one of these speaks of two things, of which a denial may belong to either."""


_BOUNDS = re.compile(r"\b(?:more than|in excess of|less than|fewer than|close to)(?= \w)", re.I)
_OPENING = re.compile(
    r"((?:After|Before|During|Since|Until|In|On|At|By|From|Under|Within|Throughout|With|Without|Outside|Inside|Near)"
    r" [^,;:]{2,60}), ([^;:]{15,}?)([.!?]?)"
)
_IN_A_WORD = {"more": "over", "in": "over", "less": "under", "fewer": "under", "close": "nearly"}


def _in_a_word(bound: re.Match[str]) -> str:
    return _IN_A_WORD[bound.group().split()[0].lower()]


@dataclass(frozen=True, slots=True)
class Edit:
    """What stands in a claim where its sentence has something else; either side may be empty."""

    claim: tuple[str, ...]
    source: tuple[str, ...]
    start: int
    """Of the claim's side in its words."""
    place: int
    """Of the sentence's side in its words."""
    follows: str = ""
    """The claim's next word."""

    @property
    def denials(self) -> int:
        """How many more words of denial the claim has here."""
        return sum(w in _NEGATORS for w in _low(self.claim)) - sum(w in _NEGATORS for w in _low(self.source))

    @property
    def denies(self) -> bool:
        """Whether a word of denial, and with it "did" and its verb's other form, is all that differs."""
        sides = (_low(self.claim), _low(self.source))
        left, right = ([stem(w) for w in side if w not in _NEGATORS | _AUXILIARIES] for side in sides)
        return self.denials % 2 == 1 and left == right

    @property
    def opposes(self) -> bool:
        """Whether one word stands for its opposite; a word with a capital may be part of a name, but for the first of
        both sentences."""
        if len(self.claim) != 1 or len(self.source) != 1:
            return False
        if self.claim[0][0].isupper() and (self.start or self.place):
            return False
        return self.source[0].lower() in _opposites().get(self.claim[0].lower(), ())

    def renames(self, premise: str) -> bool:
        """Whether another name stands in a name's place: no part of it, and no other word for it that is known. Where
        more than the names differs, it must be a name that the premise has elsewhere."""
        mine, theirs = _opening_name(self.claim), _opening_name(self.source)
        alone = [len(name) == len(side) for name, side in ((mine, self.claim), (theirs, self.source))]
        if not mine or not theirs or alone[0] != alone[1] or (not alone[0] and " ".join(mine) not in premise):
            return False
        if not self.start and len(mine) == 1 and not (self.follows.islower() and _instead(mine[0], theirs, premise)):
            return False
        left, right = ({stem(w.lower()) for w in side} for side in (mine, theirs))
        return not left & right and bool(missing_names(f"of {' '.join(mine)}", " ".join(theirs)))

    @property
    def length(self) -> int:
        """Words of the longer side."""
        return max(len(self.claim), len(self.source))


def _opening_name(words: Sequence[str]) -> Sequence[str]:
    """The name that the words begin with; empty where they begin with none."""
    end = next((at for at in range(len(words), 0, -1) if is_name(words[:at])), 0)
    while end and words[end - 1][0].islower():
        end -= 1  # "of", "and" join names, and end none
    return words[:end]


def _instead(first: str, name: Sequence[str], premise: str) -> bool:
    """Whether a claim's first word, of which the capital says nothing, stands for a name: for one that is surely a
    name, and itself no plain word of the premise, nor the name with a letter wrong."""
    sure = len(name) > 1 or re.search(rf"[\w,] {re.escape(name[0])}\b", premise) is not None
    plain = re.search(rf"\b{re.escape(first.lower())}\b", premise) is not None
    alike = any(SequenceMatcher(None, first.lower(), word.lower()).ratio() > _ALIKE for word in name)
    return sure and not plain and not alike


def turns(claim: str, premise: str) -> bool:
    """Whether the claim is nearly a sentence of the premise, or a stretch of one, but for a denial or an opposite: not
    where two of them may cancel out, nor where another sentence of the premise is as near without."""
    claim, premise = (_BOUNDS.sub(_in_a_word, text) for text in (claim, premise))
    found = [edits for edits, words in _near(claim, premise, NEAR, _LEAST) if not _ELSEWHERE & set(_low(words))]
    return bool(found) and all(_turned(edits) for edits in found)


def trades(claim: str, premise: str) -> bool:
    """Whether the claim is nearly a sentence of the premise in which two names or numbers changed places: not where
    both only stand in a list, or on the sides of a verb that works both ways, nor where another sentence is as near
    without."""
    found = list(_near(claim, premise, NEAR, _LEAST))
    return bool(found) and all(_traded(edits, words) for edits, words in found)


def renames(claim: str, premise: str) -> bool:
    """Whether the claim is nearly a sentence of the premise but for one name, in the place of which it has another: not
    where another sentence is as near without."""
    found = [edits for edits, _ in _near(claim, premise, NEARER, _LEAST_NAMED)]
    return bool(found) and all(sum(edit.renames(premise) for edit in edits) == 1 for edits in found)


def _turned(edits: Sequence[Edit]) -> bool:
    turning = [edit for edit in edits if edit.denies or edit.opposes]
    unclear = [edit for edit in edits if edit not in turning and (edit.denials or edit.length > _FARTHEST)]
    return len(turning) == 1 and not unclear


def _traded(edits: Sequence[Edit], words: Sequence[str]) -> bool:
    return any(_swapped(*pair, words) for pair in combinations([e for e in edits if e.claim and e.source], 2))


def _swapped(first: Edit, second: Edit, words: Sequence[str]) -> bool:
    """Whether two names stand in each other's place, in edits that may hold a verb besides: "Lang defeated Weber" for
    "Weber beat Lang"."""
    for plain, mixed in ((first, second), (second, first)):
        mine, theirs = _place(plain.claim, mixed.source), _place(plain.source, mixed.claim)
        if mine >= 0 and theirs >= 0 and is_name(plain.claim) and is_name(plain.source):
            spans = sorted([(plain.place, len(plain.source)), (mixed.place + mine, len(plain.claim))])
            return not works_both_ways(words[spans[0][0] + spans[0][1] : spans[1][0]])
    return False


def _place(run: Sequence[str], words: Sequence[str]) -> int:
    """Where the run stands in the words; -1 where it does not."""
    return next((at for at in range(len(words) - len(run) + 1) if list(words[at : at + len(run)]) == list(run)), -1)


def _near(claim: str, premise: str, share: float, least: int) -> Iterator[tuple[list[Edit], list[str]]]:
    """For each sentence that the claim is near, as both stand or with the opening phrase of either at its end: what
    differs, and the sentence's words."""
    moved, words = _phrase_last(claim), words_of(claim)
    for sentence in sentences(premise) if least <= len(words) <= _MOST else ():
        pairs = [(words, words_of(sentence))]
        if (moved, last := _phrase_last(sentence)) != (claim, sentence):
            pairs.append((words_of(moved), words_of(last)))
        found = [(edits, theirs) for mine, theirs in pairs if (edits := _edits(mine, theirs, share)) is not None]
        if found:
            yield min(found, key=lambda one: sum(edit.length for edit in one[0]))


def _phrase_last(sentence: str) -> str:
    """The sentence with what it opens with, a phrase of time or place, behind the rest: "The hall closed before the
    war." for "Before the war, the hall closed."."""
    match = _OPENING.fullmatch(sentence)
    if match is None:
        return sentence
    phrase, rest, stop = match.groups()
    return f"{rest} {phrase[0].lower()}{phrase[1:]}{stop}"


def _edits(words: Sequence[str], others: Sequence[str], share: float) -> list[Edit] | None:
    """Between the claim and the stretch of the sentence that it is nearest to; None where they are not near."""
    if len(others) > _MOST:
        return None
    matcher = SequenceMatcher(None, _low(words), _low(others), autojunk=False)
    blocks = [block for block in matcher.get_matching_blocks() if block.size]
    if sum(block.size for block in blocks) < share * len(words):
        return None
    # What the sentence has before and behind the claim is not missing from it, but for what the claim has instead.
    first, last = blocks[0], blocks[-1]
    rest = len(words) - last.a - last.size
    start, end = _whole_name(others, max(0, first.b - first.a), first.b), last.b + last.size + rest
    marks = [(0, start, 0), *blocks, (len(words), min(end, len(others)), 0)]
    found = [
        Edit(
            tuple(words[a + size : next_a]),
            tuple(others[b + size : next_b]),
            a + size,
            b + size,
            "".join(words[next_a : next_a + 1]),
        )
        for (a, b, size), (next_a, next_b, _) in pairwise(marks)
    ]
    return [edit for edit in found if edit.length]


def _whole_name(words: Sequence[str], start: int, end: int) -> int:
    """Where a stretch begins that would otherwise begin within a name."""
    while 0 < start < end and words[start][0].isupper() and words[start - 1][0].isupper():
        start -= 1
    return start


def _low(words: Sequence[str]) -> list[str]:
    return [word.lower() for word in words]


def are_opposites(left: str, right: str) -> bool:
    """Whether two stems are of opposite words."""
    return right in _opposite_stems().get(left, ())


@lru_cache(maxsize=1)
def _opposite_stems() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for word, others in _opposites().items():
        found[stem(word)].update(map(stem, others))
    return {word: frozenset(others) for word, others in found.items()}


@lru_cache(maxsize=1)
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for pair in _OPPOSITES.split():
        left, right = (side.split(",") for side in pair.split("/"))
        for mine, theirs in ((left, right), (right, left)):
            for word in mine:
                found[word].update(theirs)
    return {word: frozenset(others) for word, others in found.items()}
