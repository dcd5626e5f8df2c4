"""Read adjustments as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import F, Sum

from tradecredit.apps.receivables.models import Adjustment, AdjustmentKind, AdjustmentStatus

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AdjustmentRecord:
    """An adjustment as it stands."""

    id: UUID
    customer_id: UUID
    customer_code: str
    customer_name: str
    invoice_number: str
    line: int
    kind: str
    number: str
    amount: Decimal
    currency: str
    reason_code: str
    text: str
    counter_document: str
    status: str
    requested_by_id: UUID | None
    requested_by: str
    requested_at: datetime
    decided_by: str
    decided_at: datetime | None
    decision_reason: str
    posted_on: date | None


def by_number(*, company_id: UUID, number: str) -> AdjustmentRecord | None:
    """Return one adjustment."""
    found = adjustments(company_id=company_id, number=number)
    return found[0] if found else None


def adjustments(
    *,
    company_id: UUID,
    number: str | None = None,
    status: str | None = None,
    invoice_number: str | None = None,
    most: int = 500,
) -> tuple[AdjustmentRecord, ...]:
    """Return adjustments, open ones and the latest first."""
    rows = Adjustment.objects.filter(company_id=company_id)
    if number is not None:
        rows = rows.filter(number=number)
    if status:
        rows = rows.filter(status=status)
    if invoice_number is not None:
        rows = rows.filter(instalment__invoice__number=invoice_number)
    rows = rows.select_related("customer", "instalment__invoice").order_by("-requested_at", "-pk")
    return tuple(_record(row) for row in rows[:most])


def written_off(*, line_id: UUID) -> Decimal:
    """Return what of an instalment is written off and was not recovered."""
    sums = (
        Adjustment.objects.filter(instalment_id=line_id, status=AdjustmentStatus.POSTED)
        .values("kind")
        .annotate(total=Sum(F("amount")))
    )
    by_kind = {row["kind"]: row["total"] for row in sums}
    lost: Decimal = by_kind.get(AdjustmentKind.WRITE_OFF, Decimal(0))
    came_back: Decimal = by_kind.get(AdjustmentKind.RECOVERY, Decimal(0))
    return lost - came_back


def _record(row: Adjustment) -> AdjustmentRecord:
    return AdjustmentRecord(
        id=row.pk,
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        invoice_number=row.instalment.invoice.number,
        line=row.instalment.line,
        kind=row.kind,
        number=row.number,
        amount=row.amount,
        currency=row.currency,
        reason_code=row.reason_code,
        text=row.text,
        counter_document=row.counter_document,
        status=row.status,
        requested_by_id=row.requested_by_id,
        requested_by=row.requested_by_name,
        requested_at=row.requested_at,
        decided_by=row.decided_by_name,
        decided_at=row.decided_at,
        decision_reason=row.decision_reason,
        posted_on=row.posted_on,
    )
