"""The sentences of verdicts in both languages; figures are formatted here and nowhere else."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.decisions import sentences
from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.decisions.outcome import CheckResult, Remedy

_SYMBOLS: Final = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$"}
_NAMED_REFERENCES: Final = 5

OUTCOMES: Final = {
    "approve": Words(zh="通过", en="Approved"),
    "warn": Words(zh="通过，有提醒", en="Approved with a warning"),
    "review": Words(zh="待人工复核", en="To be reviewed by a person"),
    "hold": Words(zh="拦截", en="On hold"),
    "reject": Words(zh="拒绝", en="Rejected"),
}

ROLES: Final = {
    "sales": Words(zh="销售", en="Sales"),
    "sales_manager": Words(zh="销售经理", en="Sales manager"),
    "sales_director": Words(zh="销售总监", en="Sales director"),
    "credit_specialist": Words(zh="信用专员", en="Credit specialist"),
    "credit_manager": Words(zh="信用经理", en="Credit manager"),
    "risk_director": Words(zh="风控总监", en="Risk director"),
    "finance_manager": Words(zh="财务经理", en="Finance manager"),
    "cfo": Words(zh="财务总监", en="CFO"),
    "management": Words(zh="管理层", en="Management"),
}

# Codes that stand in facts, as people say them.
_TERMS: Final = {
    "orders": Words(zh="新订单", en="new orders"),
    "shipments": Words(zh="发货", en="shipments"),
    "limit": Words(zh="额度", en="the credit line"),
    "prospect": Words(zh="潜在客户", en="a prospect"),
    "applied": Words(zh="申请中", en="an applicant"),
    "granted": Words(zh="已授信", en="granted"),
    "trading": Words(zh="交易中", en="trading"),
    "watch": Words(zh="关注", en="on watch"),
    "restricted": Words(zh="限制交易", en="restricted"),
    "collection": Words(zh="催收中", en="in collection"),
    "exit": Words(zh="已退出", en="gone"),
    "yellow": Words(zh="黄色", en="yellow"),
    "orange": Words(zh="橙色", en="orange"),
    "red": Words(zh="红色", en="red"),
    "order": Words(zh="订单", en="orders"),
    "delivery": Words(zh="发货", en="deliveries"),
    "invoice": Words(zh="开票", en="invoices"),
}

_ENOUGH: Final = Words(zh="{text}即放行", en="{text}: that releases it")
_HELPS: Final = Words(zh="{text}（另有其他事项）", en="{text} (other points remain)")


def amount_text(amount: str, currency: str) -> str:
    """Return an amount as people read it: ``¥82,000.00``, ``-¥36,000.00``, ``CHF 12.50``."""
    value = Decimal(amount)
    plain = money.plain(abs(value), currency)
    whole, _, cents = plain.partition(".")
    grouped = f"{int(whole):,}" + (f".{cents}" if cents else "")
    sign = "-" if value < 0 else ""
    symbol = _SYMBOLS.get(currency)
    return f"{sign}{symbol}{grouped}" if symbol else f"{sign}{currency} {grouped}"


def share_text(share: str) -> str:
    """Return a share as a percentage with one decimal where it needs one: ``0.9`` is ``90 %``."""
    percent = (Decimal(share) * 100).quantize(Decimal("0.1"))
    text = f"{percent:f}"
    return f"{text.removesuffix('.0')} %"


def sentence(result: CheckResult, *, currency: str) -> Words:
    """Return what a check found, as a sentence."""
    found = result.finding
    if found.said is not None:
        return found.said
    template = sentences.SENTENCES[found.sentence]
    values = {"ours": found.ours, "limit": found.limit, "gap": found.gap}
    spoken = {
        name: figure(value, unit=found.unit, currency=found.currency or currency)
        for name, value in values.items()
    }
    zh = {name: words.zh for name, words in spoken.items()}
    en = {name: words.en for name, words in spoken.items()}
    level = found.level_name or found.level
    return Words(zh=template.zh.format(**zh, level=level), en=template.en.format(**en, level=level))


def figure(value: str, *, unit: str, currency: str) -> Words:
    """Return one figure or code of a finding as people read it."""
    if not value:
        return Words(zh="", en="")
    if unit == "money":
        text = amount_text(value, currency)
        return Words(zh=text, en=text)
    if unit == "share":
        return Words(zh=share_text(value), en=share_text(value))
    if unit == "number":
        return Words(zh=value, en=value)
    if unit == "days":
        return Words(zh=f"{value} 天", en=f"{value} day{'' if value == '1' else 's'}")
    known = [_TERMS.get(part, Words(zh=part, en=part)) for part in value.split(", ")]
    return Words(zh="、".join(part.zh for part in known), en=", ".join(part.en for part in known))


def remedy_text(remedy: Remedy) -> Words:
    """Return a remedy as a sentence that says whether it suffices."""
    amount, prepaid = (
        "" if money is None else amount_text(money.text(), money.currency)
        for money in (remedy.amount, remedy.prepaid)
    )
    named = ", ".join(remedy.references[:_NAMED_REFERENCES])
    more = len(remedy.references) - _NAMED_REFERENCES
    zh = f"{named} 等 {len(remedy.references)} 张" if more > 0 else named
    en = f"{named} and {more} more" if more > 0 else named
    template = sentences.REMEDIES[remedy.code]
    text = Words(
        zh=template.zh.format(references=zh, amount=amount, prepaid=prepaid, days=remedy.days),
        en=template.en.format(references=en, amount=amount, prepaid=prepaid, days=remedy.days),
    )
    ending = _ENOUGH if remedy.is_enough else _HELPS
    return Words(zh=ending.zh.format(text=text.zh), en=ending.en.format(text=text.en))


def role_name(role: str) -> Words:
    """Return a role as people call it."""
    return ROLES.get(role, Words(zh=role, en=role))
