"""Undo allocations by reverse rows: settlement and exposure go back, nothing is deleted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import accumulate
from typing import TYPE_CHECKING

from tradecredit.apps.cash_application import operations as cash
from tradecredit.apps.cash_application import queries as cash_queries
from tradecredit.apps.exposure import operations as exposure
from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables import periods
from tradecredit.apps.receivables import queries as receivables_queries
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.cash import book_allocations
from tradecredit.flows.cash.book_allocations import Planned
from tradecredit.plumbing import db
from tradecredit.plumbing.audit import log
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.cash_application.queries import AllocationRecord, PaymentRecord
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


class UnableToUnapplyCashError(UnableToError):
    """There is nothing to undo, or no reason was given."""

    code = "unable_to_unapply_cash"


def unapply_cash(
    *,
    company: Company,
    reason: str,
    actor: Actor,
    payment_number: str = "",
    allocation_ids: Sequence[UUID] = (),
) -> tuple[UUID, ...]:
    """Reverse all allocations of a payment, or the ones named; return the identifiers of the reverse rows.

    Raises UnableToUnapplyCashError without a reason, or when an allocation is not there or was reversed already.
    """
    if not reason.strip():
        raise UnableToUnapplyCashError(
            Words(zh="取消核销需要填写原因。", en="Undoing an allocation needs a reason; write one.")
        )
    with db.unit_of_work(actor):
        held = _held(company, payment_number, allocation_ids)
        book_allocations.lock_accounts(
            company=company, keys={(item.customer_id, item.currency) for item in held}
        )
        # Read again under the lock: a second person may have undone them meanwhile.
        held = _held(company, payment_number, [item.id for item in held])
        return undo(company=company, held=held, reason=reason, actor=actor)


def undo(
    *,
    company: Company,
    held: Sequence[AllocationRecord],
    reason: str,
    actor: Actor,
    day: date | None = None,
) -> tuple[UUID, ...]:
    """Reverse allocations that hold, in the caller's transaction and under its lock of the account.

    With ``day`` they count as reversed from that day on only. Returns the identifiers of the reverse rows.
    """
    planned = _as_planned(held)
    opens_on = periods.first_open_day(company_id=company.pk)
    if day is None and opens_on is not None and any(item.effective_date < opens_on for item in held):
        # What was settled in a closed period stays settled there; the reversal is an entry of the open time.
        day = opens_on
    if day is not None:
        planned = [replace(one, source=replace(one.source, day=day)) for one in planned]
    reverse_ids = cash.reverse_allocations(
        company_id=company.pk, allocations=held, reason=reason, recorded_by=actor.name, day=day
    )
    _unsettle(planned)
    exposure.post(
        entries=book_allocations.exposure_entries(company, planned, sign=-1, cause="cash.unapplied")
    )
    _tell(company, actor, planned, reason=reason)
    return reverse_ids


def free(
    *,
    company: Company,
    payment: PaymentRecord,
    needed: Decimal,
    reason: str,
    stays: Words,
    actor: Actor,
    day: date,
) -> None:
    """Reverse from the day on what a payment had settled, the latest first, until so much of it is free.

    What the last reversal frees too much is settled again, as ``stays`` says. In the caller's transaction and under its
    lock.
    """
    held = cash_queries.holding_allocations(company_id=company.pk, payment_id=payment.id)[::-1]
    sums = list(accumulate((one.amount for one in held), initial=Decimal(0)))
    chosen = [one for one, before in zip(held, sums, strict=False) if before < needed]
    if not chosen:
        return
    undo(company=company, held=chosen, reason=reason, actor=actor, day=day)
    excess = sums[len(chosen)] - needed
    if excess > 0:
        again = Planned(
            source=replace(book_allocations.payment_source(payment), day=day),
            line=receivables_queries.lines_by_id(ids=[chosen[-1].instalment_id])[chosen[-1].instalment_id],
            amount=excess,
            method="manual",
            words=stays,
        )
        book_allocations.book(company=company, actor=actor, planned=[again])


def _held(
    company: Company, payment_number: str, allocation_ids: Sequence[UUID]
) -> tuple[AllocationRecord, ...]:
    payment_id = None
    if payment_number:
        payment = cash_queries.payments(company_id=company.pk, numbers=[payment_number]).get(payment_number)
        if payment is None:
            raise _nothing(payment_number)
        payment_id = payment.id
    held = cash_queries.holding_allocations(
        company_id=company.pk, ids=allocation_ids or None, payment_id=payment_id
    ) if payment_id or allocation_ids else ()  # fmt: skip
    if not held or len(held) < len(set(allocation_ids)):
        raise _nothing(payment_number)
    return held


def _nothing(payment_number: str) -> UnableToUnapplyCashError:
    return UnableToUnapplyCashError(
        Words(
            zh=f"没有可取消的核销（{payment_number or '所选记录'}），可能已被取消；请刷新后再试。",
            en=f"There is no allocation to undo ({payment_number or 'as chosen'}); it may be undone already:"
            " look again.",
        ),
        payment=payment_number,
    )


def _as_planned(held: Sequence[AllocationRecord]) -> list[Planned]:
    payments = cash_queries.payments_by_id(ids={item.payment_id for item in held if item.payment_id})
    wanted = {item.instalment_id for item in held}
    wanted |= {item.credit_instalment_id for item in held if item.credit_instalment_id}
    lines = receivables_queries.lines_by_id(ids=wanted)
    planned = []
    for item in held:
        source = (
            book_allocations.payment_source(payments[item.payment_id])
            if item.payment_id
            else book_allocations.credit_source(lines[_known(item.credit_instalment_id)])
        )
        planned.append(
            Planned(
                source=source,
                line=lines[item.instalment_id],
                amount=item.amount,
                method="reversal",
                words=Words(zh="取消核销", en="undone"),
            )
        )
    return planned


def _known(line_id: UUID | None) -> UUID:
    if line_id is None:
        raise RuntimeError("an allocation comes from a payment or from a credit note")
    return line_id


def _unsettle(planned: Sequence[Planned]) -> None:
    changes: dict[UUID, Decimal] = {}
    for item in planned:
        changes[item.line.id] = changes.get(item.line.id, Decimal(0)) - item.amount
        credit = item.source.credit_instalment_id
        if credit is not None:
            changes[credit] = changes.get(credit, Decimal(0)) - item.amount
    day = max(item.effective_date for item in planned)
    receivables.settle(
        changes=[
            receivables.Settlement(line_id=line_id, change=change, settled_on=day)
            for line_id, change in changes.items()
        ]
    )


def _tell(company: Company, actor: Actor, planned: Sequence[Planned], *, reason: str) -> None:
    totals: Mapping[tuple[UUID, str], Decimal] = _totals(planned)
    events.emit_many(
        name="cash.unapplied",
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
    log.append(
        company_id=company.pk,
        actor=actor,
        entries=[
            log.NewEntry(
                stream=f"customer:{customer_id}",
                kind="cash.unapplied",
                words=Words(
                    zh=f"取消核销 {Money(total, currency).text()} {currency}，原因：{reason}",
                    en=f"{Money(total, currency).text()} {currency} unapplied, because: {reason}",
                ),
                payload={"amount": Money(total, currency).text(), "currency": currency},
            )
            for (customer_id, currency), total in totals.items()
        ],
    )


def _totals(planned: Sequence[Planned]) -> dict[tuple[UUID, str], Decimal]:
    totals: dict[tuple[UUID, str], Decimal] = {}
    for item in planned:
        key = (item.line.customer_id, item.line.currency)
        totals[key] = totals.get(key, Decimal(0)) + item.amount
    return totals
