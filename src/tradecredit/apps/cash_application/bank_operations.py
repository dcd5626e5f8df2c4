"""Write bank accounts, statements, lines, and what became of the lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import connection
from django.db.models import F

from tradecredit.apps.cash_application import locks
from tradecredit.apps.cash_application.models import (
    BankAccount,
    BankLine,
    BankSighting,
    BankStatement,
    Payment,
    PaymentReturn,
)
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.cash_application.statements import Check, Entry, Statement
    from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class NewStatement:
    """A statement to record, with where it came from."""

    account_id: UUID
    statement: Statement
    check: Check
    content_hash: str
    format: str
    profile: str
    file_name: str
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLine:
    """A transaction to record; ``fingerprint`` is of its entry, ``part`` its place in a batch (0 for a whole entry)."""

    account_id: UUID
    entry: Entry
    fingerprint: str
    occurrence: int
    part: int
    kind: str
    status: str
    format: str
    words: Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a line."""

    line_id: UUID
    status: str
    words: Words
    customer_id: UUID | None = None
    payment_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReturn:
    """Money of a payment that left the account again."""

    customer_id: UUID
    payment_id: UUID
    line_id: UUID | None
    currency: str
    amount: Decimal
    effective_date: date
    reason: str


def record_statement(*, company_id: UUID, new: NewStatement) -> UUID:
    """Write a statement; return its identifier."""
    db.transaction_required()
    statement = new.statement
    days = [entry.booking_date for entry in statement.entries]
    row = BankStatement.objects.create(
        company_id=company_id,
        account_id=new.account_id,
        kind=statement.kind.value,
        format=new.format,
        profile=new.profile,
        number=statement.number,
        from_date=min([*days, *filter(None, [statement.opening_date])], default=None),
        to_date=max([*days, *filter(None, [statement.closing_date])], default=None),
        opening_amount=statement.opening.amount if statement.opening else None,
        closing_amount=statement.closing.amount if statement.closing else None,
        credit_amount=new.check.credit,
        debit_amount=new.check.debit,
        entries=len(statement.entries),
        pending=statement.pending,
        difference=new.check.difference,
        is_balanced=new.check.is_balanced,
        content_hash=new.content_hash,
        file_name=new.file_name[-200:],
        notes_zh="\n".join(note.zh for note in statement.notes),
        notes_en="\n".join(note.en for note in statement.notes),
        recorded_at=clock.now(),
        recorded_by=new.recorded_by,
    )
    return UUID(str(row.pk))


def record_lines(*, company_id: UUID, lines: Sequence[NewLine]) -> list[UUID]:
    """Write the lines; return their identifiers in order."""
    db.transaction_required()
    entries = [new.entry for new in lines]
    return portions.insert_returning(
        BankLine,
        {
            "account_id": [new.account_id for new in lines],
            "fingerprint": [new.fingerprint for new in lines],
            "occurrence": [new.occurrence for new in lines],
            "part": [new.part for new in lines],
            "kind": [new.kind for new in lines],
            "status": [new.status for new in lines],
            "booking_date": [entry.booking_date for entry in entries],
            "value_date": [entry.value_date for entry in entries],
            "currency": [entry.amount.currency for entry in entries],
            "amount": [entry.amount.amount for entry in entries],
            "original_currency": [entry.original.currency if entry.original else "" for entry in entries],
            "original_amount": [entry.original.amount if entry.original else None for entry in entries],
            "counterparty": [entry.counterparty for entry in entries],
            "counterparty_account": [entry.counterparty_account for entry in entries],
            "text": [entry.text for entry in entries],
            "bank_reference": [entry.bank_reference for entry in entries],
            "end_to_end": [entry.end_to_end for entry in entries],
            "format": [new.format for new in lines],
            "reason_zh": [new.words.zh for new in lines],
            "reason_en": [new.words.en for new in lines],
        },
        same={"company_id": company_id, "recorded_at": clock.now()},
    )


def record_sightings(*, company_id: UUID, statement_id: UUID, lines: Sequence[tuple[UUID, bool]]) -> None:
    """Write which lines a statement shows, in its order, and which of them it brought."""
    db.transaction_required()
    portions.insert(
        BankSighting,
        {
            "line_id": [line_id for line_id, _ in lines],
            "position": list(range(1, len(lines) + 1)),
            "is_first": [is_first for _, is_first in lines],
        },
        same={"company_id": company_id, "statement_id": statement_id},
    )


def settle_lines(*, outcomes: Sequence[Outcome], decided_by: str = "") -> None:
    """Write what became of lines; ``decided_by`` names the person when a person decided."""
    db.transaction_required()
    if not outcomes:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cash_application_bankline AS line SET status = d.status, customer_id = d.customer_id,"
            " payment_id = d.payment_id, reason_zh = d.zh, reason_en = d.en, decided_by = %s"
            " FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::text[])"
            " AS d(id, status, customer_id, payment_id, zh, en) WHERE line.id = d.id",
            [
                decided_by,
                portions.array([one.line_id for one in outcomes], quoted=False),
                portions.array([one.status for one in outcomes], quoted=True),
                portions.array([one.customer_id for one in outcomes], quoted=False),
                portions.array([one.payment_id for one in outcomes], quoted=False),
                portions.array([one.words.zh for one in outcomes], quoted=True),
                portions.array([one.words.en for one in outcomes], quoted=True),
            ],
        )


def record_return(*, company_id: UUID, new: NewReturn, recorded_by: str) -> UUID:
    """Write that money of a payment left again; return the identifier."""
    db.transaction_required()
    row = PaymentReturn.objects.create(
        company_id=company_id,
        customer_id=new.customer_id,
        payment_id=new.payment_id,
        line_id=new.line_id,
        currency=new.currency,
        amount=new.amount,
        effective_date=new.effective_date,
        reason=new.reason,
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )
    Payment.objects.filter(pk=new.payment_id).update(returned_amount=F("returned_amount") + new.amount)
    return UUID(str(row.pk))


def accept_statement(*, statement_id: UUID, accepted_by: str) -> bool:
    """Write that a person takes a statement with its difference; tells whether nobody had."""
    db.transaction_required()
    rows = BankStatement.objects.filter(pk=statement_id, accepted_at__isnull=True)
    return rows.update(accepted_at=clock.now(), accepted_by=accepted_by) == 1


def open_account(*, company_id: UUID, number: str, key: str, currency: str) -> UUID:
    """Make our account if it is new, and hold it until the transaction ends; return its identifier.

    It is the first lock of every flow that takes statements, before any credit account.
    """
    db.transaction_required()
    BankAccount.objects.bulk_create(
        [
            BankAccount(
                company_id=company_id,
                number=number,
                number_key=key,
                currency=currency,
                created_at=clock.now(),
            )
        ],
        ignore_conflicts=True,
    )
    rows = BankAccount.objects.filter(company_id=company_id, number_key=key, currency=currency)
    account_id = UUID(str(rows.values_list("pk", flat=True).get()))
    locks.lock_bank_account(account_id)
    return account_id
