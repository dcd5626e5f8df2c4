"""Book allocations that were decided: rows, settled amounts, exposure and events in one transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from tradecredit.apps.cash_application import locks as cash_locks
from tradecredit.apps.cash_application import operations as cash
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.exposure import locks as exposure_locks
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.exposure.models import Stage
from tradecredit.apps.receivables import locks as receivables_locks
from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables import periods
from tradecredit.core.kernel.money import Money
from tradecredit.flows import ports
from tradecredit.plumbing import db
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.cash_application.queries import PaymentRecord
    from tradecredit.apps.receivables.queries import LineRecord
    from tradecredit.core.cash_application.candidates import Candidate
    from tradecredit.core.kernel.reasons import Words
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where settling money comes from: a payment, or the line of a credit note."""

    customer_id: UUID
    obligation: str
    currency: str
    day: date
    payment_id: UUID | None = None
    credit_instalment_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One allocation that was decided and is now to be booked."""

    source: Source
    line: LineRecord
    amount: Decimal
    method: str
    words: Words
    # The first day into which may be posted, where earlier time is shut.
    opens_on: date | None = None

    @property
    def effective_date(self) -> date:
        """Return the day from which it counts: when money and invoice were there, and not in a closed period."""
        day = max(self.source.day, self.line.invoice_date)
        return day if self.opens_on is None else max(day, self.opens_on)


def book(*, company: Company, actor: Actor, planned: Sequence[Planned]) -> tuple[UUID, ...]:
    """Write allocations that were decided: rows, settled amounts, exposure, and one event a customer.

    What that cures (freezes, held orders) is cured in the same transaction, at its end. The caller holds the customers' credit accounts.
    """
    db.transaction_required()
    if not planned:
        return ()
    opens_on = periods.first_open_day(company_id=company.pk)
    if opens_on is not None:
        planned = [replace(item, opens_on=opens_on) for item in planned]
    cash_locks.lock_payments(ids=[item.source.payment_id for item in planned if item.source.payment_id])
    receivables_locks.lock_lines(ids=[item.line.id for item in planned])
    identifiers = cash.record_allocations(
        company_id=company.pk,
        recorded_by=actor.name,
        allocations=[
            cash.NewAllocation(
                customer_id=item.line.customer_id,
                payment_id=item.source.payment_id,
                credit_instalment_id=item.source.credit_instalment_id,
                instalment_id=item.line.id,
                currency=item.line.currency,
                amount=item.amount,
                effective_date=item.effective_date,
                method=item.method,
                words=item.words,
            )
            for item in planned
        ],
    )
    _settle(planned)
    exposure.post(entries=exposure_entries(company, planned, sign=1, cause="cash.applied"))
    _emit(company, planned)
    ports.find(ports.Cures).cure(company=company, customer_ids=[item.line.customer_id for item in planned])
    return identifiers


def exposure_entries(
    company: Company, planned: Sequence[Planned], *, sign: int, cause: str
) -> list[exposure.NewEntry]:
    """Return the movements between 'unapplied' and 'billed' (``sign`` -1: back again)."""
    accounts = exposure.open_accounts(
        wanted={(company.pk, item.line.customer_id, item.line.currency) for item in planned}
    )
    entries: list[exposure.NewEntry] = []
    for item in planned:
        account_id = accounts[company.pk, item.line.customer_id, item.line.currency]
        legs = (
            (Stage.UNAPPLIED, item.amount * sign, item.source.obligation),
            (Stage.BILLED, -item.amount * sign, f"invoice:{item.line.number}#{item.line.line}"),
        )
        entries.extend(
            exposure.NewEntry(
                account_id=account_id,
                stage=stage,
                amount=amount,
                obligation=obligation,
                cause=cause,
                cause_id=item.source.payment_id or item.source.credit_instalment_id,
                effective_date=item.effective_date,
            )
            for stage, amount, obligation in legs
        )
    return entries


def lock_accounts(*, company: Company, keys: set[tuple[UUID, str]]) -> dict[tuple[UUID, str], UUID]:
    """Open and lock the credit accounts of (customer, currency) pairs: the first lock of every cash flow."""
    accounts = exposure.open_accounts(
        wanted={(company.pk, customer_id, currency) for customer_id, currency in keys}
    )
    exposure_locks.lock_accounts(accounts.values())
    return {(key[1], key[2]): account_id for key, account_id in accounts.items()}


def payment_source(payment: PaymentRecord) -> Source:
    """Return a payment as the source of allocations."""
    return Source(
        customer_id=payment.customer_id,
        obligation=f"payment:{payment.number}",
        currency=payment.currency,
        day=payment.payment_date,
        payment_id=payment.id,
    )


def credit_source(line: LineRecord) -> Source:
    """Return the line of a credit note as the source of allocations."""
    return Source(
        customer_id=line.customer_id,
        obligation=f"credit_note:{line.number}",
        currency=line.currency,
        day=line.invoice_date,
        credit_instalment_id=line.id,
    )


def candidate_with_open(line: LineRecord, still_open: Decimal) -> Candidate:
    """Return the line as the matcher sees it, with what a batch has left of it."""
    return replace(line.candidate(), open=Money(still_open, line.currency))


def _settle(planned: Sequence[Planned]) -> None:
    """Write what is settled of invoice lines and used of credit lines."""
    changes: dict[UUID, Decimal] = {}
    used: dict[UUID, tuple[Decimal, date]] = {}
    for item in planned:
        changes[item.line.id] = changes.get(item.line.id, Decimal(0)) + item.amount
        credit = item.source.credit_instalment_id
        if credit is not None:
            before = used[credit][0] if credit in used else Decimal(0)
            used[credit] = (before + item.amount, item.effective_date)
    days = cash_queries.latest_effective_dates(line_ids=changes)
    receivables.settle(
        changes=[
            *(
                receivables.Settlement(line_id=line_id, change=change, settled_on=days[line_id])
                for line_id, change in changes.items()
            ),
            *(
                receivables.Settlement(line_id=line_id, change=change, settled_on=day)
                for line_id, (change, day) in used.items()
            ),
        ]
    )


def _emit(company: Company, planned: Sequence[Planned]) -> None:
    totals: dict[tuple[UUID, str], Decimal] = {}
    for item in planned:
        key = (item.line.customer_id, item.line.currency)
        totals[key] = totals.get(key, Decimal(0)) + item.amount
    events.emit_many(
        name="cash.applied",
        company_id=company.pk,
        payloads=[
            (
                customer_id,
                {
                    "customer_id": customer_id,
                    "company_id": company.pk,
                    "amount": Money(total, currency).text(),
                    "currency": currency,
                },
            )
            for (customer_id, currency), total in totals.items()
        ],
    )
