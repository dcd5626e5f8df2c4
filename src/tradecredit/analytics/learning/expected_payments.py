"""When is each open instalment likely to be paid? The champion among the models of lateness says, with its chance.

Note [From the invoice's own day]
A forecast looks at what was known when the invoice was issued, as the model learned it. What has happened since is the
calendar: an instalment that is still open later than expected is said to be so, and no day in the past is told.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.analytics import columns
from tradecredit.analytics.learning import late_payments, own_invoices
from tradecredit.apps.scoring import models_kept
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.learning.own_invoices import OwnInvoice
    from tradecredit.apps.scoring.models_kept import StoredModel

_KINDS: Final = ("lateness",)
_CHANCE: Final = Decimal("0.001")
_TITLE: Final = Words(zh="预计回款", en="Expected payments")


class UnableToForecastError(UnableToError):
    """No model of lateness is champion, or the champion was learned from other figures than our books have."""

    code = "no_forecast"
    status = 409


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """An open instalment with the chance of being paid late and the day on which it is expected."""

    invoice: OwnInvoice
    chance_late: Decimal
    expected_on: date
    is_beyond: bool

    @property
    def open(self) -> Money:
        """Return what is open, in the document's currency."""
        return Money(self.invoice.open, self.invoice.currency)


def expected(*, company_id: UUID, as_of: date) -> tuple[StoredModel, tuple[Expected, ...]]:
    """Return the champion of the day and its forecast for what is open, by expected day; raises UnableToForecastError."""
    champion = models_kept.champion(company_id=company_id, kinds=_KINDS, as_of=as_of)
    if champion is None:
        raise UnableToForecastError(
            Words(
                zh="还没有启用的付款时间模型：请先运行 tradecredit model train-own-lateness，再用 model promote 启用。",
                en="No model of lateness is in use: run tradecredit model train-own-lateness, then model promote.",
            )
        )
    found = own_invoices.instalments(company_id=company_id, as_of=as_of)
    rows = [one.history for one in found]
    values, names = late_payments.history(rows)
    model = late_payments.from_data(champion.document["model"])
    if model.is_late.names != names:
        raise UnableToForecastError(
            Words(
                zh="模型 {name} 学自本系统账上没有的数据，不能用于自己的应收：请用 model train-own-lateness 训练。",
                en="Model {name} was learned from figures that our books do not have: train one with model train-own-lateness.",
            ).filled(name=champion.name)
        )
    places = [place for place, one in enumerate(found) if one.open > 0]
    if not places:
        return champion, ()
    chances, days = model.chances(values[places]), model.days(values[places])
    told = [
        _expected(found[place], chance=chances[at], days=days[at], as_of=as_of)
        for at, place in enumerate(places)
    ]
    return champion, tuple(sorted(told, key=_order))


def expected_table(*, company_id: UUID, as_of: date) -> Table:
    """Return what is open with the expected day; raises UnableToForecastError."""
    champion, found = expected(company_id=company_id, as_of=as_of)
    name = f"{champion.name}:{champion.number}"
    return Table(
        name="expected-payments",
        title=_TITLE,
        columns=(
            columns.COMPANY,
            columns.CUSTOMER,
            columns.CUSTOMER_NAME,
            Column(key="invoice", label=Words(zh="发票号", en="Invoice")),
            Column(key="line", label=Words(zh="期次", en="Instalment"), kind="number"),
            columns.DUE_DATE,
            columns.CURRENCY,
            columns.OPEN,
            Column(key="chance_late", label=Words(zh="逾期概率", en="Chance to be late"), kind="ratio"),
            Column(key="expected_on", label=Words(zh="预计回款日", en="Expected on"), kind="day"),
            Column(key="beyond", label=Words(zh="已晚于预计", en="Later than expected")),
            Column(key="model", label=Words(zh="模型", en="Model")),
        ),
        rows=tuple(_row(one, name) for one in found),
    )


def _expected(invoice: OwnInvoice, *, chance: float, days: float, as_of: date) -> Expected:
    whole = int(Decimal(repr(float(days))).quantize(Decimal(1), rounding=ROUND_HALF_EVEN))
    day = invoice.history.due_on + timedelta(days=whole)
    return Expected(
        invoice=invoice,
        chance_late=Decimal(repr(float(chance))).quantize(_CHANCE),
        expected_on=max(day, as_of),
        is_beyond=day < as_of,
    )


def _order(one: Expected) -> tuple[date, str, int]:
    return one.expected_on, one.invoice.number, one.invoice.line


def _row(one: Expected, model: str) -> tuple[object, ...]:
    held = one.invoice
    return (
        held.company, held.customer, held.customer_name, held.number, held.line, held.history.due_on, held.currency,
        one.open, one.chance_late, one.expected_on, "✓" if one.is_beyond else "", model,
    )  # fmt: skip
