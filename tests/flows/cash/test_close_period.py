from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from factories import companies, customers
from factories.receivables import DUE, ISSUED, SYSTEM, invoice_row, invoices, payment_row, payments
from tradecredit.analytics.receivables import aging, verification
from tradecredit.apps.cash_application.models import Allocation, Payment
from tradecredit.apps.receivables import periods
from tradecredit.apps.receivables.models import Invoice
from tradecredit.flows.cash import close_period, return_payment, unapply_cash
from tradecredit.flows.cash.close_period import UnableToClosePeriodError
from tradecredit.flows.cash.open_time import UnableToPostError
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing.access import scope

pytestmark = pytest.mark.django_db
SHUT = DUE + timedelta(days=1)
AFTER = SHUT + timedelta(days=1)


@pytest.fixture(autouse=True)
def _system_scope():
    with scope.entered(SYSTEM):
        yield


@pytest.fixture
def firm(db):
    firm = companies.company("ONE", "示例一有限公司")
    customers.customer(firm, "C001", "示例客户")
    invoices(firm, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "70.00"))
    payments(
        firm,
        payment_row("PAY-1", "100.00", invoice_number="INV-1"),
        payment_row("PAY-2", "70.00"),
        match=False,
    )
    payments(firm, payment_row("PAY-3", "5.00", invoice_number="INV-2"))
    return firm


@pytest.fixture
def shut(firm):
    close_period.close_period(company=firm, until=SHUT, actor=SYSTEM)
    return firm


def open_on(firm, day: date) -> str:
    (total,) = aging.aging(as_of=day, company_id=firm.pk).totals
    return total.aged.open.text()


class TestClosePeriod:
    def test_keeps_the_figures_of_its_last_day(self, firm):
        figures = close_period.close_period(company=firm, until=SHUT, actor=SYSTEM)

        assert figures["CNY"]["open"] == "165.00"
        assert figures["CNY"]["unapplied_cash"] == "170.00"
        assert periods.closed_until(company_id=firm.pk) == SHUT

    def test_refuses_today_and_what_is_closed_already(self, shut):
        for until in (SHUT, date(2999, 1, 1)):
            with pytest.raises(UnableToClosePeriodError):
                close_period.close_period(company=shut, until=until, actor=SYSTEM)

    def test_refuses_books_that_do_not_agree_with_their_entries(self, firm):
        Payment.objects.filter(number="PAY-3").update(allocated_amount=Decimal(4))

        with pytest.raises(UnableToClosePeriodError, match="PAY-3"):
            close_period.close_period(company=firm, until=SHUT, actor=SYSTEM)


class TestClosedTime:
    def test_refuses_documents_and_payments_row_by_row_and_takes_what_it_knows(self, shut):
        result = invoices(
            shut, invoice_row("INV-1", "100.00"), invoice_row("INV-9", "1.00"),
            invoice_row("INV-10", "1.00", invoice_date=AFTER, due_date=AFTER),
        )  # fmt: skip
        paid = payments(shut, payment_row("PAY-9", "1.00"))

        assert [row.status for row in result.rows] == [
            RowStatus.UNCHANGED, RowStatus.REFUSED, RowStatus.CREATED,
        ]  # fmt: skip
        assert str(SHUT) in result.rows[1].words.en
        assert [row.status for row in paid.rows] == [RowStatus.REFUSED]
        assert not Invoice.objects.filter(number="INV-9").exists()

    def test_refuses_a_correction_of_an_invoice_in_it(self, shut):
        result = invoices(shut, invoice_row("INV-2", "71.00"))

        assert [row.status for row in result.rows] == [RowStatus.REFUSED]

    def test_what_is_matched_later_counts_from_the_first_open_day(self, shut):
        payments(shut, payment_row("PAY-4", "65.00", invoice_number="INV-2", payment_date=AFTER))

        assert open_on(shut, SHUT) == "165.00"
        assert open_on(shut, AFTER) == "100.00"

    def test_what_is_undone_later_counts_from_the_first_open_day(self, shut):
        unapply_cash.unapply_cash(company=shut, payment_number="PAY-3", reason="wrong", actor=SYSTEM)

        assert open_on(shut, SHUT) == "165.00"
        assert open_on(shut, AFTER) == "170.00"
        assert verification.verify(company_id=shut.pk).differences == ()

    def test_refuses_a_return_dated_into_it(self, shut):
        with pytest.raises(UnableToPostError):
            return_payment.return_payment(
                company=shut, payment_number="PAY-2", amount=Decimal(70), day=SHUT, reason="r", actor=SYSTEM
            )


class TestDatabase:
    def test_itself_refuses_a_posting_whoever_tries(self, shut):
        line = Allocation.objects.select_related("instalment").first()
        attempts = [
            lambda: Invoice.objects.filter(number="INV-1").update(amount=Decimal(99)),
            lambda: self.copy(Invoice.objects.get(number="INV-1"), number="INV-X"),
            lambda: self.copy(Payment.objects.get(number="PAY-2"), number="PAY-X"),
            lambda: self.copy(line),
        ]

        for attempt in attempts:
            with pytest.raises(DatabaseError, match="closed"), transaction.atomic():
                attempt()

        assert Payment.objects.count() == 3

    def copy(self, row, **changes):
        row.pk = None
        row._state.adding = True
        for name, value in changes.items():
            setattr(row, name, value)
        row.id = type(row)._meta.pk.default()
        row.save(force_insert=True)


class TestReopenPeriod:
    def test_opens_the_days_after_the_new_end(self, shut):
        close_period.reopen_period(
            company=shut, until=ISSUED - timedelta(days=1), reason="forgotten", actor=SYSTEM
        )

        assert [row.status for row in invoices(shut, invoice_row("INV-9", "1.00")).rows] == [
            RowStatus.CREATED
        ]

    def test_needs_a_reason_and_an_earlier_day(self, shut):
        for until, reason in ((SHUT, "because"), (ISSUED, " ")):
            with pytest.raises(UnableToClosePeriodError):
                close_period.reopen_period(company=shut, until=until, reason=reason, actor=SYSTEM)
