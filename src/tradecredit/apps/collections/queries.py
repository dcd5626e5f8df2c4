"""What was said and promised, as values."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Max

from tradecredit.apps.collections.models import Letter, Notice, Promise
from tradecredit.core.collections import promises
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing.postgres.among import among

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterItem:
    """A line of a letter with its numbers as they were written."""

    invoice: str
    instalment: UUID
    due_date: str
    days_overdue: int
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLetter:
    """A reminder, a letter or a note of thanks."""

    id: UUID
    company_id: UUID
    number: str
    customer_id: UUID
    customer_code: str
    customer_name: str
    stage: str
    kind: str
    language: str
    recipient: str
    total: Money
    subject: str
    body: str
    items: tuple[LetterItem, ...]
    content_hash: str
    status: str
    dropped_because: str
    as_of: date
    created_at: datetime
    sent_at: datetime | None
    trial: str = ""
    arm: str = ""


def letters(
    *,
    company_id: UUID | None = None,
    customer_id: UUID | None = None,
    before: UUID | None = None,
    ids: Collection[UUID] | None = None,
    until: date | None = None,
    limit: int = 100,
) -> Sequence[StoredLetter]:
    """Return letters in scope, newest first; ``before`` continues after the letter with that identifier."""
    rows = Letter.objects.select_related("customer").order_by("-id")
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    if until is not None:
        rows = rows.filter(as_of__lte=until)
    return [_stored(row) for row in rows[:limit]]


def said(*, instalment_ids: Collection[UUID]) -> frozenset[tuple[UUID, str]]:
    """Return which (instalment, step) were spoken of."""
    return frozenset(
        Notice.objects.filter(among("instalment_id", instalment_ids)).values_list("instalment_id", "stage")
    )


def latest_letter_dates(*, company_id: UUID, customer_ids: Collection[UUID]) -> Mapping[UUID, date]:
    """Return the day of the latest dunning letter of each customer who ever got one."""
    rows = Letter.objects.filter(among("customer_id", customer_ids), company_id=company_id, kind="letter")
    found = rows.order_by().values("customer_id").annotate(latest=Max("as_of"))
    return {row["customer_id"]: row["latest"] for row in found}


def earlier_letters(*, instalment_ids: Collection[str]) -> Mapping[str, Sequence[tuple[UUID, str, date]]]:
    """Return by instalment the letters that spoke of it: (letter, step, day)."""
    found: defaultdict[str, list[tuple[UUID, str, date]]] = defaultdict(list)
    rows = Notice.objects.filter(among("instalment_id", instalment_ids), letter__isnull=False)
    for instalment, letter, stage, as_of in rows.values_list("instalment_id", "letter_id", "stage", "as_of"):
        found[str(instalment)].append((letter, stage, as_of))
    return found


def open_promises(
    *, company_id: UUID, customer_ids: Collection[UUID], since: date
) -> Mapping[UUID, Sequence[promises.Promise]]:
    """Return by customer the promises whose day is not before ``since`` and which were not withdrawn."""
    found: defaultdict[UUID, list[promises.Promise]] = defaultdict(list)
    rows = Promise.objects.filter(
        among("customer_id", customer_ids),
        company_id=company_id,
        promised_date__gte=since,
        withdrawn_on__isnull=True,
    )
    for row in rows:
        found[row.customer_id].append(
            promises.Promise(
                promised_date=row.promised_date,
                amount=Money(row.amount, row.currency),
                instalment_ids=frozenset(str(instalment) for instalment in row.instalment_ids),
            )
        )
    return found


def count_on(*, company_id: UUID, as_of: date) -> int:
    """Return how many letters a company made for a day; the next number follows from it."""
    return Letter.objects.filter(company_id=company_id, as_of=as_of).count()


def _stored(row: Letter) -> StoredLetter:
    return StoredLetter(
        id=row.pk,
        company_id=row.company_id,
        number=row.number,
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        stage=row.stage,
        kind=row.kind,
        language=row.language,
        recipient=row.recipient,
        total=Money(row.total, row.currency),
        subject=row.subject,
        body=row.body,
        items=tuple(_item(item, currency=row.currency) for item in row.items),
        content_hash=row.content_hash,
        status=row.status,
        dropped_because=row.dropped_because,
        as_of=row.as_of,
        created_at=row.created_at,
        sent_at=row.sent_at,
        trial=row.trial,
        arm=row.arm,
    )


def _item(item: Mapping[str, str], *, currency: str) -> LetterItem:
    return LetterItem(
        invoice=item["invoice"],
        instalment=UUID(item["instalment"]),
        due_date=item["due_date"],
        days_overdue=int(item["days_overdue"]),
        amount=Money.of(item["amount"], currency),
    )
