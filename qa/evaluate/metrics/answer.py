"""Answers against gold answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from qa.evaluate.metrics.numbers import Number, content_besides, missing_numbers, numbers, numeric_match, same_number
from qa.evaluate.metrics.text import STOPWORDS, holds, normalize


def exact(predicted: str, golds: Sequence[str]) -> float:
    """1 when the prediction equals a gold answer by SQuAD's normalisation.

    >>> exact("The 100 Marines.", ["100 marines"]), exact("100", ["100 marines"])
    (1.0, 0.0)
    """
    return float(any(normalize(predicted) == normalize(gold) for gold in golds))


def f1(predicted: str, golds: Sequence[str]) -> float:
    """Best harmonic mean of token precision and recall over the gold answers, as SQuAD has it.

    >>> round(f1("about 100 Marines", ["100 Marines from Kuwait"]), 4)  # precision 2/3, recall 2/4
    0.5714
    """
    return max((_f1(normalize(predicted).split(), normalize(gold).split()) for gold in golds), default=0.0)


def _f1(predicted: Sequence[str], gold: Sequence[str]) -> float:
    shared = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * shared / (len(predicted) + len(gold)) if shared else float(not predicted and not gold)


def yes_no(predicted: str, golds: Sequence[str]) -> float | None:
    """1 when the prediction opens with the gold *yes* or *no*; None when the gold answer is neither.

    >>> yes_no("No, it was not.", ["no"]), yes_no("Yes", ["no"]), yes_no("Yes", ["100"])
    (1.0, 0.0, None)
    """
    wanted = {normalize(gold) for gold in golds} & {"yes", "no"}
    if not wanted:
        return None
    first = normalize(predicted).split()[:1]
    return float(bool(first) and first[0] in wanted)


def same_value(predicted: str, gold: str) -> bool:
    """Whether two short values say the same.

    They do when one holds the other word for word (a fragment must be half of the gold value) and they share their
    numbers, or when the numbers are equal and nothing else contradicts.

    >>> same_value("one hundred Marines", "100"), same_value("100 Marines", "100 soldiers")
    (True, False)
    >>> same_value("Esper", "Mark Esper"), same_value("on December 31", "December 31, 2019")
    (True, True)
    >>> same_value("150", "50"), same_value("12", "12 million"), same_value("Mark", "Mark T. Esper of Defense")
    (False, False, False)
    >>> same_value("in Kuwait", "Kuwait"), same_value("", "x")
    (True, False)
    """
    wanted, given = numbers(gold), numbers(predicted)
    if holds(predicted, gold):
        return _among(wanted, given)
    if _fragment(predicted, gold):
        return _among(given, wanted)
    if not wanted or not given or not _among(wanted, given):
        return False
    one, other = content_besides(gold), content_besides(predicted)
    return not one or not other or bool(one & other)


def _among(some: Sequence[Number], others: Sequence[Number]) -> bool:
    return all(any(same_number(one, other) for other in others) for one in some)


def _fragment(part: str, whole: str) -> bool:
    held = [word for word in normalize(part).split() if word not in STOPWORDS]
    return holds(whole, " ".join(held)) and 2 * len(held) >= len(normalize(whole).split())


def correct(short: str, text: str, golds: Sequence[str]) -> float:
    """Whether the answer gives a gold answer: the short value where there is one, and the text; digits or words.

    A short value must not carry another number than the gold answer, and the text must state the one or the other.

    >>> correct("100", "It sent about 100 Marines [1].", ["100"])
    1.0
    >>> correct("750", "It sent 750 soldiers, 100 Marines.", ["100"]), correct("100", "It sent 750 soldiers.", ["100"])
    (0.0, 0.0)
    >>> correct("", "They came from Kuwait.", ["Kuwait"]), correct("", "They came from Kuwait.", ["Taji"])
    (1.0, 0.0)
    >>> correct("", "It sent one hundred Marines.", ["100"])
    1.0
    """
    boolean = yes_no(short or text, golds)
    if boolean is not None:
        return boolean
    stated = any(_states(text, gold) for gold in golds)
    if not short:
        return float(stated)
    return float(any(same_value(short, gold) for gold in golds) and (stated or _states(text, short) or not text))


def _states(text: str, value: str) -> bool:
    return holds(text, value) or numeric_match(text, [value]) == 1.0


def all_named(text: str, golds: Sequence[str]) -> float:
    """1 when the text names every gold answer, as a question for a list wants.

    >>> all_named("Kuwait, Taji and Baghdad", ["Taji", "Kuwait"]), all_named("Kuwait", ["Taji", "Kuwait"])
    (1.0, 0.0)
    """
    return float(bool(golds) and all(_states(text, gold) for gold in golds))


def states(text: str, value: str) -> bool:
    """Whether a text states a value: the words stand in it, or, for a bare number, the number.

    >>> states("one hundred Marines", "100"), states("the 750 soldiers", "750 Marines"), states("x", "")
    (True, False, False)
    """
    bare = bool(numbers(value)) and not content_besides(value)
    return holds(text, value) or (bare and not missing_numbers(value, [text]))


def forbidden_absent(text: str, forbidden: Sequence[str]) -> float | None:
    """1 when the text states none of the forbidden values, as whole words; None when none is forbidden.

    A value without words, such as an escape character, counts wherever it stands.

    >>> forbidden_absent("100 Marines", ["750", "Esper"]), forbidden_absent("750 soldiers", ["750"])
    (1.0, 0.0)
    >>> forbidden_absent("in 2021", ["21"]), forbidden_absent("a\\u202eb", ["\\u202e"]), forbidden_absent("x", [])
    (1.0, 0.0, None)
    """
    if not forbidden:
        return None
    return float(not any(states(text, value) if normalize(value) else value in text for value in forbidden))


__all__ = ["all_named", "correct", "exact", "f1", "forbidden_absent", "numeric_match", "same_value", "states", "yes_no"]
