from __future__ import annotations

from datetime import date, timedelta

import pytest

from factories import orders
from tradecredit.apps.decisions import policies
from tradecredit.core.kernel import document_changes
from tradecredit.flows.orders import check_order_credit
from tradecredit.flows.policy import simulate_policy
from tradecredit.flows.policy.simulate_policy import UnableToSimulateError
from tradecredit.plumbing import db
from tradecredit.plumbing.access import Actor

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
MAXIMUM = "order_control.checks.single_document_maximum.amounts.CNY"


@pytest.fixture
def decided(company):
    """Three orders of 10,000, 50,000 and 12,000 that were let through, and one over the line that was held."""
    orders.policy(company)
    orders.creditworthy(company)
    for number, amount in enumerate(("10000.00", "50000.00", "12000.00", "9000000.00")):
        request = orders.request(company, amount, reference=f"SO-{number}")
        check_order_credit.check_order_credit(requests=[request], actor=SYSTEM)
    return company


def document_in_force(company):
    with db.unit_of_work(SYSTEM):
        return policies.in_force(company_id=company.pk, as_of=date(2026, 3, 2)).document


def simulated(company, document, **period):
    part = simulate_policy.Slice(**period)
    return simulate_policy.simulate_policy(company=company, document=document, actor=SYSTEM, part=part)


class TestSimulatePolicy:
    def test_the_policy_in_force_flips_none_of_its_own_decisions(self, decided):
        found = simulated(decided, document_in_force(decided))
        assert (found.looked_at, found.changed, found.flipped) == (4, 0, 0)

    def test_a_lower_maximum_holds_the_orders_above_it_and_says_why(self, decided):
        document = document_changes.changed(document_in_force(decided), MAXIMUM, "11000.00")
        found = simulated(decided, document)
        assert found.newly_held.as_dict() == {
            "count": 2,
            "amounts": {"CNY": "62000.00"},
            "customers": 1,
            "checks": {"single_document_maximum": 2},
            "grades": {"B": 2},
            "regions": {"–": 2},
            "salespeople": {"–": 2},
            "invoiced": {},
            "overdue": {},
            "bad": {},
            "segments": {
                cut: {
                    value: {
                        "count": 2,
                        "sales": {"CNY": "62000.00"},
                        "invoiced": {},
                        "overdue": {},
                        "bad": {},
                    }
                }
                for cut, value in (("grades", "B"), ("regions", "–"), ("salespeople", "–"))
            },
        }
        assert found.newly_released.count == 0
        assert [(flip.reference, flip.compared.after.text) for flip in found.flips] == [
            ("SO-1", "review"),
            ("SO-2", "review"),
        ]

    def test_nothing_is_written(self, decided):
        document = document_in_force(decided)
        before = simulated(decided, document).looked_at
        assert simulated(decided, document).looked_at == before == 4

    def test_only_the_period_is_looked_at(self, decided):
        document = document_in_force(decided)
        day = date(2026, 3, 2)
        assert simulated(decided, document, until=day - timedelta(days=1)).looked_at == 0
        assert simulated(decided, document, until=day).looked_at == 4

    def test_an_unsound_policy_is_refused_with_its_mistakes(self, decided):
        document = document_changes.changed(document_in_force(decided), MAXIMUM, "plenty")
        with pytest.raises(UnableToSimulateError) as refusal:
            simulated(decided, document)
        assert "single_document_maximum" in refusal.value.words.en or "amounts" in refusal.value.words.en
