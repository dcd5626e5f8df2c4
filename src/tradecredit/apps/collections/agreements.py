"""Record and read what was agreed with customers: instalment plans, opt-outs, proof of letters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.collections.models import InstalmentPlan, LetterProof, OptOut, PlanLine, Promise
from tradecredit.core.collections import instalment_plans
from tradecredit.core.kernel.money import Money
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreedPlan:
    """An instalment plan as it was agreed."""

    id: UUID
    number: str
    customer_id: UUID
    plan: instalment_plans.Plan
    agreed_on: date
    acknowledges_debt: bool
    text: str
    ended_on: date | None
    ended_because: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What proves that a letter left or arrived."""

    letter_id: UUID
    letter_number: str
    kind: str
    way: str
    reference: str
    day: date
    text: str
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PromiseRecord:
    """A promise as it was recorded."""

    id: UUID
    customer_id: UUID
    amount: Money
    promised_date: date
    made_on: date
    text: str
    withdrawn_on: date | None
    recorded_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutRecord:
    """Who is not written to."""

    id: UUID
    customer_id: UUID
    instalment_id: UUID | None
    reason: str
    since: date
    ends_on: date | None
    recorded_by: str


def agree(
    *, company_id: UUID, customer_id: UUID, plan: instalment_plans.Plan, agreed_on: date,
    acknowledges_debt: bool, text: str, recorded_by: str,
) -> UUID:  # fmt: skip
    """Record an instalment plan; the database refuses a second running one in the currency (IntegrityError)."""
    db.transaction_required()
    count = InstalmentPlan.objects.filter(company_id=company_id, agreed_on=agreed_on).count()
    row: InstalmentPlan = InstalmentPlan.objects.create(
        id=new_id(),
        company_id=company_id,
        customer_id=customer_id,
        number=f"PLAN-{agreed_on:%Y%m%d}-{count + 1:04}",
        instalment_ids=sorted(plan.instalment_ids),
        currency=plan.total.currency,
        amount=plan.total.amount,
        agreed_on=agreed_on,
        accelerates_after_days=plan.accelerates_after_days,
        acknowledges_debt=acknowledges_debt,
        text=text,
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )
    PlanLine.objects.bulk_create(
        [
            PlanLine(
                company_id=company_id,
                customer_id=customer_id,
                plan_id=row.pk,
                position=position,
                due_date=part.due_date,
                amount=part.amount.amount,
            )
            for position, part in enumerate(plan.parts, start=1)
        ]
    )
    return row.id


def end_plan(*, plan_id: UUID, ended_on: date, because: str) -> bool:
    """End an instalment plan: kept, broken or replaced; tells whether it ran."""
    db.transaction_required()
    rows = InstalmentPlan.objects.filter(pk=plan_id, ended_on__isnull=True)
    return rows.update(ended_on=ended_on, ended_because=because[:200]) == 1


def agreed_plans(
    *, company_id: UUID, customer_id: UUID | None = None, ids: Collection[UUID] | None = None
) -> Sequence[AgreedPlan]:
    """Return the instalment plans, latest first."""
    rows = InstalmentPlan.objects.filter(company_id=company_id).prefetch_related("lines").order_by("-id")
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return [_agreed(row) for row in rows[:500]]


def customers_with_plans(*, company_id: UUID) -> tuple[UUID, ...]:
    """Return the customers of whom an instalment plan runs."""
    rows = InstalmentPlan.objects.filter(company_id=company_id, ended_on__isnull=True)
    return tuple(rows.order_by("customer_id").values_list("customer_id", flat=True).distinct())


def _agreed(row: InstalmentPlan) -> AgreedPlan:
    lines = sorted(row.lines.all(), key=lambda line: line.position)
    return AgreedPlan(
        id=row.pk,
        number=row.number,
        customer_id=row.customer_id,
        plan=instalment_plans.Plan(
            parts=tuple(
                instalment_plans.Part(due_date=line.due_date, amount=Money(line.amount, row.currency))
                for line in lines
            ),
            accelerates_after_days=row.accelerates_after_days,
            instalment_ids=frozenset(str(one) for one in row.instalment_ids),
        ),
        agreed_on=row.agreed_on,
        acknowledges_debt=row.acknowledges_debt,
        text=row.text,
        ended_on=row.ended_on,
        ended_because=row.ended_because,
    )


def record_proof(*, company_id: UUID, customer_id: UUID, proof: Proof) -> None:
    """Record proof of a letter; the same kind on the same day is recorded once (IntegrityError)."""
    db.transaction_required()
    LetterProof.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        letter_id=proof.letter_id,
        kind=proof.kind,
        way=proof.way,
        reference=proof.reference,
        day=proof.day,
        text=proof.text,
        recorded_at=clock.now(),
        recorded_by=proof.recorded_by,
    )


def proofs(
    *, company_id: UUID, customer_id: UUID | None = None, letter_id: UUID | None = None
) -> Sequence[Proof]:
    """Return the proofs of letters, in the order of their days."""
    rows = LetterProof.objects.select_related("letter").filter(company_id=company_id).order_by("day", "id")
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if letter_id is not None:
        rows = rows.filter(letter_id=letter_id)
    return [
        Proof(
            letter_id=row.letter_id,
            letter_number=row.letter.number,
            kind=row.kind,
            way=row.way,
            reference=row.reference,
            day=row.day,
            text=row.text,
            recorded_by=row.recorded_by,
        )
        for row in rows[:1000]
    ]


def opt_out(
    *, company_id: UUID, customer_id: UUID, instalment_id: UUID | None, reason: str, since: date,
    ends_on: date | None, recorded_by: str,
) -> UUID:  # fmt: skip
    """Record that a customer (or one instalment) is not written to; one at a time (IntegrityError)."""
    db.transaction_required()
    row: OptOut = OptOut.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        instalment_id=instalment_id,
        reason=reason[:200],
        since=since,
        ends_on=ends_on,
        recorded_at=clock.now(),
        recorded_by=recorded_by,
    )
    return row.id


def end_opt_out(*, company_id: UUID, opt_out_id: UUID, ended_on: date) -> UUID | None:
    """End an opt-out; returns whose it was, None where it did not hold."""
    db.transaction_required()
    rows = OptOut.objects.filter(pk=opt_out_id, company_id=company_id, ended_on__isnull=True)
    customer_id: UUID | None = rows.values_list("customer_id", flat=True).first()
    return customer_id if rows.update(ended_on=ended_on) == 1 else None


def opt_outs(*, company_id: UUID, customer_id: UUID) -> Sequence[OptOutRecord]:
    """Return the opt-outs of a customer that nobody ended."""
    rows = OptOut.objects.filter(company_id=company_id, customer_id=customer_id, ended_on__isnull=True)
    return [
        OptOutRecord(
            id=row.pk,
            customer_id=row.customer_id,
            instalment_id=row.instalment_id,
            reason=row.reason,
            since=row.since,
            ends_on=row.ends_on,
            recorded_by=row.recorded_by,
        )
        for row in rows.order_by("id")
    ]


def promises(*, company_id: UUID, customer_id: UUID) -> Sequence[PromiseRecord]:
    """Return the promises of a customer, latest first."""
    rows = Promise.objects.filter(company_id=company_id, customer_id=customer_id).order_by("-id")
    return [
        PromiseRecord(
            id=row.pk,
            customer_id=row.customer_id,
            amount=Money(row.amount, row.currency),
            promised_date=row.promised_date,
            made_on=row.made_on,
            text=row.text,
            withdrawn_on=row.withdrawn_on,
            recorded_by=row.recorded_by,
        )
        for row in rows[:200]
    ]


def withdraw_promise(*, company_id: UUID, promise_id: UUID, withdrawn_on: date) -> UUID | None:
    """Mark a promise as withdrawn; returns whose it was, None where it does not stand."""
    db.transaction_required()
    rows = Promise.objects.filter(pk=promise_id, company_id=company_id, withdrawn_on__isnull=True)
    customer_id: UUID | None = rows.values_list("customer_id", flat=True).first()
    return customer_id if rows.update(withdrawn_on=withdrawn_on) == 1 else None
