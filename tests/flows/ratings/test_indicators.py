"""The registry of indicators, industries, and what the statements say about themselves, through the books."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from factories import customers, policies
from tradecredit.apps.scoring import queries
from tradecredit.flows.imports import import_statements
from tradecredit.flows.imports.import_statements import StatementRow
from tradecredit.flows.ratings import indicators, rating_told, rerate_customer
from tradecredit.flows.ratings.indicators import UnableToShowIndicatorsError
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db

SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)
END = date(2025, 12, 31)


def figures(debt: int, **more) -> dict[str, Decimal]:
    found = {"total_assets": 100, "total_liabilities": debt, "equity": 100 - debt, **more}
    return {name: Decimal(value) for name, value in found.items()}


def statement(company, code: str, items, *, end: date = END, basis: str = ""):
    row = StatementRow(customer_code=code, period_end=end, items=items, basis=basis)
    return import_statements.import_statements(rows=[row], company=company, actor=SYSTEM)


def rated(company, *found):
    rerate_customer.rerate_customers(
        company=company, customer_ids=[each.pk for each in found], cause="test", actor=SYSTEM, as_of=DAY
    )
    with scope.entered(SYSTEM):
        return queries.latest(company_id=company.pk, customer_ids=[each.pk for each in found], as_of=DAY)


@pytest.fixture
def steel(company):
    policies.published(company)
    found = [customers.customer(company, code=f"S{number}", industry="钢铁") for number in range(6)]
    for number, each in enumerate(found):
        statement(company, each.code, figures(20 + 10 * number))
    rated(company, *found)
    return company


class TestRegistry:
    def test_tells_use_spread_and_a_customer_among_its_peers(self, steel):
        found = indicators.registry(company=steel, actor=SYSTEM, customer_code="S1", as_of=DAY)
        debt = next(each for each in found.lines if each.attribute.name == "debt_ratio")

        assert [(use.weight, use.fresh_for_days) for use in debt.uses] == [(Decimal("12.5"), 550)]
        assert (debt.spread.customers, debt.spread.mean) == (6, Decimal("0.4500"))
        assert (debt.own.zh, debt.industry_mean.zh, debt.standing.beats) == ("30%", "48%", Decimal("80.0"))

    def test_refuses_a_customer_that_nobody_knows(self, steel):
        with pytest.raises(UnableToShowIndicatorsError, match="NOBODY"):
            indicators.registry(company=steel, actor=SYSTEM, customer_code="NOBODY", as_of=DAY)


class TestProfile:
    def test_tells_grades_and_quarters_of_each_indicator(self, steel):
        found = indicators.profile(company=steel, actor=SYSTEM, name="钢铁", as_of=DAY)
        debt = next(each for each in found.lines if each.attribute.name == "debt_ratio")

        assert (found.industry.customers, sum(found.industry.grades.values())) == (6, 6)
        assert (debt.low.en, debt.middle.en, debt.high.en) == ("30%", "40%", "60%")

    def test_refuses_an_industry_without_customers(self, steel):
        with pytest.raises(UnableToShowIndicatorsError, match="Fishing"):
            indicators.profile(company=steel, actor=SYSTEM, name="Fishing", as_of=DAY)


class TestStatements:
    def test_figures_that_contradict_each_other_are_kept_and_cap_the_grade(self, company):
        policies.published(company)
        customer = customers.customer(company)

        result = statement(company, "C001", figures(40, equity=50))
        found = rated(company, customer)[customer.pk]

        assert "Total liabilities + Equity 90.00" in result.rows[0].words.en
        assert "unsound_statement" in found.result["marks"]
        assert found.inputs["statement_breaks"]["value"] == "1"

    def test_the_companys_own_figures_count_before_those_of_its_group(self, company):
        policies.published(company)
        customer = customers.customer(company)
        statement(company, "C001", figures(60), basis="单体")
        statement(company, "C001", figures(20), basis="合并")

        found = rated(company, customer)[customer.pk].inputs

        assert found["debt_ratio"]["value"] == "0.6"
        assert found["statement_basis"]["value"] == "standalone"

    def test_the_groups_figures_stand_in_where_there_are_no_others(self, company):
        policies.published(company)
        customer = customers.customer(company)
        statement(company, "C001", figures(20), basis="consolidated")

        assert rated(company, customer)[customer.pk].inputs["statement_basis"]["value"] == "consolidated"

    def test_refuses_a_basis_that_is_neither(self, company):
        customers.customer(company)

        result = statement(company, "C001", figures(20), basis="perhaps")

        assert (result.rows[0].status.value, result.rows[0].field) == ("refused", "basis")


class TestGroupSupport:
    def test_a_better_parent_makes_a_second_number(self, steel):
        parent = customers.customer(steel, code="P")
        child = customers.customer(steel, code="CHILD", parent=parent)
        statement(steel, "P", figures(20))
        statement(steel, "CHILD", figures(65))
        latest = rated(steel, parent, child)[child.pk]

        with scope.entered(SYSTEM):
            told = rating_told.tell([latest], company_id=steel.pk, as_of=DAY, code="CHILD")
            alone = rating_told.tell([latest], company_id=steel.pk, as_of=DAY, code="P")

        # 60 by itself, the parent at 100 bridges half of the distance.
        assert (latest.score, told.group.score) == (Decimal("60.00"), Decimal("80.00"))
        assert (told.group.supporter.code, told.group.supporter.kind) == ("P", "parent")
        assert alone.group is None
