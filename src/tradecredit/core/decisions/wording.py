"""The sentences of verdicts in both languages; figures are formatted here and nowhere else."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from tradecredit.core.kernel import money
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from tradecredit.core.decisions.outcome import CheckResult, Remedy

_SYMBOLS: Final = {"CNY": "¥", "USD": "US$", "EUR": "€", "GBP": "£", "JPY": "JP¥", "HKD": "HK$"}
_NAMED_REFERENCES: Final = 5

OUTCOMES: Final = {
    "approve": Words(zh="通过", en="Approved"),
    "warn": Words(zh="通过, 有提醒", en="Approved with a warning"),
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

SENTENCES: Final = {
    "rule.other_control_point": Words(zh="此项不检查{ours}环节。", en="This check is not made for {ours}."),
    "rule.small_document": Words(
        zh="金额 {ours} 不超过小额豁免线 {limit}, 免检。",
        en="The amount of {ours} is within the small-document line of {limit}: exempt.",
    ),
    "rule.grade_unknown": Words(
        zh="此项只针对 {limit} 级客户, 该客户尚无评级, 无法判断。",
        en="This check is for grade {limit} only and the customer has no grade yet, so nobody can tell.",
    ),
    "rule.other_grade": Words(
        zh="此项只针对 {limit} 级客户, 该客户为 {ours} 级。",
        en="This check is for grade {limit} only; the customer has grade {ours}.",
    ),
    "customer_active.unknown": Words(
        zh="系统中没有这个客户。请先建档。", en="The customer is not known. Record the customer first."
    ),
    "customer_active.passed": Words(
        zh="客户状态为“{ours}”, 可以交易。", en="The customer is {ours} and may trade."
    ),
    "customer_active.failed": Words(
        zh="客户状态为“{ours}”, 只有“{limit}”状态可以赊销。",
        en="The customer is {ours}; buying on credit is for those who are {limit}.",
    ),
    "line_set.unknown": Words(
        zh="读不到额度, 需人工确认。", en="The line could not be read: a person must look."
    ),
    "line_set.failed": Words(
        zh="尚未授信, 只能现款。请先申请额度。",
        en="No credit line has been granted: cash only. Apply for a line.",
    ),
    "line_set.passed": Words(zh="已有授信额度。", en="A credit line has been granted."),
    "line_valid.open_ended": Words(zh="额度没有到期日。", en="The line has no end."),
    "line_valid.passed": Words(zh="额度在有效期内。", en="The line is in force."),
    "line_valid.early": Words(zh="额度自 {limit} 起生效, 尚未开始。", en="The line begins on {limit}."),
    "line_valid.lapsed": Words(
        zh="额度已于 {limit} 到期, 需复审续期。", en="The line lapsed on {limit} and needs a review."
    ),
    "headroom.unknown": Words(
        zh="读不到额度占用, 需人工确认。", en="The exposure could not be read: a person must look."
    ),
    "headroom.unlimited": Words(zh="该客户不控制额度。", en="The account is not limited."),
    "headroom.no_line": Words(
        zh="没有额度, 无从比较(见“是否授信”)。",
        en="There is no line to compare with; see the check of the line.",
    ),
    "headroom.covered": Words(
        zh="本次 {ours} 由订单放行时占用的 {limit} 覆盖。",
        en="{ours} is covered by the {limit} held since the order was released.",
    ),
    "headroom.nothing_asked": Words(zh="没有新增占用。", en="Nothing new is taken."),
    "headroom.passed": Words(
        zh="本单 {ours} 在可用额度 {limit} 之内。", en="{ours} fits into the headroom of {limit}."
    ),
    "headroom.failed": Words(
        zh="本单 {ours} 超出可用额度 {limit}, 差 {gap}。",
        en="{ours} does not fit into the headroom of {limit}; {gap} are missing.",
    ),
    "single_document_maximum.no_figure": Words(
        zh="政策没有规定该币种的单笔上限。", en="The policy names no maximum in this currency."
    ),
    "single_document_maximum.passed": Words(
        zh="本单 {ours} 未超单笔上限 {limit}。",
        en="{ours} is within the maximum of {limit} for one document.",
    ),
    "single_document_maximum.failed": Words(
        zh="本单 {ours} 超过单笔上限 {limit}, 超出 {gap}。",
        en="{ours} is above the maximum of {limit} for one document by {gap}.",
    ),
    "utilisation.no_line": Words(
        zh="没有金额额度, 不算使用率。", en="No line with an amount, so no utilisation."
    ),
    "utilisation.passed": Words(
        zh="含本单额度使用率 {ours}, 低于 {limit}。",
        en="Utilisation with this document is {ours}, below {limit}.",
    ),
    "utilisation.failed": Words(
        zh="含本单额度使用率 {ours}, 达到提醒线 {limit}。",
        en="Utilisation with this document is {ours} and reaches the line of {limit}.",
    ),
    "order_share_of_available.nothing_asked": Words(zh="没有新增占用。", en="Nothing new is taken."),
    "order_share_of_available.no_room": Words(
        zh="已无可用额度。", en="There is no headroom of which it could be a share."
    ),
    "order_share_of_available.passed": Words(
        zh="本单占可用额度 {ours}, 未超 {limit}。",
        en="The document takes {ours} of the headroom, at most {limit}.",
    ),
    "order_share_of_available.failed": Words(
        zh="本单占可用额度 {ours}, 超过 {limit}。",
        en="The document takes {ours} of the headroom, above {limit}.",
    ),
    "invoice_for_delivered.passed": Words(
        zh="已发货 {limit}, 开票 {ours} 不受限制。",
        en="{limit} have been delivered; an invoice of {ours} is never stopped.",
    ),
    "invoice_for_delivered.failed": Words(
        zh="开票 {ours} 多于已发货 {limit}, 多出 {gap}, 请核对。",
        en="The invoice of {ours} is {gap} above the {limit} delivered: have a look.",
    ),
    "receivables.unknown": Words(
        zh="读不到应收数据, 需人工确认。", en="The receivables could not be read: a person must look."
    ),
    "receivables.pennies": Words(
        zh="逾期 {ours} 不超过忽略线 {limit}, 不计。",
        en="{ours} overdue is within the {limit} that is ignored.",
    ),
    "overdue_days.passed": Words(
        zh="最长逾期 {ours}, 未超 {limit}。", en="The longest overdue is {ours}, at most {limit} allowed."
    ),
    "overdue_days.failed": Words(
        zh="最长逾期 {ours}, 超过允许的 {limit}, 超出 {gap}。",
        en="The longest overdue is {ours}; {limit} are allowed, {gap} too many.",
    ),
    "overdue_share.none": Words(zh="没有未清应收。", en="There are no open invoices."),
    "overdue_share.passed": Words(
        zh="逾期占比 {ours}, 未超 {limit}。", en="{ours} is overdue, at most {limit}."
    ),
    "overdue_share.failed": Words(
        zh="逾期占比 {ours}, 超过 {limit}。", en="{ours} of the open invoices is overdue, above {limit}."
    ),
    "oldest_open_item.none": Words(zh="没有未清项目。", en="Nothing is open."),
    "oldest_open_item.passed": Words(
        zh="最早未清项账龄 {ours}, 未超 {limit}。", en="The oldest open item is {ours} old, at most {limit}."
    ),
    "oldest_open_item.failed": Words(
        zh="最早未清项账龄 {ours}, 超过 {limit}。", en="The oldest open item is {ours} old, above {limit}."
    ),
    "grade_refused.failed": Words(
        zh="评级 {ours}: 按政策不做赊销, 只收现款。", en="Grade {ours}: no credit by policy, cash only."
    ),
    "prepayment.passed": Words(
        zh="已预付 {ours}, 达到要求的 {limit}。", en="{ours} is prepaid, {limit} is asked."
    ),
    "prepayment.failed": Words(
        zh="须预付 {limit}, 已收 {ours}, 差 {gap}。",
        en="{limit} must be prepaid, {ours} is, {gap} are missing.",
    ),
    "terms_days.not_asked": Words(
        zh="未要求账期, 按额度账期执行。", en="No terms are asked; those of the line apply."
    ),
    "terms_days.unknown": Words(
        zh="要求账期 {ours}, 但额度没有约定账期。", en="{ours} are asked and the line names no terms."
    ),
    "terms_days.passed": Words(zh="账期 {ours} 未超 {limit}。", en="Terms of {ours} are within {limit}."),
    "terms_days.failed": Words(
        zh="要求账期 {ours}, 允许 {limit}, 多 {gap}。",
        en="{ours} are asked, {limit} are granted, {gap} too many.",
    ),
    "rating_present.unknown": Words(
        zh="该客户尚无有效评级, 需人工复核。", en="The customer has no rating: a person must look."
    ),
    "rating_present.passed": Words(zh="评级为 {ours}。", en="The grade is {ours}."),
    "rating_present.fresh": Words(
        zh="评级在 {ours} 前作出, 未超 {limit}。", en="Rated {ours} ago, at most {limit}."
    ),
    "rating_present.stale": Words(
        zh="评级已有 {ours}, 超过 {limit}, 需重新评级。", en="Rated {ours} ago, above {limit}: rate again."
    ),
    "watch.unknown": Words(
        zh="读不到预警数据, 需人工确认。", en="Alerts could not be read: a person must look."
    ),
    "freeze.passed": Words(zh="没有冻结。", en="Nothing is frozen."),
    "freeze.failed": Words(zh="该客户已被冻结: {ours}。", en="Frozen for this customer: {ours}."),
    "high_risk.passed": Words(zh="没有高风险标记。", en="There is no high-risk mark."),
    "high_risk.failed": Words(zh="该客户被标记为高风险。", en="The customer is marked as high risk."),
    "alert_level.passed": Words(zh="没有相应级别的预警。", en="No alert of that level is open."),
    "alert_level.failed": Words(zh="有未处理的{ours}预警。", en="A {ours} alert is open."),
}

REMEDIES: Final = {
    "receive_invoices": Words(zh="先收 {references} {amount}", en="Receive {references}, {amount}"),
    "ship_part": Words(zh="分批: 现在可发 {amount}", en="Ship {amount} now"),
    "prepay": Words(zh="客户预付 {amount}", en="Have {amount} prepaid"),
    "temporary_line": Words(
        zh="申请临时额度 {amount}, {days} 天", en="Ask for a temporary line of {amount} for {days} days"
    ),
    "shorten_terms": Words(zh="账期缩短为 {days} 天", en="Shorten the terms to {days} days"),
    "renew_line": Words(zh="复审并续期额度", en="Review and renew the line"),
    "set_line": Words(zh="申请授信额度", en="Apply for a credit line"),
    "get_rating": Words(zh="补齐资料并评级", en="Complete the dossier and rate the customer"),
    "lift_freeze": Words(zh="消除冻结原因后解冻", en="Cure the cause of the freeze and lift it"),
}
_ENOUGH: Final = Words(zh="{text}即放行", en="{text}: that releases it")
_HELPS: Final = Words(zh="{text}(另有其他事项)", en="{text} (other points remain)")


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
    template = SENTENCES[found.sentence]
    values = {"ours": found.ours, "limit": found.limit, "gap": found.gap}
    zh = {name: figure(value, unit=found.unit, currency=currency).zh for name, value in values.items()}
    en = {name: figure(value, unit=found.unit, currency=currency).en for name, value in values.items()}
    return Words(zh=template.zh.format(**zh), en=template.en.format(**en))


def figure(value: str, *, unit: str, currency: str) -> Words:
    """Return one figure or code of a finding as people read it."""
    if not value:
        return Words(zh="", en="")
    if unit == "money":
        text = amount_text(value, currency)
        return Words(zh=text, en=text)
    if unit == "share":
        return Words(zh=share_text(value), en=share_text(value))
    if unit == "days":
        return Words(zh=f"{value} 天", en=f"{value} day{'' if value == '1' else 's'}")
    known = [_TERMS.get(part, Words(zh=part, en=part)) for part in value.split(", ")]
    return Words(zh="、".join(part.zh for part in known), en=", ".join(part.en for part in known))


def remedy_text(remedy: Remedy) -> Words:
    """Return a remedy as a sentence that says whether it suffices."""
    amount = "" if remedy.amount is None else amount_text(remedy.amount.text(), remedy.amount.currency)
    named = ", ".join(remedy.references[:_NAMED_REFERENCES])
    more = len(remedy.references) - _NAMED_REFERENCES
    zh = f"{named} 等 {len(remedy.references)} 张" if more > 0 else named
    en = f"{named} and {more} more" if more > 0 else named
    template = REMEDIES[remedy.code]
    text = Words(
        zh=template.zh.format(references=zh, amount=amount, days=remedy.days),
        en=template.en.format(references=en, amount=amount, days=remedy.days),
    )
    ending = _ENOUGH if remedy.is_enough else _HELPS
    return Words(zh=ending.zh.format(text=text.zh), en=ending.en.format(text=text.en))


def role_name(role: str) -> Words:
    """Return a role as people call it."""
    return ROLES.get(role, Words(zh=role, en=role))
