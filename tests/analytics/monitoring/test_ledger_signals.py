"""What the ledger says, over whole books as the core says it of one customer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

import pytest

from factories import customers, limits, receivables
from tradecredit.analytics.monitoring import ledger_signals
from tradecredit.apps.collections.models import Promise
from tradecredit.apps.dossier.models import Relation
from tradecredit.apps.monitoring.models import Alert
from tradecredit.apps.orders.models import Order
from tradecredit.apps.receivables.models import Dispute, Instalment, Invoice
from tradecredit.core.monitoring import detectors
from tradecredit.core.monitoring.detectors import Detectors, OrderDetector, PaymentDetector
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import Actor, scope

pytestmark = pytest.mark.django_db
SYSTEM = Actor.system("test")
TODAY = date(2026, 6, 30)
RULES = Detectors(payments=PaymentDetector(least_items=3), orders=OrderDetector(periods=4, least_active=3))


@pytest.fixture
def customer(company):
    with scope.entered(SYSTEM):
        yield customers.customer(company, "C001")


def _signal(company, customer, name, *, echoes=(), whole=False):
    found = ledger_signals.supply(
        company_id=company.pk,
        customer_ids=None if whole else [customer.pk],
        names={name},
        as_of=TODAY,
        rules=RULES,
        echoes=echoes,
    )
    one = found[name].get(customer.pk)
    return None if one is None else one.value


def _paid(company, customer, rows):
    """Record instalments that were due and settled on the days."""
    for number, (due, settled) in enumerate(rows):
        invoice = Invoice.objects.create(
            company=company, customer=customer, number=f"P-{customer.code}-{number}", invoice_date=due,
            currency="CNY", amount=100, content_hash="", recorded_at=clock.now(),
        )  # fmt: skip
        Instalment.objects.create(
            company=company, customer=customer, invoice=invoice, due_date=due, currency="CNY", amount=100,
            settled_amount=100, settled_on=settled,
        )  # fmt: skip


def _orders(company, customer, amounts):
    """Record one order a period, the latest first; none where the amount is nothing."""
    for period, amount in enumerate(amounts):
        if amount:
            Order.objects.create(
                company=company, customer=customer, reference=f"SO-{customer.code}-{period}", currency="CNY",
                order_date=TODAY - timedelta(days=30 * period + 5), amount=amount, status="released",
                recorded_at=clock.now(), updated_at=clock.now(),
            )  # fmt: skip


class TestPayments:
    @pytest.mark.parametrize("seed", range(3))
    def test_sql_and_core_agree_on_invented_books(self, company, customer, seed):
        random = Random(seed)
        rows = []
        for _ in range(24):
            settled = TODAY - timedelta(days=random.randint(0, 300))
            rows.append((settled - timedelta(days=random.randint(-10, 40)), settled))
        _paid(company, customer, rows)
        days = sorted(
            (settled, due, row.pk)
            for row in Instalment.objects.filter(customer=customer)
            for settled, due in [(row.settled_on, row.due_date)]
        )
        recent = [
            Decimal((settled - due).days) for settled, due, _ in days if settled > TODAY - timedelta(days=90)
        ]
        earlier = [
            Decimal((settled - due).days) for settled, due, _ in days if settled <= TODAY - timedelta(days=90)
        ]
        rules = RULES.payments

        assert _signal(company, customer, "payment_slowing") == detectors.slowing(
            recent=recent, baseline=earlier, rules=rules
        )
        assert _signal(company, customer, "payment_drift") == detectors.drift(
            recent=recent, baseline=earlier, rules=rules
        )

    def test_the_average_is_told_with_the_one_before(self, company, customer):
        rows = [(TODAY - timedelta(days=day + late), TODAY - timedelta(days=day))
                for day, late in ((10, 20), (20, 14), (30, 14), (120, 2), (130, 4), (140, -3))]  # fmt: skip
        _paid(company, customer, rows)

        found = ledger_signals.supply(
            company_id=company.pk,
            customer_ids=[customer.pk],
            names={"average_days_late"},
            as_of=TODAY,
            rules=RULES,
        )

        one = found["average_days_late"][customer.pk]
        assert (one.value, one.previous) == (16, 2)


class TestOrders:
    @pytest.mark.parametrize(
        ("amounts", "drop"),
        [((40, 100, 90, 110, 100), "0.6000"), ((0, 100, 100, 100), "1.0000"), ((40, 100, 0, 0, 100), None)],
    )
    def test_a_plunge_is_measured_against_the_usual(self, company, customer, amounts, drop):
        _orders(company, customer, amounts)

        assert _signal(company, customer, "order_drop") == (None if drop is None else Decimal(drop))

    def test_a_surge_is_the_other_way_round(self, company, customer):
        _orders(company, customer, (250, 100, 100, 100, 100))

        assert _signal(company, customer, "order_surge") == Decimal("1.5000")


class TestUtilisation:
    @pytest.mark.parametrize(("limit", "share"), [("1000.00", "0.9000"), ("0.00", "1.0000")])
    def test_is_what_is_used_of_the_line(self, company, customer, limit, share):
        limits.opening(company, limit=limit)
        receivables.invoices(company, receivables.invoice_row("INV-1", "900.00"))

        assert _signal(company, customer, "utilisation") == Decimal(share)

    def test_nothing_is_known_without_a_line(self, company, customer):
        receivables.invoices(company, receivables.invoice_row("INV-1", "900.00"))

        assert _signal(company, customer, "utilisation") is None


class TestPromises:
    @pytest.mark.parametrize(("paid", "broken"), [(None, 1), ("99.00", 1), ("100.00", None)])
    def test_a_promise_is_broken_when_less_was_paid_by_its_day(self, company, customer, paid, broken):
        Promise.objects.create(
            company=company, customer=customer, instalment_ids=[], amount=100, currency="CNY",
            promised_date=TODAY - timedelta(days=3), made_on=TODAY - timedelta(days=20), recorded_at=clock.now(),
            recorded_by="test",
        )  # fmt: skip
        if paid:
            row = receivables.payment_row("PAY-1", paid, payment_date=TODAY - timedelta(days=4))
            receivables.payments(company, row, match=False)

        assert _signal(company, customer, "broken_promises") == broken


class TestComplaints:
    def test_counts_disputes_now_and_before(self, company, customer):
        _paid(company, customer, [(TODAY, TODAY)])
        for days in (1, 2, 3, 100):
            Dispute.objects.create(
                company=company, customer=customer, instalment=Instalment.objects.get(), amount=1, currency="CNY",
                reason_code="quality", opened_on=TODAY - timedelta(days=days), closed_on=TODAY,
                recorded_at=clock.now(),
                recorded_by="test",
            )  # fmt: skip

        found = ledger_signals.supply(
            company_id=company.pk, customer_ids=None, names={"disputes_opened"}, as_of=TODAY, rules=RULES
        )

        one = found["disputes_opened"][customer.pk]
        assert (one.value, one.previous) == (3, 1)


def _alert(company, customer, rule="r", level="red"):
    Alert.objects.create(
        company=company, customer=customer, rule=rule, level=level, text_zh="", text_en="", facts="{}",
        dedupe_key=f"{customer.code}{rule}", policy_version_id=company.pk, raised_on=TODAY, created_at=clock.now(),
    )  # fmt: skip


class TestRelations:
    def test_the_gravest_alert_in_the_group_counts_but_never_ones_own(self, company, customer):
        head = customers.customer(company, "C002", "示例集团有限公司")
        sister = customers.customer(company, "C003", "示例姊妹有限公司", parent=head)
        customer.parent = head
        customer.save()
        _alert(company, customer, level="red")
        _alert(company, sister, level="orange")

        assert _signal(company, customer, "group_alert_level", whole=True) == 2
        assert _signal(company, sister, "group_alert_level") == 3

    def test_an_echo_of_another_alert_is_none(self, company, customer):
        head = customers.customer(company, "C002", "示例集团有限公司")
        customer.parent = head
        customer.save()
        _alert(company, head, rule="group-red")

        assert _signal(company, customer, "group_alert_level", echoes=["group-red"]) is None

    @pytest.mark.parametrize(
        ("kind", "name"), [("guarantee", "guarantor_alert_level"), ("supplies", "buyer_alert_level")]
    )
    def test_a_warned_guarantor_and_a_warned_buyer_are_told(self, company, customer, kind, name):
        other = customers.customer(company, "C002", "示例另一家有限公司")
        bound, party = (customer, other) if kind == "guarantee" else (other, customer)
        Relation.objects.create(
            company=company, customer=bound, party=party, party_name=party.name, kind=kind,
            valid_from=TODAY - timedelta(days=9), recorded_at=clock.now(), recorded_by="test",
        )  # fmt: skip
        _alert(company, other)

        assert _signal(company, customer, name) == 3
        assert _signal(company, other, name) is None
