"""Receivables reports as tables, with headings in both languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics import columns
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
    "salesperson": Words(zh="业务员", en="Salesperson"),
    "region": Words(zh="区域", en="Region"),
    "team": Words(zh="团队", en="Team"),
    "industry": Words(zh="行业", en="Industry"),
    "company": Words(zh="公司", en="Company"),
    "grade": Words(zh="等级", en="Grade"),
}
_RATIO_COLUMNS = (
    ("dso", Words(zh="DSO（简单法，天）", en="DSO (simple, days)"), 1),
    ("count_back_dso", Words(zh="DSO（倒推法，天）", en="DSO (count-back, days)"), 1),
    ("best_possible_dso", Words(zh="最佳DSO（天）", en="Best possible DSO (days)"), 1),
    ("average_days_delinquent", Words(zh="平均拖欠天数 ADD", en="Average days delinquent"), 1),
    ("collection_effectiveness_index", Words(zh="催收效能指数 CEI（%）", en="CEI (%)"), 1),
)
_RATE_COLUMNS = (
    ("on_time_collection_rate", Words(zh="回款及时率（金额）", en="On-time collection rate (amount)"), 4),
    ("on_time_count_rate", Words(zh="回款及时率（笔数）", en="On-time collection rate (count)"), 4),
    ("collection_rate", Words(zh="回款率", en="Collection rate"), 4),
    ("overdue_rate", Words(zh="逾期率", en="Overdue rate"), 4),
)
_PAYING_COLUMNS = (
    ("weighted_days_to_pay", Words(zh="加权付款天数 WADP", en="Weighted days to pay (WADP)"), 1),
    (
        "weighted_days_late",
        Words(zh="加权逾期天数 WADL（提前为负）", en="Weighted days late (WADL, signed)"),
        1,
    ),
    (
        "weighted_days_delinquent",
        Words(zh="加权拖欠天数（逐笔）", en="Weighted days delinquent (by item)"),
        1,
    ),
    ("turnover", Words(zh="应收账款周转率（次）", en="Receivables turnover (times)"), 2),
)
_LOSS_COLUMNS = (
    ("bad_debt_rate_of_sales", Words(zh="坏账率（占赊销额）", en="Bad-debt rate (of credit sales)"), 4),
    (
        "bad_debt_rate_of_average",
        Words(zh="坏账率（占平均应收）", en="Bad-debt rate (of average receivables)"),
        4,
    ),
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
            columns.CURRENCY,
            *(Column(key=bucket.key, label=bucket.label, kind="amount") for bucket in buckets),
            Column(key="open", label=Words(zh="未清合计", en="Open"), kind="amount"),
            Column(key="unapplied_cash", label=Words(zh="未核销款", en="Unapplied cash"), kind="amount"),
            Column(key="credit_notes", label=Words(zh="未抵扣贷项", en="Open credit notes"), kind="amount"),
            Column(key="net", label=Words(zh="净额", en="Net"), kind="amount"),
            columns.DISPUTED,
            Column(key="bills", label=Words(zh="在手票据", en="Bills outstanding"), kind="amount"),
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
                group.aged.disputed,
                group.aged.bills,
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


def paying_table(report: RatioReport) -> Table:
    """Return how long customers take, weighted by amount, over what fell due in the period; and the turnover."""
    return _ratio_table(
        report, name="days-to-pay", title=Words(zh="付款天数", en="Days to pay"), figures=_PAYING_COLUMNS
    )


def bad_debt_table(report: RatioReport) -> Table:
    """Return what was written off and recovered in the period, and the bad-debt rate by both denominators."""
    return _ratio_table(
        report,
        name="bad-debts",
        title=Words(zh="坏账率", en="Bad debts"),
        figures=_LOSS_COLUMNS,
        amounts=(
            ("written_off", Words(zh="坏账核销", en="Written off")),
            ("recovered", Words(zh="坏账收回", en="Recovered")),
        ),
    )


def overdue_table(rows: Sequence[OpenRow]) -> Table:
    """Return overdue instalments, the oldest due day first."""
    return Table(
        name="overdue",
        title=Words(zh="逾期明细", en="Overdue items"),
        columns=(
            Column(key="company", label=_DIMENSIONS["company"]),
            Column(key="customer", label=_DIMENSIONS["customer"]),
            columns.CUSTOMER_NAME,
            Column(key="salesperson", label=_DIMENSIONS["salesperson"]),
            Column(key="region", label=_DIMENSIONS["region"]),
            Column(key="invoice", label=Words(zh="发票号", en="Invoice")),
            Column(key="line", label=Words(zh="期次", en="Instalment"), kind="number"),
            columns.DUE_DATE,
            Column(key="days_overdue", label=Words(zh="逾期天数", en="Days overdue"), kind="number"),
            columns.CURRENCY,
            columns.AMOUNT,
            columns.OPEN,
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
    report: RatioReport,
    *,
    name: str,
    title: Words,
    figures: Sequence[tuple[str, Words, int]],
    amounts: Sequence[tuple[str, Words]] = (),
) -> Table:
    return Table(
        name=name,
        title=Words(
            zh=f"{title.zh}，{report.begin} 至 {report.as_of}（{report.days} 天）",
            en=f"{title.en}, {report.begin} to {report.as_of} ({report.days} days)",
        ),
        columns=(
            *dimension_columns(report.by),
            columns.CURRENCY,
            Column(key="open", label=Words(zh="未清合计", en="Open"), kind="amount"),
            columns.OVERDUE,
            Column(key="credit_sales", label=Words(zh="期间赊销额", en="Credit sales"), kind="amount"),
            *(Column(key=key, label=label, kind="amount") for key, label in amounts),
            *(Column(key=key, label=label, kind="ratio") for key, label, _ in figures),
        ),
        rows=tuple(
            (
                *row.keys,
                row.currency,
                row.open_total,
                row.overdue,
                row.credit_sales,
                *(getattr(row, key) for key, _ in amounts),
                *(_rounded(getattr(row, key), places) for key, _, places in figures),
            )
            for row in report.rows
        ),
    )


def _rounded(value: Decimal | None, places: int) -> Decimal | None:
    return None if value is None else dso.rounded(value, places=places)
