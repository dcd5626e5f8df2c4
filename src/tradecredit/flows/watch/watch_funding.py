"""Ask finance for a contingency plan when much of what is due soon is owed by customers in trouble."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tradecredit.analytics.monitoring import receipts
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.money import Money
from tradecredit.flows.watch import watch_policy
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.plumbing.access.models import Company


def watch_funding(*, company: Company, as_of: date) -> int:
    """Make one task a month where the policy's amount is reached, in the caller's transaction; returns how many."""
    db.transaction_required()
    rule = watch_policy.in_force(company_id=company.pk, as_of=as_of).monitoring.funding
    if rule is None:
        return 0
    found = receipts.endangered(
        company_id=company.pk,
        currency=company.base_currency,
        levels=rule.levels,
        until=as_of + timedelta(days=rule.within_days),
    )
    if found.customers == 0 or found.amount < rule.amount:
        return 0
    amount = Money(found.amount, company.base_currency)
    task = worklist.NewTask(
        kind="funding.plan",
        role=rule.role,
        priority="high",
        words=rule.title.filled(
            days=rule.within_days, amount=f"{amount.text()} {amount.currency}", customers=found.customers
        ),
        link="/receivables",
        dedupe_key=f"funding:{company.pk}:{as_of:%Y-%m}",
    )
    return worklist.make(company_id=company.pk, tasks=[task])
