"""What waits about the riskiest customers comes first: class C of the ABC classes, as of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.receivables import abc_report
from tradecredit.apps.worklist import operations as worklist
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.plumbing.access.models import Company


def put_first(*, company: Company, as_of: date) -> int:
    """Put the open tasks about customers of class C before others; returns how many moved, none the second time."""
    db.transaction_required()
    risky = abc_report.riskiest(as_of=as_of, company_id=company.pk)
    return worklist.put_first(company_id=company.pk, customer_ids=risky)
