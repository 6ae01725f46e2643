import pytest

from qa.answer.roles import swapped


@pytest.mark.parametrize(
    ("claim", "premise", "expected"),
    [
        ("Silva beat Hofer in the final.", "In the final, Lena Hofer beat Marta Silva.", True),
        ("Hofer was beaten by Silva.", "Lena Hofer beat Marta Silva 6-3.", True),
        ("Silva was beaten by Hofer.", "Lena Hofer beat Marta Silva 6-3.", False),
        ("Nasser accused Haddad.", "General Haddad resigned after President Nasser accused him.", False),
        ("Haddad accused Nasser.", "General Haddad resigned after President Nasser accused him.", True),
        ("Police threw stones at protesters.", "Protesters threw stones at police.", True),
        ("Greece denied that it had fired.", "Turkey denied that it had fired at Greece.", True),
        ("Water is colder at sea level than on a mountain.", "Water is colder on a mountain than at sea level.", True),
        ("Water is warmer at sea level than on a mountain.", "Water is colder on a mountain than at sea level.", False),
        ("Yunus founded the bank.", "The bank that he founded made Yunus famous.", False),
    ],
)
def test_doers_changed_over(claim: str, premise: str, expected: bool) -> None:
    assert swapped(claim, premise) is expected
