"""Read statements of account as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.receivables.models import (
    AccountStatement,
    AccountStatementLine,
    AccountStatementProof,
    ConfirmationStatus,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRecord:
    """A statement of account as it stands."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    customer_code: str
    customer_name: str
    number: str
    as_of: date
    language: str
    recipient: str
    expires_at: datetime
    status: str
    totals: Sequence[Mapping[str, str]]
    seen_at: datetime | None
    answered_at: datetime | None
    answered_by: str
    answer_text: str
    promised_date: date | None
    recorded_at: datetime
    recorded_by: str

    @property
    def is_waiting(self) -> bool:
        """Tell whether the customer may still answer."""
        return self.status == ConfirmationStatus.SENT


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementLine:
    """One line with the customer's word on it."""

    position: int
    instalment_id: UUID | None
    document: str
    document_date: date
    due_date: date | None
    currency: str
    amount: Decimal
    open_amount: Decimal
    answer: str
    answered_amount: Decimal | None
    answer_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """A file that came with an answer."""

    id: UUID
    name: str
    media_type: str
    size: int
    digest: str


def by_digest(digest: str) -> StatementRecord | None:
    """Return the statement whose link has this digest."""
    row = AccountStatement.objects.filter(token_digest=digest).select_related("customer").first()
    return None if row is None else _statement(row)


def by_ids(ids: Iterable[UUID]) -> dict[UUID, StatementRecord]:
    """Return statements by their identifiers."""
    rows = AccountStatement.objects.filter(pk__in=list(ids)).select_related("customer")
    return {row.pk: _statement(row) for row in rows}


def by_number(*, company_id: UUID, number: str) -> StatementRecord | None:
    """Return one statement."""
    rows = AccountStatement.objects.filter(company_id=company_id, number=number)
    row = rows.select_related("customer").first()
    return None if row is None else _statement(row)


def statements(
    *, company_id: UUID, status: str | None = None, customer_id: UUID | None = None, most: int = 300
) -> tuple[StatementRecord, ...]:
    """Return the statements, the latest first."""
    rows = AccountStatement.objects.filter(company_id=company_id)
    rows = rows.filter(status=status) if status else rows
    rows = rows.filter(customer_id=customer_id) if customer_id else rows
    return tuple(
        _statement(row) for row in rows.select_related("customer").order_by("-recorded_at", "-pk")[:most]
    )


def lines_of(statement_id: UUID) -> tuple[StatementLine, ...]:
    """Return the lines in order."""
    rows = AccountStatementLine.objects.filter(statement_id=statement_id).order_by("position")
    return tuple(
        StatementLine(
            position=row.position,
            instalment_id=row.instalment_id,
            document=row.document,
            document_date=row.document_date,
            due_date=row.due_date,
            currency=row.currency,
            amount=row.amount,
            open_amount=row.open_amount,
            answer=row.answer,
            answered_amount=row.answered_amount,
            answer_text=row.answer_text,
        )
        for row in rows
    )


def proofs_of(statement_id: UUID) -> tuple[Proof, ...]:
    """Return the files that came with the answer, without their content."""
    rows = AccountStatementProof.objects.filter(statement_id=statement_id).order_by("recorded_at", "pk")
    return tuple(
        Proof(id=row.pk, name=row.name, media_type=row.media_type, size=len(row.content), digest=row.digest)
        for row in rows
    )


def proof_content(*, statement_id: UUID, proof_id: UUID) -> tuple[Proof, bytes] | None:
    """Return one file with its content."""
    row = AccountStatementProof.objects.filter(statement_id=statement_id, pk=proof_id).first()
    if row is None:
        return None
    content = bytes(row.content)
    found = Proof(id=row.pk, name=row.name, media_type=row.media_type, size=len(content), digest=row.digest)
    return found, content


def _statement(row: AccountStatement) -> StatementRecord:
    fields: dict[str, Any] = {
        name: getattr(row, name)
        for name in StatementRecord.__slots__
        if name not in {"customer_code", "customer_name"}
    }
    return StatementRecord(customer_code=row.customer.code, customer_name=row.customer.name, **fields)
