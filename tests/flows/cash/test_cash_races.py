"""Cash under races, on a database of its own: the same money is spent once, the same row recorded once."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connections

from factories import companies, customers, receivables
from factories.receivables import SYSTEM, invoice_row, payment_row
from tradecredit.analytics.receivables import verification
from tradecredit.apps.cash_application.models import Allocation, Payment
from tradecredit.apps.receivables.models import Instalment, Invoice
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.cash import apply_cash, unapply_cash
from tradecredit.flows.cash.apply_cash import Wanted
from tradecredit.flows.orders import verify_exposure
from tradecredit.flows.row_results import RowStatus
from tradecredit.plumbing.access import scope

THREADS = 8
pytestmark = pytest.mark.timeout(300)


@pytest.fixture
def company(own_database):
    found = companies.company()
    customers.customer(found)
    return found


def together(work, inputs):
    """Run the work in as many threads as there are inputs, all let go at once; returns results or refusals."""
    gate = threading.Barrier(len(inputs))

    def run(one):
        try:
            gate.wait(timeout=60)
            return work(one)
        except UnableToError as refusal:
            return refusal
        finally:
            connections["default"].close()

    with ThreadPoolExecutor(max_workers=len(inputs)) as pool:
        return list(pool.map(run, inputs))


def is_whole() -> bool:
    with scope.entered(SYSTEM):
        return (
            not verification.verify().differences and verify_exposure.verify_exposure(actor=SYSTEM).is_whole
        )


class TestRaces:
    def test_applies_the_same_money_once(self, company) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"), invoice_row("INV-2", "100.00"))
        receivables.payments(company, payment_row("PAY-1", "100.00"), match=False)

        def apply(number):
            wanted = [Wanted(invoice_number=f"INV-{number % 2 + 1}", amount=Decimal(100))]
            return apply_cash.apply_cash(company=company, payment_number="PAY-1", wanted=wanted, actor=SYSTEM)

        results = together(apply, range(THREADS))

        assert sum(not isinstance(result, UnableToError) for result in results) == 1
        with scope.entered(SYSTEM):
            assert Allocation.objects.count() == 1
            assert Payment.objects.get().allocated_amount == Decimal(100)
        assert is_whole()

    def test_undoes_an_allocation_once(self, company) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))
        receivables.payments(company, payment_row("PAY-1", "100.00", invoice_number="INV-1"))

        def undo(number):
            return unapply_cash.unapply_cash(
                company=company, payment_number="PAY-1", reason=f"mistake {number}", actor=SYSTEM
            )

        results = together(undo, range(THREADS))

        assert sum(not isinstance(result, UnableToError) for result in results) == 1
        with scope.entered(SYSTEM):
            assert Instalment.objects.get().settled_amount == 0
        assert is_whole()

    def test_records_the_same_rows_once(self, company) -> None:
        rows = [invoice_row(f"INV-{n}", "10.00") for n in range(20)]

        results = together(lambda _: receivables.invoices(company, *rows), range(THREADS))

        assert sorted(result.count(RowStatus.CREATED) for result in results) == [0] * (THREADS - 1) + [20]
        with scope.entered(SYSTEM):
            assert Invoice.objects.count() == 20
        assert is_whole()

    def test_settles_no_invoice_twice_when_payments_arrive_together(self, company) -> None:
        receivables.invoices(company, invoice_row("INV-1", "100.00"))

        def pay(number):
            return receivables.payments(
                company, payment_row(f"PAY-{number}", "30.00", invoice_number="INV-1")
            )

        together(pay, range(THREADS))

        with scope.entered(SYSTEM):
            assert Instalment.objects.get().settled_amount == Decimal(100)
            allocated = sum(payment.allocated_amount for payment in Payment.objects.all())
        assert allocated == Decimal(100)
        assert is_whole()
