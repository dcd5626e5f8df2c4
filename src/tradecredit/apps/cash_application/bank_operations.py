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

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.core.cash_application.statements import Check, Entry, Statement
    from tradecredit.core.kernel.reasons import Words

_BATCH = 2000


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
    moment = clock.now()
    rows = [
        BankLine(
            company_id=company_id,
            account_id=new.account_id,
            fingerprint=new.fingerprint,
            occurrence=new.occurrence,
            part=new.part,
            kind=new.kind,
            status=new.status,
            booking_date=new.entry.booking_date,
            value_date=new.entry.value_date,
            currency=new.entry.amount.currency,
            amount=new.entry.amount.amount,
            original_currency=new.entry.original.currency if new.entry.original else "",
            original_amount=new.entry.original.amount if new.entry.original else None,
            counterparty=new.entry.counterparty,
            counterparty_account=new.entry.counterparty_account,
            text=new.entry.text,
            bank_reference=new.entry.bank_reference,
            end_to_end=new.entry.end_to_end,
            format=new.format,
            reason_zh=new.words.zh,
            reason_en=new.words.en,
            recorded_at=moment,
        )
        for new in lines
    ]
    BankLine.objects.bulk_create(rows, batch_size=_BATCH)
    return [row.pk for row in rows]


def record_sightings(*, company_id: UUID, statement_id: UUID, lines: Sequence[tuple[UUID, bool]]) -> None:
    """Write which lines a statement shows, in its order, and which of them it brought."""
    db.transaction_required()
    BankSighting.objects.bulk_create(
        [
            BankSighting(
                company_id=company_id,
                statement_id=statement_id,
                line_id=line_id,
                position=position,
                is_first=is_first,
            )
            for position, (line_id, is_first) in enumerate(lines, start=1)
        ],
        batch_size=_BATCH,
    )


def settle_lines(*, outcomes: Sequence[Outcome], decided_by: str = "") -> None:
    """Write what became of lines; ``decided_by`` names the person when a person decided."""
    db.transaction_required()
    if not outcomes:
        return
    columns = zip(
        *(
            (one.line_id, one.status, one.customer_id, one.payment_id, one.words.zh, one.words.en)
            for one in outcomes
        ),
        strict=True,
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cash_application_bankline AS line SET status = d.status, customer_id = d.customer_id,"
            " payment_id = d.payment_id, reason_zh = d.zh, reason_en = d.en, decided_by = %s"
            " FROM unnest(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::text[], %s::text[])"
            " AS d(id, status, customer_id, payment_id, zh, en) WHERE line.id = d.id",
            [decided_by, *(list(column) for column in columns)],
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
