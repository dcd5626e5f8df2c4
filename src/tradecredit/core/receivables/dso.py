"""Collection ratios, each with its variant in its name; None where the base is zero, never a made-up figure.

Results are exact quotients of Decimal; whoever shows them rounds with ``rounded``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from tradecredit.core.kernel.money import CurrencyMismatchError, Money

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfSales:
    """Credit sales of one whole month (or of its part up to the day) and its number of days."""

    sales: Money
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DueAmount:
    """What fell due, and what of it had come in on its due day."""

    due_date: date
    amount: Money
    paid_in_time: Money


def simple(*, open_total: Money, credit_sales: Money, days: int) -> Decimal | None:
    """Return open receivables / credit sales x days: 1,200,000 / 10,000,000 x 365 = 43.8."""
    return _days(open_total, credit_sales, days)


def best_possible(*, open_not_due: Money, credit_sales: Money, days: int) -> Decimal | None:
    """Return the DSO if nothing were overdue: 800,000 / 10,000,000 x 365 = 29.2."""
    return _days(open_not_due, credit_sales, days)


def average_days_delinquent(*, dso: Decimal | None, best_possible_dso: Decimal | None) -> Decimal | None:
    """Return DSO less best possible DSO: 43.8 - 29.2 = 14.6."""
    if dso is None or best_possible_dso is None:
        return None
    return dso - best_possible_dso


def count_back(*, open_total: Money, newest_first: Iterable[MonthOfSales]) -> Decimal | None:
    """Return how many days of sales, counted back from the newest month, are still owed.

    212,000 against 100,000, 80,000 and 70,000 in months of 30 days: 30 + 30 + 30 x 32,000 / 70,000 = 73.714…
    None when the months given do not exhaust what is owed: the answer would depend on how far one looked.
    """
    remainder = open_total.amount
    if remainder <= 0:
        return Decimal(0)
    counted = Decimal(0)
    for month in newest_first:
        sales = month.sales.amount
        if sales >= remainder:
            return counted + Decimal(month.days) * remainder / sales
        remainder -= max(sales, Decimal(0))
        counted += month.days
    return None


def collection_effectiveness_index(
    *, open_begin: Money, credit_sales: Money, open_end: Money, open_end_not_due: Money
) -> Decimal | None:
    """Return CEI in percent: (100,000 + 1,000,000 - 120,000) / (100,000 + 1,000,000 - 100,000) x 100 = 98."""
    collected = open_begin + credit_sales - open_end
    collectable = open_begin + credit_sales - open_end_not_due
    return ratio(part=collected, whole=collectable, times=_HUNDRED)


def on_time_collection_rate(*, due: Iterable[DueAmount], start: date, end: date) -> Decimal | None:
    """Return the share, by amount, of what fell due in [start, end) that was there on its due day.

    100.00 of 400.00 in time is 0.25; unpaid due items count as late.
    """
    amount, in_time = Decimal(0), Decimal(0)
    for item in due:
        if start <= item.due_date < end:
            amount += item.amount.amount
            in_time += item.paid_in_time.amount
    return in_time / amount if amount > 0 else None


def on_time_count_rate(*, due: Iterable[DueAmount], start: date, end: date) -> Decimal | None:
    """Return the share, by number, of what fell due in [start, end) that was there wholly on its due day.

    One of two in time is 0.5; one that came in part counts as late.
    """
    fell_due = [item for item in due if start <= item.due_date < end]
    in_time = sum(item.paid_in_time.amount >= item.amount.amount for item in fell_due)
    return Decimal(in_time) / len(fell_due) if fell_due else None


def collection_rate(*, collected: Money, due_at_begin: Money, due_in_period: Money) -> Decimal | None:
    """Return cash applied in the period / (already due at its beginning + fell due in it): 300 / (100 + 400) = 0.6."""
    return ratio(part=collected, whole=due_at_begin + due_in_period)


def bad_debt_rate(*, written_off: Money, recovered: Money, base: Money) -> Decimal | None:
    """Return (write-offs - recoveries) / base: of credit sales, or of average receivables; the name says which.

    30.00 less 5.00 recovered on sales of 1,000.00 is 0.025.
    """
    return ratio(part=written_off - recovered, whole=base)


def average(one: Money, other: Money) -> Money:
    """Return the mean of a beginning and an end, to the minor unit: 100.00 and 50.01 is 75.01."""
    return Money((one + other).amount / 2, one.currency).rounded()


def turnover(*, credit_sales: Money, average_open: Money) -> Decimal | None:
    """Return credit sales / average receivables: 1,200.00 / 100.00 = 12 times."""
    return ratio(part=credit_sales, whole=average_open)


def overdue_rate(*, overdue: Money, open_total: Money) -> Decimal | None:
    """Return overdue / open: 30.00 / 120.00 = 0.25."""
    return ratio(part=overdue, whole=open_total)


def ratio(*, part: Money, whole: Money, times: Decimal = Decimal(1)) -> Decimal | None:
    """Return part / whole x times, or None when the whole is not above zero: 30.00 / 120.00 is 0.25.

    Raises CurrencyMismatchError.
    """
    if part.currency != whole.currency:
        raise CurrencyMismatchError(part.currency, whole.currency)
    return part.amount / whole.amount * times if whole.is_positive else None


def rounded(value: Decimal, *, places: int) -> Decimal:
    """Round a ratio half up for showing: 30.41666… to one place is 30.4."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _days(amount: Money, credit_sales: Money, days: int) -> Decimal | None:
    return ratio(part=amount, whole=credit_sales, times=Decimal(days))
