"""A decision as its page shows it: the verdict, the sum, the checks, what can be done and who decides."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.urls import reverse

from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import figures
from tradecredit.doors.web.charts import waterfall
from tradecredit.doors.web.templatetags.tc import language

if TYPE_CHECKING:
    from tradecredit.core.exposure.components import ExposureParts
    from tradecredit.doors.web.charts.svg import Chart
    from tradecredit.flows.orders.explain_decision import Explanation

_STAGES: Final = {
    "billed": Words(zh="已开票未收", en="Billed, not paid"),
    "bill": Words(zh="票据", en="Bills receivable"),
    "delivered": Words(zh="已发货未开票", en="Delivered, not billed"),
    "ordered": Words(zh="未发货订单", en="Open orders"),
    "reserved": Words(zh="额度预占", en="Reserved"),
    "unapplied": Words(zh="未核销回款", en="Cash not applied"),
}


def shown(explanation: Explanation) -> dict[str, Any]:
    """Return the decision for the template."""
    view, explained = explanation.view, explanation.explained
    facts, decision = view.facts, view.decision
    return {
        "id": view.id,
        "reference": facts.request.reference,
        "customer_code": facts.customer.code,
        "customer_name": facts.customer.name or facts.customer.code,
        "outcome": decision.outcome.text,
        "amount": facts.request.amount.amount,
        "currency": facts.currency,
        "as_of": facts.request.requested_on,
        "is_committed": view.is_committed,
        "order_status": view.order_status,
        "is_order": facts.request.control_point.value == "order",
        "is_held": view.order_status == "held" and view.is_committed,
        "failed": [
            {"code": check["check"], "text": check["words"]}
            for check in explained["checks"]
            if not check["passed"] and check["applies"]
        ],
        "checks": sorted(
            (_check(check) for check in explained["checks"] if check["applies"]),
            key=lambda check: check["passed"] is True,
        ),
        "skipped": [check["label"] for check in explained["checks"] if not check["applies"]],
        "who": explained["who"],
        "levels": explained["levels"],
        "equation": _equation(explained["equation"]),
        "remedies": [_remedy(one, explanation) for one in explained["remedies"]],
        "deciders": [{"title": one["words"], "why": one["why"]} for one in explained["deciders"]],
        "policy_name": view.policy_name,
        "policy_version": view.policy_number,
        "decided_at": view.decided_at,
    }


def _check(check: dict[str, Any]) -> dict[str, Any]:
    passed = {"passed": True, "failed": False}.get(check["state"])
    return {
        "code": check["code"],
        "words": check["label"],
        "passed": passed,
        "level": check.get("level_name", ""),
        # What a policy's own table said, with its trace.
        "said": check.get("said"),
        "why": check.get("why", ()),
        **check["shown"],
    }


def _amount(text: str) -> Decimal | None:
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _equation(equation: dict[str, Any]) -> dict[str, Any]:
    terms: list[dict[str, Any]] = []
    for term in equation["terms"]:
        amount = Decimal(term["amount"])
        if terms and amount == 0:
            continue
        op = "−" if amount < 0 else "+" if terms else ""
        terms.append({"op": op, "words": term["label"], "amount": abs(amount) if op == "−" else amount})
    available = _amount(equation["available"]["amount"])
    after = equation["after"]["words"]
    return {
        "terms": terms,
        "result": {
            "words": equation["available"]["label"],
            "amount": available,
            "text": equation["available"]["words"],
        },
        "is_short": available is not None and available < 0,
        "after": Words(zh=f"本单之后：{after['zh']}", en=f"After this order: {after['en']}"),
    }


def _remedy(remedy: dict[str, Any], explanation: Explanation) -> dict[str, Any]:
    url, action = _way(remedy, explanation)
    return {
        "kind": remedy["code"],
        "text": remedy["words"],
        "note": "",
        "url": url,
        "action": action,
    }


def _way(remedy: dict[str, Any], explanation: Explanation) -> tuple[str, Words | None]:
    facts = explanation.view.facts
    code, reference = facts.customer.code, facts.request.reference
    check = {"customer": code, "reference": reference, "currency": facts.currency}
    amount = remedy["amount"] or facts.request.amount.text()
    match remedy["code"]:
        case str(way) if way.startswith("receive"):
            query = {"customer": code, "currency": facts.currency}
            return f"{reverse('web:receivables')}?{urlencode(query)}", Words(
                zh="看这些发票", en="See invoices"
            )
        case "ship_part":
            query = check | {"amount": amount}
            return f"{reverse('web:order_check')}?{urlencode(query)}", Words(
                zh="按此金额检查", en="Check this"
            )
        case "temporary_line":
            query = check | {"amount": amount, "days": str(remedy["days"] or "")}
            return f"{reverse('web:temporary_line')}?{urlencode(query)}", Words(
                zh="申请临时额度", en="Request it"
            )
        case "shorten_terms":
            query = check | {"amount": amount, "terms_days": str(remedy["days"] or "")}
            return f"{reverse('web:order_check')}?{urlencode(query)}", Words(
                zh="按此账期检查", en="Check this"
            )
        case _:
            return "", None


def picture(explanation: Explanation) -> Chart | None:
    """Return the waterfall of the exposure with this order, against the limit."""
    facts, decision = explanation.view.facts, explanation.view.decision
    steps = [
        waterfall.Step(label=_STAGES[name].in_language(language()), amount=amount)
        for name, amount in _parts(facts.counted_elsewhere())
    ]
    this = Words(zh="本单", en="This order").in_language(language())
    steps.append(waterfall.Step(label=this, amount=facts.request.amount.amount, colour="late"))
    total = sum((step.amount for step in steps), Decimal(0))
    after = getattr(decision.headroom_after, "money", None)
    # What is left after the order plus what the order makes is the line that it was measured against.
    limit = None if after is None else after.amount + total
    is_zh = language() == "zh"
    day = figures.day(facts.request.requested_on, language=language())
    place = waterfall.Place(
        limit=limit if limit and limit > 0 else None,
        currency=facts.currency,
        limit_label="额度" if is_zh else "Limit",
        total_label="本单后合计" if is_zh else "In total",
        finding=_finding(total, limit, facts.currency).in_language(language()),
        basis=f"{facts.currency} · 截至 {day}" if is_zh else f"{facts.currency} · as of {day}",
        language=language(),
        headers=("项目", "金额") if is_zh else ("Stage", "Amount"),
    )
    return waterfall.waterfall(steps, place)


def _finding(total: Decimal, limit: Decimal | None, currency: str) -> Words:
    """Return what the waterfall shows, as a sentence."""

    def short(amount: Decimal, code: str) -> str:
        return figures.with_sign(figures.short(amount, currency, language=code), currency)

    if limit is None:
        return Words(zh="没有授信额度，任何占用都需审批", en="No credit line: any exposure needs a decision")
    if total > limit:
        return Words(
            zh=f"本单后占用 {short(total, 'zh')}，超出额度 {short(total - limit, 'zh')}",
            en=f"Exposure would be {short(total, 'en')}, {short(total - limit, 'en')} over the limit",
        )
    return Words(
        zh=f"本单后仍有可用额度 {short(limit - total, 'zh')}",
        en=f"{short(limit - total, 'en')} would still be available after it",
    )


def _parts(exposure: ExposureParts) -> list[tuple[str, Decimal]]:
    amounts = {name: Decimal(text) for name, text in exposure.as_dict().items() if name in _STAGES}
    return [(name, amounts[name]) for name in _STAGES if amounts.get(name)]
