"""Ask a person to tell the insurer of an overdue item before the policy's deadline is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.exposure import insured_items
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_ASK = Words(
    zh="向{insurer}报告逾期：客户 {customer} 发票 {invoice} 逾期未付 {amount}，最迟 {day}",
    en="Tell {insurer} by {day}: invoice {invoice} of {customer} is overdue with {amount}",
)


def notify_insurers(*, company: Company, as_of: date, actor: Actor) -> int:
    """Make one task for each insured item that is overdue; one that was asked for is not asked again.

    Returns how many items the insurers must hear of.
    """
    with db.unit_of_work(actor):
        found = insured_items.insured_items(company_id=company.pk, as_of=as_of, most=None)
        return worklist.make(
            company_id=company.pk,
            tasks=[
                worklist.NewTask(
                    kind="insurer.notice",
                    role="credit_specialist",
                    priority="high",
                    words=_ASK.filled(
                        insurer=one.insurer,
                        customer=one.customer_code,
                        invoice=one.invoice,
                        amount=f"{one.open.text()} {one.open.currency}",
                        day=one.notify_by.isoformat(),
                    ),
                    dedupe_key=f"insurer:{company.pk}:{one.cover}:{one.invoice}",
                    due_in_days=max(one.days_left(as_of), 0),
                )
                for one in found
            ],
        )
