"""Do the three statements of a period agree with themselves, and do they move as honest figures do?

Identities hold or do not (balance sheet, parts within their whole, cash flow): no policy says so. How far receivables may
outgrow sales before anybody frowns is a line of policy: here are only the figures, for its rules and formulas.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring.ratios import Statement
from tradecredit.core.scoring.values import Known, Missing

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tradecredit.core.scoring.values import Plain, Value

# Amounts come rounded to the cent; a sum of three may be off by two of them.
_ROUNDING: Final = Decimal("0.02")
# Growth compares like with like: the same part of the year before, give or take a few days.
_YEAR_FROM, _YEAR_TO = 350, 380
_NOT_ITEMS: Final = frozenset({"period_end", "basis"})
_SOURCE: Final = "financial_statement"
ITEMS: Final = tuple(each.name for each in fields(Statement) if each.name not in _NOT_ITEMS)
SHEETS: Final[tuple[tuple[Words, tuple[tuple[str, Words], ...]], ...]] = (
    (
        Words(zh="资产负债表", en="Balance sheet"),
        (
            ("cash", Words(zh="货币资金", en="Cash")),
            ("receivables", Words(zh="应收账款", en="Receivables")),
            ("inventory", Words(zh="存货", en="Inventory")),
            ("current_assets", Words(zh="流动资产合计", en="Current assets")),
            ("total_assets", Words(zh="资产总计", en="Total assets")),
            ("current_liabilities", Words(zh="流动负债合计", en="Current liabilities")),
            ("total_liabilities", Words(zh="负债合计", en="Total liabilities")),
            ("equity", Words(zh="所有者权益", en="Equity")),
        ),
    ),
    (
        Words(zh="利润表", en="Income statement"),
        (
            ("revenue", Words(zh="营业收入", en="Revenue")),
            ("cost_of_sales", Words(zh="营业成本", en="Cost of sales")),
            ("ebit", Words(zh="息税前利润", en="EBIT")),
            ("interest_expense", Words(zh="利息费用", en="Interest")),
            ("net_profit", Words(zh="净利润", en="Net profit")),
        ),
    ),
    (
        Words(zh="现金流量表", en="Cash-flow statement"),
        (
            ("operating_cash_flow", Words(zh="经营活动现金流量净额", en="From operations")),
            ("investing_cash_flow", Words(zh="投资活动现金流量净额", en="From investing")),
            ("financing_cash_flow", Words(zh="筹资活动现金流量净额", en="From financing")),
            ("net_cash_flow", Words(zh="现金净增加额", en="Change in cash")),
        ),
    ),
)
_NAMES: Final = {name: words for _, lines in SHEETS for name, words in lines}


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One identity of a statement: whether it holds, and both sides of it in words."""

    name: str
    holds: bool
    words: Words


def checks(current: Statement, *, previous: Statement | None = None) -> tuple[Check, ...]:
    """Return every identity whose figures are known; nothing is said of the others.

    Assets 1,000 of liabilities 680 and equity 320 balance; inventory 300 and receivables 400 do not fit into current
    assets of 600.
    """
    found = (
        _sum_is("balance", current, whole="total_assets", parts=("total_liabilities", "equity")),
        _within("current_assets", current, whole="total_assets", parts=("current_assets",)),
        _within("current_liabilities", current, whole="total_liabilities", parts=("current_liabilities",)),
        _within("current_parts", current, whole="current_assets", parts=("cash", "inventory", "receivables")),
        _sum_is(
            "cash_flow",
            current,
            whole="net_cash_flow",
            parts=("operating_cash_flow", "investing_cash_flow", "financing_cash_flow"),
        ),
        _cash_moved(current, previous),
    )
    return tuple(each for each in found if each is not None)


def values_of(statements: Sequence[Statement]) -> dict[str, Value]:
    """Return what the statements (of one basis and currency, the newest first) say about themselves, as attributes.

    Receivables up 50 % and revenue up 10 % are an outgrowth of 0.4. Growth is told only against the year before.
    """
    current = statements[0]
    before = _year_before(statements)
    found = checks(current, previous=before)
    told: dict[str, Plain | None] = {
        "statement_items": Decimal(sum(getattr(current, name) is not None for name in ITEMS)),
        "statement_periods": Decimal(len(statements)),
        "statement_breaks": Decimal(sum(not each.holds for each in found)) if found else None,
        "statement_basis": current.basis or None,
        "accruals": _share(_less(current.net_profit, current.operating_cash_flow), current.total_assets),
        **_growths(current, before),
    }
    return {name: _tagged(value, current) for name, value in told.items()}


def name_of(item: str) -> Words:
    """Return an item's name as people read it."""
    return _NAMES[item]


def _growths(current: Statement, before: Statement | None) -> dict[str, Plain | None]:
    if before is None:
        return dict.fromkeys(
            ("receivables_outgrowth", "inventory_outgrowth", "margin_shift", "equity_unexplained")
        )
    gained = _less(current.equity, before.equity)
    return {
        "receivables_outgrowth": _less(
            _growth(current.receivables, before.receivables), _growth(current.revenue, before.revenue)
        ),
        "inventory_outgrowth": _less(
            _growth(current.inventory, before.inventory), _growth(current.cost_of_sales, before.cost_of_sales)
        ),
        "margin_shift": _less(_margin(current), _margin(before)),
        "equity_unexplained": _share(_less(gained, current.net_profit), before.equity),
    }


def _year_before(statements: Sequence[Statement]) -> Statement | None:
    newest = statements[0].period_end
    return next(
        (each for each in statements[1:] if _YEAR_FROM <= (newest - each.period_end).days <= _YEAR_TO), None
    )


def _sum_is(name: str, statement: Statement, *, whole: str, parts: tuple[str, ...]) -> Check | None:
    total, shares = getattr(statement, whole), [getattr(statement, part) for part in parts]
    if total is None or None in shares:
        return None
    found = sum(shares, Decimal(0))
    words = Words(
        zh=f"{_NAMES[whole].zh} {total:,.2f}，{_joined(parts, 'zh')} {found:,.2f}",
        en=f"{_NAMES[whole].en} {total:,.2f}, {_joined(parts, 'en')} {found:,.2f}",
    )
    return Check(name=name, holds=abs(total - found) <= _ROUNDING, words=words)


def _within(name: str, statement: Statement, *, whole: str, parts: tuple[str, ...]) -> Check | None:
    total = getattr(statement, whole)
    known = tuple(part for part in parts if getattr(statement, part) is not None)
    if total is None or not known:
        return None
    found = sum((getattr(statement, part) for part in known), Decimal(0))
    words = Words(
        zh=f"{_joined(known, 'zh')} {found:,.2f}，不应超过{_NAMES[whole].zh} {total:,.2f}",
        en=f"{_joined(known, 'en')} {found:,.2f} fit into {_NAMES[whole].en.lower()} {total:,.2f}",
    )
    return Check(name=name, holds=found <= total + _ROUNDING, words=words)


def _cash_moved(current: Statement, before: Statement | None) -> Check | None:
    if before is None or current.cash is None or before.cash is None or current.net_cash_flow is None:
        return None
    moved = current.cash - before.cash
    words = Words(
        zh=f"货币资金变动 {moved:,.2f}，现金净增加额 {current.net_cash_flow:,.2f}",
        en=f"Cash moved by {moved:,.2f}, change in cash {current.net_cash_flow:,.2f}",
    )
    return Check(name="cash_moved", holds=abs(moved - current.net_cash_flow) <= _ROUNDING, words=words)


def _joined(parts: tuple[str, ...], language: str) -> str:
    return " + ".join(_NAMES[part].in_language("zh" if language == "zh" else "en") for part in parts)


def _tagged(value: Plain | None, statement: Statement) -> Value:
    if value is None:
        return Missing(cause="not_computable")
    return Known(value=value, source=_SOURCE, known_on=statement.period_end)


def _margin(statement: Statement) -> Decimal | None:
    return _share(_less(statement.revenue, statement.cost_of_sales), statement.revenue)


def _growth(now: Decimal | None, before: Decimal | None) -> Decimal | None:
    return _share(_less(now, before), before)


def _share(part: Decimal | None, whole: Decimal | None) -> Decimal | None:
    # Over nothing or less a share has no meaning.
    return None if part is None or whole is None or whole <= 0 else part / whole


def _less(left: Decimal | None, right: Decimal | None) -> Decimal | None:
    return None if left is None or right is None else left - right
