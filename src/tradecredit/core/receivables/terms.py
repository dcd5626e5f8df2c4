"""Payment terms: from an invoice's date and amount to its instalments, each with its own due day."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, assert_never

from tradecredit.core.kernel import money, periods
from tradecredit.core.kernel.calendar import RollRule, WorkCalendar
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError

if TYPE_CHECKING:
    from tradecredit.core.kernel.money import Money

_WHOLE_PERCENT = Decimal(100)


class UnableToScheduleError(UnableToError):
    """The terms cannot be turned into instalments."""

    code = "unable_to_schedule"


@dataclass(frozen=True, slots=True, kw_only=True)
class DaysFromInvoice:
    """Due a number of days after the invoice date (0: on the day)."""

    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthEnd:
    """Due a number of days after the end of the invoice's month, or of a month that comes later."""

    days: int = 0
    months: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DueOn:
    """Due on a day written on the document."""

    due_date: date


SingleTerms = DaysFromInvoice | MonthEnd | DueOn


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A share of the invoice, in percent, with its own terms."""

    percent: Decimal
    terms: SingleTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class Instalments:
    """Several parts whose percentages sum to 100."""

    parts: tuple[Part, ...]

    def __post_init__(self) -> None:
        if any(part.percent <= 0 for part in self.parts):
            raise _refuse("每期比例必须大于零", "every part's percentage is above zero")
        if sum((part.percent for part in self.parts), Decimal(0)) != _WHOLE_PERCENT:
            raise _refuse("各期比例之和必须为 100", "the parts' percentages sum to 100")


Terms = SingleTerms | Instalments


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleLine:
    """One instalment as it will stand in the books."""

    sequence: int
    due_date: date
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Rolling:
    """How a due day that is no workday moves, and by which calendar."""

    rule: RollRule = "none"
    calendar: WorkCalendar = field(default_factory=WorkCalendar)


def schedule(
    *, terms: Terms, amount: Money, invoice_date: date, rolling: Rolling | None = None
) -> tuple[ScheduleLine, ...]:
    """Return the instalments of an invoice in the order of the terms; their amounts sum to the invoice's.

    100.00 in three parts of 33.33, 33.33 and 33.34 percent is 33.33, 33.33 and 33.34.
    Raises UnableToScheduleError when computed terms would make a part due before the invoice's day.
    """
    rolling = rolling or Rolling()
    if isinstance(terms, Instalments):
        singles = tuple(part.terms for part in terms.parts)
        amounts = money.split(amount, [part.percent for part in terms.parts])
    else:
        singles, amounts = (terms,), (amount,)
    return tuple(
        ScheduleLine(
            sequence=sequence,
            due_date=due_date(terms=single, invoice_date=invoice_date, rolling=rolling),
            amount=share,
        )
        for sequence, (single, share) in enumerate(zip(singles, amounts, strict=True), start=1)
    )


def due_date(*, terms: SingleTerms, invoice_date: date, rolling: Rolling | None = None) -> date:
    """Return the due day: 31 January with 30 days is 2 March (1 March in a leap year).

    A day written on the document is taken as it stands, even before the invoice date: it is what was agreed.
    Raises UnableToScheduleError when computed terms lead to a day before the invoice date.
    """
    rolling = rolling or Rolling()
    match terms:
        case DaysFromInvoice(days=days):
            day = invoice_date + timedelta(days=days)
        case MonthEnd(days=days, months=months):
            day = periods.month_end(periods.add_months(invoice_date, months)) + timedelta(days=days)
        case DueOn(due_date=written):
            return rolling.calendar.roll(written, rule=rolling.rule)
        case _:
            assert_never(terms)
    if day < invoice_date:
        raise _refuse(
            "按付款条件算出的到期日 {due} 早于发票日期 {issued}，请核对账期",
            "the terms give the due date {due}, before the invoice date {issued}; check the terms",
            due=day.isoformat(),
            issued=invoice_date.isoformat(),
        )
    return rolling.calendar.roll(day, rule=rolling.rule)


def _refuse(zh: str, en: str, **facts: str) -> UnableToScheduleError:
    return UnableToScheduleError(Words(zh=zh, en=en).filled(**facts), **facts)
