"""Invented reports and agreements from templates: facts side by side, questions on present and absent ones,
claims true and false.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from string import Template

from qa.resources import REFUSAL
from training.synth import FIRST, MONTHS, NUMBER_WORDS, PLACES, SURNAMES

TEMPLATES = Path(__file__).with_name("news_templates.txt")
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
ORGANISATIONS = (
    "Falcon Brigade",
    "Northern Column",
    "Meridian Works",
    "Harbour Union",
    "Tallis Group",
    "Blue River Front",
    "Orrin & Sons",
    "Castor Industries",
    "Free Valley Movement",
    "Lantern Society",
    "Bakers' League",
    "Polaris Holdings",
    "Union of Dockers",
    "Council of Seven",
    "Velo Systems",
    "Garnet Mining",
    "Amber Shield",
    "Sons of the Hills",
    "Halden Trust",
    "Institute for Open Votes",
    "Eastline Rail",
    "Corvid Partners",
    "Marlow Foods",
    "People's Guard",
    "Delta Chemicals",
    "House of Reeds",
    "Stonebridge Bank",
    "Granite Army",
)
FILLERS = (
    "The weather was calm, and traffic moved as usual.",
    "Residents said they had seen nothing unusual in the days before.",
    "A second statement is expected later this week.",
    "The figures could not be checked independently.",
    "Reporters were kept away from the site.",
    "Earlier reports had spoken of different figures.",
    "No further details were given.",
    "The town lies between two rivers and lives from trade.",
    "Similar events have been rare in recent years.",
    "The subject will be discussed again next month.",
    '"We did what we could," one official said, speaking on condition of anonymity.',
    "Neighbouring countries have asked for calm.",
)

RANGES = {
    "n_daynum": (1, 28),
    "n_pct": (50, 79),
    "n_pctb": (8, 48),
    "n_turnout": (31, 92),
    "n_fall": (1, 38),
    "n_gain": (1, 60),
    "n_age": (24, 83),
    "n_years": (2, 29),
    "n_asked": (3, 35),
    "n_min": (2, 89),
    "n_ga": (3, 6),
    "n_gb": (0, 2),
    "n_kids": (2, 7),
    "n_level": (4, 14),
    "n_days": (5, 90),
    "n_notice": (2, 12),
}
"""Slots whose values would be absurd outside a range."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One sentence in several wordings, with questions (wordings, accepted answers), true and false claims."""

    wordings: tuple[str, ...]
    questions: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    true: tuple[str, ...]
    false: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of report."""

    titles: tuple[str, ...]
    facts: tuple[Fact, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """One invented report. ``claims`` are about ``premise``, one to three of its sentences."""

    title: str
    text: str
    premise: str
    questions: tuple[tuple[str, str], ...]
    claims: tuple[tuple[str, bool], ...] = field(default=())


def _split(line: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in line[2:].split(" | "))


@lru_cache
def kinds() -> tuple[Kind, ...]:
    """The parsed templates."""
    found = []
    for block in TEMPLATES.read_text(encoding="utf-8").split("# ")[1:]:
        parts = [part.splitlines() for part in block.split("\n", 1)[1].split("\n\n")]
        titles = _lines(parts, "T:")
        absent = _lines(parts, "X:")
        facts = tuple(
            Fact(
                _lines([part], "S:"),
                tuple(map(_asked, (x for x in part if x.startswith("Q:")))),
                _lines([part], "C:"),
                _lines([part], "F:"),
            )
            for part in parts
            if any(line.startswith("S:") for line in part)
        )
        found.append(Kind(titles, facts, absent))
    return tuple(found)


def _lines(parts: list[list[str]], mark: str) -> tuple[str, ...]:
    return tuple(text for part in parts for line in part if line.startswith(mark) for text in _split(line))


def _asked(line: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    asked, _, answers = line.partition(" => ")
    return _split(asked), tuple(a.strip() for a in answers.split(" | "))


def number(rng: random.Random) -> str:
    """Small and large, in digits or (small ones) in words."""
    value = rng.choice(
        (
            rng.randint(2, 12),
            rng.randint(13, 99),
            rng.randint(100, 999),
            rng.randint(10, 99) * 100,
            rng.randint(1, 90) * 1000,
        )
    )
    if value <= 12 and rng.random() < 0.6:
        return NUMBER_WORDS[value - 2]
    return f"{value:,}" if value >= 10000 or rng.random() < 0.8 else str(value)


def value(slot: str, rng: random.Random) -> str:
    """A fresh value for a slot by the type that its name begins with."""
    if slot in RANGES:
        return str(rng.randint(*RANGES[slot]))
    makers = {
        "n": lambda: number(rng),
        "p": lambda: f"{rng.choice(FIRST)} {rng.choice(SURNAMES)}",
        "c": lambda: rng.choice(PLACES),
        "o": lambda: rng.choice(ORGANISATIONS),
        "d": lambda: rng.choice(DAYS),
        "m": lambda: rng.choice(MONTHS),
        "y": lambda: str(rng.randint(1946, 2024)),
    }
    return makers[slot[0]]()


class Values(dict[str, str]):
    """Slot values, made when first asked for, all different."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__()
        self.rng = rng

    def __missing__(self, slot: str) -> str:
        new = value(slot, self.rng)
        while new in self.values():
            new = value(slot, self.rng)
        self[slot] = new
        return new

    def fill(self, template: str) -> str:
        text = Template(template).substitute(self)
        return text[0].upper() + text[1:]

    def altered(self, template: str) -> str:
        """The template with one slot given another value: of a neighbouring fact when there is one of the type,
        else a new one.
        """
        slots = Template(template).get_identifiers()
        if not slots:
            return ""
        slot = self.rng.choice(slots)
        same = [v for s, v in self.items() if s[0] == slot[0] and v != self[slot] and s not in slots]
        new = self.rng.choice(same) if same and self.rng.random() < 0.6 else value(slot, self.rng)
        if new == self[slot]:
            return ""
        text = Template(template).substitute({**self, slot: new})
        return text[0].upper() + text[1:]


def report(rng: random.Random) -> Report:
    """One report of a random kind: most of its facts, some in another order, some left out and asked for."""
    kind, values = rng.choice(kinds()), Values(rng)
    stated = [fact for n, fact in enumerate(kind.facts) if n == 0 or rng.random() < 0.72]
    if rng.random() < 0.2:
        rng.shuffle(stated)
    for fact in kind.facts:
        for wording in fact.wordings:
            values.fill(wording)
    sentences = {id(fact): values.fill(rng.choice(fact.wordings)) for fact in stated}
    body = list(sentences.values())
    for _ in range(rng.choice((0, 0, 1, 2))):
        body.insert(rng.randint(1, len(body)), rng.choice(FILLERS))
    opening = f"{value('c', rng).upper()}, {rng.choice(MONTHS)} {rng.randint(1, 28)} -- " if rng.random() < 0.3 else ""
    text = opening + (" " if rng.random() < 0.8 else "\n").join(body)
    title = values.fill(rng.choice(kind.titles))
    span = [f for f in stated if f in rng.sample(stated, min(len(stated), rng.choice((1, 1, 2, 3))))]
    premise = " ".join(sentences[id(f)] for f in span)
    return Report(
        title, text, premise, tuple(_questions(kind, stated, text, values)), tuple(_claims(kind, span, values))
    )


def _questions(kind: Kind, stated: list[Fact], text: str, values: Values) -> list[tuple[str, str]]:
    rng = values.rng
    present: list[tuple[str, str]] = []
    refused = [(values.fill(q), REFUSAL) for q in rng.sample(kind.absent, 2)]
    for fact in kind.facts:
        for wordings, accepted in fact.questions:
            asked = values.fill(rng.choice(wordings))
            spans = [a for a in (Template(a).substitute(values) for a in accepted) if _span(a, text)]
            if fact in stated and spans:
                present.append((asked, _span(spans[0], text)))
                edited = values.altered(rng.choice(wordings)) if rng.random() < 0.15 else ""
                refused += [(edited, REFUSAL)] if edited and edited != asked else []
            elif fact not in stated:
                refused.append((asked, REFUSAL))
    kept = rng.sample(present, min(len(present), 6))
    return kept + rng.sample(refused, min(len(refused), max(2, round(len(kept) * 0.85))))


def _span(answer: str, text: str) -> str:
    """The answer as the text has it, capital letter of a sentence's first word included; empty when absent."""
    for form in (answer, answer[0].upper() + answer[1:]):
        if form in text:
            return form
    return ""


def _claims(kind: Kind, span: list[Fact], values: Values) -> list[tuple[str, bool]]:
    rng = values.rng
    claims: list[tuple[str, bool]] = []
    for fact in span:
        for template in rng.sample(fact.true, min(2, len(fact.true))):
            claims.append((values.fill(template), True))
            if rng.random() < 0.6 and (wrong := values.altered(template)):
                claims.append((wrong, False))
        if fact.false:
            claims.append((values.fill(rng.choice(fact.false)), False))
    others = [f for f in kind.facts if f not in span]
    if others and rng.random() < 0.5:
        claims.append((values.fill(rng.choice(rng.choice(others).true)), False))
    return claims
