import itertools
import random

import pytest

from qa.resources import REFUSAL
from qa.testing import FixedLocator
from training import mixture, written, written_sources
from training.answers import answer_claims, pointed_claims
from training.data import Passage, Question
from training.mixture import SHARES, turns
from training.pack import Group
from training.sources import SOURCES
from training.written import Asked

PASSAGE = Passage(
    "Bridges",
    "The Old Bridge was built in 1731 by Anna Kessel. It was torn down by the army. A new one followed in 1890.",
    (
        Question("When was the Old Bridge built?", "1731", ("1731",)),
        Question("Who built the Old Bridge?", "Anna Kessel", ("Anna Kessel",)),
        Question("When did a new one follow?", "1890", ("1890",)),
        Question("Who repaired the Old Bridge?", "not found"),
    ),
    "squad2",
)


def claims_of_many_draws() -> dict[str, set[bool]]:
    seen: dict[str, set[bool]] = {}
    for seed in range(60):
        found = answer_claims(PASSAGE, random.Random(seed))
        assert found is not None
        for claim, supported in found[1]:
            seen.setdefault(claim, set()).add(supported)
    return seen


def test_a_right_answer_is_supported_and_another_span_of_the_sentence_is_not():
    seen = claims_of_many_draws()
    assert seen["Anna Kessel built the Old Bridge."] == {True}
    assert seen["1731 built the Old Bridge."] == {False}


def test_an_unanswered_question_gets_the_tempting_answer_of_the_nearest_sentence():
    seen = claims_of_many_draws()
    tempting = {claim: labels for claim, labels in seen.items() if "repaired" in claim}
    assert tempting
    assert all(labels == {False} for labels in tempting.values())


def test_the_premise_holds_the_answer_of_every_true_claim():
    for seed in range(20):
        premise, claims = answer_claims(PASSAGE, random.Random(seed)) or ("", [])
        answers = ["1731", "Anna Kessel", "1890"]
        assert all(any(a in claim and a in premise for a in answers) for claim, supported in claims if supported)


def test_a_passage_without_answers_gives_no_claims():
    assert answer_claims(Passage("", "Nothing is asked here.", (), "squad2"), random.Random(0)) is None


def test_every_source_has_a_share():
    assert {name for shares in SHARES.values() for name in shares} == SOURCES.keys()
    for shares in SHARES.values():
        assert abs(sum(shares.values()) - 1) < 1e-9


def test_what_the_span_reader_wrongly_points_at_is_false_and_the_answers_of_its_sentence_are_true():
    for seed in range(20):
        found = pointed_claims(FixedLocator("Anna Kessel"), PASSAGE, (), random.Random(seed))
        assert found is not None
        premise, claims = found
        told = dict(claims)
        assert premise == "The Old Bridge was built in 1731 by Anna Kessel."
        assert {claim for claim, supported in claims if supported} <= {
            "Anna Kessel built the Old Bridge.",
            "The Old Bridge was built in 1731.",
        }
        assert any(told.values())
        assert "Anna Kessel repaired the Old Bridge." in told or "The Old Bridge was built on Anna Kessel." in told
        assert not told.get("Anna Kessel repaired the Old Bridge.")


def test_a_question_of_another_passage_is_false_wherever_it_is_pointed_at():
    other = Question("Who sank the ferry?", "not found")
    bare = Passage("", PASSAGE.text, (), "squad2")
    premise, claims = pointed_claims(FixedLocator("Anna Kessel"), bare, [other], random.Random(0)) or ("", [])
    assert premise == "The Old Bridge was built in 1731 by Anna Kessel."
    assert [(claim.endswith("sank the ferry."), supported) for claim, supported in claims] == [(True, False)]


@pytest.mark.parametrize(("words", "answers"), [("Anna Kessel", ("Kessel",)), ("nothing of it", ("1731",))])
def test_no_claim_where_the_place_may_be_right_or_stands_nowhere(words, answers):
    asked = Question("Who built the Old Bridge?", answers[0], answers)
    passage = Passage("", PASSAGE.text if words != "nothing of it" else "Nothing.", (asked,), "squad2")
    assert pointed_claims(FixedLocator(words), passage, (), random.Random(0)) is None


def test_sources_take_turns_by_their_shares(monkeypatch):
    def of(name):
        return lambda _: itertools.repeat(Group(name, {}, (("q", "a"),) * (2 if name == "long" else 1)))

    monkeypatch.setattr(mixture, "SOURCES", {name: of(name) for name in ("long", "short")})
    groups = itertools.islice(turns("0", {"long": 0.8, "short": 0.2}, lambda g: len(g.branches)), 60)
    names = [group.task for group in groups]
    assert names.count("long") == 2 * names.count("short")


def test_beside_the_answers_of_a_report_stand_hardly_more_refusals_and_those_that_tempt(monkeypatch) -> None:
    text = "Nine boats left Carrow at noon. Two came back, said Ida Vale."
    given = [Question("How many sailed?", "Nine", ("Nine",)), Question("How many returned?", "Two", ("Two",))]
    tempting = {f"Who owned boat {n}?": "Ida Vale" for n in range(3)}
    open_ones = [Question(text, REFUSAL) for text in (*tempting, *(f"Why was boat {n} late?" for n in range(20)))]
    report = Asked(Passage("", text, (*given, *open_ones), "written"), tempting)
    monkeypatch.setattr(written, "told", lambda: [report])
    groups = list(itertools.islice(written_sources.event_read(random.Random(0)), 60))
    refused = [[q for q, answer in g.branches if answer == REFUSAL] for g in groups]
    assert {len(g.branches) - len(r) for g, r in zip(groups, refused, strict=True)} == {len(given)}
    assert {len(r) for r in refused} == {3}
    share = sum(q in tempting for r in refused for q in r) / sum(map(len, refused))
    assert share > 2 * len(tempting) / len(open_ones)


def test_of_yes_or_no_hardly_more_are_left_open_than_are_settled(monkeypatch) -> None:
    asked = [Question("Did it sail?", "yes"), *(Question(f"Was boat {n} new?", REFUSAL) for n in range(20))]
    monkeypatch.setattr(written, "told_whether", lambda: [Passage("", "It sailed.", tuple(asked), "written")])
    group = next(written_sources.event_yesno(random.Random(0)))
    assert ("Did it sail?", "yes") in group.branches
    assert len(group.branches) == 3
