"""Payment behaviour: how a customer has paid, measured from instalments as of a day.

Note [Judged items]
An instalment is judged when it is settled, or when its due day has passed with something still open: unpaid
due items count as late. What a credit note took off was never owed, so every amount here is net of credits,
and an item that credits took off wholly is not judged. What was written off stays owed for good: it was never paid,
and the day of the write-off ends its delay. Without a judged item every figure is None: no data is
not a good record, and not a bad one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any, Literal

from tradecredit.core.kernel import money
from tradecredit.core.kernel.refusal import PolicyError
from tradecredit.core.receivables import open_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from tradecredit.core.kernel.money import Money
    from tradecredit.core.receivables.open_items import AllocationEntry, Instalment

Trend = Literal["slower", "steady", "faster"]
_FIGURE = Decimal("0.0001")
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class BehaviourPolicy:
    """Which invoices are looked at, and when a change of pace is a trend."""

    window_days: int | None
    recent_days: int
    steady_within_days: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One judged instalment: what was due, what of it came in time, and how late it is or was."""

    invoice_date: date
    due_date: date
    amount: Money
    paid_in_time: Money
    open: Money
    settled_date: date | None
    days_to_pay: int
    days_late_signed: int

    @property
    def days_late(self) -> int:
        """Return the days after the due day, never below zero."""
        return max(0, self.days_late_signed)

    @property
    def is_on_time(self) -> bool:
        """Tell whether all of it was there on the due day."""
        return self.settled_date is not None and self.days_late == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """The indicators of one customer in one currency; None wherever there is nothing to measure."""

    currency: str
    sample_size: int
    on_time_rate_by_amount: Decimal | None = None
    on_time_rate_by_count: Decimal | None = None
    overdue_count: int | None = None
    open_overdue_count: int | None = None
    open_overdue_amount: Money | None = None
    max_overdue_amount: Money | None = None
    average_days_late: Decimal | None = None
    weighted_days_late: Decimal | None = None
    weighted_days_delinquent: Decimal | None = None
    weighted_days_to_pay: Decimal | None = None
    max_days_late: int | None = None
    on_time_streak: int | None = None
    trend_days: Decimal | None = None
    trend: Trend | None = None
    invoice_count: int | None = None
    invoiced_amount: Money | None = None
    average_invoice_amount: Money | None = None
    invoices_per_month: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Volume:
    count: int | None = None
    amount: Money | None = None
    average: Money | None = None
    per_month: Decimal | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Pace:
    days: Decimal | None = None
    trend: Trend | None = None


def measure(
    *,
    instalments: Iterable[Instalment],
    policy: BehaviourPolicy,
    as_of: date,
    currency: str,
    known_at: datetime | None = None,
) -> Behaviour:
    """Return the customer's indicators in the currency, from the instalments of that currency.

    100.00 paid on the due day and 300.00 paid ten days late: on time 0.25 by amount and 0.5 by count,
    5 days late on average, 7.5 weighted by amount.
    """
    looked_at = [
        instalment
        for instalment in instalments
        if instalment.amount.currency == currency
        and open_items.exists(instalment=instalment, as_of=as_of, known_at=known_at)
        and _in_window(instalment.invoice_date, policy=policy, as_of=as_of)
    ]
    judged = [
        verdict
        for instalment in looked_at
        if (verdict := judge(instalment=instalment, as_of=as_of, known_at=known_at)) is not None
    ]
    volume = _volume(looked_at, as_of=as_of, currency=currency)
    if not judged:
        return Behaviour(
            currency=currency,
            sample_size=0,
            invoice_count=volume.count,
            invoiced_amount=volume.amount,
            average_invoice_amount=volume.average,
            invoices_per_month=volume.per_month,
        )
    return _summarise(judged, volume=volume, policy=policy, as_of=as_of, currency=currency)


def judge(*, instalment: Instalment, as_of: date, known_at: datetime | None = None) -> Judged | None:
    """Return how the instalment was paid, or None while there is nothing to judge (see Note [Judged items])."""
    entries = open_items.live_allocations(instalment=instalment, as_of=as_of, known_at=known_at)
    currency = instalment.amount.currency
    owed = instalment.amount - _sum((e for e in entries if e.kind == "credit"), currency)
    cash = [entry for entry in entries if entry.kind == "cash"]
    losses = [entry for entry in entries if entry.kind == "loss"]
    still_open = owed - _sum(cash, currency) - _sum(losses, currency)
    settled = not (owed - _sum(cash, currency)).is_positive
    if not owed.is_positive or not (settled or instalment.due_date < as_of):
        return None
    settled_date = _latest_day(cash) if settled else None
    end = settled_date or (as_of if still_open.is_positive else _latest_day(losses))
    in_time = _sum((e for e in cash if e.effective_date <= instalment.due_date), currency)
    return Judged(
        invoice_date=instalment.invoice_date,
        due_date=instalment.due_date,
        amount=owed,
        paid_in_time=in_time,
        open=still_open,
        settled_date=settled_date,
        days_to_pay=(end - instalment.invoice_date).days,
        days_late_signed=(end - instalment.due_date).days,
    )


def parse(section: Mapping[str, Any]) -> BehaviourPolicy:
    """Read ``{window_days, recent_days, steady_within_days}``; raises PolicyError."""
    window = section.get("window_days")
    if window is not None and (not isinstance(window, int) or window <= 0):
        raise PolicyError(
            "receivables.behaviour.window_days", "a number of days above zero, or nothing for all history"
        )
    recent = section.get("recent_days")
    if not isinstance(recent, int) or recent <= 0:
        raise PolicyError("receivables.behaviour.recent_days", "a number of days above zero")
    return BehaviourPolicy(
        window_days=window,
        recent_days=recent,
        steady_within_days=Decimal(str(section.get("steady_within_days", "0"))),
    )


def _summarise(
    judged: Sequence[Judged], *, volume: _Volume, policy: BehaviourPolicy, as_of: date, currency: str
) -> Behaviour:
    late = [item for item in judged if not item.is_on_time]
    still_open = [item for item in judged if item.open.is_positive]
    weights = sum((item.amount.amount for item in judged), Decimal(0))
    pace = _pace(judged, policy=policy, as_of=as_of)
    return Behaviour(
        currency=currency,
        sample_size=len(judged),
        on_time_rate_by_amount=figure(
            sum((item.paid_in_time.amount for item in judged), Decimal(0)) / weights
        ),
        on_time_rate_by_count=figure(Decimal(len(judged) - len(late)) / len(judged)),
        overdue_count=len(late),
        open_overdue_count=len(still_open),
        open_overdue_amount=money.total((item.open for item in still_open), currency),
        max_overdue_amount=max(
            (item.amount - item.paid_in_time for item in late), default=money.Money.zero(currency)
        ),
        average_days_late=_average_late(judged),
        weighted_days_late=_weighted([(item.amount, item.days_late_signed) for item in judged]),
        weighted_days_delinquent=_weighted([(item.amount, item.days_late) for item in judged]),
        weighted_days_to_pay=_weighted([(item.amount, item.days_to_pay) for item in judged]),
        max_days_late=max(item.days_late for item in judged),
        on_time_streak=_streak(judged),
        trend_days=pace.days,
        trend=pace.trend,
        invoice_count=volume.count,
        invoiced_amount=volume.amount,
        average_invoice_amount=volume.average,
        invoices_per_month=volume.per_month,
    )


def figure(value: Decimal) -> Decimal:
    """Round a rate or an average to four decimals, half up: the step at which all indicators round."""
    return value.quantize(_FIGURE, rounding=ROUND_HALF_UP)


def _in_window(day: date, *, policy: BehaviourPolicy, as_of: date) -> bool:
    return policy.window_days is None or day > as_of - timedelta(days=policy.window_days)


def _sum(entries: Iterable[AllocationEntry], currency: str) -> Money:
    return money.total((entry.amount for entry in entries), currency)


def _latest_day(cash: Sequence[AllocationEntry]) -> date:
    """Return the last day on which cash that still holds came in; what was reversed nets out on its day."""
    by_day: dict[date, Decimal] = {}
    for entry in cash:
        by_day[entry.effective_date] = by_day.get(entry.effective_date, Decimal(0)) + entry.amount.amount
    return max(day for day, amount in by_day.items() if amount != 0)


def _average_late(judged: Sequence[Judged]) -> Decimal | None:
    return figure(Decimal(sum(item.days_late for item in judged)) / len(judged)) if judged else None


def _weighted(pairs: Sequence[tuple[Money, int]]) -> Decimal:
    weights = sum((amount.amount for amount, _ in pairs), Decimal(0))
    return figure(sum((amount.amount * days for amount, days in pairs), Decimal(0)) / weights)


def _streak(judged: Sequence[Judged]) -> int:
    """Count the items in time that fell due after the latest late one."""
    latest_late = max((item.due_date for item in judged if not item.is_on_time), default=date.min)
    return sum(1 for item in judged if item.is_on_time and item.due_date > latest_late)


def _pace(judged: Sequence[Judged], *, policy: BehaviourPolicy, as_of: date) -> _Pace:
    border = as_of - timedelta(days=policy.recent_days)
    recent = _average_late([item for item in judged if item.due_date > border])
    earlier = _average_late([item for item in judged if item.due_date <= border])
    if recent is None or earlier is None:
        return _Pace()
    change = recent - earlier
    if abs(change) <= policy.steady_within_days:
        return _Pace(days=change, trend="steady")
    return _Pace(days=change, trend="slower" if change > 0 else "faster")


def _volume(instalments: Sequence[Instalment], *, as_of: date, currency: str) -> _Volume:
    """Count invoices (not instalments) and what they billed, per calendar month from the first one on."""
    if not instalments:
        return _Volume()
    count = len({instalment.invoice_number for instalment in instalments})
    amount = money.total((instalment.amount for instalment in instalments), currency)
    earliest = min(instalment.invoice_date for instalment in instalments)
    months = (as_of.year - earliest.year) * _MONTHS + as_of.month - earliest.month + 1
    return _Volume(
        count=count,
        amount=amount,
        average=money.Money(amount.amount / count, currency).rounded(),
        per_month=figure(Decimal(count) / months),
    )
