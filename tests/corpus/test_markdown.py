import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.corpus.cleaning import clean
from qa.corpus.hidden import without_markup
from qa.errors import UnreadableError


@pytest.fixture
def shown(read_bytes):
    return lambda source: read_bytes("a.md", source.encode()).text


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# Heading #\nText.", "Heading\n\nText."),
        ("# C#\n\nx", "C#\n\nx"),
        ("Heading\n=======\nText.", "Heading\n\nText."),
        ("#hashtag is text", "#hashtag is text"),
        ("**bold** and *thin* and ***both***", "bold and thin and both"),
        ("**bold with *thin* inside**", "bold with thin inside"),
        ("__bold__ and _thin_ but snake_case_name", "bold and thin but snake_case_name"),
        ("2 * 3 * 4 = 24", "2 * 3 * 4 = 24"),
        ("a \\*star\\* and \\_bar\\_", "a *star* and _bar_"),
        ("~~struck~~ out", "struck out"),
        ("use `x * y * z` now", "use x * y * z now"),
        ("`` a`b `` end", "`` a`b `` end"),
        ('[text](http://a.example/b_(c) "title") end', "text end"),
        ("[text][1] end\n\n[1]: http://a.example", "text end"),
        ("before ![a picture](a.png) after", "before after"),
        ("[![badge](b.svg)](http://a.example) text", "text"),
        ("<https://a.example/x> end", "https://a.example/x end"),
        ("100[^1] Marines.\n\n[^1]: A note.", "100 Marines.\n\nA note."),
        ("* one\n+ two\n- three\n  - four", "- one\n- two\n- three\n  - four"),
        ("- [x] done\n- [ ] open", "- done\n- open"),
        ("1. one\n2. two", "1. one\n2. two"),
        ("> quoted\n> more\n\nend", "quoted\nmore\n\nend"),
        ("a\n\n---\n\nb\n\n***\n\nc", "a\n\nb\n\nc"),
        ("```py\nx = '*a*'  # <!-- seen -->\n```\nend", "x = '*a*' # <!-- seen -->\n\nend"),
        ("| A | B |\n|---|:-:|\n| 1 | **2** |", "A | B\n1 | 2"),
        ("AT&amp;T &lt;b&gt; &copy;", "AT&T <b> ©"),
        ("a &#8203;b&#x202e;c", "a bc"),
        ("x < y and y > z", "x < y and y > z"),
        ("line one\nline two", "line one\nline two"),
    ],
)
def test_table(shown, source, expected):
    assert shown(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        "seen <!-- HIDDEN --> end",
        "seen <!-- HIDDEN\n\n# HIDDEN\n--> end",
        "seen <div style='display: none'>HIDDEN <div>HIDDEN</div> HIDDEN</div> end",
        "seen <span hidden>HIDDEN</span> end",
        'seen <p style="VISIBILITY:hidden">HIDDEN</p> end',
        "seen <script>HIDDEN</script><style>HIDDEN</style> end",
        "seen [](http://HIDDEN.example) end",
        "seen ![](HIDDEN.png) end",
        "seen end\n\n[HIDDEN]: http://HIDDEN.example",
        "seen end <!-- HIDDEN never closed",
        "seen end <div hidden> HIDDEN never closed",
    ],
)
def test_hidden_text_stays_out(shown, source):
    text = shown(source)
    assert "HIDDEN" not in text
    assert "seen" in text
    assert "end" in text


def test_title_publisher_date(read_bytes):
    plain = read_bytes("note.md", b"Some text first, a paragraph.\n\n## The *real* heading\n\nmore")
    assert plain.title == "The real heading"
    marked = read_bytes("b.md", b"---\ntitle: From the block\npublisher: P\ndate: 1 May 2020\n---\n# Heading\n")
    assert (marked.title, marked.publisher, marked.date, marked.text) == (
        "From the block",
        "P",
        "2020-05-01",
        "Heading",
    )
    assert read_bytes("stem.md", b"only a sentence.").title == "stem"


def test_markdown_with_nothing_to_see(read_bytes):
    with pytest.raises(UnreadableError, match=r"^a\.md holds no text$"):
        read_bytes("a.md", b"<!-- only this -->")


@given(st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("*_`[]()<>!#|-\n\\&;"), max_size=200))
def test_any_text_is_survived_and_clean(text):
    from pathlib import Path

    from qa.corpus.markdown import MarkdownReader

    try:
        read = MarkdownReader().read(Path("x.md"), text.encode())
    except UnreadableError:
        return
    assert clean(read.text) == read.text


@given(st.text("abc<>/!- \n", max_size=80))
def test_markup_is_only_removed(text):
    kept = iter(text)
    assert all(char in kept for char in without_markup(text) if not char.isspace())
