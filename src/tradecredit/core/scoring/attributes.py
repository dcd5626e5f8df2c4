"""The attributes that scorecards and rules may look at: name, words, unit, direction and where they come from.

This table only says what an attribute *is*. What is good or bad, how old it may be and what it weighs stands in policy.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Literal

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.scoring.values import Known, Missing, Value

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from tradecredit.core.scoring.values import Plain

Unit = Literal["ratio", "times", "count", "days", "years", "money", "points", "flag", "text"]
Direction = Literal["higher_is_better", "lower_is_better", "neither"]
Origin = Literal["ledger", "statement", "fact", "master_data", "formula", "model"]

_YES = frozenset({"yes", "true", "y", "1", "是", "有"})
_NO = frozenset({"no", "false", "n", "0", "否", "无", "没有"})
_PERCENT = Decimal(100)


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute of a customer, for example the debt ratio."""

    name: str
    label: Words
    unit: Unit
    direction: Direction
    origin: Origin
    # Worked out from other attributes, in the policy language: the text, and the names in it.
    formula: str = ""
    asks: tuple[str, ...] = ()


_Row = tuple[str, str, str, Unit, Direction]

_UP: Direction = "higher_is_better"
_DOWN: Direction = "lower_is_better"
_NEITHER: Direction = "neither"

_LEDGER: tuple[_Row, ...] = (
    ("on_time_rate", "付款及时率", "On-time payment rate", "ratio", _UP),
    ("on_time_streak", "连续按期笔数", "Payments in time in a row", "count", _UP),
    ("overdue_count", "逾期次数", "Overdue count", "count", _DOWN),
    ("average_days_late", "平均逾期天数", "Average days late", "days", _DOWN),
    ("max_days_late", "最长逾期天数", "Longest days late", "days", _DOWN),
    ("max_overdue_amount", "最大逾期金额", "Largest overdue amount", "money", _DOWN),
    ("order_amount", "交易金额", "Trade amount", "money", _UP),
    ("order_count", "交易次数", "Number of trades", "count", _UP),
    ("order_frequency", "月均交易次数", "Trades a month", "times", _UP),
    ("average_monthly_sales", "月均销售额", "Average monthly sales", "money", _UP),
    ("trend", "付款趋势(天/月)", "Payment trend (days a month)", "days", _DOWN),
    ("years_of_trade", "合作年限", "Years of trade", "years", _UP),
)
_STATEMENT: tuple[_Row, ...] = (
    ("debt_ratio", "资产负债率", "Debt ratio", "ratio", _DOWN),
    ("current_ratio", "流动比率", "Current ratio", "times", _UP),
    ("quick_ratio", "速动比率", "Quick ratio", "times", _UP),
    ("interest_cover", "已获利息倍数", "Interest cover", "times", _UP),
    ("receivables_turnover", "应收账款周转率", "Receivables turnover", "times", _UP),
    ("inventory_turnover", "存货周转率", "Inventory turnover", "times", _UP),
    ("asset_turnover", "总资产周转率", "Asset turnover", "times", _UP),
    ("gross_margin", "销售毛利率", "Gross margin", "ratio", _UP),
    ("net_margin", "净利率", "Net margin", "ratio", _UP),
    ("roe", "净资产收益率", "Return on equity", "ratio", _UP),
    ("cash_flow_quality", "现金流质量", "Cash-flow quality", "times", _UP),
    ("equity", "净资产", "Equity", "money", _UP),
    ("revenue", "营业收入", "Revenue", "money", _UP),
    ("statement_items", "报表已填项数", "Items of the statement", "count", _UP),
    ("statement_periods", "已有报表期数", "Periods with a statement", "count", _UP),
    ("statement_breaks", "报表勾稽不符项", "Checks of the statement that fail", "count", _DOWN),
    ("statement_basis", "报表口径", "Basis of the statement", "text", _NEITHER),
    ("receivables_outgrowth", "应收增速超收入增速", "Receivables outgrow sales by", "ratio", _DOWN),
    ("inventory_outgrowth", "存货增速超成本增速", "Inventory outgrows cost by", "ratio", _DOWN),
    ("margin_shift", "毛利率变动", "Change of the gross margin", "ratio", _NEITHER),
    ("equity_unexplained", "利润以外的权益变动", "Change of equity beside the profit", "ratio", _NEITHER),
    ("accruals", "应计利润占资产比", "Profit without cash, of assets", "ratio", _DOWN),
)
_FACT: tuple[_Row, ...] = (
    ("registry_status", "登记状态", "Registry status", "text", _NEITHER),
    ("pending_lawsuits", "未决诉讼", "Pending lawsuits", "count", _DOWN),
    ("dishonest_debtor", "失信被执行人", "Dishonest debtor", "flag", _DOWN),
    ("enforcement_records", "被执行人记录", "Enforcement records", "count", _DOWN),
    ("abnormal_operation", "经营异常名录", "Abnormal operation list", "flag", _DOWN),
    ("equity_pledge_ratio", "股权质押比例", "Pledge ratio", "ratio", _DOWN),
    ("equity_stability", "股权结构稳定性", "Stability of ownership", "text", _NEITHER),
    ("industry_score", "行业信用评分", "Industry credit score", "points", _UP),
    ("years_in_business", "成立年限", "Years in business", "years", _UP),
    ("ownership_type", "企业性质", "Ownership type", "text", _NEITHER),
    ("customer_class", "客户类别", "Customer class", "text", _NEITHER),
    ("industry_position", "行业地位", "Industry position", "text", _NEITHER),
    ("market_share", "市场份额", "Market share", "ratio", _UP),
    ("management_stability", "管理团队稳定性", "Stability of management", "text", _NEITHER),
    ("core_technology", "核心技术竞争力", "Core technology", "text", _NEITHER),
    ("industry_cycle", "行业周期", "Industry cycle", "text", _NEITHER),
    ("industry_competition", "竞争格局", "Competition", "text", _NEITHER),
    ("policy_sensitivity", "政策敏感性", "Policy sensitivity", "text", _NEITHER),
)
_MASTER_DATA: tuple[_Row, ...] = (
    ("industry", "所属行业", "Industry", "text", _NEITHER),
    ("customer_type", "客户类型", "Customer type", "text", _NEITHER),
    ("region", "所属区域", "Region", "text", _NEITHER),
)
_MODEL: tuple[_Row, ...] = (
    ("default_probability", "违约概率（统计模型）", "Default probability (learned model)", "ratio", _DOWN),
)
_BY_ORIGIN: tuple[tuple[Origin, tuple[_Row, ...]], ...] = (
    ("ledger", _LEDGER),
    ("statement", _STATEMENT),
    ("fact", _FACT),
    ("master_data", _MASTER_DATA),
    ("model", _MODEL),
)

REGISTRY: dict[str, Attribute] = {
    name: Attribute(name, Words(zh=zh, en=en), unit, direction, origin)
    for origin, rows in _BY_ORIGIN
    for name, zh, en, unit, direction in rows
}


def names() -> Iterable[str]:
    """Return the names of all ready-made attributes."""
    return REGISTRY.keys()


def read(attribute: Attribute, text: str, *, source: str = "", known_on: date | None = None) -> Value:
    """Read a recorded text as the attribute's kind of value; what cannot be read is missing, not zero.

    ``read(debt_ratio, "68%")`` is ``0.68``; ``read(dishonest_debtor, "是")`` is ``True``.
    """
    value = _plain(attribute, text.strip())
    if value is None:
        return Missing(cause="not_understood" if text.strip() else "not_recorded")
    return Known(value=value, source=source, known_on=known_on)


def shown(attribute: Attribute, value: Plain) -> Words:
    """Return the value as people write it: ``96.67 %``, ``12 days``, ``2,000,000.00``."""
    match value:
        case bool():
            return Words(zh="是", en="yes") if value else Words(zh="否", en="no")
        case str():
            return Words(zh=value, en=value)
        case Decimal():
            return _shown_number(attribute.unit, value)


def _shown_number(unit: Unit, value: Decimal) -> Words:
    match unit:
        case "ratio":
            return _same(f"{_trimmed(value * _PERCENT)}%")
        case "money":
            return _same(f"{value:,.2f}")
        case "days":
            return Words(zh=f"{_trimmed(value)} 天", en=f"{_trimmed(value)} days")
        case "years":
            return Words(zh=f"{_trimmed(value)} 年", en=f"{_trimmed(value)} years")
        case "points":
            return Words(zh=f"{_trimmed(value)} 分", en=f"{_trimmed(value)} points")
        case _:
            return _same(_trimmed(value))


def _same(text: str) -> Words:
    return Words(zh=text, en=text)


def _trimmed(value: Decimal) -> str:
    text = f"{value:.2f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _plain(attribute: Attribute, text: str) -> Plain | None:
    if not text:
        return None
    match attribute.unit:
        case "text":
            return text
        case "flag":
            return _flag(text)
        case _:
            return _number(text, unit=attribute.unit)


def _flag(text: str) -> bool | None:
    lowered = text.lower()
    if lowered in _YES:
        return True
    return False if lowered in _NO else None


def _number(text: str, *, unit: Unit) -> Decimal | None:
    cleaned = text.replace(",", "").replace("\N{FULLWIDTH COMMA}", "")
    percent = cleaned.endswith(("%", "\N{FULLWIDTH PERCENT SIGN}"))
    try:
        number = Decimal(cleaned.rstrip("%\N{FULLWIDTH PERCENT SIGN}").strip())
    except InvalidOperation:
        # "Pending lawsuits: none" is a count as well as a no.
        answer = _flag(text) if unit == "count" else None
        return None if answer is None else Decimal(int(answer))
    if not number.is_finite():
        return None
    return number / _PERCENT if percent else number
