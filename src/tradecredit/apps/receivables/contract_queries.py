"""Read contracts as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.receivables.models import Contract, ContractEvent, ContractLine, ContractStatus
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractRecord:
    """A contract as it stands."""

    id: UUID
    customer_id: UUID
    customer_code: str
    customer_name: str
    number: str
    title: str
    amount: Money
    valid_from: date
    valid_to: date | None
    salesperson: str
    buyer_class: str
    is_small_seller: bool
    interest_daily_rate: Decimal | None
    terms: Sequence[Mapping[str, Any]]
    grade: str
    template: str
    clauses: tuple[str, ...]
    acceleration_days: int | None
    review_reasons: Sequence[Mapping[str, str]]
    status: str
    reviewed_by: str
    review_text: str
    signed_on: date | None
    accelerated_on: date | None
    created_by_id: UUID | None
    created_by: str
    content_hash: str
    is_demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecord:
    """One part of a schedule."""

    id: UUID
    contract_id: UUID
    sequence: int
    kind: str
    label: str
    amount: Money
    days: int
    is_from_month_end: bool
    reached_on: date | None
    due_date: date | None
    invoice_number: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRecord:
    """One step of a contract's life."""

    kind: str
    day: date
    text_zh: str
    text_en: str
    recorded_at: datetime
    recorded_by: str


def by_number(*, company_id: UUID, numbers: Iterable[str]) -> dict[str, ContractRecord]:
    """Return the contracts under these numbers."""
    rows = Contract.objects.filter(company_id=company_id, number__in=set(numbers)).select_related("customer")
    return {row.number: _contract(row) for row in rows}


def contracts(
    *,
    company_id: UUID,
    customer_id: UUID | None = None,
    statuses: Iterable[str] | None = None,
    ends_until: date | None = None,
    most: int = 500,
) -> tuple[ContractRecord, ...]:
    """Return the contracts of a company, the latest first."""
    rows = Contract.objects.filter(company_id=company_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if statuses is not None:
        rows = rows.filter(status__in=set(statuses))
    if ends_until is not None:
        rows = rows.filter(valid_to__lte=ends_until)
    return tuple(
        _contract(row) for row in rows.select_related("customer").order_by("-recorded_at", "number")[:most]
    )


def open_with_clause(*, company_id: UUID) -> tuple[ContractRecord, ...]:
    """Return signed contracts whose rest may fall due and has not."""
    rows = Contract.objects.filter(
        company_id=company_id,
        status=ContractStatus.SIGNED,
        acceleration_days__isnull=False,
        accelerated_on__isnull=True,
    )
    return tuple(_contract(row) for row in rows.select_related("customer").order_by("number"))


def lines_of(contract_ids: Iterable[UUID]) -> tuple[LineRecord, ...]:
    """Return the schedules of contracts in their order."""
    rows = ContractLine.objects.filter(contract_id__in=set(contract_ids)).order_by("contract_id", "sequence")
    return tuple(
        LineRecord(
            id=row.pk,
            contract_id=row.contract_id,
            sequence=row.sequence,
            kind=row.kind,
            label=row.label,
            amount=Money(row.amount, row.currency),
            days=row.days,
            is_from_month_end=row.is_from_month_end,
            reached_on=row.reached_on,
            due_date=row.due_date,
            invoice_number=row.invoice_number,
        )
        for row in rows
    )


def steps_of(contract_id: UUID) -> tuple[StepRecord, ...]:
    """Return what happened to a contract, in order."""
    rows = ContractEvent.objects.filter(contract_id=contract_id).order_by("recorded_at", "pk")
    return tuple(
        StepRecord(
            kind=row.kind,
            day=row.day,
            text_zh=row.text_zh,
            text_en=row.text_en,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in rows
    )


def _contract(row: Contract) -> ContractRecord:
    return ContractRecord(
        id=row.pk,
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        number=row.number,
        title=row.title,
        amount=Money(row.amount, row.currency),
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        salesperson=row.salesperson,
        buyer_class=row.buyer_class,
        is_small_seller=row.is_small_seller,
        interest_daily_rate=row.interest_daily_rate,
        terms=row.terms,
        grade=row.grade,
        template=row.template,
        clauses=tuple(row.clauses),
        acceleration_days=row.acceleration_days,
        review_reasons=row.review_reasons,
        status=row.status,
        reviewed_by=row.reviewed_by_name,
        review_text=row.review_text,
        signed_on=row.signed_on,
        accelerated_on=row.accelerated_on,
        created_by_id=row.created_by_id,
        created_by=row.created_by_name,
        content_hash=row.content_hash,
        is_demo=row.is_demo,
    )
