"""Record exchange rates that a file brings; the same file again changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.exposure.rates import Rate
from tradecredit.core.kernel import money
from tradecredit.core.kernel.money import InvalidMoneyError
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows import row_results
from tradecredit.flows.levels import record_rates
from tradecredit.flows.row_results import ImportResult, RefusedRowError, RowResult, RowStatus
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from decimal import Decimal

    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """A rate as it came: one unit of ``source`` in ``target`` since a day."""

    source: str
    target: str
    rate: Decimal
    valid_from: date | None = None
    origin: str = ""
    row: int = 0


def import_rates(*, rows: Sequence[RateRow], company: Company, actor: Actor) -> ImportResult:
    """Record the rates in one transaction; a refused row does not stop the good ones."""
    day = clock.today(company)
    results: list[RowResult] = []
    with db.unit_of_work(actor):
        for place, row in enumerate(rows, start=1):
            number = f"{row.source}/{row.target}"
            try:
                rate = _rate(row, day=day)
            except RefusedRowError as refusal:
                results.append(refusal.result(row=row.row or place, number=number))
                continue
            is_new = record_rates.record_rates(rates=[rate], actor=actor)
            status = RowStatus.CREATED if is_new else RowStatus.UNCHANGED
            results.append(RowResult(row=row.row or place, number=number, status=status))
    return row_results.in_order(results)


def _rate(row: RateRow, *, day: date) -> Rate:
    try:
        source, target = money.parse_currency(row.source), money.parse_currency(row.target)
    except InvalidMoneyError as error:
        raise _refused(
            "from_currency", f"{row.source}/{row.target}", zh="币种代码无效", en=str(error)
        ) from error
    if source == target or row.rate <= 0:
        raise _refused(
            "rate",
            f"{row.rate:f}",
            zh="汇率须大于 0，且两种货币不同",
            en="a rate is above zero and of two different currencies",
        )
    return Rate(
        source=source, target=target, rate=row.rate, day=row.valid_from or day, origin=row.origin or "import"
    )


def _refused(field: str, value: str, *, zh: str, en: str) -> RefusedRowError:
    return RefusedRowError(field=field, value=value, words=Words(zh=zh, en=en))
