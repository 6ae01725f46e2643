from __future__ import annotations

import pytest

from qa.errors import InputError, UsageError
from qa.retrieve import search, select
from qa.types import Filters, Source


def source(path: str, title: str = "", publisher: str = "", date: str = "") -> Source:
    return Source(path, title, publisher, date, "", 1, 1, path)


SOURCES = (
    source("news/2019/herald.md", "Embassy stormed", "The Herald", "2019-12-31"),
    source("news/2020/courier.html", "Marines arrive", "Courier", "2020-01"),
    source("notes/[draft].txt", "Notes", "", ""),
    source("annual.pdf", "Annual report", "Office", "2019"),
)


def paths(**fields) -> list[str]:
    return [s.path for s in select(SOURCES, Filters(**fields))]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("herald", ["news/2019/herald.md"]),
        ("MARINES", ["news/2020/courier.html"]),
        ("news/", ["news/2019/herald.md", "news/2020/courier.html"]),
        ("news/*.html", ["news/2020/courier.html"]),
        ("*.MD", ["news/2019/herald.md"]),
        ("[draft]", ["notes/[draft].txt"]),
    ],
)
def test_a_pattern_names_publisher_title_or_path(pattern, expected):
    assert paths(sources=(pattern,)) == expected


def test_patterns_are_alternatives_and_a_wrong_one_is_told():
    assert len(paths(sources=("herald", "courier"))) == 2
    with pytest.raises(InputError, match=r"no source matches 'heraldo' \(qa sources"):
        paths(sources=("herald", "heraldo"))


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        ("2019-12-31", "2019-12-31", ["news/2019/herald.md", "annual.pdf"]),
        ("2020", "", ["news/2020/courier.html"]),
        ("", "2019", ["news/2019/herald.md", "annual.pdf"]),
        ("2020-01-15", "2020-01-20", ["news/2020/courier.html"]),
        ("2019-06", "2020-01", ["news/2019/herald.md", "news/2020/courier.html", "annual.pdf"]),
        ("2021", "", []),
        ("", "", [s.path for s in SOURCES]),
    ],
)
def test_bounds_are_inclusive_and_a_part_of_a_date_means_all_its_days(since, until, expected):
    assert paths(since=since, until=until) == expected


@pytest.mark.parametrize("date", ["yesterday", "31.12.2019", "2019-13", "2019-1-1", "2019-12-32", "20191231"])
def test_a_bound_that_is_no_date_is_told_how_to_be_one(date):
    for fields in ({"since": date}, {"until": date}):
        with pytest.raises(UsageError, match="write 2020-01-31"):
            paths(**fields)


def test_a_search_sees_only_what_passes(build, embedder):
    index = build(
        {
            "a.md": "---\npublisher: Herald\ndate: 2019-12-31\n---\n\nOne hundred marines were sent.",
            "b.md": "---\npublisher: Courier\ndate: 2020-01-02\n---\n\nOne hundred marines were sent by air at night.",
        }
    )
    passing = (Filters(sources=("courier",)), Filters(since="2020"), Filters(sources=("b.md",), until="2020-01-02"))
    for filters in passing:
        hits = search(index, embedder, "how many marines were sent", filters=filters)
        assert [hit.passage.document for hit in hits] == ["docs/b.md"]
    assert search(index, embedder, "how many marines", filters=Filters(since="2022")) == []
