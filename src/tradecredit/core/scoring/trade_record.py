"""What the ledger says about a customer, as attribute values."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from tradecredit.core.scoring.values import Known

if TYPE_CHECKING:
    from datetime import date

    from tradecredit.core.kernel.money import Money
    from tradecredit.core.receivables.payment_behaviour import Behaviour
    from tradecredit.core.scoring.values import Plain, Value

_CENT = Decimal("0.01")
_DAYS_A_YEAR = Decimal("365.25")
_MONTHS = 12
_SOURCE = "ledger"


def values_of(
    behaviour: Behaviour | None, *, customer_since: date | None, currency: str, as_of: date
) -> dict[str, Value]:
    """Return the attributes that the ledger knows; what it does not know is left out, never zero.

    Amounts count only in ``currency``. 12 invoices of 120,000 in all over six months are 20,000 of average
    monthly sales.
    """
    found: dict[str, Plain | None] = {"years_of_trade": _years(behaviour, since=customer_since, as_of=as_of)}
    if behaviour is not None:
        found |= {
            "on_time_rate": behaviour.on_time_rate_by_amount,
            "on_time_streak": _whole(behaviour.on_time_streak),
            "overdue_count": _whole(behaviour.overdue_count),
            "average_days_late": behaviour.average_days_late,
            "max_days_late": _whole(behaviour.max_days_late),
            "order_count": _whole(behaviour.invoice_count),
            "order_frequency": behaviour.invoices_per_month,
            "trend": behaviour.trend_days,
            "max_overdue_amount": _amount(behaviour.max_overdue_amount, currency),
            "order_amount": _amount(behaviour.invoiced_amount, currency),
            "average_monthly_sales": _monthly(behaviour, currency),
        }
    return {
        name: Known(value=value, source=_SOURCE, known_on=as_of)
        for name, value in found.items()
        if value is not None
    }


def _whole(count: int | None) -> Decimal | None:
    return None if count is None else Decimal(count)


def _amount(money: Money | None, currency: str) -> Decimal | None:
    return money.amount if money is not None and money.currency == currency else None


def _months(behaviour: Behaviour) -> Decimal | None:
    """Return the calendar months of trade that the ledger shows."""
    if not behaviour.invoice_count or not behaviour.invoices_per_month:
        return None
    return (behaviour.invoice_count / behaviour.invoices_per_month).quantize(
        Decimal(1), rounding=ROUND_HALF_UP
    )


def _monthly(behaviour: Behaviour, currency: str) -> Decimal | None:
    amount, months = _amount(behaviour.invoiced_amount, currency), _months(behaviour)
    if amount is None or not months:
        return None
    return (amount / months).quantize(_CENT, rounding=ROUND_HALF_UP)


def _years(behaviour: Behaviour | None, *, since: date | None, as_of: date) -> Decimal | None:
    if since is not None:
        return (Decimal(max(0, (as_of - since).days)) / _DAYS_A_YEAR).quantize(_CENT, rounding=ROUND_HALF_UP)
    months = None if behaviour is None else _months(behaviour)
    return None if months is None else (months / _MONTHS).quantize(_CENT, rounding=ROUND_HALF_UP)
