"""The sample corpus: its form, the facts that it must hold, and that its sentences are its own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SEEDS = sorted((ROOT / "seeds").glob("*.md"))
REAL = ROOT.parent / "shared" / "seeds"
RUN = 8
"""So many identical words in a row count as copied."""
NAMES = (
    "Special Purpose Marine Air-Ground Task Force-Crisis Response-Central Command",
    "Special Purpose Marine Air-Ground Task Force",
)
"""Proper names that are long enough to look like a copied run."""

REINFORCE = "marines-reinforce-baghdad-embassy.md"
ORDERED = "about-100-marines-ordered-to-embassy.md"
AIRBORNE = "airborne-battalion-follows-marines.md"
WASHINGTON = "washington-sends-forces-tehran-rejects-blame.md"
BESIEGE = "militia-supporters-besiege-embassy.md"

FACTS = {
    REINFORCE: [
        "100 Marines",
        "Kuwait",
        "Taji",
        "Mike Lawhorn",
        "Matt Tueller",
        "Two Apache",
        "2012",
        "Benghazi",
        "a breach",
    ],
    ORDERED: ["about 100 Marines", "Kirkuk", "Lucas Tomlinson", "flares", "missile attack", "Kataib Hezbollah"],
    AIRBORNE: [
        "One hundred",
        "750 soldiers",
        "82nd Airborne",
        "7th Infantry Regiment",
        "25 fighters",
        "December 27",
        "warning shots",
    ],
    WASHINGTON: [
        "breached",
        "no breach",
        "Morgan Ortagus",
        "Green Zone",
        "hundreds of protesters",
        "audacity",
        "Mike Pompeo",
    ],
    BESIEGE: [
        "small contingent",
        "scores of Marines",
        "5,000",
        "104 acres",
        "444 days",
        "killed 25",
        "Barham Salih",
        "rocket attack",
    ],
}


def parts(path: Path) -> tuple[dict[str, str], str]:
    _, head, body = path.read_text(encoding="utf-8").split("---\n", 2)
    fields = (line.partition(": ") for line in head.splitlines())
    return {key: value.strip().strip('"') for key, _, value in fields}, body


def words(text: str) -> list[str]:
    for name in NAMES:
        text = text.replace(name, " ")
    return re.findall(r"[a-z0-9]+", text.lower())


def runs(text: str) -> set[tuple[str, ...]]:
    found = words(text)
    return {tuple(found[at : at + RUN]) for at in range(len(found) - RUN + 1)}


def test_there_are_five_reports() -> None:
    assert {path.name for path in SEEDS} == set(FACTS)


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_front_matter_names_title_publisher_and_date(path: Path) -> None:
    head, _ = parts(path)
    assert set(head) == {"title", "publisher", "date"}
    assert all(head.values())
    assert re.fullmatch(r"20(19-12-31|20-01-0\d)", head["date"])


def test_publishers_and_titles_differ() -> None:
    heads = [parts(path)[0] for path in SEEDS]
    assert len({head["publisher"] for head in heads}) == len({head["title"] for head in heads}) == 5


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_length_and_plain_text(path: Path) -> None:
    _, body = parts(path)
    assert 250 <= len(body.split()) <= 700
    assert not re.search(r"[*_`#<>\[\]]", body), "no marks: the text that is indexed is the text of the file"


@pytest.mark.parametrize("name", FACTS)
def test_key_facts_are_present(name: str) -> None:
    text = (ROOT / "seeds" / name).read_text(encoding="utf-8")
    assert [fact for fact in FACTS[name] if fact not in text] == []


def test_the_hundred_marines_stand_in_exactly_three_reports() -> None:
    marines = re.compile(r"\b(about 100|100|one hundred)\b[^.]{0,30}\bMarines\b", re.IGNORECASE)
    assert {path.name for path in SEEDS if marines.search(parts(path)[1])} == {REINFORCE, ORDERED, AIRBORNE}


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.stem)
def test_no_sentence_is_taken_from_the_real_reports(path: Path) -> None:
    if not REAL.is_dir():
        pytest.skip(f"the real reports are not here: {REAL}")
    real = set().union(*(runs(file.read_text(encoding="utf-8")) for file in REAL.glob("*.txt")))
    assert real
    assert [" ".join(run) for run in runs(path.read_text(encoding="utf-8")) & real] == []
