"""What people are told of an indicator beside its name: how it is worked out, in what unit, from where, which way is good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tradecredit.core.scoring.attributes import Attribute, Direction, Origin, Unit

UNITS: Final[Mapping[Unit, Words]] = {
    "ratio": Words(zh="百分比", en="percent"),
    "times": Words(zh="倍", en="times"),
    "count": Words(zh="个", en="count"),
    "days": Words(zh="天", en="days"),
    "years": Words(zh="年", en="years"),
    "money": Words(zh="金额", en="amount"),
    "points": Words(zh="分", en="points"),
    "flag": Words(zh="是或否", en="yes or no"),
    "text": Words(zh="文字", en="words"),
}
DIRECTIONS: Final[Mapping[Direction, Words]] = {
    "higher_is_better": Words(zh="越高越好", en="higher is better"),
    "lower_is_better": Words(zh="越低越好", en="lower is better"),
    "neither": Words(zh="无方向", en="neither"),
}
ORIGINS: Final[Mapping[Origin, Words]] = {
    "ledger": Words(zh="往来账", en="our ledger"),
    "statement": Words(zh="财务报表", en="financial statements"),
    "fact": Words(
        zh="登记的事实（工商、司法、行业、人工）", en="recorded facts (registry, courts, industry, people)"
    ),
    "master_data": Words(zh="客户主数据", en="master data"),
    "formula": Words(zh="本公司公式", en="a formula of the house"),
    "model": Words(zh="统计模型", en="learned model"),
}
_RECORDED: Final = Words(zh="按登记的内容，自生效日起", en="as recorded, from its day on")
_FORMULAS: Final[Mapping[str, Words]] = {
    name: Words(zh=zh, en=en)
    for name, zh, en in (
        ("on_time_rate", "按期付清的金额 ÷ 已到期的金额", "amount paid by its due day ÷ amount fallen due"),
        ("on_time_streak", "最近连续按期付清的笔数", "latest payments in a row that came in time"),
        ("overdue_count", "付款晚于到期日的笔数", "instalments paid after their due day or open after it"),
        ("average_days_late", "逾期天数按金额加权平均", "days late, weighted by amount"),
        ("max_days_late", "最长一笔的逾期天数", "days late of the latest one"),
        ("max_overdue_amount", "任一天逾期余额的最大值", "the largest amount overdue on any day"),
        ("order_amount", "开票金额合计", "sum of invoices"),
        ("order_count", "发票张数", "number of invoices"),
        ("order_frequency", "发票张数 ÷ 往来月数", "invoices ÷ months of trade"),
        ("average_monthly_sales", "开票金额 ÷ 往来月数", "invoiced amount ÷ months of trade"),
        ("trend", "逾期天数随月份的斜率", "slope of the days late over the months"),
        ("years_of_trade", "自合作开始日起的天数 ÷ 365.25", "days since the first trade ÷ 365.25"),
        ("debt_ratio", "负债合计 ÷ 资产总计", "liabilities ÷ assets"),
        ("current_ratio", "流动资产 ÷ 流动负债", "current assets ÷ current liabilities"),
        (
            "quick_ratio",
            "（流动资产 − 存货）÷ 流动负债",
            "(current assets − inventory) ÷ current liabilities",
        ),
        ("interest_cover", "息税前利润 ÷ 利息费用", "EBIT ÷ interest"),
        ("receivables_turnover", "营业收入 ÷ 平均应收账款", "revenue ÷ average receivables"),
        ("inventory_turnover", "营业成本 ÷ 平均存货", "cost of sales ÷ average inventory"),
        ("asset_turnover", "营业收入 ÷ 平均总资产", "revenue ÷ average assets"),
        ("gross_margin", "（营业收入 − 营业成本）÷ 营业收入", "(revenue − cost of sales) ÷ revenue"),
        ("net_margin", "净利润 ÷ 营业收入", "net profit ÷ revenue"),
        (
            "roe",
            "净利润 ÷ 平均净资产；净资产不为正时不计算",
            "net profit ÷ average equity; none where equity is not positive",
        ),
        (
            "cash_flow_quality",
            "经营活动现金流量净额 ÷ 净利润；亏损时不计算",
            "operating cash flow ÷ net profit; none in a loss",
        ),
        ("equity", "最近一期所有者权益", "equity of the latest period"),
        ("revenue", "最近一期营业收入", "revenue of the latest period"),
        ("statement_items", "最近一期已填的报表项目数", "items given in the latest statement"),
        ("statement_periods", "同口径、同币种的报表期数", "periods of the same basis and currency"),
        ("statement_breaks", "勾稽关系不成立的项数", "identities of the latest statement that do not hold"),
        ("statement_basis", "单体或合并", "stand-alone or consolidated"),
        (
            "receivables_outgrowth",
            "应收账款增长率 − 营业收入增长率",
            "growth of receivables − growth of revenue",
        ),
        (
            "inventory_outgrowth",
            "存货增长率 − 营业成本增长率",
            "growth of inventory − growth of cost of sales",
        ),
        ("margin_shift", "本期毛利率 − 上年毛利率", "gross margin − that of the year before"),
        (
            "equity_unexplained",
            "（净资产变动 − 净利润）÷ 上年净资产",
            "(change of equity − net profit) ÷ equity before",
        ),
        (
            "accruals",
            "（净利润 − 经营活动现金流量净额）÷ 资产总计",
            "(net profit − operating cash flow) ÷ assets",
        ),
        ("years_in_business", "自成立日起的年数", "years since it was founded"),
        ("default_probability", "冠军模型预测的违约概率", "what the champion model forecasts"),
    )
}


def formula_of(attribute: Attribute) -> Words:
    """Return how the indicator is worked out; the house's own formulas stand as they were written."""
    if attribute.formula:
        return Words(zh=attribute.formula, en=attribute.formula)
    return _FORMULAS.get(attribute.name, _RECORDED)
