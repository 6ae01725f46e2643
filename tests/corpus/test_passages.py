import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.corpus.cleaning import clean
from qa.corpus.passages import SPECIAL, embedding_text, windows
from qa.corpus.sentences import split
from qa.types import Document

WORDS = re.compile(r"\w+|[^\w\s]")


def count(texts):
    """Word pieces of at most eight characters, and punctuation: the shape of a word-piece tokenizer."""
    return [sum((len(word) + 7) // 8 for word in WORDS.findall(text)) for text in texts]


def document(text, title="A title"):
    return Document("a.txt", text, title)


def sentences(n, words=12):
    return " ".join(f"Sentence {i} " + "word " * (words - 3) + "ends." for i in range(n))


def test_windows_hold_about_the_target_and_overlap_by_one_sentence():
    found = windows(document(sentences(60)), count, 256)
    assert all(120 <= count([passage.text])[0] <= 160 for passage in found[:-1])
    for before, after in pairwise(found):
        assert before.sentences[-1] == after.sentences[0]


def test_no_overlap_where_a_paragraph_ends():
    text = "\n\n".join(sentences(11) for _ in range(4))
    found = windows(document(text), count, 256)
    assert [passage.text for passage in found] == text.split("\n\n")


def test_short_paragraphs_share_a_window():
    text = "\n\n".join(f"Paragraph {i} is short." for i in range(10))
    assert [passage.text for passage in windows(document(text), count, 256)] == [text]


def test_a_long_sentence_is_not_repeated():
    text = "Short one. " + "word " * 120 + "ends. Then " + "word " * 60 + "ends too."
    starts = [passage.start for passage in windows(document(text), count, 256)]
    assert starts == sorted(set(starts))
    assert len({span for passage in windows(document(text), count, 256) for span in passage.sentences}) == sum(
        len(passage.sentences) for passage in windows(document(text), count, 256)
    )


def test_a_sentence_over_the_limit_is_divided_at_blanks():
    found = windows(document("word " * 100 + "end."), count, 64)
    assert len(found) > 1
    assert all(passage.text.startswith("word") for passage in found[:-1])
    assert " ".join(passage.text for passage in found) == "word " * 100 + "end."


def test_pages():
    text = "Page one here.\n\nPage two here.\n\nPage three here."
    pages = (0, text.index("Page two"), text.index("Page three"))
    found = windows(Document("a.pdf", text, pages=pages), count, 64, target=4)
    assert [passage.page for passage in found] == [1, 2, 3]
    assert windows(document(text), count, 64)[0].page is None


def test_the_title_goes_before_the_text_once():
    assert embedding_text("Siege ends", "The crowd left.") == "Siege ends\nThe crowd left."
    assert embedding_text("Siege ends", "Siege ends\n\nThe crowd left.") == "Siege ends\n\nThe crowd left."
    assert embedding_text("", "The crowd left.") == "The crowd left."
    assert len(embedding_text("word " * 1000, "The crowd left.")) < 150


def test_an_empty_text_has_no_passages():
    assert windows(document(""), count, 256) == []


def test_tokens_that_do_not_add_up_are_counted_again():
    def greedy(texts):
        return [total + total // 4 for total in count(texts)]  # longer texts take more than their parts

    found = windows(document(sentences(40, 9)), greedy, 100, target=90)
    assert all(greedy([passage.text])[0] + SPECIAL <= 100 for passage in found)


PIECES = [
    "He left. ",
    "Mr. Smith stayed ",
    "\n\n",
    "\n",
    "- item ",
    "“Why?” ",
    "x" * 40 + " ",
    "word " * 30,
    "é😀。",
    "U.S. ",
    "A | B",
]
ANY = (st.text(max_size=100) | st.lists(st.sampled_from(PIECES), max_size=40).map("".join)).map(clean)


@settings(max_examples=150)
@given(ANY, st.text(max_size=30), st.integers(24, 120), st.integers(5, 160))
def test_spans_are_exact_every_sentence_is_covered_and_order_is_kept(text, title, limit, target):
    source = document(text, title)
    found = windows(source, count, limit, target=target)
    covered = set()
    for passage in found:
        assert source.text[passage.start : passage.end] == passage.text
        assert (passage.start, passage.end) == (passage.sentences[0].start, passage.sentences[-1].end)
        assert all(a.end <= b.start for a, b in pairwise(passage.sentences))
        covered.update(at for span in passage.sentences for at in range(span.start, span.end))
    for span in split(text):
        assert all(at in covered or text[at].isspace() for at in range(span.start, span.end))
    starts = [passage.start for passage in found]
    assert starts == sorted(set(starts))


@settings(max_examples=150)
@given(ANY, st.integers(32, 256))
def test_title_and_passage_fit_the_limit(text, limit):
    for passage in windows(document(text), count, limit):
        assert count([embedding_text("A title", passage.text)])[0] + SPECIAL - 1 <= limit


@pytest.mark.parametrize("limit", [1, 4, 8])
def test_a_limit_that_is_too_small_still_ends(limit):
    found = windows(document("Some words are here. And a few more.", "A very long title of many words"), count, limit)
    assert "".join("".join(passage.text.split()) for passage in found) == "Somewordsarehere.Andafewmore."
