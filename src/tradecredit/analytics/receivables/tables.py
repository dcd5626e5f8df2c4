"""Receivables reports as tables, with headings in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.core.kernel.reasons import Words
from tradecredit.core.receivables import dso
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from tradecredit.analytics.receivables.aging import AgingReport
    from tradecredit.analytics.receivables.open_items import OpenRow
    from tradecredit.analytics.receivables.ratios import RatioReport

_DIMENSIONS = {
    "customer": Words(zh="客户", en="Customer"),
    "salesperson": Words(zh="销售员", en="Salesperson"),
    "region": Words(zh="区域", en="Region"),
    "team": Words(zh="团队", en="Team"),
    "industry": Words(zh="行业", en="Industry"),
    "company": Words(zh="公司", en="Company"),
}
_CURRENCY = Column(key="currency", label=Words(zh="币种", en="Currency"))
_RATIO_COLUMNS = (
    ("dso", Words(zh="DSO（简单法，天）", en="DSO (simple, days)"), 1),
    ("count_back_dso", Words(zh="DSO（倒推法，天）", en="DSO (count-back, days)"), 1),
    ("best_possible_dso", Words(zh="最佳DSO（天）", en="Best possible DSO (days)"), 1),
    ("average_days_delinquent", Words(zh="平均拖欠天数 ADD", en="Average days delinquent"), 1),
    ("collection_effectiveness_index", Words(zh="催收效能指数 CEI（%）", en="CEI (%)"), 1),
)
_RATE_COLUMNS = (
    ("on_time_collection_rate", Words(zh="回款及时率（金额）", en="On-time collection rate (amount)"), 4),
    ("collection_rate", Words(zh="回款率", en="Collection rate"), 4),
    ("overdue_rate", Words(zh="逾期率", en="Overdue rate"), 4),
)


def aging_table(report: AgingReport) -> Table:
    """Return an aging: dimensions, currency, one column a bucket, then open, unapplied, credits and net."""
    buckets = report.scheme.buckets
    return Table(
        name="aging",
        title=Words(
            zh=f"账龄分析（{report.scheme.label.zh}），截至 {report.as_of}",
            en=f"Aging ({report.scheme.label.en}) as of {report.as_of}",
        ),
        columns=(
            *dimension_columns(report.by),
            _CURRENCY,
            *(Column(key=bucket.key, label=bucket.label, kind="amount") for bucket in buckets),
            Column(key="open", label=Words(zh="未清合计", en="Open"), kind="amount"),
            Column(key="unapplied_cash", label=Words(zh="未核销款", en="Unapplied cash"), kind="amount"),
            Column(key="credit_notes", label=Words(zh="未抵扣贷项", en="Open credit notes"), kind="amount"),
            Column(key="net", label=Words(zh="净额", en="Net"), kind="amount"),
        ),
        rows=tuple(
            (
                *group.keys,
                group.currency,
                *group.aged.amounts,
                group.aged.open,
                group.aged.unapplied_cash,
                group.aged.credit_notes,
                group.aged.net,
            )
            for group in report.groups
        ),
    )


def dso_table(report: RatioReport) -> Table:
    """Return DSO in three forms, ADD and CEI, with the amounts behind them."""
    return _ratio_table(
        report, name="dso", title=Words(zh="应收账款周转天数", en="Days sales outstanding"),
        figures=_RATIO_COLUMNS,
    )  # fmt: skip


def collection_rate_table(report: RatioReport) -> Table:
    """Return the on-time collection rate, the collection rate and the overdue rate."""
    return _ratio_table(
        report, name="collection-rate", title=Words(zh="回款率", en="Collection rates"), figures=_RATE_COLUMNS
    )


def overdue_table(rows: Sequence[OpenRow]) -> Table:
    """Return overdue instalments, the oldest due day first."""
    return Table(
        name="overdue",
        title=Words(zh="逾期明细", en="Overdue items"),
        columns=(
            Column(key="company", label=_DIMENSIONS["company"]),
            Column(key="customer", label=_DIMENSIONS["customer"]),
            Column(key="customer_name", label=Words(zh="客户名称", en="Customer name")),
            Column(key="salesperson", label=_DIMENSIONS["salesperson"]),
            Column(key="region", label=_DIMENSIONS["region"]),
            Column(key="invoice", label=Words(zh="发票号", en="Invoice")),
            Column(key="line", label=Words(zh="期次", en="Instalment"), kind="number"),
            Column(key="due_date", label=Words(zh="到期日", en="Due date"), kind="day"),
            Column(key="days_overdue", label=Words(zh="逾期天数", en="Days overdue"), kind="number"),
            _CURRENCY,
            Column(key="amount", label=Words(zh="金额", en="Amount"), kind="amount"),
            Column(key="open", label=Words(zh="未清金额", en="Open"), kind="amount"),
            Column(key="disputed", label=Words(zh="争议金额", en="Disputed"), kind="amount"),
        ),
        rows=tuple(
            (
                row.company, row.customer_code, row.customer_name, row.salesperson, row.region,
                row.invoice_number, row.line, row.due_date, row.days_overdue, row.open.currency, row.amount,
                row.open, row.disputed,
            )
            for row in rows
        ),
    )  # fmt: skip


def dimension_columns(by: Sequence[str]) -> list[Column]:
    """Return the columns of the dimensions that a report is grouped by."""
    return [Column(key=name, label=_DIMENSIONS[name]) for name in by if name != "currency"]


def _ratio_table(
    report: RatioReport, *, name: str, title: Words, figures: Sequence[tuple[str, Words, int]]
) -> Table:
    return Table(
        name=name,
        title=Words(
            zh=f"{title.zh}，{report.begin} 至 {report.as_of}（{report.days} 天）",
            en=f"{title.en}, {report.begin} to {report.as_of} ({report.days} days)",
        ),
        columns=(
            *dimension_columns(report.by),
            _CURRENCY,
            Column(key="open", label=Words(zh="未清合计", en="Open"), kind="amount"),
            Column(key="overdue", label=Words(zh="其中逾期", en="Of which overdue"), kind="amount"),
            Column(key="credit_sales", label=Words(zh="期间赊销额", en="Credit sales"), kind="amount"),
            *(Column(key=key, label=label, kind="ratio") for key, label, _ in figures),
        ),
        rows=tuple(
            (
                *row.keys,
                row.currency,
                row.open_total,
                row.overdue,
                row.credit_sales,
                *(_rounded(getattr(row, key), places) for key, _, places in figures),
            )
            for row in report.rows
        ),
    )


def _rounded(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else dso.rounded(value, places=places)
