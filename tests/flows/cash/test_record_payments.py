import json
from datetime import timedelta
from decimal import Decimal

import pytest

from factories import companies, customers, receivables
from factories.receivables import DUE, ISSUED, SYSTEM, invoice_row, payment_row
from tradecredit.apps.cash_application.models import Allocation, Payment
from tradecredit.apps.decisions import policies as stored_policies
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.receivables.models import Instalment
from tradecredit.core.kernel.money import Money
from tradecredit.flows.cash import match_payments
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing import db
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


def publish_fifo(company) -> None:
    from tradecredit.analytics.receivables import policies

    section = json.loads(json.dumps(policies.default_section()))
    section["matching"]["by_fifo"] = True
    with db.unit_of_work(SYSTEM):
        stored_policies.publish(
            company_id=company.pk,
            document={"pack": {"name": "test"}, "receivables": section},
            valid_from=ISSUED,
            reason="test",
            published_by_id=SYSTEM.user_id,
            approved_by_id=SYSTEM.user_id,
        )


class TestRecordPayments:
    def test_applies_a_payment_to_the_invoice_that_it_names(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "50.00"))

        result = receivables.payments(company, payment_row(amount="60.00", invoice_number="INV-1"))

        assert statuses(result) == ["created"]
        allocation = Allocation.objects.get()
        assert (allocation.amount, allocation.method) == (Decimal(60), "reference")
        assert allocation.effective_date == DUE
        assert "INV-1" in allocation.explanation_zh
        assert stages(company, customer) == {"billed": "90.00"}
        event = Event.objects.get(name="cash.applied")
        assert (event.payload["amount"], event.payload["currency"]) == ("60.00", "CNY")

    def test_settles_on_the_day_of_the_money(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        receivables.payments(
            company,
            payment_row("PAY-1", "40.00", invoice_number="INV-1", payment_date=DUE),
            payment_row("PAY-2", "60.00", invoice_number="INV-1", payment_date=DUE - timedelta(days=2)),
        )

        line = Instalment.objects.get()
        assert (line.settled_amount, line.settled_on) == (Decimal(100), DUE)

    def test_leaves_the_rest_unapplied(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        receivables.payments(company, payment_row(amount="130.00", invoice_number="INV-1"))

        assert stages(company, customer) == {"unapplied": "-30.00"}
        assert Payment.objects.get().allocated_amount == Decimal(100)

    def test_applies_an_amount_that_fits_one_invoice_only(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "50.00"))

        receivables.payments(company, payment_row(amount="50.00"))

        assert Allocation.objects.get().method == "exact"
        assert stages(company, customer) == {"billed": "100.00"}

    def test_books_nothing_when_the_amount_fits_two(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "50.00"), invoice_row("INV-2", "50.00"))

        receivables.payments(company, payment_row(amount="50.00"))

        assert Allocation.objects.count() == 0
        assert stages(company, customer) == {"billed": "100.00", "unapplied": "-50.00"}

    def test_applies_a_sum_that_adds_up_in_one_way_only(self, company, customer) -> None:
        receivables.invoices(
            company,
            invoice_row("INV-1", "100.00"),
            invoice_row("INV-2", "50.00"),
            invoice_row("INV-3", "37.50"),
        )

        receivables.payments(company, payment_row(amount="137.50"))

        booked = Allocation.objects.order_by("amount").values_list("instalment__invoice__number", "amount")
        assert list(booked) == [("INV-3", Decimal("37.5")), ("INV-1", Decimal(100))]

    def test_applies_what_the_text_names_in_a_range(self, company, customer) -> None:
        receivables.invoices(
            company,
            *[invoice_row(f"INV-100{n}", amount) for n, amount in enumerate(("70.00", "20.00", "20.00"))],
        )

        receivables.payments(company, payment_row(amount="90.00", text="货款 INV-1000~1001"))

        numbers = Allocation.objects.values_list("instalment__invoice__number", flat=True)
        assert sorted(numbers) == ["INV-1000", "INV-1001"]
        assert stages(company, customer) == {"billed": "20.00"}

    def test_a_part_of_what_only_the_text_names_waits_for_a_person(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1001", "100.00"))

        receivables.payments(company, payment_row(amount="60.00", text="货款 INV-1001"))

        assert Allocation.objects.count() == 0
        suggested = match_payments.suggest(company=company, number="PAY-1")
        assert suggested is not None
        assert (suggested.customer_code, suggested.unapplied) == ("C001", Money.of("60.00", "CNY"))
        assert [way.signature for way in suggested.ways] == ["given/invoice/part/only"]

    def test_what_a_payment_was_recorded_for_comes_before_what_evidence_says(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        receivables.payments(
            company,
            payment_row("PAY-1", "100.00", payment_date=DUE - timedelta(days=1)),
            payment_row("PAY-2", "100.00", invoice_number="inv-1"),
        )

        assert Allocation.objects.get().payment.number == "PAY-2"

    def test_leaves_an_odd_amount_unapplied_by_default(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        receivables.payments(company, payment_row(amount="33.00"))

        assert stages(company, customer) == {"billed": "100.00", "unapplied": "-33.00"}

    def test_applies_oldest_first_where_the_policy_says_so(self, company, customer) -> None:
        publish_fifo(company)
        receivables.invoices(
            company,
            invoice_row("INV-NEW", "100.00", due_date=DUE + timedelta(days=9)),
            invoice_row("INV-OLD", "20.00"),
        )

        receivables.payments(company, payment_row(amount="33.00"))

        booked = Allocation.objects.order_by("amount").values_list(
            "instalment__invoice__number", "amount", "method"
        )
        assert list(booked) == [("INV-NEW", Decimal(13), "fifo"), ("INV-OLD", Decimal(20), "fifo")]

    def test_lets_two_payments_of_a_batch_share_an_invoice(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        receivables.payments(
            company,
            payment_row("PAY-1", "70.00", invoice_number="INV-1"),
            payment_row("PAY-2", "70.00", invoice_number="INV-1"),
        )

        assert stages(company, customer) == {"unapplied": "-40.00"}

    def test_changes_nothing_the_second_time(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))
        row = payment_row(amount="60.00", invoice_number="INV-1")
        receivables.payments(company, row)

        again = receivables.payments(company, row)

        assert statuses(again) == ["unchanged"]
        assert stages(company, customer) == {"billed": "40.00"}

    def test_refuses_a_known_number_that_says_something_else(self, company, customer) -> None:
        receivables.payments(company, payment_row(amount="60.00"))

        result = receivables.payments(company, payment_row(amount="61.00"))

        assert statuses(result) == ["refused"]
        assert stages(company, customer) == {"unapplied": "-60.00"}

    def test_names_a_duplicate_row(self, company, customer) -> None:
        result = receivables.payments(company, payment_row(), payment_row(), payment_row(amount="1.00"))

        assert statuses(result) == ["created", "unchanged", "refused"]
        assert [row.is_duplicate for row in result.rows] == [False, True, True]

    def test_never_applies_across_currencies(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00", currency="USD"))

        receivables.payments(company, payment_row(amount="100.00", currency="CAD", invoice_number="INV-1"))

        assert stages(company, customer, "USD") == {"billed": "100.00"}
        assert stages(company, customer, "CAD") == {"unapplied": "-100.00"}

    def test_never_applies_to_another_customer(self, company, customer) -> None:
        other = customers.customer(company, "C002", "示例五金乙有限公司")
        receivables.invoices(company, invoice_row("INV-1", "100.00", customer_code="C002"))

        receivables.payments(company, payment_row(amount="100.00", invoice_number="INV-1"))

        assert stages(company, other) == {"billed": "100.00"}
        assert stages(company, customer) == {"unapplied": "-100.00"}

    def test_only_records_when_asked_not_to_match(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        receivables.payments(company, payment_row(invoice_number="INV-1"), match=False)

        assert stages(company, customer) == {"billed": "100.00", "unapplied": "-100.00"}

    def test_knows_no_customer_of_another_company(self, company, customer) -> None:
        with scope.entered(SYSTEM):
            other = companies.company("OTHER", "示例商贸有限公司")

        result = receivables.payments(other, payment_row())

        assert statuses(result) == ["refused"]
        assert result.rows[0].field == "customer_code"

    def test_records_two_thousand_rows_in_a_few_statements(
        self, company, customer, django_assert_max_num_queries
    ) -> None:
        receivables.invoices(company, *[invoice_row(f"INV-{n}", "1.01") for n in range(2000)])
        rows = [payment_row(f"PAY-{n}", "1.01", invoice_number=f"INV-{n}") for n in range(2000)]

        with django_assert_max_num_queries(80):
            result = receivables.payments(company, *rows)

        assert result.count(RowStatus.CREATED) == 2000
        assert stages(company, customer) == {}
