"""Ratios of one financial statement, by the formulas of the glossary; what cannot be computed is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.core.scoring.values import Known, Missing, Value

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The figures of one period in one currency; an unknown figure is None, never 0."""

    period_end: date
    total_assets: Decimal | None = None
    total_liabilities: Decimal | None = None
    current_assets: Decimal | None = None
    current_liabilities: Decimal | None = None
    inventory: Decimal | None = None
    receivables: Decimal | None = None
    equity: Decimal | None = None
    revenue: Decimal | None = None
    cost_of_sales: Decimal | None = None
    ebit: Decimal | None = None
    interest_expense: Decimal | None = None
    net_profit: Decimal | None = None
    operating_cash_flow: Decimal | None = None
    cash: Decimal | None = None
    investing_cash_flow: Decimal | None = None
    financing_cash_flow: Decimal | None = None
    net_cash_flow: Decimal | None = None
    # "standalone", "consolidated", or nothing where nobody said.
    basis: str = ""


def compute(current: Statement, *, previous: Statement | None = None) -> dict[str, Value]:
    """Return every ratio of the statement; averages use the previous period where it is given.

    Liabilities 680 of assets 1,000 make a debt ratio of 0.68; revenue 1,200 over receivables of 100 and, a year
    before, 200 makes a receivables turnover of 8.
    """
    before = previous or current
    quick_assets = _less(current.current_assets, current.inventory)
    ratios = {
        "debt_ratio": _divide(current.total_liabilities, current.total_assets),
        "current_ratio": _divide(current.current_assets, current.current_liabilities),
        "quick_ratio": _divide(quick_assets, current.current_liabilities),
        "interest_cover": _divide(current.ebit, current.interest_expense),
        "receivables_turnover": _divide(current.revenue, _average(current.receivables, before.receivables)),
        "inventory_turnover": _divide(current.cost_of_sales, _average(current.inventory, before.inventory)),
        "asset_turnover": _divide(current.revenue, _average(current.total_assets, before.total_assets)),
        "gross_margin": _divide(_less(current.revenue, current.cost_of_sales), current.revenue),
        "net_margin": _divide(current.net_profit, current.revenue),
        "roe": _return_on_equity(current, before),
        "cash_flow_quality": _cash_flow_quality(current),
    }
    return {
        **{
            name: _tagged(value, current.period_end, missing="not_computable")
            for name, value in ratios.items()
        },
        "equity": _tagged(current.equity, current.period_end),
        "revenue": _tagged(current.revenue, current.period_end),
    }


def _tagged(value: Decimal | None, period_end: date, *, missing: str = "not_recorded") -> Value:
    if value is None:
        return Missing(cause="not_computable") if missing == "not_computable" else Missing()
    return Known(value=value, source="financial_statement", known_on=period_end)


def _return_on_equity(current: Statement, before: Statement) -> Decimal | None:
    equity = _average(current.equity, before.equity)
    # A loss over negative equity would look like a handsome return.
    return _divide(current.net_profit, equity) if equity is not None and equity > 0 else None


def _cash_flow_quality(current: Statement) -> Decimal | None:
    # Cash flow over a loss has no meaning as a quality: two minus signs would look like a good figure.
    if current.net_profit is None or current.net_profit <= 0:
        return None
    return _divide(current.operating_cash_flow, current.net_profit)


def _divide(above: Decimal | None, below: Decimal | None) -> Decimal | None:
    if above is None or below is None or below == 0:
        return None
    return above / below


def _less(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left - right


def _average(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    if now is None:
        return None
    return now if before is None else (now + before) / 2
