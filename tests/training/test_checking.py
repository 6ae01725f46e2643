"""What the checker is shown when its figures are taken."""

from __future__ import annotations

from qa.testing import ScriptedGenerator
from training.checking import PREMISE_TOKENS, shown


def test_a_premise_is_cut_until_it_fits_beside_a_claim() -> None:
    generator = ScriptedGenerator()
    assert shown(generator, "Snow fell on Orm.") == "Snow fell on Orm."
    long = "a " * (PREMISE_TOKENS + 1)
    cut = shown(generator, long)
    assert long.startswith(cut)
    assert PREMISE_TOKENS // 2 < generator.count_tokens(cut) <= PREMISE_TOKENS
