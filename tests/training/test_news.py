import random

from qa.resources import REFUSAL
from training import news


def test_every_answer_is_a_span_of_its_report_or_the_refusal():
    rng = random.Random(1)
    for _ in range(300):
        report = news.report(rng)
        for question, answer in report.questions:
            assert question[-1] == "?"
            assert answer == REFUSAL or answer in report.text


def test_refusing_is_neither_cheap_nor_rare():
    rng = random.Random(2)
    answers = [answer for _ in range(300) for _, answer in news.report(rng).questions]
    assert 0.3 < sum(a == REFUSAL for a in answers) / len(answers) < 0.5


def test_the_same_seed_gives_the_same_report():
    assert news.report(random.Random(3)) == news.report(random.Random(3))


def test_values_of_one_report_differ_from_each_other():
    values = news.Values(random.Random(4))
    found = [values[slot] for slot in ("n_a", "n_b", "p_a", "p_b", "c_a", "c_b", "o_a", "o_b")]
    assert len(set(found)) == len(found)


def test_a_claim_with_another_value_is_not_the_true_claim():
    values = news.Values(random.Random(5))
    true = values.fill("$p_a met $n_b people")
    assert all(values.altered("$p_a met $n_b people") != true for _ in range(50))
