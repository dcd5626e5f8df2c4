"""What is disputed, covered, earmarked or given in bills counts at levels as policy measures it, for every member."""

from __future__ import annotations

import dataclasses
from decimal import Decimal

import pytest

from factories import companies, documents, nodes, orders, receivables
from factories.credit_facts import section
from factories.documents import DAY
from factories.receivables import SYSTEM, payment_row
from tradecredit.analytics.exposure import customer_levels
from tradecredit.apps.receivables.models import Dispute, Instalment
from tradecredit.core.kernel.money import Money
from tradecredit.flows.orders import check_order_credit, replay_decisions
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def company():
    made = companies.company()
    control = section("five-pillars", "order_control")
    control["exposure"] = {**control["exposure"], "disputed": False}
    orders.policy(made, order_control=control, receivables=section("five-pillars", "receivables"))
    with scope.entered(SYSTEM), clock.on(made, DAY):
        yield made


@pytest.fixture
def sister(company):
    """C002 owes 300,000; with C001, which owes nothing, it counts in a group of 400,000."""
    child = orders.creditworthy(company, billed="0")
    made = orders.creditworthy(company, "C002", billed="300000.00")
    nodes.node("G1", "400000.00", members=(child, made))
    return made


def left_at_group(company, amount="1000.00", **fields):
    view = documents.check(company, amount, **fields)
    return next(
        result.finding.limit
        for result in view.decision.results
        if result.check == "control_nodes" and result.finding.level == "G1"
    )


def _in_usd(company, amount):
    request = orders.request(company, reference="SO-USD")
    asked = dataclasses.replace(request, amount=Money.of(amount, "USD"))
    return check_order_credit.check_order_credit(requests=[asked], actor=SYSTEM)[0]


class TestLevels:
    def test_what_a_member_disputes_is_left_out_where_policy_does(self, company, sister):
        line = orders.invoice(company, sister, "INV-9", "80000.00", due=DAY)
        Instalment.objects.filter(pk=line.pk).update(disputed_amount="50000.00")
        Dispute.objects.create(
            company=company,
            customer=sister,
            instalment=line,
            amount="50000.00",
            currency="CNY",
            reason_code="quality",
            opened_on=DAY,
            recorded_at=clock.now(),
            recorded_by="test",
        )

        assert left_at_group(company) == "150000.00"

    def test_a_members_insurance_covers_what_that_member_owes_and_no_more(self, company, sister):
        documents.cover(company, customer_code="C002", kind="insurance", amount="900000", provider="示例保险")
        documents.activate(company)

        assert left_at_group(company) == "400000.00"

    def test_ones_own_insurance_covers_the_document_itself(self, company, sister):
        documents.cover(company, kind="insurance", amount="120000", provider="示例保险")
        documents.activate(company)

        fits = documents.check(company, "220000.00")
        assert fits.lets_through
        assert left_at_group(company, reference="SO-2") == "0.00"

    def test_a_cover_that_raises_the_line_raises_no_level(self, company, sister):
        documents.cover(company, customer_code="C002", amount="50000")
        documents.activate(company)

        assert left_at_group(company) == "100000.00"

    def test_cash_for_an_order_of_a_member_makes_no_room_for_others(self, company, sister):
        row = payment_row("PAY-1", "40000", customer_code="C002", payment_date=DAY, order_number="SO-9")
        receivables.payments(company, row)

        assert left_at_group(company) == "100000.00"
        assert left_at_group(company, customer_code="C002", reference="SO-9") == "139000.00"

    def test_the_page_says_what_the_check_says(self, company, sister):
        documents.cover(company, customer_code="C002", kind="insurance", amount="900000", provider="示例保险")
        documents.activate(company)

        standing = customer_levels.of_customer(customer_id=sister.pk, company_id=company.pk, as_of=DAY)[0]

        assert standing.exposure.text() == "0.00"
        assert standing.headroom.money.amount == Decimal(400000)

    def test_replays_identically(self, company, sister):
        documents.cover(company, customer_code="C001", kind="insurance", amount="120000", provider="示例保险")
        documents.activate(company)
        documents.check(company, "220000.00")
        documents.check(company, "220000.00", reference="SO-2")

        done = replay_decisions.replay_decisions(actor=SYSTEM)

        assert (done.replayed, done.identical) == (2, 2)


class TestSharedLine:
    def test_is_raised_by_cover_like_the_line_itself(self, company):
        orders.creditworthy(company, billed="0")
        nodes.rate("USD", "CNY", "7.00")
        documents.cover(company, amount="100000")
        documents.activate(company)

        view = _in_usd(company, "85000.00")

        found = next(one for one in view.decision.results if one.check == "control_nodes")
        assert (found.finding.ours, found.finding.limit) == ("595000.00", "600000.00")
