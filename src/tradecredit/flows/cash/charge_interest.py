"""Charge interest on what is overdue: a receivable of its own for each instalment, never twice for a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import interest_base, policies
from tradecredit.apps.receivables import operations as receivables
from tradecredit.apps.receivables.models import InvoiceKind, InvoiceNature
from tradecredit.flows.cash import book_allocations, open_time, record_documents
from tradecredit.flows.cash.record_documents import Incoming
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from tradecredit.analytics.receivables.interest_base import Chargeable
    from tradecredit.analytics.receivables.policies import LateInterest
    from tradecredit.core.kernel.money import Money
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """Interest of one instalment up to a day."""

    item: Chargeable
    number: str
    rate: Decimal
    amount: Money


def preview(
    *, company: Company, until: date | None = None, customer_code: str | None = None
) -> tuple[Charge, ...]:
    """Return what would be charged up to the day; instalments with less than the policy's least are left out."""
    day = until or clock.today(company)
    policy = policies.in_force(company_id=company.pk, as_of=day).late_interest
    found = interest_base.chargeable(
        company_id=company.pk,
        as_of=day,
        due_before=day - timedelta(days=policy.grace_days),
        customer_code=customer_code,
    )
    charges = (_charge(item, policy, day) for item in found)
    return tuple(one for one in charges if policy.is_worth_it(one.amount))


def charge_interest(
    *, company: Company, actor: Actor, until: date | None = None, customer_code: str | None = None
) -> tuple[Charge, ...]:
    """Record the interest up to the day as receivables due on that day; the same day again charges nothing.

    The rate is the contract's, or the policy's. Raises UnableToPostError when the day is in a closed period.
    """
    day = until or clock.today(company)
    with db.unit_of_work(actor):
        open_time.require_open(company=company, day=day)
        expected = preview(company=company, until=day, customer_code=customer_code)
        book_allocations.lock_accounts(
            company=company, keys={(one.item.customer_id, one.amount.currency) for one in expected}
        )
        # Read again under the lock: money may have come in, or somebody else may have charged.
        charges = preview(company=company, until=day, customer_code=customer_code)
        incoming = [Incoming(row=at, document=_document(one, day)) for at, one in enumerate(charges, start=1)]
        record_documents.record(company=company, kind=InvoiceKind.INVOICE, incoming=incoming, actor=actor)
    return charges


def _charge(item: Chargeable, policy: LateInterest, day: date) -> Charge:
    number = f"INT-{item.instalment.invoice_number}-{item.line}-{day:%Y%m%d}"
    amount = item.accrued(policy, until=day)
    return Charge(item=item, number=number, rate=item.rate(policy), amount=amount)


def _document(charge: Charge, day: date) -> receivables.NewDocument:
    return receivables.NewDocument(
        customer_id=charge.item.customer_id,
        kind=InvoiceKind.INVOICE,
        nature=InvoiceNature.INTEREST,
        number=charge.number,
        invoice_date=day,
        currency=charge.amount.currency,
        amount=charge.amount.amount,
        lines=(receivables.NewLine(due_date=day, amount=charge.amount.amount),),
        refers_to=f"{charge.item.instalment.invoice_number}#{charge.item.line}",
        contract_number=charge.item.contract_number,
        salesperson=charge.item.salesperson,
        source="interest",
        is_demo=charge.item.is_demo,
        content_hash=record_documents.digest({"interest": charge.number, "amount": charge.amount.text()}),
    )
