"""Pair tests: what SQL says of generated books is what the core says, to the cent."""

import itertools
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from analytics.receivables import generated_books
from factories.receivables import SYSTEM
from tradecredit.analytics.receivables import (
    aging,
    behaviour,
    books,
    open_items,
    policies,
    ratios,
    verification,
)
from tradecredit.apps.receivables.models import InvoiceCorrection
from tradecredit.core.kernel import money, periods
from tradecredit.core.receivables import aging as core_aging
from tradecredit.core.receivables import dso, payment_behaviour
from tradecredit.core.receivables import open_items as core_items
from tradecredit.core.receivables.payment_behaviour import BehaviourPolicy
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.xdist_group("generated-books")
DAYS = [date(2025, 3, 31), date(2025, 7, 1), date(2026, 2, 28)]
WHEN = list(
    itertools.product(DAYS, [None, datetime(2025, 6, 17, tzinfo=UTC), datetime(2025, 9, 22, tzinfo=UTC)])
)


@pytest.fixture(autouse=True)
def made(worlds):
    """Books as they are generated, nothing added."""

    def build():
        with scope.entered(SYSTEM):
            return generated_books.build(seed=20250331)

    with worlds.entered("books", build) as made, scope.entered(SYSTEM):
        yield made


def core_open(instalments, *, as_of, known_at, currency):
    items = core_items.open_items(instalments=instalments, as_of=as_of, known_at=known_at)
    return [item for item in items if item.amount.currency == currency]


class TestPairs:
    def test_aging_by_customer_equals_the_core(self, made) -> None:
        for (as_of, known_at), scheme in itertools.product(WHEN, ["overdue", "overdue_short", "age"]):
            self.check_aging(made, as_of, known_at, scheme)

    def check_aging(self, made, as_of, known_at, scheme) -> None:
        report = aging.aging(as_of=as_of, known_at=known_at, scheme=scheme)
        by_code = {(group.keys[0], group.currency): group.aged for group in report.groups}
        by_customer = books.instalments(as_of=as_of, known_at=known_at)

        for code, customer in made["people"].items():
            for currency in ("CNY", "USD"):
                expected = core_aging.age(
                    items=core_open(
                        by_customer.get(customer.pk, ()), as_of=as_of, known_at=known_at, currency=currency
                    ),
                    scheme=policies.default().schemes[scheme],
                    as_of=as_of,
                    currency=currency,
                )
                found = by_code.get((code, currency))
                amounts = found.amounts if found else tuple(a - a for a in expected.amounts)
                assert amounts == expected.amounts, (code, currency)
                assert money.total(amounts, currency) == expected.open

    def test_behaviour_equals_the_core(self, made) -> None:
        for as_of, known_at in WHEN:
            self.check_behaviour(made, as_of, known_at)

    def check_behaviour(self, made, as_of, known_at) -> None:
        by_customer = books.instalments(as_of=as_of, known_at=known_at)
        for window in (None, 120):
            policy = BehaviourPolicy(window_days=window, recent_days=60, steady_within_days=Decimal(2))
            rows = behaviour.behaviour(as_of=as_of, known_at=known_at, policy=policy)

            assert rows or known_at is not None
            for row in rows:
                assert row.behaviour == payment_behaviour.measure(
                    instalments=by_customer[row.customer_id],
                    policy=policy,
                    as_of=as_of,
                    known_at=known_at,
                    currency=row.behaviour.currency,
                )

    def test_open_items_equal_the_core(self, made) -> None:
        for as_of, known_at in WHEN:
            self.check_open_items(made, as_of, known_at)

    def check_open_items(self, made, as_of, known_at) -> None:
        rows = open_items.open_items(as_of=as_of, known_at=known_at)
        instalments = [
            item for found in books.instalments(as_of=as_of, known_at=known_at).values() for item in found
        ]
        expected = core_items.open_items(instalments=instalments, as_of=as_of, known_at=known_at)

        assert {(str(r.item_id), r.open, r.disputed, r.days_overdue) for r in rows} == {
            (i.item_id, i.open, i.disputed, i.days_overdue(as_of)) for i in expected
        }

    def test_ratios_equal_the_core(self, made) -> None:
        for as_of, known_at in WHEN:
            self.check_ratios(made, as_of, known_at)

    def check_ratios(self, made, as_of, known_at) -> None:
        report = ratios.ratios(as_of=as_of, known_at=known_at, by=["customer"], months=3)
        by_customer = books.instalments(as_of=as_of, known_at=known_at)
        begin = periods.add_months(as_of, -3)

        for row in report.rows:
            instalments = [
                i for i in by_customer[made["people"][row.keys[0]].pk] if i.amount.currency == row.currency
            ]
            end = core_open(instalments, as_of=as_of, known_at=known_at, currency=row.currency)
            start = core_open(instalments, as_of=begin, known_at=known_at, currency=row.currency)
            total = money.total((item.open for item in end), row.currency)
            not_due = money.total((i.open for i in end if not i.is_overdue(as_of)), row.currency)
            sales = money.total((i.amount for i in instalments if i.invoice_date > begin), row.currency)
            judged = [
                payment_behaviour.judge(instalment=i, as_of=as_of, known_at=known_at) for i in instalments
            ]
            due = [
                dso.DueAmount(due_date=j.due_date, amount=j.amount, paid_in_time=j.paid_in_time)
                for j in judged
                if j is not None
            ]
            assert row.open_total == total
            assert row.dso == dso.simple(open_total=total, credit_sales=sales, days=(as_of - begin).days)
            assert row.best_possible_dso == dso.best_possible(
                open_not_due=not_due, credit_sales=sales, days=(as_of - begin).days
            )
            assert row.collection_effectiveness_index == dso.collection_effectiveness_index(
                open_begin=money.total((item.open for item in start), row.currency),
                credit_sales=sales,
                open_end=total,
                open_end_not_due=not_due,
            )
            assert row.on_time_collection_rate == dso.on_time_collection_rate(
                due=due, start=begin + timedelta(days=1), end=as_of
            )


class TestBooks:
    def test_hold_what_they_promise(self, made) -> None:
        assert InvoiceCorrection.objects.count() > 3

    def test_verify_without_a_difference(self, made) -> None:
        verified = verification.verify()

        assert verified.differences == ()
        assert verified.lines > 150
        assert verified.accounts == 6
