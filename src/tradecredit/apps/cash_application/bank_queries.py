"""Read bank accounts, statements and lines as frozen values."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Final

from django.db.models import Count, Max, Min, Q

from tradecredit.apps.cash_application.models import (
    BankAccount,
    BankLine,
    BankSighting,
    BankStatement,
    LineStatus,
)
from tradecredit.core.cash_application.statement_overlaps import Frame, KnownEntry
from tradecredit.core.cash_application.statements import StatementKind
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet


@dataclass(frozen=True, slots=True, kw_only=True)
class LineRecord:
    """A line as it stands now."""

    id: UUID
    account_id: UUID
    customer_id: UUID | None
    payment_id: UUID | None
    kind: str
    status: str
    booking_date: date
    currency: str
    amount: Decimal
    counterparty: str
    counterparty_account: str
    text: str
    bank_reference: str
    end_to_end: str
    fingerprint: str
    occurrence: int
    part: int


_FIELDS: Final = tuple(field.name for field in fields(LineRecord))


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """How far the statements of one of our accounts reach."""

    account: str
    currency: str
    booked_until: date | None
    first_booked: date | None


def accounts(*, company_id: UUID, currency: str) -> tuple[str, ...]:
    """Return the numbers of our accounts in the currency."""
    rows = BankAccount.objects.filter(company_id=company_id, currency=currency)
    return tuple(rows.order_by("number_key").values_list("number", flat=True))


def statement_known(*, account_id: UUID, content_hash: str) -> UUID | None:
    """Return the statement of the account with this content, if it is recorded."""
    rows = BankStatement.objects.filter(account_id=account_id, content_hash=content_hash)
    return rows.values_list("pk", flat=True).first()


def known_entries(*, account_id: UUID, fingerprints: Iterable[str]) -> dict[str, tuple[KnownEntry, ...]]:
    """Return the entries in the books with these fingerprints, in the order of their occurrence."""
    rows = (
        BankSighting.objects.filter(
            among("line__fingerprint", set(fingerprints)), line__account_id=account_id
        )
        .order_by("line__fingerprint", "line__occurrence")
        .values_list(
            "line__fingerprint",
            "line__occurrence",
            "statement__kind",
            "statement__format",
            "statement__number",
            "statement__opening_amount",
            "statement__closing_amount",
        )
        .distinct()
    )
    frames: dict[str, dict[int, list[Frame]]] = {}
    for fingerprint, occurrence, kind, form, number, opening, closing in rows:
        frames.setdefault(fingerprint, {}).setdefault(occurrence, []).append(
            Frame(kind=StatementKind(kind), format=form, number=number, opening=opening, closing=closing)
        )
    return {
        fingerprint: tuple(
            KnownEntry(occurrence=occurrence, seen_in=tuple(seen)) for occurrence, seen in found.items()
        )
        for fingerprint, found in frames.items()
    }


def lines_of_entries(*, account_id: UUID, fingerprints: Iterable[str]) -> dict[tuple[str, int], list[UUID]]:
    """Return the lines of entries, by fingerprint and occurrence, in the order of their parts."""
    rows = BankLine.objects.filter(among("fingerprint", set(fingerprints)), account_id=account_id)
    found: dict[tuple[str, int], list[UUID]] = {}
    for row in rows.order_by("part").values_list("fingerprint", "occurrence", "pk"):
        found.setdefault((row[0], row[1]), []).append(row[2])
    return found


def twins_of_other_formats(
    *, account_id: UUID, form: str, days: Iterable[date]
) -> frozenset[tuple[date, Decimal]]:
    """Return day and amount of the lines on these days that files of other formats brought."""
    rows = BankLine.objects.filter(account_id=account_id, booking_date__in=set(days)).exclude(format=form)
    return frozenset(rows.values_list("booking_date", "amount").distinct())


def receipts_like(*, line: LineRecord) -> tuple[LineRecord, ...]:
    """Return earlier receipts of the same account and amount that a returning line may give back, newest first."""
    rows = BankLine.objects.filter(
        account_id=line.account_id,
        currency=line.currency,
        amount=-line.amount,
        payment__isnull=False,
        booking_date__lte=line.booking_date,
    ).exclude(payment__returned_amount__gt=0)
    same = Q(pk__in=[])
    if line.end_to_end:
        same |= Q(end_to_end=line.end_to_end)
    if line.counterparty_account:
        same |= Q(counterparty_account=line.counterparty_account)
    if line.counterparty:
        same |= Q(counterparty=line.counterparty)
    return tuple(_line(row) for row in rows.filter(same).order_by("-booking_date", "-pk")[:20])


def lines_by_id(*, ids: Iterable[UUID]) -> dict[UUID, LineRecord]:
    """Return lines by their identifiers."""
    wanted = BankLine.objects.filter(among("pk", ids))
    return {
        row[0]: LineRecord(**dict(zip(_FIELDS, row, strict=True))) for row in wanted.values_list(*_FIELDS)
    }


def line_in(*, company_id: UUID, line_id: UUID) -> LineRecord | None:
    """Return a line of the company."""
    row = BankLine.objects.filter(company_id=company_id, pk=line_id).first()
    return None if row is None else _line(row)


def waiting_receipts(*, company_id: UUID) -> tuple[LineRecord, ...]:
    """Return the receipts that wait to be matched, the oldest first."""
    rows = _waiting(company_id).select_related(None).order_by("booking_date", "recorded_at", "pk")
    return tuple(_line(row) for row in rows)


def accounts_with_waiting(*, company_id: UUID) -> tuple[UUID, ...]:
    """Return our accounts with receipts that wait, in the order in which they are locked."""
    rows = _waiting(company_id).order_by("account__number_key", "account__currency")
    return tuple(dict.fromkeys(rows.values_list("account_id", flat=True)))


def _waiting(company_id: UUID) -> QuerySet[BankLine]:
    return BankLine.objects.filter(
        company_id=company_id, kind="receipt", status__in=[LineStatus.SUGGESTED, LineStatus.UNIDENTIFIED]
    )


def account_of_statement(*, company_id: UUID, statement_id: UUID) -> UUID | None:
    """Return our account of a statement of the company."""
    rows = BankStatement.objects.filter(company_id=company_id, pk=statement_id)
    return rows.values_list("account_id", flat=True).first()


def lines_of_statement(*, statement_id: UUID, status: str) -> tuple[LineRecord, ...]:
    """Return the lines that a statement brought and that stand so, in its order."""
    rows = BankSighting.objects.filter(statement_id=statement_id, is_first=True, line__status=status)
    return tuple(_line(row.line) for row in rows.select_related("line").order_by("position"))


def standing_of_statements(statement_ids: Iterable[UUID]) -> dict[UUID, Counter[str]]:
    """Return by statement how many of the lines that it brought stand how."""
    rows = (
        BankSighting.objects.filter(statement_id__in=set(statement_ids), is_first=True)
        .values("statement_id", "line__status")
        .annotate(count=Count("pk"))
        .order_by()
    )
    found: dict[UUID, Counter[str]] = {}
    for row in rows:
        found.setdefault(row["statement_id"], Counter())[row["line__status"]] = row["count"]
    return found


def statements_of_lines(line_ids: Iterable[UUID]) -> frozenset[UUID]:
    """Return the statements that brought the lines."""
    rows = BankSighting.objects.filter(line_id__in=set(line_ids), is_first=True)
    return frozenset(rows.values_list("statement_id", flat=True))


def freshness(*, company_id: UUID) -> tuple[Freshness, ...]:
    """Return how far each account's statements reach: the latest day that is booked for certain.

    A final statement or an export reaches to its closing day; reports and notifications only to their latest line.
    """
    accounts = BankAccount.objects.filter(company_id=company_id).order_by("number_key", "currency")
    whole = (StatementKind.STATEMENT.value, StatementKind.EXPORT.value)
    reached = dict(
        BankStatement.objects.filter(company_id=company_id, kind__in=whole)
        .values_list("account_id")
        .annotate(latest=Max("to_date"))
    )
    booked: dict[UUID, Any] = {
        row["account_id"]: row
        for row in BankLine.objects.filter(company_id=company_id)
        .values("account_id")
        .annotate(latest=Max("booking_date"), first=Min("booking_date"))
    }
    return tuple(
        Freshness(
            account=account.number,
            currency=account.currency,
            booked_until=_latest([reached.get(account.pk), booked.get(account.pk, {}).get("latest")]),
            first_booked=booked.get(account.pk, {}).get("first"),
        )
        for account in accounts
    )


def _latest(days: Sequence[date | None]) -> date | None:
    return max((day for day in days if day is not None), default=None)


def _line(row: BankLine) -> LineRecord:
    return LineRecord(
        id=row.pk,
        account_id=row.account_id,
        customer_id=row.customer_id,
        payment_id=row.payment_id,
        kind=row.kind,
        status=row.status,
        booking_date=row.booking_date,
        currency=row.currency,
        amount=row.amount,
        counterparty=row.counterparty,
        counterparty_account=row.counterparty_account,
        text=row.text,
        bank_reference=row.bank_reference,
        end_to_end=row.end_to_end,
        fingerprint=row.fingerprint,
        occurrence=row.occurrence,
        part=row.part,
    )
