import pytest

from qa.answer.clauses import clauses, sentences


def signs(text: str) -> dict[str, int]:
    return {p.word: p.sign for c in clauses(text) for p in c.predicates}


@pytest.mark.parametrize(
    ("text", "word", "sign"),
    [
        ("The board approved the plan.", "approved", 1),
        ("The board did not approve the plan.", "approve", -1),
        ("The board refused on 3 May to approve the plan.", "approve", -1),
        ("The board did not refuse to approve the plan.", "approve", 1),
        ("The ferries will stop running.", "running", -1),
        ("The dam no longer meets the rules.", "meets", -1),
        ("No arrests had been made.", "made", -1),
        ("No arrests had been made.", "arrests", 0),
        ("The village had no electricity.", "electricity", -1),
        ("The cabinet lifted its ban on beef.", "ban", -1),
        ("The study found no evidence that coffee hurts.", "coffee", 0),
        ("He denied that he had paid the bill.", "paid", -1),
        ("If the union accepts, ferries will run.", "accepts", 0),
        ("He did not attend the premiere because he was ill.", "premiere", 0),
        ("He did not attend the premiere because he was ill.", "ill", 1),
        ("Not only police came.", "police", 1),
        ("A former teacher left.", "teacher", 0),
        ("Rebels freed prisoners held in the barracks.", "held", 0),
    ],
)
def test_a_denial_reaches_its_own_word_and_clouds_the_rest(text: str, word: str, sign: int) -> None:
    assert signs(text)[word] == sign


@pytest.mark.parametrize(
    ("text", "verb", "agents", "patients"),
    [
        ("Lena Hofer beat Marta Silva.", "beat", {"hofer"}, {"silva"}),
        ("Marta Silva was beaten by Lena Hofer.", "beaten", {"hofer"}, {"silva"}),
        ("The intruder was shot.", "shot", set(), {"intrud"}),
        ("Omar Haddad, 61, resigned.", "resigned", {"haddad"}, set()),
    ],
)
def test_doers_and_objects_whatever_the_voice(text: str, verb: str, agents: set[str], patients: set[str]) -> None:
    found = next(p for c in clauses(text) for p in c.predicates if p.word == verb)
    assert agents <= found.agents
    assert bool(agents) == bool(found.agents)
    assert patients <= found.patients


def test_sentences_are_cut_at_stops() -> None:
    assert sentences("It rained. They left!  He stayed") == ("It rained.", "They left!", "He stayed")
