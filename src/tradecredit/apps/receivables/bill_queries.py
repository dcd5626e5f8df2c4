"""Read bills as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.receivables.models import Bill, BillEvent, BillStatus
from tradecredit.core.kernel.money import Money
from tradecredit.core.receivables import bills as bills_

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.receivables.bills import SubRange


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRecord:
    """A bill as it stands."""

    id: UUID
    customer_id: UUID
    customer_code: str
    customer_name: str
    number: str
    kind: str
    acceptor: str
    acceptor_class: str
    drawer: str
    amount: Money
    issue_date: date
    received_on: date
    due_date: date
    status: str
    passed_to: str
    invoice_number: str
    order_number: str
    content_hash: str
    package_id: UUID | None = None
    held: SubRange | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BillStep:
    """One step of a bill's life."""

    bill_id: UUID
    status: str
    day: date
    counterparty: str
    reason: str
    recorded_at: datetime
    recorded_by: str


def bills_by_number(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, BillRecord]:
    """Return the bills under these numbers."""
    rows = Bill.objects.filter(company_id=company_id, number__in=set(numbers)).select_related("customer")
    return {row.number: _bill(row) for row in rows}


def bills(
    *,
    company_id: UUID,
    customer_id: UUID | None = None,
    statuses: Iterable[str] | None = None,
    most: int = 500,
) -> tuple[BillRecord, ...]:
    """Return the bills of a company (of one customer, in some states), soonest due first."""
    rows = Bill.objects.filter(company_id=company_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if statuses is not None:
        rows = rows.filter(status__in=set(statuses))
    return tuple(_bill(row) for row in rows.select_related("customer").order_by("due_date", "number")[:most])


def passed_on_before(*, company_id: UUID, due_until: date) -> tuple[BillRecord, ...]:
    """Return bills passed on with recourse that were due on the day or before."""
    rows = Bill.objects.filter(
        company_id=company_id,
        status__in=[BillStatus.ENDORSED, BillStatus.DISCOUNTED],
        due_date__lte=due_until,
    )
    return tuple(_bill(row) for row in rows.select_related("customer").order_by("due_date", "number"))


def steps_of(bill_ids: Iterable[UUID]) -> tuple[BillStep, ...]:
    """Return the steps of bills, in the order in which they were taken."""
    rows = BillEvent.objects.filter(bill_id__in=set(bill_ids)).order_by("recorded_at", "pk")
    return tuple(
        BillStep(
            bill_id=row.bill_id,
            status=row.status,
            day=row.day,
            counterparty=row.counterparty,
            reason=row.reason,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows
    )


def _bill(row: Bill) -> BillRecord:
    return BillRecord(
        id=row.pk,
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        number=row.number,
        kind=row.kind,
        acceptor=row.acceptor,
        acceptor_class=row.acceptor_class,
        drawer=row.drawer,
        amount=Money(row.amount, row.currency),
        issue_date=row.issue_date,
        received_on=row.received_on,
        due_date=row.due_date,
        status=row.status,
        passed_to=row.passed_to,
        invoice_number=row.invoice_number,
        order_number=row.order_number,
        content_hash=row.content_hash,
        package_id=row.package_id,
        held=None if row.first_unit is None else bills_.of_amount(first=row.first_unit, amount=row.amount),
    )
