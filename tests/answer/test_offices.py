"""Who holds which office."""

from __future__ import annotations

import pytest

from qa.answer.offices import held


@pytest.mark.parametrize(
    ("question", "evidence", "fits"),
    [
        ("Who is the leader of the party?", "Ann Lee, a spokeswoman for the party, said so.", False),
        ("Who is the leader of the party?", "Ann Lee, president of the party, said so.", True),
        ("Who leads the party?", "The party is headed by Ann Lee.", True),
        ("Who is the spokesman for the party?", "Ann Lee, who leads the party, came.", False),
        ("Who is the president of Sarovia?", "Ann Lee, the supreme leader of Sarovia, came.", False),
        ("Who is the prime minister?", "Ann Lee, the foreign minister, came.", False),
        ("Who is the prime minister?", "Prime Minister Ann Lee came with the defence minister.", True),
        ("Which former mayor spoke?", "Ann Lee, the mayor, spoke.", False),
        ("Which former mayor spoke?", "Ann Lee, who was mayor until 2019, spoke.", True),
        ("Who is the mayor?", "Ann Lee won the vote.", True),  # no office is named
        ("Who opened the bridge?", "Ann Lee, the mayor, opened it.", True),
        ("Who did the minister thank?", "The minister thanked Ann Lee, the mayor.", True),
        ("What did the mayor say?", "The president said nothing.", True),
        ("Who owns the ship?", "The captain of the ship is Ann Lee.", False),
        ("Who commands the air force?", "General Ann Lee, the air force chief, came.", True),
        ("Who commands the air force?", "General Ann Lee, a spokeswoman, came.", False),
        ("Who is the chief executive?", "Ann Lee heads the board.", False),
        ("Who is the vice president?", "President Ann Lee came.", False),
        ("Which minister telephoned?", "Ann Lee telephoned the president on Sunday.", True),  # it is not her office
        ("Who was in charge of the pit?", "The pit was managed by Ann Lee, mother of the present owner.", True),
        ("Who was in charge of the pit?", "The pit was closed by Ann Lee, the owner of the mill.", False),
        ("Who chaired the talks?", "They met under the chairmanship of Ann Lee, a retired judge.", True),
        ("Who is the spokesman for the party?", "Ann Lee, who leads the party; Bo Ek, the head of the union.", False),
    ],
)
def test_the_office_asked_for_or_none(question, evidence, fits):
    assert held(question, evidence, "Ann Lee") is fits
