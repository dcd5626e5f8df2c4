"""Score and limit formulas: elsewhere nobody finds an example; here each pack brings its own, with figures."""

from __future__ import annotations

import pytest

from tradecredit.core.kernel.policy_document import PolicyError
from tradecredit.core.limits import recommend
from tradecredit.core.scoring import scorecard_document
from tradecredit.integrations import policy_packs

PACKS = policy_packs.pack_names()


def steps_with(text):
    """The limit formula of a pack with one step more, written by a person."""
    document = policy_packs.load_pack("five-pillars")
    document["limits"]["formula"].append(
        {"name": "own", "label": {"zh": "自写", "en": "Own"}, "formula": text, "source": "x", "reason": "x"}
    )
    known = scorecard_document.attributes_of(document["scorecard"])
    return recommend.parse(document["limits"], grades=document["grades"], known=known)


class TestFormulaExamples:
    @pytest.mark.parametrize("pack", PACKS)
    def test_p34_every_pack_shows_its_formulas_on_named_customers(self, pack):
        """Others: "is there an example?", 0 of them. Ours: examples in every pack, with score, grade or limit."""
        examples = policy_packs.load_examples(pack)

        with_figures = [
            one for one in examples.values() if {"limit", "score", "grade"} & one["expect"].keys()
        ]
        assert with_figures
        assert all(one["case"].keys() >= {"zh", "en"} for one in examples.values())

    @pytest.mark.parametrize("pack", PACKS)
    def test_p34_an_example_says_the_limit_that_the_formula_gives(self, pack):
        """Others: the formula is a black box. Ours: an amount to the cent, run as a test of the pack."""
        limits = [
            one["expect"]["limit"]
            for one in policy_packs.load_examples(pack).values()
            if "limit" in one["expect"]
        ]

        assert limits
        assert all("." in amount or amount == "none" for amount in limits)

    def test_p34_a_word_that_means_nothing_is_named_where_it_stands(self):
        """Others: the formula saves and gives 0. Ours: refused, with the word."""
        with pytest.raises(PolicyError, match="equitty"):
            steps_with("equitty * 0.1")
