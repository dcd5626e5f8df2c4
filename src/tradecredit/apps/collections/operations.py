"""Record what is said to customers: a letter with its numbers frozen, and one notice a line and step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.collections.models import Letter, Notice, Promise
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """A line of a letter: what is asked, and what was open in the books."""

    instalment_id: str
    invoice: str
    due_date: date
    days_overdue: int
    asked: Money
    open_amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class NewLetter:
    """A letter that was rendered; ``stage`` is the step's code, ``arm`` the side of the trial that it belongs to."""

    customer_id: UUID
    number: str
    stage: str
    kind: str
    language: str
    recipient: str
    total: Money
    subject: str
    body: str
    items: tuple[NewItem, ...]
    is_draft: bool = False
    trial: str = ""
    arm: str = ""


def issue(*, company_id: UUID, letters: Sequence[NewLetter], as_of: date) -> tuple[UUID, ...]:
    """Record letters with a notice for each line, and return their identifiers.

    The database refuses a second notice for the same instalment and step (IntegrityError), and with it the
    letter: the whole transaction fails rather than a customer hearing the same twice.
    """
    db.transaction_required()
    if not letters:
        return ()
    moment = clock.now()
    items = [stored_items(one.items) for one in letters]
    ids = portions.insert_returning(
        Letter,
        {
            "customer_id": [one.customer_id for one in letters],
            "number": [one.number for one in letters],
            "stage": [one.stage for one in letters],
            "kind": [one.kind for one in letters],
            "language": [one.language for one in letters],
            "recipient": [one.recipient for one in letters],
            "currency": [one.total.currency for one in letters],
            "total": [one.total.amount for one in letters],
            "subject": [one.subject[:300] for one in letters],
            "body": [one.body for one in letters],
            "items": items,
            "content_hash": [
                _hash(subject=one.subject, body=one.body, items=kept)
                for one, kept in zip(letters, items, strict=True)
            ],
            "trial": [one.trial for one in letters],
            "arm": [one.arm for one in letters],
            "status": ["draft" if one.is_draft else "pending" for one in letters],
        },
        same={"company_id": company_id, "as_of": as_of, "created_at": moment},
    )
    _say(letters, ids, same={"company_id": company_id, "as_of": as_of, "recorded_at": moment})
    return tuple(ids)


def _say(letters: Sequence[NewLetter], ids: Sequence[UUID], *, same: Mapping[str, object]) -> None:
    """Record a notice for each line of the letters."""
    said = [(letter, key, item) for letter, key in zip(letters, ids, strict=True) for item in letter.items]
    if said:
        portions.insert(
            Notice,
            {
                "customer_id": [letter.customer_id for letter, _, _ in said],
                "instalment_id": [item.instalment_id for _, _, item in said],
                "stage": [letter.stage for letter, _, _ in said],
                "letter_id": [key for _, key, _ in said],
                "open_amount": [item.open_amount.amount for _, _, item in said],
                "currency": [item.open_amount.currency for _, _, item in said],
                "days_overdue": [item.days_overdue for _, _, item in said],
            },
            same=same,
        )


def rewrite(*, letter_id: UUID, letter: NewLetter) -> None:
    """Put the numbers of now into a letter that has not left yet: a line fell out, or was partly paid."""
    db.transaction_required()
    Letter.objects.filter(pk=letter_id, status="pending").update(
        total=letter.total.amount,
        subject=letter.subject[:300],
        body=letter.body,
        items=stored_items(letter.items),
        content_hash=content_hash(subject=letter.subject, body=letter.body, items=letter.items),
    )


def mark_sent(*, letter_ids: Collection[UUID]) -> None:
    """Record that letters left."""
    db.transaction_required()
    Letter.objects.filter(pk__in=letter_ids, status="pending").update(status="sent", sent_at=clock.now())


def mark_failed(*, letter_ids: Collection[UUID]) -> None:
    """Record that letters could not be delivered after every attempt."""
    db.transaction_required()
    Letter.objects.filter(pk__in=letter_ids, status="pending").update(status="failed")


def drop(*, letter_id: UUID, because: str, status: str = "pending") -> None:
    """Record that a letter (waiting, or drafted) never left, and why."""
    db.transaction_required()
    Letter.objects.filter(pk=letter_id, status=status).update(status="dropped", dropped_because=because)


def release(*, letter_id: UUID) -> bool:
    """Let a drafted letter wait for its sending; tells whether it was a draft."""
    db.transaction_required()
    return Letter.objects.filter(pk=letter_id, status="draft").update(status="pending") == 1


def record_promise(
    *,
    company_id: UUID,
    customer_id: UUID,
    instalment_ids: Collection[UUID],
    amount: Money,
    promised_date: date,
    made_on: date,
    text: str,
    recorded_by: str,
) -> UUID:
    """Record a promise to pay and return its identifier."""
    db.transaction_required()
    row: Promise = Promise.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        instalment_ids=list(instalment_ids),
        amount=amount.amount,
        currency=amount.currency,
        promised_date=promised_date,
        made_on=made_on,
        text=text,
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )
    return row.id


def stored_items(items: Sequence[NewItem]) -> list[dict[str, str]]:
    """Return the lines as they are kept in the letter: amounts as text."""
    return [
        {
            "invoice": item.invoice,
            "instalment": item.instalment_id,
            "due_date": item.due_date.isoformat(),
            "days_overdue": str(item.days_overdue),
            "amount": item.asked.text(),
        }
        for item in items
    ]


def content_hash(*, subject: str, body: str, items: Sequence[NewItem]) -> str:
    """Return the digest that freezes a letter's words and numbers."""
    return _hash(subject=subject, body=body, items=stored_items(items))


def _hash(*, subject: str, body: str, items: Sequence[Mapping[str, str]]) -> str:
    return canonical.sha256(canonical.dumps({"subject": subject, "body": body, "items": items}))
