from datetime import timedelta
from decimal import Decimal

import pytest

from factories import customers, receivables
from factories.receivables import DUE, SYSTEM, credit_row, invoice_row, payment_row
from tradecredit.apps.cash_application.models import Allocation, Payment
from tradecredit.apps.exposure import queries as exposure_queries
from tradecredit.apps.receivables.models import Instalment
from tradecredit.core.cash_application.allocation import UnableToAllocateError
from tradecredit.flows.cash import apply_cash, unapply_cash
from tradecredit.flows.cash.apply_cash import UnableToApplyCashError, Wanted
from tradecredit.flows.cash.unapply_cash import UnableToUnapplyCashError
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


@pytest.fixture
def books(company, customer):
    """Two invoices of 100.00 and 50.00 and an unapplied payment of 120.00."""
    receivables.invoices(company, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "50.00"))
    receivables.payments(company, payment_row("PAY-1", "120.00"), match=False)


def stages(company, customer) -> dict[str, str]:
    key = (company.pk, customer.pk, "CNY")
    account = exposure_queries.accounts_by_key([key])[key]
    return {name: getattr(account, name).text() for name in ("billed", "unapplied")}


def apply(company, *wanted: Wanted):
    return apply_cash.apply_cash(company=company, payment_number="PAY-1", wanted=wanted, actor=SYSTEM)


class TestApplyCash:
    def test_fills_the_invoices_in_the_order_given(self, company, customer, books) -> None:
        applied = apply(company, Wanted(invoice_number="INV-2"), Wanted(invoice_number="INV-1"))

        assert applied.unapplied.text() == "0.00"
        assert stages(company, customer) == {"billed": "30.00", "unapplied": "0.00"}
        assert {a.method for a in Allocation.objects.all()} == {"manual"}

    def test_applies_a_part_when_asked(self, company, customer, books) -> None:
        applied = apply(company, Wanted(invoice_number="INV-1", amount=Decimal("10.50")))

        assert applied.unapplied.text() == "109.50"
        assert stages(company, customer) == {"billed": "139.50", "unapplied": "-109.50"}

    @pytest.mark.parametrize(
        ("wanted", "error"),
        [
            (Wanted(invoice_number="INV-2", amount=Decimal("50.01")), UnableToAllocateError),
            (Wanted(invoice_number="INV-1", amount=Decimal(0)), UnableToAllocateError),
            (Wanted(invoice_number="INV-9"), UnableToApplyCashError),
            (Wanted(invoice_number="INV-1", line=2), UnableToApplyCashError),
        ],
    )
    def test_refuses_and_books_nothing(self, company, customer, books, wanted, error) -> None:
        with pytest.raises(error) as refusal:
            apply(company, wanted)

        assert refusal.value.words.zh
        assert Allocation.objects.count() == 0
        assert stages(company, customer) == {"billed": "150.00", "unapplied": "-120.00"}

    def test_refuses_the_whole_wish_when_its_second_part_is_too_much(self, company, customer, books) -> None:
        first = Wanted(invoice_number="INV-1", amount=Decimal(80))
        second = Wanted(invoice_number="INV-1", amount=Decimal("20.01"))

        with pytest.raises(UnableToAllocateError):
            apply(company, first, second)

        assert Allocation.objects.count() == 0

    def test_refuses_a_payment_that_is_not_there(self, company, customer) -> None:
        with pytest.raises(UnableToApplyCashError, match="no payment PAY-1"):
            apply(company, Wanted(invoice_number="INV-1"))

    def test_counts_from_the_invoice_day_when_the_money_came_before(self, company, customer, books) -> None:
        issued = DUE + timedelta(days=5)
        receivables.invoices(company, invoice_row("INV-3", "20.00", invoice_date=issued))

        apply(company, Wanted(invoice_number="INV-3"))

        assert Allocation.objects.get().effective_date == issued


class TestUnapplyCash:
    def test_restores_everything_by_reverse_rows(self, company, customer, books) -> None:
        before = stages(company, customer)
        apply(company, Wanted(invoice_number="INV-1"), Wanted(invoice_number="INV-2"))

        reversed_ids = unapply_cash.unapply_cash(
            company=company, payment_number="PAY-1", reason="wrong customer", actor=SYSTEM
        )

        assert len(reversed_ids) == 2
        assert stages(company, customer) == before
        assert Allocation.objects.count() == 4
        assert sum(a.amount for a in Allocation.objects.all()) == 0
        assert Payment.objects.get().allocated_amount == 0
        assert {(i.settled_amount, i.settled_on) for i in Instalment.objects.all()} == {(0, None)}
        assert Event.objects.filter(name="cash.unapplied").count() == 1

    def test_reverses_only_the_allocation_that_is_named(self, company, customer, books) -> None:
        applied = apply(company, Wanted(invoice_number="INV-1"), Wanted(invoice_number="INV-2"))

        unapply_cash.unapply_cash(
            company=company, allocation_ids=applied.allocation_ids[:1], reason="mistake", actor=SYSTEM
        )

        assert stages(company, customer) == {"billed": "130.00", "unapplied": "-100.00"}

    def test_refuses_to_reverse_twice(self, company, customer, books) -> None:
        applied = apply(company, Wanted(invoice_number="INV-1"))
        ids = applied.allocation_ids
        unapply_cash.unapply_cash(company=company, allocation_ids=ids, reason="mistake", actor=SYSTEM)

        with pytest.raises(UnableToUnapplyCashError):
            unapply_cash.unapply_cash(company=company, allocation_ids=ids, reason="again", actor=SYSTEM)

        assert Allocation.objects.count() == 2

    @pytest.mark.parametrize(
        "more",
        [
            {"payment_number": "PAY-1", "reason": " "},
            {"payment_number": "PAY-9", "reason": "x"},
            {"reason": "x"},
        ],
    )
    def test_refuses_without_a_reason_or_a_target(self, company, customer, books, more) -> None:
        with pytest.raises(UnableToUnapplyCashError):
            unapply_cash.unapply_cash(company=company, actor=SYSTEM, **more)

    def test_gives_credit_back_to_its_credit_note(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))
        receivables.credits_(company, credit_row("CN-1", "10.00", invoice_number="INV-1"))
        held = Allocation.objects.get()

        unapply_cash.unapply_cash(
            company=company, allocation_ids=[held.pk], reason="wrong invoice", actor=SYSTEM
        )

        assert stages(company, customer) == {"billed": "100.00", "unapplied": "-10.00"}
        assert not Instalment.objects.filter(settled_amount__gt=0).exists()

    def test_lets_the_same_money_be_applied_again(self, company, customer, books) -> None:
        apply(company, Wanted(invoice_number="INV-1"))
        unapply_cash.unapply_cash(company=company, payment_number="PAY-1", reason="mistake", actor=SYSTEM)

        apply(company, Wanted(invoice_number="INV-2"))

        assert stages(company, customer) == {"billed": "100.00", "unapplied": "-70.00"}

    def test_stays_undone_when_a_credit_note_comes_for_the_same_invoice(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))
        receivables.payments(company, payment_row("PAY-1", "60.00", invoice_number="INV-1"))
        unapply_cash.unapply_cash(company=company, payment_number="PAY-1", reason="mistake", actor=SYSTEM)

        receivables.credits_(company, credit_row("CN-1", "10.00", invoice_number="INV-1"))

        assert stages(company, customer) == {"billed": "90.00", "unapplied": "-60.00"}

    def test_leaves_an_undone_credit_note_alone_when_another_one_comes(self, company, customer) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))
        receivables.credits_(company, credit_row("CN-1", "10.00", invoice_number="INV-1"))
        held = Allocation.objects.get()
        unapply_cash.unapply_cash(company=company, allocation_ids=[held.pk], reason="mistake", actor=SYSTEM)

        receivables.credits_(company, credit_row("CN-2", "5.00", invoice_number="INV-1"))

        assert stages(company, customer) == {"billed": "95.00", "unapplied": "-10.00"}
