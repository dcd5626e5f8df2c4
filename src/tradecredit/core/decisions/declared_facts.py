"""The facts that a decision table of order control may ask for: names, types and words in both languages.

A fact is read from what the verdict rests on anyway. It is `None` where it could not be known (then a person looks),
and `ABSENT` where there is no such thing for this account (no line, nothing to compare): the check does not apply then.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.core.decisions import declared_readers as read
from tradecredit.core.decisions.declared_readers import ABSENT, MOST_TIMES
from tradecredit.core.feel.values import texts
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.exposure.headroom import Headroom

__all__ = ["ABSENT", "BY_NAME", "FACTS", "MOST_TIMES", "Fact", "read_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One fact: DMN's word for its type, the unit of its value, and whether somebody can do something about it.

    ``varies`` tells that it follows from the document's amount or the account's balances, ``asks_outlook`` that it
    has to be gathered first.
    """

    name: str
    type_ref: str
    words: Words
    read: Callable[[CreditFacts, Headroom], Any]
    unit: str = "word"
    may_change: bool = False
    varies: bool = False
    asks_outlook: bool = False


def _fact(name: str, type_ref: str, zh: str, en: str, reader: Any, *marks: str, unit: str = "word") -> Fact:
    return Fact(
        name=name,
        type_ref=type_ref,
        words=Words(zh=zh, en=en),
        read=reader,
        unit=unit,
        may_change="may_change" in marks,
        varies="varies" in marks,
        asks_outlook="outlook" in marks,
    )


_CAN, _VARIES, _OUTLOOK = "may_change", "varies", "outlook"
_TEXT, _NUMBER, _FLAG = "string", "number", "boolean"

FACTS: Final = (
    _fact("control_point", _TEXT, "环节", "Control point", read.control_point),
    _fact("document", _TEXT, "单据类型", "Kind of document", read.document),
    _fact("day", "date", "日期", "Day", read.day),
    _fact("currency", _TEXT, "币种", "Currency", read.currency),
    _fact("amount", _NUMBER, "单据金额", "Amount", read.amount, _CAN, _VARIES, unit="money"),
    _fact("prepaid_share", _NUMBER, "预付比例", "Share prepaid", read.prepaid_share, _CAN, unit="share"),
    _fact("terms_days", _NUMBER, "账期天数", "Days of terms", read.terms_days, _CAN, unit="days"),
    _fact("lifecycle", _TEXT, "客户状态", "Customer status", read.lifecycle),
    _fact("grade", _TEXT, "信用等级", "Grade", read.grade),
    _fact("rating_age_days", _NUMBER, "评级距今天数", "Age of the rating", read.rating_age_days, unit="days"),
    _fact("line", _TEXT, "额度状态", "Line", read.line),
    _fact("limit", _NUMBER, "授信额度", "Credit line", read.limit, unit="money"),
    _fact("exposure_after", _NUMBER, "含本单占用", "Exposure with this document", read.exposure_after,
          _VARIES, unit="money"),
    _fact("available", _NUMBER, "可用额度", "Headroom", read.available, _VARIES, unit="money"),
    _fact("over", _NUMBER, "超出额度", "Over the line", read.over, _CAN, _VARIES, unit="money"),
    _fact("utilisation", _NUMBER, "含本单使用率", "Utilisation with this document", read.utilisation,
          _CAN, _VARIES, unit="share"),
    _fact("share_of_available", _NUMBER, "本单占可用额度", "Share of headroom", read.share_of_available,
          _CAN, _VARIES, unit="share"),
    _fact("is_taken_over", _FLAG, "上线前额度", "Line from before", read.is_taken_over),
    _fact("open_amount", _NUMBER, "未清应收", "Open receivables", read.open_amount, unit="money"),
    _fact("overdue_amount", _NUMBER, "逾期金额", "Overdue amount", read.overdue_amount, _CAN, unit="money"),
    _fact("overdue_count", _NUMBER, "逾期笔数", "Overdue items", read.overdue_count, _CAN, unit="number"),
    _fact("overdue_days", _NUMBER, "最长逾期天数", "Days overdue", read.overdue_days, _CAN, unit="days"),
    _fact("overdue_share", _NUMBER, "逾期占比", "Share overdue", read.overdue_share, _CAN, unit="share"),
    _fact("oldest_open_days", _NUMBER, "最早未清项账龄", "Age of the oldest open item", read.oldest_open_days,
          _CAN, unit="days"),
    _fact("alert_level", _TEXT, "预警级别", "Alert level", read.alert_level),
    _fact("high_risk", _FLAG, "高风险标记", "High-risk mark", read.high_risk),
    _fact("orders_frozen", _FLAG, "下单冻结", "Orders frozen", read.frozen("orders")),
    _fact("shipments_frozen", _FLAG, "发货冻结", "Shipments frozen", read.frozen("shipments")),
    _fact("limit_frozen", _FLAG, "额度冻结", "Line frozen", read.frozen("limit")),
    _fact("average_days_late", _NUMBER, "平均迟付天数", "Average days late", read.average_days_late,
          _OUTLOOK, unit="days"),
    _fact("paid_count", _NUMBER, "已付笔数", "Items paid", read.paid_count, _OUTLOOK, unit="number"),
    _fact("tenure_days", _NUMBER, "合作天数", "Days of trade together", read.tenure_days,
          _OUTLOOK, unit="days"),
    _fact("wanted_in_days", _NUMBER, "要货提前天数", "Wanted in days", read.wanted_in_days,
          _OUTLOOK, unit="days"),
)  # fmt: skip

BY_NAME: Final[Mapping[str, Fact]] = {
    # A model of the standard may call a fact by its Chinese name.
    **{fact.words.zh: fact for fact in FACTS},
    **{fact.name: fact for fact in FACTS},
}
TYPES: Final[Mapping[str, str]] = {name: fact.type_ref for name, fact in BY_NAME.items()}


def read_all(names: Iterable[str], facts: CreditFacts, room: Headroom) -> dict[str, Any]:
    """Return the named facts: a value of the language, None (not known) or `ABSENT` (there is none)."""
    return {name: BY_NAME[name].read(facts, room) for name in names}


def shown(name: str, value: Any, *, currency: str) -> tuple[str, str]:
    """Return a value as a text with its unit, as findings carry figures: ``("0.9333", "share")``."""
    unit = BY_NAME[name].unit
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        text = value if isinstance(value, str) else texts.text(value)
        return (text, "word")
    if unit == "money" and not currency:
        return (f"{value:f}", "number")
    if unit == "share":
        return (f"{Decimal(value):.4f}", unit)
    return (f"{value:f}" if isinstance(value, Decimal) else str(value), unit)
