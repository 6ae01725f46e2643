import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from qa.corpus.cleaning import clean
from qa.corpus.sentences import MAX_SENTENCE, split


def texts(text):
    return [text[span.start : span.end] for span in split(text)]


SENTENCES = [
    ["He left.", "She stayed."],
    ["Mr. Smith met Mrs. Jones.", "They talked."],
    ["The U.S. Embassy was attacked.", "Nobody was hurt."],
    ["He lives in the U.S.", "She lives in the U.K."],
    ["The U.S. sent troops.", "Iraq protested."],
    ["He arrived in the U.S.", "He stayed."],
    ["Gen. Frank McKenzie spoke.", "Lt. Col. Tom Ray agreed."],
    ["Sgt. Maj. Troxell and Capt. Lee left."],
    ["Maj. Gen. William Seely III spoke.", "He left."],
    ["The convoy left at 9 a.m. on Tuesday.", "It arrived at 11 p.m. in Taji."],
    ["It began at 9 a.m.", "Nobody came."],
    ["It was 5 p.m. EST when he left.", "She stayed."],
    ["No. 5 was missing.", "He lives at No. 10 Downing Street."],
    ["He said no.", "She said yes."],
    ["About 3.5 million people live there.", "Growth was 2.4 percent."],
    ["It cost $1.5 billion.", "That was too much."],
    ["1,000 people came.", "750 stayed."],
    ["Version 2.0.1 was released.", "Install it."],
    ["He bought apples, pears, etc. and left."],
    ["He bought apples, pears, etc.", "Then he left."],
    ["Use a tool, e.g. a hammer, to fix it.", "It works."],
    ["The result, i.e. the sum, is 5."],
    ["“Go away.”", "He left."],
    ['He said, "Go away."', "Then he left."],
    ["“We have taken action.”", "He then left."],
    ["“We act,” he said.", "“We have taken appropriate action.”"],
    ["“Is it true?” she asked.", "Nobody knew."],
    ['"Stop!" he shouted.', "They ran."],
    ["They cried “Down, down!” according to the agency.", "They left."],
    ["He asked: “Why?”", "No one answered."],
    ["‘It is over,’ he said.", "‘We won.’"],
    ["He said it was “over.”", "She disagreed."],
    ["He said it was “over”.", "She disagreed."],
    ['"I came. I saw. I won," he said.', "They cheered."],
    ["J. R. R. Tolkien wrote it.", "It sold well."],
    ["George W. Bush spoke.", "He left."],
    ["Secretary of State Mike Pompeo said Adm. John Kirby left.", "Iraq agreed."],
    ["Acme Inc. announced profits.", "Shares rose."],
    ["Acme Corp. and Widget Co. merged."],
    ["He works at Acme Inc.", "She works at Widget Ltd."],
    ["Dr. Jane Doe, Ph.D., spoke.", "All listened."],
    ["See Fig. 3 for details.", "See also Sec. 4.2 and p. 7."],
    ["Smith et al. found it.", "Others did not."],
    ["It was Jan. 5, 2020.", "It snowed."],
    ["On Dec. 31 the crowd attacked.", "On Jan. 1 it left."],
    ["He visited Washington, D.C. on Monday.", "It rained."],
    ["He moved to Washington, D.C.", "It rained."],
    ["Is it true?", "Yes!", "It is."],
    ["What?!", "No way."],
    ["Wait... what happened?", "Nothing."],
    ["He paused… then spoke.", "All listened."],
    ["The end...", "Or is it?"],
    ["(He was late.)", "They left."],
    ["He was late (very late.)", "They left."],
    ["The Marines (of the 7th Regt.) came.", "They were 100."],
    ["The site example.com is down.", "Visit www.example.org for news."],
    ["Sen. Elizabeth Warren of Mass. spoke.", "Rep. Lee agreed."],
    ["Gov. Greg Abbott and Prof. Kim met on Oct. 3."],
    ["He won vs. the champion.", "It was close."],
    ["St. Louis is a city.", "It is large."],
    ["The battle of Mt. Vernon ended.", "Ft. Hood is in Texas."],
    ["He was approx. 5 min. late.", "She was not."],
    ["The 2nd Bn. 7th Marines deployed.", "They flew."],
    ["He served in World War II.", "He was brave."],
    ["That was plan B.", "It failed."],
    ["Section 3.1.2 says so.", "Art. 5 does not."],
    ["Smith v. Jones was decided.", "The court ruled."],
    ["She has a B.A. in history.", "He has an M.D. from Yale."],
    ["Jr. and Sr. are suffixes.", "Martin Luther King Jr. was born in 1929."],
    ["It rose by 5%.", "Then it fell."],
    ["Yes.", "No.", "Maybe."],
    ["Yahoo! is a company.", "It was sold."],
    ["He went to Baghdad.[1]", "Then he left.[2]"],
    ["U.N. officials met.", "The E.U. did not."],
    ["The U.S.-led coalition left.", "Iraq stayed."],
    ["¿Qué pasó?", "Nada."],
    ["Он ушёл.", "Она осталась."],
    ["他走了。", "她留下了。"],
    ["😀 It worked.", "😀"],
]


@pytest.mark.parametrize("expected", SENTENCES, ids=lambda expected: expected[0])
def test_sentences_on_one_line(expected):
    assert texts(" ".join(expected)) == expected


@pytest.mark.parametrize("expected", SENTENCES, ids=lambda expected: expected[0])
def test_the_same_sentences_as_paragraphs(expected):
    assert texts("\n\n".join(expected)) == expected


LONG_LINE = "paragraph " + "on one long line " * 8 + "that nobody wrapped. "
BLOCKS = [
    ("Heading\n\nText one. Text two.", ["Heading", "Text one.", "Text two."]),
    ("Heading without a stop\nThe text begins on the next line and is a good deal longer.", 2),
    ("- one thing\n- another\n- a third. With two.", ["one thing", "another", "a third.", "With two."]),
    ("* one\n  goes on\n* two", ["one\n  goes on", "two"]),
    ("• one\n• two", ["one", "two"]),
    ("●one\n●two", ["one", "two"]),
    ("Three steps:\n1. First, stop.\n2. Then go\n10. End", ["Three steps:", "First, stop.", "Then go", "End"]),
    ("(a) first\n(b) second", ["first", "second"]),
    ("A | B\n1 | 2", ["A | B", "1 | 2"]),
    (
        "The crowd attacked the embassy in Baghdad on Tuesday and the\nguards withdrew. About 100 Marines came by\n"
        "the Pentagon from Kuwait on the same evening.",
        2,
    ),
    ("He said that Mr.\nSmith had left the city in the early morning hours.", 1),
    ("BAGHDAD - The crowd attacked the embassy compound on the\nU.S. side. It left.", 2),
    ("A crowd of several thousand people marched in the\n1980s. It was large, the\npolice said at the time.", 2),
    ("By Jane Doe\nDecember 31, 2019\nThe crowd attacked the gate of the embassy on Tuesday.", 3),
    (LONG_LINE + "It ends\nAnother " + LONG_LINE + "It ends.", 4),
]


@pytest.mark.parametrize(("text", "expected"), BLOCKS)
def test_blocks(text, expected):
    found = texts(text)
    assert (len(found) if isinstance(expected, int) else found) == expected


def test_a_long_quotation_is_divided_with_its_quotes():
    quoted = ["“We act now and here " + "x" * 150 + ".", "Then " + "y" * 100 + ".", "It ended.”", "They left."]
    assert texts(" ".join(quoted)) == quoted


def test_an_opening_quote_goes_with_its_sentence():
    first = "“The first department works with the second one to ensure the safety of all in it,” he said in a release."
    second = "“We have taken all measures to ensure the safety of everyone, above all of the staff who live there.”"
    rest = ["It is so and stays so."] * 3
    assert texts(" ".join([first, second, *rest])) == [first, second, *rest]


def test_a_sentence_that_is_too_long_is_cut_at_a_clause():
    text = ("the crowd, which was large, moved on; " * 80).strip()
    found = texts(text)
    assert all(len(one) <= MAX_SENTENCE for one in found)
    assert " ".join(found) == text
    assert all(one.endswith((";", ",")) for one in found)


def test_no_blank_to_cut_at():
    assert [len(one) for one in texts("x" * 3000)] == [1200, 1200, 600]


def test_one_line_of_many_sentences_is_divided_the_same_everywhere():
    text = " ".join(f"Sentence number {i} is here." for i in range(2000))
    found = texts(text)
    assert len(found) == 2000
    assert found[1999] == "Sentence number 1999 is here."


def test_a_panic_of_the_library_costs_the_boundaries_alone(monkeypatch):
    class PanicException(BaseException):
        pass

    def panic(language, text):
        raise PanicException

    monkeypatch.setattr("sentencex.get_sentence_boundaries", panic)
    assert texts("One. Two.\n\nThree.") == ["One. Two.", "Three."]


PIECES = [
    *(
        "Mr. Smith ",
        "the U.S. ",
        "He left. ",
        "“Why?” ",
        '"',
        "”",
        "(",
        ") ",
        "\n",
        "\n\n",
        "- ",
        "1. ",
        "a.m. ",
        "[1] ",
        "... ",
    ),
    *(
        "\u00a0",
        "\u0085",
        "\u2028",
        "\u3000",
        "é",
        "É. ",
        "😀",
        "e\u0301",
        "。",
        "Ⅷ.",
        "\u200d",
        "\ud800",
        "\x00",
        "\t",
        "| ",
    ),
]
ANY = st.text(max_size=80) | st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


@settings(max_examples=200)
@given(ANY)
@example("\u0085A\u0085.\u0085b.")
@example("\u3000É.\u3000É.\u00a0a.")
def test_spans_are_exact_ordered_and_cover_every_letter(text):
    end = 0
    covered = set()
    for span in split(text):
        one = text[span.start : span.end]
        assert end <= span.start < span.end <= len(text)
        assert one == one.strip()
        assert len(one) <= MAX_SENTENCE
        covered.update(range(span.start, span.end))
        end = span.end
    left_out = "".join(char for at, char in enumerate(text) if at not in covered and char.isalpha())
    assert not left_out or all(len(word) <= 5 for word in left_out.split())


@given(ANY.map(clean).filter(lambda text: "." not in text and ")" not in text))
def test_without_list_numbers_nothing_is_left_out(text):
    inside = sum(len("".join(text[span.start : span.end].split())) for span in split(text))
    outside = list("".join(text.split()))
    assert len(outside) - inside <= sum(char in "-*+•‣▪●◦·–—" for char in outside)
