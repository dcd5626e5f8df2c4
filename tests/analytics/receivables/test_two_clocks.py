"""A report of a past day, as known at a past moment, still says what it said."""

from datetime import UTC, date, datetime

import pytest

from factories import customers, receivables
from factories.receivables import SYSTEM, invoice_row, payment_row
from tradecredit.analytics.receivables import aging
from tradecredit.flows.cash import unapply_cash
from tradecredit.plumbing import clock
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
DAY = date(2026, 2, 10)
FIRST = datetime(2026, 2, 10, 9, tzinfo=UTC)
SECOND = datetime(2026, 2, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def customer(company):
    with scope.entered(SYSTEM):
        yield customers.customer(company)


def figures(*, known_at=None, as_of=DAY) -> dict[str, str]:
    totals = aging.aging(as_of=as_of, known_at=known_at).totals
    if not totals:
        return {}
    aged = totals[0].aged
    return {"open": aged.open.text(), "unapplied": aged.unapplied_cash.text(), "1-30": aged.amounts[1].text()}


class TestKnownAt:
    def test_keeps_the_answer_from_before_an_allocation_was_undone(self, company) -> None:
        with clock.at(FIRST):
            receivables.invoices(company, invoice_row("INV-1", "100.00"))
            receivables.payments(company, payment_row(amount="60.00", invoice_number="INV-1"))
        with clock.at(SECOND):
            unapply_cash.unapply_cash(company=company, payment_number="PAY-1", reason="x", actor=SYSTEM)

        assert figures(known_at=FIRST) == {"open": "40.00", "unapplied": "0.00", "1-30": "40.00"}
        assert figures() == {"open": "100.00", "unapplied": "60.00", "1-30": "100.00"}

    def test_keeps_the_answer_from_before_a_correction(self, company) -> None:
        with clock.at(FIRST):
            receivables.invoices(company, invoice_row("INV-1", "100.00"))
        with clock.at(SECOND):
            receivables.invoices(company, invoice_row("INV-1", "90.00", due_date=date(2026, 3, 31)))

        assert figures(known_at=FIRST) == {"open": "100.00", "unapplied": "0.00", "1-30": "100.00"}
        assert figures(known_at=SECOND) == {"open": "90.00", "unapplied": "0.00", "1-30": "0.00"}

    def test_does_not_know_yet_what_was_recorded_late(self, company) -> None:
        with clock.at(SECOND):
            receivables.invoices(company, invoice_row("INV-1", "100.00"))

        assert figures(known_at=FIRST) == {}
        assert figures()["open"] == "100.00"

    def test_counts_money_from_its_day_and_not_from_its_recording(self, company) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))
        receivables.payments(
            company, payment_row(amount="60.00", invoice_number="INV-1", payment_date=date(2026, 2, 11))
        )

        assert figures(as_of=DAY)["open"] == "100.00"
        assert figures(as_of=date(2026, 2, 11))["open"] == "40.00"
