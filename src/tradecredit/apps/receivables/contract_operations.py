"""Write contracts, their schedules and the steps of their lives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.receivables.models import Contract, ContractEvent, ContractLine, ContractStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date
    from decimal import Decimal
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words
    from tradecredit.core.receivables.contracts import ScheduleLine
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class NewContract:
    """A contract to write as a draft."""

    customer_id: UUID
    number: str
    title: str
    amount: Decimal
    currency: str
    valid_from: date
    valid_to: date | None
    salesperson: str
    buyer_class: str
    is_small_seller: bool
    interest_daily_rate: Decimal | None
    terms: Sequence[Mapping[str, Any]]
    grade: str
    template: str
    clauses: Sequence[str]
    acceleration_days: int | None
    review_reasons: Sequence[Mapping[str, Any]]
    content_hash: str
    is_demo: bool = False


def lock(*, contract_id: UUID) -> None:
    """Hold a contract until the transaction ends."""
    db.transaction_required()
    Contract.objects.select_for_update(of=("self",)).get(pk=contract_id)


def save_draft(*, company_id: UUID, new: NewContract, actor: Actor, contract_id: UUID | None = None) -> UUID:
    """Write a draft, or write one anew that is not signed; a clearance by legal is lost with the change."""
    db.transaction_required()
    columns = {name: getattr(new, name) for name in NewContract.__slots__}
    columns |= {
        "terms": list(new.terms),
        "clauses": list(new.clauses),
        "review_reasons": list(new.review_reasons),
        "recorded_at": clock.now(),
        "created_by_id": actor.user_id,
        "created_by_name": actor.name,
    }
    if contract_id is None:
        created: UUID = Contract.objects.create(company_id=company_id, **columns).pk
        return created
    Contract.objects.filter(pk=contract_id).update(
        **columns,
        status=ContractStatus.DRAFT,
        reviewed_by_id=None,
        reviewed_by_name="",
        reviewed_at=None,
        review_text="",
    )
    return contract_id


def set_status(*, contract_id: UUID, status: ContractStatus) -> None:
    """Bring a contract to a state."""
    db.transaction_required()
    Contract.objects.filter(pk=contract_id).update(status=status)


def clear(*, contract_id: UUID, actor: Actor, text: str, is_cleared: bool) -> None:
    """Write what legal said: cleared for signing, or back to the draft."""
    db.transaction_required()
    Contract.objects.filter(pk=contract_id).update(
        status=ContractStatus.REVIEWED if is_cleared else ContractStatus.DRAFT,
        reviewed_by_id=actor.user_id,
        reviewed_by_name=actor.name,
        reviewed_at=clock.now(),
        review_text=text,
    )


def sign(
    *, company_id: UUID, contract_id: UUID, customer_id: UUID, day: date, lines: Sequence[ScheduleLine]
) -> None:
    """Sign a contract and write the schedule that signing makes."""
    db.transaction_required()
    Contract.objects.filter(pk=contract_id).update(status=ContractStatus.SIGNED, signed_on=day)
    ContractLine.objects.bulk_create(
        [
            ContractLine(
                company_id=company_id,
                customer_id=customer_id,
                contract_id=contract_id,
                sequence=line.sequence,
                kind=line.kind,
                label=line.label,
                amount=line.amount.amount,
                currency=line.amount.currency,
                days=line.days,
                is_from_month_end=line.is_from_month_end,
                reached_on=line.reached_on,
                due_date=line.due_date,
            )
            for line in lines
        ]
    )


def reach(*, line_id: UUID, reached_on: date, due_date: date) -> None:
    """Write that what makes a part due has happened, and when it falls due."""
    db.transaction_required()
    ContractLine.objects.filter(pk=line_id).update(reached_on=reached_on, due_date=due_date)


def bill(*, line_id: UUID, invoice_number: str) -> None:
    """Write the invoice that bills a part."""
    db.transaction_required()
    ContractLine.objects.filter(pk=line_id).update(invoice_number=invoice_number)


def accelerate(*, contract_id: UUID, day: date) -> int:
    """Let every part that is not due on the day fall due on it; return how many parts moved."""
    db.transaction_required()
    Contract.objects.filter(pk=contract_id).update(accelerated_on=day)
    lines = ContractLine.objects.filter(contract_id=contract_id).exclude(due_date__lte=day)
    return lines.update(due_date=day)


def append(
    *,
    company_id: UUID,
    customer_id: UUID,
    contract_id: UUID,
    kind: str,
    day: date,
    words: Words,
    actor: Actor,
) -> None:
    """Append a step to a contract's life."""
    db.transaction_required()
    ContractEvent.objects.create(
        company_id=company_id,
        customer_id=customer_id,
        contract_id=contract_id,
        kind=kind,
        day=day,
        text_zh=words.zh,
        text_en=words.en,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
