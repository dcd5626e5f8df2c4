"""The tables of a credit report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.analytics.dossier import relations as relations_of
from tradecredit.core.dossier import facts as known_facts
from tradecredit.core.dossier.relations import graph
from tradecredit.core.kernel import limit as limits
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tradecredit.analytics.dossier.own_values import Filled
    from tradecredit.analytics.dossier.profile import Profile
    from tradecredit.analytics.dossier.relations import Relations


def reasons(found: Profile, *, language: str) -> Table:
    """Return why the customer has its grade."""
    said: Sequence[Mapping[str, str]] = found.rating.result.get("reasons", ()) if found.rating else ()
    key = "zh" if language.startswith("zh") else "en"
    rows = [(one.get(key, ""),) for one in said]
    return _table(
        "reasons", Words(zh="评级理由", en="Reasons of the grade"), ((_w("理由", "Reason"), "text"),), rows
    )


def lines(found: Profile) -> Table:
    """Return the credit lines in force."""
    words = {"not_set": _w("未授信", "no line"), "unlimited": _w("不限额", "unlimited")}
    rows = []
    for currency, line in sorted(found.limits.items()):
        kind = limits.kind_of(line.limit)
        amount = line.limit.money if isinstance(line.limit, limits.Amount) else None
        rows.append((currency, words.get(kind, ""), amount))
    columns = ((_w("币种", "Currency"), "text"), (_w("说明", "Note"), "text"), (_w("额度", "Line"), "amount"))
    return _table("lines", _w("信用额度", "Credit lines"), columns, rows)


def aged(found: Profile) -> Table:
    """Return the aging by currency."""
    if not found.aged:
        return _table("aging", _w("账龄", "Aging"), (), ())
    buckets = found.aged[0].aged.scheme.buckets
    columns = (
        (_w("币种", "Currency"), "text"),
        *((bucket.label, "amount") for bucket in buckets),
        (_w("未清", "Open"), "amount"),
        (_w("未核销款", "Unapplied"), "amount"),
    )
    rows = [(one.currency, *one.aged.amounts, one.aged.open, one.aged.unapplied_cash) for one in found.aged]
    return _table("aging", _w("应收账龄", "Receivables by age"), columns, rows)


def behaviour(found: Profile) -> Table:
    """Return how the customer pays, by currency."""
    columns = (
        (_w("币种", "Currency"), "text"),
        (_w("发票数", "Invoices"), "number"),
        (_w("按时付款率（金额）", "Paid in time"), "ratio"),
        (_w("平均迟付天数", "Average days late"), "ratio"),
        (_w("最长迟付", "Longest delay"), "number"),
        (_w("逾期未付", "Overdue"), "amount"),
    )
    rows = [
        (
            one.currency, one.invoice_count, one.on_time_rate_by_amount, one.average_days_late, one.max_days_late,
            one.open_overdue_amount,
        )
        for one in found.behaviour
    ]  # fmt: skip
    return _table("behaviour", _w("付款行为", "Payment behaviour"), columns, rows)


def facts(found: Profile) -> Table:
    """Return what is known, each with source, day and the moment at which it was learned; some of it masked."""
    columns = (
        (_w("事实", "Fact"), "text"),
        (_w("内容", "Value"), "text"),
        (_w("生效日", "Valid from"), "day"),
        (_w("得知于", "Known at"), "text"),
        (_w("来源", "Source"), "text"),
    )
    rows = [
        (
            known_facts.KNOWN[name].label if name in known_facts.KNOWN else Words(zh=name, en=name),
            known_facts.masked(name, fact.value),
            fact.valid_from,
            fact.recorded_at.date().isoformat(),
            fact.source,
        )
        for name, fact in sorted(found.facts.items())
    ]
    return _table("facts", _w("事实", "Facts"), columns, rows)


def own(filled: Sequence[Filled]) -> Table:
    """Return what is written into own fields."""
    rows = [
        (one.field.label, one.shown, one.fact.valid_from, one.fact.source)
        for one in filled
        if one.fact is not None and one.shown is not None and not one.field.is_known
    ]
    columns = (
        (_w("字段", "Field"), "text"), (_w("内容", "Value"), "text"), (_w("生效日", "Valid from"), "day"),
        (_w("来源", "Source"), "text"),
    )  # fmt: skip
    return _table("own", _w("自定义字段", "Own fields"), columns, rows)


def ratios(found: Profile) -> Table:
    """Return the figures of the latest statements."""
    columns = (
        (_w("报表期末", "Period end"), "day"), (_w("币种", "Currency"), "text"), (_w("总资产", "Assets"), "number"),
        (_w("总负债", "Liabilities"), "number"), (_w("营业收入", "Revenue"), "number"),
        (_w("净利润", "Net profit"), "number"), (_w("来源", "Source"), "text"),
    )  # fmt: skip
    names = ("total_assets", "total_liabilities", "revenue", "net_profit")
    rows = [
        (one.period_end, one.currency, *(one.items.get(name) for name in names), one.source)
        for one in found.statements[:4]
    ]
    return _table("statements", _w("财务报表", "Financial statements"), columns, rows)


def ties(found: Relations) -> Table:
    """Return who is bound to the customer, with the evidence."""
    columns = (
        (_w("从", "From"), "text"), (_w("关系", "Tie"), "text"), (_w("到", "To"), "text"),
        (_w("比例", "Share"), "ratio"), (_w("依据", "Evidence"), "text"),
    )  # fmt: skip
    rows = [
        (
            relations_of.name_of(one.source, found.names), graph.LABELS[one.kind],
            relations_of.name_of(one.target, found.names), one.share, one.evidence,
        )
        for one in found.ties[:30]
    ]  # fmt: skip
    return _table("ties", _w("关联关系", "Relations"), columns, rows)


def warnings(found: Relations) -> Table:
    """Return rings, broken guarantees, and what is at risk when the customer fails."""
    rows: list[tuple[Any, ...]] = [
        (
            _w("互保圈", "guarantee ring"),
            " → ".join(relations_of.name_of(one, found.names) for one in ring.parties),
        )
        for ring in found.rings
    ]
    rows += [
        (one.words, " ← ".join(relations_of.name_of(party, found.names) for party in one.path))
        for one in found.broken
    ]
    rows += [
        (_w("客户倒下时的风险敞口", "exposure at risk if it fails"), f"{currency} {amount:,.2f}")
        for currency, amount in sorted(found.at_risk.items())
    ]
    columns = ((_w("提示", "Warning"), "text"), (_w("内容", "What"), "text"))
    return _table("warnings", _w("担保与传染", "Guarantees and contagion"), columns, rows)


def missing(found: Profile) -> Table:
    """Return what is not known yet, the most important first."""
    rows = [(item.priority, item.label) for item in found.completeness.missing]
    columns = ((_w("优先级", "Priority"), "number"), (_w("待补充", "Missing"), "text"))
    return _table("missing", _w("资料缺口", "What is missing"), columns, rows)


def events(rows: Sequence[Mapping[str, Any]], *, language: str) -> Table:
    """Return the latest events of the customer's log."""
    key = "text_zh" if language.startswith("zh") else "text_en"
    columns = ((_w("时间", "When"), "text"), (_w("事件", "Event"), "text"), (_w("由谁", "By"), "text"))
    cells = [(row["recorded_at"].date().isoformat(), row[key], row["actor_name"]) for row in rows]
    return _table("events", _w("近期事件", "Recent events"), columns, cells)


def _w(zh: str, en: str) -> Words:
    return Words(zh=zh, en=en)


def _table(
    name: str, title: Words, columns: Sequence[tuple[Words, Any]], rows: Sequence[tuple[Any, ...]]
) -> Table:
    return Table(
        name=name,
        title=title,
        columns=tuple(
            Column(key=str(at), label=label, kind=kind) for at, (label, kind) in enumerate(columns)
        ),
        rows=tuple(rows),
    )
