import pytest

from qa.corpus.frontmatter import first_line_title, front_matter, iso_date


def test_fields_and_the_rest():
    fields, rest = front_matter(
        '---\nTitle: "Gate: burned"\npublisher: The Post\n# note\ndate: 2019-12-31\ntags:\n  - a\n---\nText.'
    )
    assert (fields["title"], fields["publisher"], fields["date"]) == ("Gate: burned", "The Post", "2019-12-31")
    assert rest == "Text."


@pytest.mark.parametrize(
    "text",
    [
        "---\nthis is prose\n---\nText",
        "---\ntitle: never closed\n",
        "Text\n---\ntitle: x\n---\n",
        "---\n---\nText",
        "no block",
        "",
    ],
)
def test_what_is_no_front_matter_stays_text(text):
    assert front_matter(text) == ({}, text)


def test_other_names_of_the_fields():
    fields, _ = front_matter("---\nsource: The Post\npublished: 2020\n---\n")
    assert fields == {"publisher": "The Post", "date": "2020"}


def test_nothing_is_evaluated():
    fields, _ = front_matter("---\ntitle: !!python/object/apply:os.system ['true']\ndate: &a [*a]\n---\n")
    assert fields["title"] == "!!python/object/apply:os.system ['true']"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2019-12-31", "2019-12-31"),
        ("2019-1-5", "2019-01-05"),
        ("2019-12", "2019-12"),
        ("2019", "2019"),
        ("2019-12-31T10:00:00Z", "2019-12-31"),
        ("2019-12-31 10:00", "2019-12-31"),
        ("31 December 2019", "2019-12-31"),
        ("31st Dec. 2019", "2019-12-31"),
        ("December 31, 2019", "2019-12-31"),
        ("Dec 31 2019", "2019-12-31"),
        ("Sept. 5, 2020", "2020-09-05"),
        ("Tuesday, December 31, 2019", "2019-12-31"),
        ("Tues. Dec. 31, 2019", "2019-12-31"),
        ("December 2019", "2019-12"),
        (" 2019-12-31 ", "2019-12-31"),
        ("31/12/2019", ""),
        ("2019-02-30", ""),
        ("2019-13-01", ""),
        ("0000-01-01", ""),
        ("31 Decembruary 2019", ""),
        ("yesterday", ""),
        ("", ""),
        ("2" * 10_000, ""),
    ],
)
def test_dates(value, expected):
    assert iso_date(value) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("A title\n\nText.", "A title"), ("A whole sentence.\nText", ""), ("x" * 121, ""), ("---\nx", ""), ("", "")],
)
def test_first_line(text, expected):
    assert first_line_title(text) == expected
