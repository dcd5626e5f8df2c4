from datetime import date, timedelta
from decimal import Decimal

import pytest

from factories import customers, receivables
from factories.receivables import DUE, ISSUED, SYSTEM, credit_row, invoice_row, payment_row
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.receivables.models import Instalment, Invoice, InvoiceCorrection
from tradecredit.core.kernel import money
from tradecredit.flows.imports.import_invoices import InstalmentRow
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.outbox.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(company):
    return customers.customer(company)


@pytest.fixture(autouse=True)
def in_scope():
    with scope.entered(SYSTEM):
        yield


def stages(company, customer, currency: str = "CNY") -> dict[str, str]:
    key = (company.pk, customer.pk, currency)
    account = exposure_queries.accounts_by_key([key])[key]
    names = ("ordered", "delivered", "billed", "unapplied")
    return {name: getattr(account, name).text() for name in names if not getattr(account, name).is_zero}


def statuses(result) -> list[str]:
    return [row.status.value for row in result.rows]


class TestImportInvoices:
    def test_records_an_invoice_with_its_instalment_and_exposure(self, company, customer) -> None:
        result = receivables.invoices(company, invoice_row("INV-1", "1234.50"))

        assert statuses(result) == ["created"]
        line = Instalment.objects.get(invoice__number="INV-1")
        assert (line.due_date, line.amount, line.settled_amount) == (DUE, Decimal("1234.50"), 0)
        assert stages(company, customer) == {"billed": "1234.50"}
        event = Event.objects.get(name="invoice.recorded")
        assert event.payload["customer_id"] == str(customer.pk)

    def test_changes_nothing_the_second_time(self, company, customer) -> None:
        rows = [invoice_row("INV-1"), invoice_row("INV-2", "7.00")]
        receivables.invoices(company, *rows)

        again = receivables.invoices(company, *rows)

        assert statuses(again) == ["unchanged", "unchanged"]
        assert Invoice.objects.count() == 2
        assert stages(company, customer) == {"billed": "107.00"}

    def test_names_a_duplicate_row_of_the_same_batch(self, company, customer) -> None:
        result = receivables.invoices(company, invoice_row("INV-1"), invoice_row("INV-1"))

        assert statuses(result) == ["created", "unchanged"]
        assert result.rows[1].is_duplicate
        assert "row 1" in result.rows[1].words.en
        assert stages(company, customer) == {"billed": "100.00"}

    def test_refuses_a_second_row_of_the_batch_that_says_something_else(self, company, customer) -> None:
        result = receivables.invoices(company, invoice_row("INV-1"), invoice_row("INV-1", "99.00"))

        assert statuses(result) == ["created", "refused"]
        assert stages(company, customer) == {"billed": "100.00"}

    @pytest.mark.parametrize(
        ("row", "field"),
        [
            (invoice_row(customer_code="NOBODY"), "customer_code"),
            (invoice_row(amount="0.00"), "amount"),
            (invoice_row(amount="-5.00"), "amount"),
            (invoice_row(amount="1.005"), "amount"),
            (invoice_row(currency="RMB2"), "amount"),
            (invoice_row(due_date=None), "due_date"),
            (invoice_row(due_date=None, terms_days=-3), "terms_days"),
            (invoice_row(number=" "), "number"),
            (
                invoice_row(instalments=(InstalmentRow(due_date=DUE, amount=Decimal("99.99")),)),
                "instalments",
            ),
        ],
    )
    def test_refuses_a_bad_row_and_takes_the_good_one(self, company, customer, row, field) -> None:
        result = receivables.invoices(company, row, invoice_row("INV-GOOD", "5.00"))

        assert statuses(result) == ["refused", "created"]
        assert result.rows[0].field == field
        assert result.rows[0].words.zh
        assert stages(company, customer) == {"billed": "5.00"}

    def test_computes_the_due_day_from_terms_in_days(self, company, customer) -> None:
        receivables.invoices(company, invoice_row(due_date=None, terms_days=45))

        assert Instalment.objects.get().due_date == ISSUED + timedelta(days=45)

    def test_keeps_instalments_apart(self, company, customer) -> None:
        parts = (
            InstalmentRow(due_date=DUE, amount=Decimal(40)),
            InstalmentRow(due_date=DUE + timedelta(days=30), amount=Decimal(60)),
        )

        receivables.invoices(company, invoice_row(due_date=None, instalments=parts))

        lines = Instalment.objects.order_by("line").values_list("line", "amount")
        assert list(lines) == [(1, Decimal(40)), (2, Decimal(60))]

    def test_corrects_an_invoice_that_nothing_was_set_against(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        result = receivables.invoices(company, invoice_row("INV-1", "90.00", due_date=date(2026, 3, 1)))

        assert statuses(result) == ["updated"]
        line = Instalment.objects.get()
        assert (line.amount, line.due_date) == (Decimal(90), date(2026, 3, 1))
        assert '"amount":"100' in InvoiceCorrection.objects.get().before
        assert stages(company, customer) == {"billed": "90.00"}

    def test_refuses_to_rewrite_an_invoice_with_allocations(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))
        receivables.payments(company, payment_row(amount="30.00", invoice_number="INV-1"))

        result = receivables.invoices(company, invoice_row("INV-1", "90.00"))

        assert statuses(result) == ["refused"]
        assert "unapply" in result.rows[0].words.en
        assert Instalment.objects.get().amount == Decimal(100)
        assert stages(company, customer) == {"billed": "70.00"}

    def test_refuses_a_number_of_another_customer(self, company, customer) -> None:
        customers.customer(company, "C002", "示例五金乙有限公司")
        receivables.invoices(company, invoice_row("INV-1"))

        result = receivables.invoices(company, invoice_row("INV-1", customer_code="C002"))

        assert statuses(result) == ["refused"]
        assert "another customer" in result.rows[0].words.en

    def test_keeps_currencies_in_accounts_of_their_own(self, company, customer) -> None:
        receivables.invoices(
            company,
            invoice_row("INV-1", "5.00", currency="USD"),
            invoice_row("INV-2", "7.00", currency="CAD"),
        )

        assert stages(company, customer, "USD") == {"billed": "5.00"}
        assert stages(company, customer, "CAD") == {"billed": "7.00"}

    def test_applies_a_payment_that_came_before_its_invoice(self, company, customer) -> None:
        receivables.payments(company, payment_row(amount="60.00", invoice_number="INV-1"))
        assert stages(company, customer) == {"unapplied": "-60.00"}

        receivables.invoices(company, invoice_row("INV-1", "100.00", invoice_date=DUE + timedelta(days=3)))

        assert stages(company, customer) == {"billed": "40.00"}
        assert Instalment.objects.get().settled_amount == Decimal(60)

    def test_imports_two_thousand_rows_in_a_few_statements(
        self, company, customer, django_assert_max_num_queries
    ) -> None:
        rows = [invoice_row(f"INV-{index}", "1.01") for index in range(2000)]

        with django_assert_max_num_queries(60):
            result = receivables.invoices(company, *rows)

        assert result.count(RowStatus.CREATED) == 2000
        assert stages(company, customer) == {"billed": "2020.00"}


class TestImportCreditNotes:
    def test_sets_off_the_invoice_that_it_names(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        result = receivables.credits_(company, credit_row("CN-1", "10.00", invoice_number="INV-1"))

        assert statuses(result) == ["created"]
        assert stages(company, customer) == {"billed": "90.00"}

    def test_stands_on_account_without_an_invoice(self, company, customer) -> None:
        receivables.credits_(company, credit_row("CN-1", "10.00"))

        assert stages(company, customer) == {"unapplied": "-10.00"}

    def test_waits_for_the_invoice_that_it_names(self, company, customer) -> None:
        receivables.credits_(company, credit_row("CN-1", "10.00", invoice_number="INV-1"))

        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        assert stages(company, customer) == {"billed": "90.00"}

    def test_never_takes_off_more_than_is_open(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "8.00"))

        receivables.credits_(company, credit_row("CN-1", "10.00", invoice_number="INV-1"))

        assert stages(company, customer) == {"unapplied": "-2.00"}

    def test_changes_nothing_the_second_time(self, company, customer) -> None:
        receivables.credits_(company, credit_row("CN-1", "10.00"))

        again = receivables.credits_(company, credit_row("CN-1", "10.00"))

        assert statuses(again) == ["unchanged"]
        assert stages(company, customer) == {"unapplied": "-10.00"}


def test_money_is_imported_exactly(company, customer) -> None:
    amounts = ["0.01", "99999999999999.99", "1234567.89"]

    receivables.invoices(
        company, *[invoice_row(f"INV-{index}", amount) for index, amount in enumerate(amounts)]
    )

    stored = Invoice.objects.order_by("number").values_list("amount", flat=True)
    assert [money.plain(amount, "CNY") for amount in stored] == amounts
