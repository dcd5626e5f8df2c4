from __future__ import annotations

from decimal import Decimal

import pytest

from factories import decision_models as models
from tradecredit.core.decision_tables import strict
from tradecredit.core.decision_tables.model import UnableToDecideError

GRADE_TABLE = models.table(["grade"], ["outcome"], ['not("C") | "approve"', '"C" | "hold"'])


def graded():
    return models.model(
        models.fact("grade", "string") + models.decision("verdict", GRADE_TABLE, needs=models.needs("grade"))
    )


class TestDecide:
    def test_a_verdict_on_complete_facts_stands(self):
        found = strict.decide(graded(), "verdict", {"grade": "A"})
        assert found.value == "approve"
        assert not found.needs_person

    @pytest.mark.parametrize("facts", [{}, {"grade": None}])
    def test_a_missing_fact_goes_to_a_person_though_the_language_would_forgive_it(self, facts):
        assert graded().decide("verdict", {"grade": None}).value == "approve"
        found = strict.decide(graded(), "verdict", facts)
        assert found.value is None
        assert [words.en for words in found.reasons] == ["“grade” has no value"]
        assert [words.zh for words in found.reasons] == ["“grade”没有值"]

    def test_no_row_goes_to_a_person(self):
        table = models.table(["n"], ["o"], ["> 3 | 1"])
        model = models.model(models.fact("n") + models.decision("d", table, needs=models.needs("n")))
        found = strict.decide(model, "d", {"n": Decimal(1)})
        assert [words.en for words in found.reasons] == ["no row of the table matches"]

    def test_two_rows_of_a_unique_table_go_to_a_person(self):
        table = models.table(["n"], ["o"], ["> 3 | 1", "> 4 | 2"])
        model = models.model(models.fact("n") + models.decision("d", table, needs=models.needs("n")))
        found = strict.decide(model, "d", {"n": Decimal(5)})
        assert found.value is None
        assert "1, 2" in found.reasons[0].en

    def test_a_null_without_any_diagnostic_is_told_as_well(self):
        model = models.model(models.decision("d", models.literal("null")))
        assert [words.en for words in strict.decide(model, "d", {}).reasons] == ["“d” came to nothing"]

    def test_trouble_on_the_way_spoils_a_value_that_would_come_out_anyway(self):
        model = models.model(
            models.fact("n")
            + models.decision("d", models.literal("if n > 1 then 1 else 2"), needs=models.needs("n"))
        )
        assert model.decide("d", {"n": "text"}).value == Decimal(2)
        assert strict.decide(model, "d", {"n": "text"}).value is None


class TestNeededFacts:
    def test_follows_decisions_to_their_facts(self):
        model = models.model(
            models.fact("amount")
            + models.fact("limit")
            + models.fact("unused")
            + models.decision("room", models.literal("limit - amount"), needs=models.needs("limit", "amount"))
            + models.decision(
                "fits", models.literal("room >= 0"), needs=models.needs("room", kind="Decision")
            )
        )
        assert strict.needed_facts(model, "fits") == ("limit", "amount")

    def test_refuses_an_unknown_decision(self):
        with pytest.raises(UnableToDecideError):
            strict.needed_facts(graded(), "nothing")
