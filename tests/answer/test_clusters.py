"""How much a reading counts."""

from __future__ import annotations

import pytest

from qa.answer import fitting
from qa.answer.clusters import about
from qa.answer.counting import counts_what_is_asked
from qa.answer.question import parse
from qa.answer.read import Reading
from qa.types import Hit, Passage, Source, Span

FIRST = "The Sarrow government protested."
SOURCE = Source("a.md", "Harbour news", "", "", "0" * 64, 80, 1, "a.md")


@pytest.mark.parametrize(
    ("second", "share"),
    [("It said the captain was detained.", 1.0), ("Officials said the captain was detained.", 0.5)],
)
def test_a_pronoun_leans_on_the_sentence_before(second, share):
    text = f"{FIRST} {second}"
    spans = Span(0, len(FIRST)), Span(len(FIRST) + 1, len(text))
    hit = Hit(Passage("a.md", 0, len(text), text, spans), SOURCE, 1.0)
    reading = Reading(hit, "yes", spans[1], spans[1], 0.9, 0.9)
    assert about(parse("Did the Sarrow government say the captain was detained?"), reading) == pytest.approx(
        share, abs=0.11
    )


@pytest.mark.parametrize(
    ("question", "said", "answer", "fits"),
    [
        ("What did the damage cost?", "The storm cost three Sarovians their boats.", "three", False),
        ("What did the damage cost?", "Repairs came to 22 million crowns.", "22 million crowns", True),
        ("What did the damage cost?", "Repairs came to $4.5 million.", "$4.5 million", True),
        ("What did the damage cost?", "The bill was about 3,000.", "3,000", True),
        ("How many lives did it cost?", "It cost four lives.", "four", True),
        ("How many lives did the strike cost?", "It killed 23 people.", "23", True),
        ("How much did the owner pay?", "He waited 14 hours.", "14 hours", False),
        ("What is the population of Pellin?", "Pellin lies 11 kilometres downstream.", "11 kilometres", False),
        ("What is the population of Pellin?", "Pellin has 4,100 people.", "4,100", True),
        ("How long is the bridge?", "The bridge cost $300.", "$300", False),
        ("How long is the bridge?", "The bridge is 300 metres long.", "300 metres", True),
        ("In what year was the ship built?", "She is a 182-metre freighter.", "182", False),
        ("In what year was the ship built?", "She was built in 1998.", "1998", True),
        ("When did he return?", "He returned two days later.", "two days later", True),
        ("Who led the band?", "On Sunday it played.", "Sunday", False),
        ("Who led the band?", "Forty men played.", "Forty", False),
        ("Who led the band?", "The 5th Regiment led it.", "The 5th Regiment", True),
        ("At which port was she loaded?", "She was seen on August 22.", "August 22", False),
        ("When did he return?", "He walked 11 kilometres.", "11 kilometres", False),
        ("What market share would they have?", "They offered 26.40 euros a share.", "26.40 euros", False),
        ("What market share would they have?", "Together they have 58 percent.", "58 percent", True),
        ("What share price did it reach?", "It reached 26.40 euros.", "26.40 euros", True),
        ("How old is Draven?", "Draven, who led a team of eight, said so.", "eight", False),
        ("How old is Draven?", "Draven, 41, said so.", "41", True),
        ("How old is Draven?", "Draven, who is 41, said so.", "41", True),
        ("How old is Draven?", "The 41-year-old said so.", "41", True),
        ("How old is Draven?", "Draven is 41 years old.", "41 years", True),
    ],
)
def test_an_amount_is_of_the_dimension_that_was_asked_for(question, said, answer, fits):
    start = said.index(answer)
    whole, span = Span(0, len(said)), Span(start, start + len(answer))
    hit = Hit(Passage("a.md", 0, len(said), said, (whole,)), SOURCE, 1.0)
    assert fitting.fits(parse(question), Reading(hit, answer, span, whole, 0.9, 0.9)) is fits


@pytest.mark.parametrize(
    ("question", "said", "amount", "share"),
    [
        ("How many demonstrators were hurt?", "Nine of his officers were hurt.", "Nine", 0.2),
        ("How many officers were hurt?", "Nine of his officers were hurt.", "Nine", 1.0),
        ("How many police were hurt?", "Nine of his officers were hurt.", "Nine", 1.0),
        ("How many demonstrators were hurt?", "Nine of them were hurt.", "Nine", 1.0),
        ("How many demonstrators were hurt?", "Nine of those present were hurt.", "Nine", 1.0),
        ("How many people were hurt?", "Nine of his officers were hurt.", "Nine", 1.0),
    ],
)
def test_a_part_counts_what_it_is_a_part_of(question, said, amount, share):
    whole, span = Span(0, len(said)), Span(0, len(amount))
    hit = Hit(Passage("a.md", 0, len(said), said, (whole,)), SOURCE, 1.0)
    assert counts_what_is_asked(parse(question), Reading(hit, amount, span, whole, 0.9, 0.9)) == share
