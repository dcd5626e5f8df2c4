"""Write statements of account and what customers answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.receivables.models import (
    AccountStatement,
    AccountStatementLine,
    AccountStatementProof,
    ConfirmationStatus,
)
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """One open item; ``open_amount`` is negative for cash or a credit note that waits."""

    instalment_id: UUID | None
    document: str
    document_date: date
    due_date: date | None
    currency: str
    amount: Decimal
    open_amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStatement:
    """A statement to freeze."""

    id: UUID
    customer_id: UUID
    as_of: date
    language: str
    recipient: str
    token_digest: str
    expires_at: datetime
    totals: Sequence[Mapping[str, Any]]
    content_hash: str
    lines: tuple[NewLine, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineVerdict:
    """What the customer says of one line."""

    position: int
    answer: str
    amount: Decimal | None
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewProof:
    """A file that came with the answer."""

    name: str
    media_type: str
    content: bytes
    digest: str


def record(*, company_id: UUID, new: NewStatement, recorded_by: str) -> str:
    """Write a statement with its lines; return its number."""
    db.transaction_required()
    row = AccountStatement.objects.create(
        id=new.id,
        company_id=company_id,
        customer_id=new.customer_id,
        number=f"ST-{new.as_of:%Y%m%d}-{new.id.hex[-8:]}",
        as_of=new.as_of,
        language=new.language,
        recipient=new.recipient,
        token_digest=new.token_digest,
        expires_at=new.expires_at,
        totals=list(new.totals),
        content_hash=new.content_hash,
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )
    AccountStatementLine.objects.bulk_create(
        [
            AccountStatementLine(
                company_id=company_id,
                customer_id=new.customer_id,
                statement_id=row.pk,
                position=position,
                instalment_id=line.instalment_id,
                document=line.document,
                document_date=line.document_date,
                due_date=line.due_date,
                currency=line.currency,
                amount=line.amount,
                open_amount=line.open_amount,
            )
            for position, line in enumerate(new.lines, start=1)
        ]
    )
    return str(row.number)


def lock(*, statement_id: UUID) -> None:
    """Hold a statement until the transaction ends."""
    db.transaction_required()
    AccountStatement.objects.select_for_update(of=("self",)).get(pk=statement_id)


def mark_seen(*, statement_id: UUID) -> None:
    """Write when the customer first looked."""
    db.transaction_required()
    AccountStatement.objects.filter(pk=statement_id, seen_at__isnull=True).update(seen_at=clock.now())


def withdraw(*, statement_id: UUID) -> None:
    """Take a statement back: its link shows nothing any more."""
    db.transaction_required()
    AccountStatement.objects.filter(pk=statement_id).update(status=ConfirmationStatus.WITHDRAWN)


def renew(*, statement_id: UUID, token_digest: str, expires_at: datetime) -> None:
    """Give a statement another link; the one before shows nothing any more."""
    db.transaction_required()
    AccountStatement.objects.filter(pk=statement_id).update(token_digest=token_digest, expires_at=expires_at)


def answer(
    *,
    statement_id: UUID,
    status: ConfirmationStatus,
    by: str,
    text: str,
    promised_date: date | None,
    verdicts: Sequence[LineVerdict],
) -> None:
    """Write the customer's answer, line by line."""
    db.transaction_required()
    AccountStatement.objects.filter(pk=statement_id).update(
        status=status, answered_at=clock.now(), answered_by=by, answer_text=text, promised_date=promised_date
    )
    for verdict in verdicts:
        AccountStatementLine.objects.filter(statement_id=statement_id, position=verdict.position).update(
            answer=verdict.answer, answered_amount=verdict.amount, answer_text=verdict.text
        )


def keep_proofs(
    *, company_id: UUID, customer_id: UUID, statement_id: UUID, proofs: Sequence[NewProof]
) -> None:
    """Keep the files that came with an answer."""
    db.transaction_required()
    moment = clock.now()
    AccountStatementProof.objects.bulk_create(
        [
            AccountStatementProof(
                company_id=company_id,
                customer_id=customer_id,
                statement_id=statement_id,
                name=proof.name,
                media_type=proof.media_type,
                content=proof.content,
                digest=proof.digest,
                recorded_at=moment,
            )
            for proof in proofs
        ]
    )
