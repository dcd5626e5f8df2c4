"""Whether a day is open for posting: refused in words before the database refuses it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.apps.receivables import periods
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.row_results import RefusedRowError

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.plumbing.access.models import Company

_SHUT = Words(
    zh="截至 {until} 的应收账款已结账，不能再登记 {day} 的单据；请用结账日之后的日期登记更正，或先反结账",
    en="the receivables up to {until} are closed: {day} cannot be posted. Date the correction after that, or reopen first",
)


class UnableToPostError(UnableToError):
    """The day lies in a closed period."""

    code = "period_closed"
    status = 409


def require_open(*, company: Company, day: date) -> None:
    """Raise UnableToPostError for a day that is shut."""
    shut = periods.closed_until(company_id=company.pk)
    if shut is not None and day <= shut:
        raise UnableToPostError(
            _SHUT.filled(until=shut, day=day), day=day.isoformat(), closed=shut.isoformat()
        )


def is_shut(*, day: date, shut: date | None) -> bool:
    """Tell whether the day lies in what is closed up to ``shut`` (None: nothing is)."""
    return shut is not None and day <= shut


def refused_row(*, shut: date | None, day: date, field: str) -> RefusedRowError:
    """Return the refusal of a row whose day is shut."""
    return RefusedRowError(field=field, value=day.isoformat(), words=_SHUT.filled(until=shut, day=day))
