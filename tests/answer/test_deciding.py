from collections.abc import Mapping, Sequence

import pytest

from qa.answer.clusters import about
from qa.answer.deciding import MOST_SEARCHED, NEAREST, SURE, decided, decides
from qa.answer.question import parse
from qa.answer.read import Reading
from qa.corpus.sentences import split
from qa.testing import HashEmbedder
from qa.types import Hit, Passage, Source

ASKED = parse("Was the strike stopped?")
YES, NO = "The strike was stopped.", "The strike was not stopped."
STAYED = "It goes on without a date for its end."


class Table:
    """A checker that knows some pairs and rejects all others."""

    name = "table"
    threshold = 0.3

    def __init__(self, known: Mapping[tuple[str, str], float]) -> None:
        self.known = known
        self.pairs: list[tuple[str, str]] = []

    def support(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        self.pairs.extend(pairs)
        return [self.known.get(pair, 0.0) for pair in pairs]


class Judges:
    def __init__(self, known: Mapping[tuple[str, str], float]) -> None:
        self.checker = Table(known)
        self.embedder = HashEmbedder(dimension=4096)


def read_as(text: str, word: str = "", answerable: float = 0.5, unread: bool = False) -> Reading:
    source = Source("a.md", "", "", "", "", len(text), 1, "a.md")
    hit = Hit(Passage("a.md", 0, len(text), text, tuple(split(text))), source, 1.0)
    span = hit.passage.sentences[0] if word else None
    return Reading(hit, word, span, span, answerable, 0.9 if word else 0.0, unread=unread)


def test_a_sentence_decides_what_the_reader_refused() -> None:
    judges = Judges({(STAYED, NO): 0.8})
    [one] = decided(judges, ASKED, [read_as(f"Trains stood still. {STAYED}")])
    assert (one.text, one.evidence, one.borne) == ("no", STAYED, 0.8)
    assert 0.6 < one.answerable < 0.8
    assert about(ASKED, one) == 0.8


def test_both_of_one_mind_are_surer_than_the_reader_alone() -> None:
    [one] = decided(Judges({(STAYED, NO): 0.95}), ASKED, [read_as(STAYED, "no", 0.7)])
    assert one.answerable > 0.7
    assert one.certainty == 0.9


@pytest.mark.parametrize(("borne", "word"), [(0.4, "yes"), (0.9, "no")])
def test_against_the_reader_only_a_decisive_sentence_counts(borne: float, word: str) -> None:
    [one] = decided(Judges({(STAYED, NO): borne}), ASKED, [read_as(STAYED, "yes", 0.6)])
    assert one.text == word


@pytest.mark.parametrize("known", [{}, {NO: 0.2}, {NO: 0.9, YES: 0.85}])
def test_what_bears_neither_claim_or_both_decides_nothing(known: Mapping[str, float]) -> None:
    reading = read_as(STAYED)
    judges = Judges({(STAYED, claim): value for claim, value in known.items()})
    assert decided(judges, ASKED, [reading]) == [reading]


@pytest.mark.parametrize(("yes", "word"), [(0.5, "no"), (0.95, "no"), (0.97, "")])
def test_what_bears_one_claim_with_twice_the_odds_of_the_other_decides(yes: float, word: str) -> None:
    assert decided(Judges({(STAYED, NO): 0.98, (STAYED, YES): yes}), ASKED, [read_as(STAYED)])[0].text == word


def test_a_plain_denial_needs_half_and_forbids_the_opposite() -> None:
    plain = "The strike was not stopped yesterday."
    assert decided(Judges({(plain, NO): 0.2}), ASKED, [read_as(plain)])[0].text == "no"
    assert decided(Judges({(plain, YES): 0.9}), ASKED, [read_as(plain)])[0].text == ""


def test_only_the_nearest_sentences_are_checked_and_none_of_an_unread_passage() -> None:
    judges = Judges({})
    many = " ".join(f"Item {n} was sold." for n in range(20)) + " A strike was near."
    decided(judges, ASKED, [read_as(many), read_as("The strike was stopped.", unread=True)])
    assert len(judges.checker.pairs) == 2 * NEAREST
    assert ("A strike was near.", YES) in judges.checker.pairs
    assert decided(judges, ASKED, []) == []


FAR = " ".join(f"The strike of 19{n} was long." for n in range(10, 10 + NEAREST)) + f" {STAYED}"
"""Its last sentence shares no word with the question, and others share one."""


@pytest.mark.parametrize(
    ("answerable", "borne", "found"), [(SURE, 0.8, True), (SURE - 0.01, 0.8, False), (0.99, 0.2, False)]
)
def test_of_a_sure_reader_the_whole_passage_is_searched_for_what_bears_its_word(
    answerable: float, borne: float, found: bool
) -> None:
    [one] = decided(Judges({(STAYED, NO): borne}), ASKED, [read_as(FAR, "no", answerable)])
    assert (one.borne is not None, one.evidence == STAYED, decides(ASKED, one)) == (found, found, found)


def test_what_bears_both_words_is_not_what_a_sure_reader_means() -> None:
    [one] = decided(Judges({(STAYED, NO): 0.8, (STAYED, YES): 0.75}), ASKED, [read_as(FAR, "no", 0.99)])
    assert one.borne is None


def test_no_passage_is_searched_whose_sentence_decides_by_its_words_and_of_others_two() -> None:
    plain = f"The strike was stopped by a judge. {FAR}"
    judges = Judges({})
    decided(judges, ASKED, [read_as(plain, "yes", 0.99)])
    assert len(judges.checker.pairs) == 2 * NEAREST
    decided(judges, ASKED, [read_as(FAR, "no", 0.99) for _ in range(MOST_SEARCHED + 1)])
    assert len(judges.checker.pairs) == 2 * NEAREST + 2 * NEAREST + MOST_SEARCHED * (NEAREST + 1 + 1)
