from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest

from factories import customers, orders, receivables
from tradecredit.flows.ratings import affected_customers
from tradecredit.integrations import policy_packs
from tradecredit.plumbing.access import Actor

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
DAY = date(2026, 3, 2)
PACK = policy_packs.load_pack("five-pillars")


@pytest.fixture
def house(company):
    customer = customers.customer(company, "C001", "示例五金甲有限公司")
    orders.rating(company, customer, "B")
    receivables.invoices(
        company, receivables.invoice_row("INV-1", "82000.00", due_date=DAY - timedelta(days=20))
    )
    return company


def parts(company, change):
    after = copy.deepcopy(PACK)
    change(after)
    found = affected_customers.affected_customers(
        company=company, before=PACK, after=after, actor=SYSTEM, as_of=DAY
    )
    return {one.kind: [(each.code, each.before.en, each.after.en) for each in one.listed] for one in found}


def grade_of(document, name):
    return next(one for one in document["grades"]["grades"] if one["grade"] == name)


class TestAffectedCustomers:
    def test_a_change_of_order_control_alone_concerns_nobody_here(self, house):
        def change(document):
            document["order_control"]["reservation_days"] = 5

        assert parts(house, change) == {}

    def test_terms_of_a_grade_concern_who_has_it(self, house):
        def change(document):
            grade_of(document, "B")["policy"]["terms_days"] = "7"

        found = parts(house, change)
        ((code, before, after),) = found["terms"]
        assert code == "C001"
        assert after.startswith("7 days")
        assert before != after
        assert found["grades"] == []

    def test_another_ladder_of_dunning_concerns_who_is_late(self, house):
        def change(document):
            stages = document["dunning"]["stages"]
            stages[0]["to_days"], stages[1]["from_days"] = "25", "26"

        assert [line[0] for line in parts(house, change)["dunning"]] == ["C001"]

    def test_an_alert_that_would_be_raised_is_told(self, house):
        def change(document):
            document["monitoring"]["rules"].append(
                {
                    "code": "late",
                    "level": "red",
                    "label": {"zh": "超期", "en": "Late"},
                    "condition": "overdue_days_max >= 20",
                }
            )

        ((_, before, after),) = parts(house, change)["alerts"]
        assert "Late (red)" in after
        assert "Late" not in before

    def test_a_figure_of_the_formula_changes_the_proposed_line(self, house):
        def change(document):
            document["limits"]["trial"]["most"] = "12000"

        assert parts(house, change)["limits"] == [("C001", "CNY 30,000.00", "CNY 12,000.00")]
