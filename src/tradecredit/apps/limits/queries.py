"""Read credit lines and proposals as frozen values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.limits.models import CreditLine, LimitProposal, ProposalStatus
from tradecredit.core.kernel.periods import Validity
from tradecredit.core.limits import validity
from tradecredit.core.limits.validity import Effective, Line
from tradecredit.plumbing.fields import limit_from_columns

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.kernel.limit import Limit

Key = tuple["UUID", str]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalRecord:
    """A proposed line as it stands."""

    id: UUID
    customer_id: UUID
    line_kind: str
    limit: Limit
    currency: str
    days: int | None
    conditions: Mapping[str, Any]
    validity: Validity
    calculation: Mapping[str, Any]
    reason: str
    status: str
    requested_by_id: UUID
    requested_by_name: str
    decided_by_name: str
    decision_reason: str
    created_at: datetime
    decided_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecord:
    """A line in the books with its terms and where it came from."""

    id: UUID
    customer_id: UUID
    currency: str
    line: Line
    days: int | None
    conditions: Mapping[str, Any]
    reason: str
    requested_by_id: UUID
    approved_by_id: UUID


def lines(
    *, company_id: UUID, customer_ids: Iterable[UUID], known_at: datetime | None = None
) -> dict[Key, tuple[LineRecord, ...]]:
    """Return every line of the customers, by customer and currency, oldest first."""
    rows = CreditLine.objects.filter(company_id=company_id, customer_id__in=list(customer_ids))
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    found: dict[Key, list[LineRecord]] = {}
    for row in rows.order_by("valid_from", "recorded_at", "id"):
        found.setdefault((row.customer_id, row.currency), []).append(_line(row))
    return {key: tuple(each) for key, each in found.items()}


def effective(
    *,
    company_id: UUID,
    customer_ids: Iterable[UUID],
    as_of: date,
    known_at: datetime | None = None,
    reference: str = "",
) -> dict[Key, Effective]:
    """Return the limit in force of each customer and currency on the day; what was never set is left out."""
    found = lines(company_id=company_id, customer_ids=customer_ids, known_at=known_at)
    return {
        key: validity.effective([each.line for each in records], as_of=as_of, reference=reference)
        for key, records in found.items()
    }


def ending_lines(*, company_id: UUID, since: date, until: date) -> tuple[LineRecord, ...]:
    """Return the lines that end by themselves after ``since`` and up to ``until`` (both as days of the end)."""
    rows = CreditLine.objects.filter(company_id=company_id, valid_to__gt=since, valid_to__lte=until)
    return tuple(_line(row) for row in rows.order_by("valid_to", "id"))


def proposal(*, proposal_id: UUID) -> ProposalRecord | None:
    """Return one proposal in scope."""
    row = LimitProposal.objects.filter(pk=proposal_id).first()
    return None if row is None else record_of(row)


def proposals(
    *, company_id: UUID, customer_id: UUID | None = None, only_open: bool = True, most: int = 200
) -> tuple[ProposalRecord, ...]:
    """Return the proposals, newest first."""
    rows = LimitProposal.objects.filter(company_id=company_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if only_open:
        rows = rows.filter(status=ProposalStatus.OPEN)
    return tuple(record_of(row) for row in rows.order_by("-created_at", "-id")[:most])


def customers_with_open_proposal(
    *, company_id: UUID, customer_ids: Iterable[UUID], line_kind: str, currency: str
) -> frozenset[UUID]:
    """Return the customers about whose line people are asked already."""
    rows = LimitProposal.objects.filter(
        company_id=company_id,
        customer_id__in=list(customer_ids),
        line_kind=line_kind,
        currency=currency,
        status=ProposalStatus.OPEN,
    )
    return frozenset(rows.values_list("customer_id", flat=True))


def record_of(row: LimitProposal) -> ProposalRecord:
    """Return the row as a value."""
    return ProposalRecord(
        id=row.pk,
        customer_id=row.customer_id,
        line_kind=row.line_kind,
        limit=limit_from_columns(kind=row.limit_kind, amount=row.limit_amount, currency=row.currency),
        currency=row.currency,
        days=row.days,
        conditions=row.conditions,
        validity=Validity(row.valid_from, row.valid_to),
        calculation=json.loads(row.calculation),
        reason=row.reason,
        status=row.status,
        requested_by_id=row.requested_by_id,
        requested_by_name=row.requested_by_name,
        decided_by_name=row.decided_by_name,
        decision_reason=row.decision_reason,
        created_at=row.created_at,
        decided_at=row.decided_at,
    )


def _line(row: CreditLine) -> LineRecord:
    return LineRecord(
        id=row.pk,
        customer_id=row.customer_id,
        currency=row.currency,
        line=Line(
            line_id=str(row.pk),
            kind="base" if row.line_kind == "base" else "temporary",
            limit=limit_from_columns(kind=row.limit_kind, amount=row.limit_amount, currency=row.currency),
            validity=Validity(row.valid_from, row.valid_to),
            recorded_at=row.recorded_at,
            origin=row.origin,
            reference=row.reference,
        ),
        days=row.days,
        conditions=row.conditions,
        reason=row.reason,
        requested_by_id=row.requested_by_id,
        approved_by_id=row.approved_by_id,
    )
