from __future__ import annotations

from datetime import timedelta

import pytest

from factories import companies, customers, policies, receivables
from tradecredit.apps.dossier.models import Fact
from tradecredit.apps.monitoring.models import Alert
from tradecredit.apps.worklist.models import Task
from tradecredit.flows import reactions
from tradecredit.flows.watch import raise_alert, watch_funding
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")


def _red(company, customer):
    day = clock.today(company)
    with scope.entered(SYSTEM):
        Fact.objects.create(
            customer=customer, name="dishonest_debtor", value="yes", valid_from=day, recorded_at=clock.now(),
            recorded_by="test",
        )  # fmt: skip
    raise_alert.raise_alert(company=company, customer_ids=[customer.pk], as_of=day, actor=SYSTEM)


class TestWatchFunding:
    """S-117: expected receipts of customers in trouble, against the amount of the policy."""

    @pytest.mark.parametrize(
        ("amount", "days", "asked"), [("999999.99", 20, 0), ("1000000.00", 20, 1), ("1000000.00", 31, 0)]
    )
    def test_finance_is_asked_once_from_the_amount_on(self, amount, days, asked):
        company = companies.company()
        policies.published(company, pack="policy-scorecard")
        customer = customers.customer(company)
        day = clock.today(company)
        due = day + timedelta(days=days)
        receivables.invoices(
            company, receivables.invoice_row("INV-1", amount, invoice_date=day, due_date=due)
        )
        _red(company, customer)

        for _ in range(2):
            with db.unit_of_work(SYSTEM):
                watch_funding.watch_funding(company=company, as_of=day)

        with scope.entered(SYSTEM):
            assert Task.objects.filter(kind="funding.plan", role="finance_manager").count() == asked


class TestWarnRelatives:
    def test_a_red_alert_in_the_group_concerns_the_others_once(self):
        company = companies.company()
        policies.published(company)
        head = customers.customer(company, "C002", "示例集团有限公司")
        customers.customer(company, "C001", parent=head)
        customers.customer(company, "C003", "示例无关有限公司")
        _red(company, head)

        reactions.drain(company=company, actor=SYSTEM)

        with scope.entered(SYSTEM):
            found = sorted(Alert.objects.values_list("customer__code", "rule"))
        assert found == [("C001", "group-red"), ("C002", "dishonest-debtor")]
