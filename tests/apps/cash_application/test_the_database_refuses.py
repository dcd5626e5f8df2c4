"""What the database itself refuses about payments, allocations and instalments."""

from decimal import Decimal

import pytest
from django.db import IntegrityError, ProgrammingError, connection, transaction

from factories import customers, receivables
from factories.receivables import DUE, SYSTEM, invoice_row, payment_row
from tradecredit.apps.cash_application.models import Allocation, Payment
from tradecredit.apps.receivables import operations
from tradecredit.apps.receivables.models import Dispute, Instalment, InvoiceCorrection
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import scope
from tradecredit.plumbing.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def books(company):
    """An invoice of 100.00 with 60.00 of a payment of 80.00 applied."""
    customers.customer(company)
    receivables.invoices(company, invoice_row("INV-1", "100.00"))
    receivables.payments(company, payment_row("PAY-1", "60.00", invoice_number="INV-1"))
    with scope.entered(SYSTEM):
        yield


def refused(constraint: str, change) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        change()


def allocation(**changes) -> Allocation:
    held = Allocation.objects.get(reverses__isnull=True)
    values = {
        field.attname: getattr(held, field.attname)
        for field in Allocation._meta.concrete_fields
        if field.attname != "id"
    }
    return Allocation(**{**values, **changes})


class TestInstalment:
    def test_settles_no_more_than_its_amount(self) -> None:
        refused("instalment_settled_within_amount", lambda: Instalment.objects.update(settled_amount=101))

    def test_settles_nothing_negative(self) -> None:
        refused("instalment_settled_within_amount", lambda: Instalment.objects.update(settled_amount=-1))

    def test_refuses_over_allocation_through_the_operation(self) -> None:
        line = Instalment.objects.get()
        change = operations.Settlement(line_id=line.pk, change=Decimal("40.01"), settled_on=DUE)

        def settle() -> None:
            with db.unit_of_work(SYSTEM):
                operations.settle(changes=[change])

        refused("instalment_settled_within_amount", settle)
        assert Instalment.objects.get().settled_amount == Decimal(60)

    def test_disputes_no_more_than_its_amount(self) -> None:
        refused("instalment_disputed_within_amount", lambda: Instalment.objects.update(disputed_amount=101))

    def test_is_disputed_once_at_a_time(self) -> None:
        line = Instalment.objects.get()

        def dispute() -> None:
            Dispute.objects.create(
                company_id=line.company_id, customer_id=line.customer_id, instalment=line, amount=1,
                currency="CNY", reason_code="x", opened_on=DUE, recorded_at=clock.now(), recorded_by="x",
            )  # fmt: skip

        dispute()
        refused("dispute_open_once_a_line", dispute)


class TestPayment:
    def test_allocates_no_more_than_its_amount(self) -> None:
        refused("payment_allocated_within_amount", lambda: Payment.objects.update(allocated_amount=61))

    def test_has_its_number_once(self) -> None:
        held = Payment.objects.get()
        held.pk = new_id()
        held._state.adding = True

        refused("payment_number_once", held.save)


class TestAllocation:
    @pytest.mark.parametrize(
        ("changes", "constraint"),
        [
            ({"amount": Decimal(-1)}, "allocation_sign"),
            ({"amount": Decimal(0)}, "allocation_sign"),
            ({"payment_id": None}, "allocation_from_one_source"),
        ],
    )
    def test_refuses_nonsense(self, changes, constraint) -> None:
        refused(constraint, allocation(**changes).save)

    def test_is_reversed_once(self) -> None:
        held = Allocation.objects.get()
        allocation(amount=-held.amount, reverses_id=held.pk, method="reversal").save()

        refused("allocation_reversed_once", allocation(amount=-held.amount, reverses_id=held.pk).save)

    @pytest.mark.parametrize("statement", ["UPDATE {} SET amount = 1", "DELETE FROM {}", "TRUNCATE {}"])
    @pytest.mark.parametrize("model", [Allocation, InvoiceCorrection])
    def test_is_never_edited_or_deleted(self, statement, model) -> None:
        before = Allocation.objects.get().amount

        with (
            pytest.raises((ProgrammingError, IntegrityError)),
            transaction.atomic(),
            connection.cursor() as c,
        ):
            c.execute(statement.format(model._meta.db_table).replace("amount = 1", "recorded_by = 'x'"))

        assert Allocation.objects.get().amount == before
