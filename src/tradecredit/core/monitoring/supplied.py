"""Which signals exist: the one list of what the house supplies, beside the facts that people and bureaus record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from tradecredit.core.dossier import facts
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Collection

Source = Literal["ledger", "relations", "fact", "statement", "overlay"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplied:
    """A signal: its name, what it is called, who supplies it, and the kind of its value."""

    name: str
    words: Words
    source: Source
    kind: str = "number"


def _of(source: Source, name: str, zh: str, en: str, kind: str = "number") -> Supplied:
    return Supplied(name=name, words=Words(zh=zh, en=en), source=source, kind=kind)


SIGNALS: Final = {
    one.name: one
    for one in (
        _of("ledger", "overdue_days_max", "最长逾期天数", "days overdue of the oldest item"),
        _of("ledger", "overdue_share", "逾期占未清的比例", "overdue share of what is open", "share"),
        _of("ledger", "utilisation", "额度使用率", "share of the line in use", "share"),
        _of("ledger", "average_days_late", "平均迟付天数", "average days late"),
        _of(
            "ledger", "payment_slowing", "付款变慢程度（偏离中位数的倍数）", "payment slowing, in deviations"
        ),
        _of("ledger", "payment_drift", "付款逐步变慢的累积天数", "creeping delay, in accumulated days"),
        _of("ledger", "order_drop", "订单量下降幅度", "drop in orders", "share"),
        _of("ledger", "order_surge", "订单量上升幅度", "surge in orders", "share"),
        _of("ledger", "broken_promises", "未兑现的付款承诺数", "broken promises to pay"),
        _of("ledger", "returns_share", "退货折让占开票的比例", "returns and allowances share", "share"),
        _of("ledger", "disputes_opened", "新增争议（投诉）数", "disputes and complaints opened"),
        _of("relations", "group_alert_level", "集团其他成员的预警级别", "alert level in the group"),
        _of("relations", "group_overdue_days_max", "集团其他成员最长逾期天数", "days overdue in the group"),
        _of("relations", "guarantor_alert_level", "担保人的预警级别", "alert level of the guarantor"),
        _of(
            "relations", "buyer_alert_level", "下游客户的预警级别", "alert level of the customer's customers"
        ),
        _of("fact", "core_assets_mortgaged", "核心资产抵押", "core assets mortgaged", "flag"),
        _of("fact", "key_customer_bankrupt", "主要客户破产", "a main customer is bankrupt", "flag"),
        _of("fact", "shareholders_changed", "股权变更", "shareholders changed", "flag"),
        _of("fact", "equity_frozen", "股权冻结", "equity frozen", "flag"),
        _of("fact", "complaints", "投诉与售后件数", "complaints and service calls"),
        _of("statement", "total_assets", "资产总额（最近一期报表）", "total assets of the latest statement"),
        _of("overlay", "policy_restriction", "行业政策限令", "a policy restricts the industry", "flag"),
        _of("overlay", "industry_downturn", "行业下行", "the industry is in a downturn", "flag"),
        _of("overlay", "industry_news", "行业负面新闻", "bad news about the industry", "flag"),
        _of("overlay", "rates_rising", "利率上行", "interest rates rise", "flag"),
    )
}
LEDGER: Final = frozenset(name for name, one in SIGNALS.items() if one.source == "ledger")
RELATIONS: Final = frozenset(name for name, one in SIGNALS.items() if one.source == "relations")
# Signals that change by themselves from day to day, without anybody recording a fact.
DAILY: Final = LEDGER | RELATIONS


def is_supplied(name: str, *, also: Collection[str] = ()) -> bool:
    """Tell whether somebody supplies the signal: the house, people and bureaus as facts, or an overlay of the policy."""
    return name in SIGNALS or name in facts.KNOWN or name in also


def words_of(name: str) -> Words:
    """Return what a signal is called; one that nobody knows keeps its name."""
    if name in SIGNALS:
        return SIGNALS[name].words
    known = facts.KNOWN.get(name)
    return known.label if known is not None else Words(zh=name, en=name.replace("_", " "))


def kind_of(name: str) -> str:
    """Return the kind of a signal's value: ``share``, ``flag``, ``number``, ``count`` or ``word``."""
    if name in SIGNALS:
        return SIGNALS[name].kind
    known = facts.KNOWN.get(name)
    return known.kind if known is not None else "word"
