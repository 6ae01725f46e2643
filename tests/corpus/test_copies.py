import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus.copies import groups, signature, similar

WORDS = [f"word{i}" for i in range(3000)]


def story(seed, length=400):
    return " ".join(random.Random(seed).choices(WORDS, k=length))


WIRE = (
    "The harbour bridge was closed on Thursday after a loaded barge struck its second pillar, the port authority said. "
    "About 40 cars were on the deck at the time and nobody was hurt. Engineers measured a crack of 3.5 metres and said "
    "that the bridge would stay shut at least until Monday. Ferries run every 20 minutes until then."
)
OTHER = (
    "A barge carrying gravel hit the bridge over the harbour on Thursday morning. Traffic was stopped at once. The "
    "port authority said that the bridge would stay shut at least until Monday, because a crack of several metres was "
    "found. Witnesses spoke of some forty cars on the deck; there were no injuries. The ferries add boats."
)


def test_a_copy_under_another_headline_is_one_source():
    found = groups(
        {
            "b.md": signature("Bridge shut\n\n" + WIRE),
            "a.md": signature("Barge closes harbour crossing; ferries step in\n\n" + WIRE + " The agency contributed."),
            "c.md": signature(OTHER),
        }
    )
    assert found == {"a.md": "a.md", "b.md": "a.md", "c.md": "c.md"}


def test_a_quotation_that_two_reports_share_does_not_join_them():
    quote = " ".join(WIRE.split()[:40])
    found = groups({"a": signature(story(1, 200) + " " + quote), "b": signature(story(2, 200) + " " + quote)})
    assert found == {"a": "a", "b": "b"}


def test_case_punctuation_and_line_breaks_do_not_matter():
    assert signature(WIRE) == signature(WIRE.upper().replace(" ", "\n").replace(".", " ..."))


def test_the_group_is_the_smallest_path_whatever_the_order():
    text = story(3)
    edited = text.replace(text[600:760], story(4, 20))
    twice = edited.replace(edited[1600:1760], story(5, 20))
    given_signatures = {"z": signature(text), "m": signature(edited), "a": signature(twice), "q": signature(story(6))}
    expected = {"z": "a", "m": "a", "a": "a", "q": "q"}
    assert groups(given_signatures) == expected
    assert groups(dict(reversed(given_signatures.items()))) == expected


def test_many_equal_documents_and_documents_without_words():
    found = groups({**{f"copy{i:03}": signature(WIRE) for i in range(300)}, "x": signature(""), "y": signature("...")})
    assert {found[f"copy{i:03}"] for i in range(300)} == {"copy000"}
    assert (found["x"], found["y"]) == ("x", "y")


def test_a_long_text_is_hashed_in_parts_to_the_same_end(monkeypatch):
    texts = [story(8, words) for words in (0, 3, 5, 50, 301, 304, 305, 306)]
    whole = [signature(text) for text in texts]
    monkeypatch.setattr("qa.corpus.copies._PART", 50)
    assert [signature(text) for text in texts[4:]] == whole[4:]
    monkeypatch.setattr("qa.corpus.copies._PART", 5)
    assert [signature(text) for text in texts] == whole


def test_the_signature_is_the_same_on_every_machine():
    assert signature("One two three four five six.").hex() == "80349591c491a210ffcd5dd29d168cea"
    assert len(signature(story(7, 5000))) == 2048


@pytest.mark.parametrize(
    ("a", "b", "low", "high"),
    [
        (WIRE, WIRE, 1.0, 1.0),
        (WIRE, "Update: " + WIRE, 0.99, 1.0),
        (WIRE, " ".join(WIRE.split()[10:40]), 1.0, 1.0),
        (WIRE, OTHER, 0.0, 0.25),
        (WIRE, "", 0.0, 0.0),
        ("two words", "two words", 1.0, 1.0),
    ],
)
def test_containment(a, b, low, high):
    assert low <= similar(a, b) <= high
    assert similar(a, b) == similar(b, a)


@given(st.text(), st.text())
def test_containment_is_a_share(a, b):
    assert 0.0 <= similar(a, b) <= 1.0


@given(st.dictionaries(st.text(max_size=5), st.text(max_size=60), max_size=8))
def test_groups_agree_with_comparing_every_pair(texts):
    """The oracle: connect all pairs whose exact resemblance reaches the threshold (small texts fit whole)."""
    import numpy as np

    from qa.corpus.copies import THRESHOLD

    sets = {path: set(np.frombuffer(signature(text), dtype="<u8").tolist()) for path, text in texts.items()}
    expected = {path: path for path in texts}
    for a in sorted(texts):
        for b in sorted(texts):
            if sets[a] and sets[b] and len(sets[a] & sets[b]) >= THRESHOLD * len(sets[a] | sets[b]):
                old, new = sorted((expected[a], expected[b]), reverse=True)
                expected = {path: new if group == old else group for path, group in expected.items()}
    assert groups({path: signature(text) for path, text in texts.items()}) == expected
