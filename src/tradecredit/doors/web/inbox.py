"""How requests, tasks and held orders are written in lists."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.urls import reverse

from tradecredit.core.approvals import routing
from tradecredit.core.kernel import outcome as outcomes
from tradecredit.core.kernel.reasons import Words
from tradecredit.doors.web import roles

if TYPE_CHECKING:
    from tradecredit.analytics.dashboards.books import Row
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.worklist.queries import StoredTask
    from tradecredit.core.kernel.money import Money

KINDS: Final = {
    "order_release": Words(zh="放行被拦订单", en="Release a held order"),
    "delivery_release": Words(zh="放行被拦发货", en="Release a held delivery"),
    "freeze_lift": Words(zh="解除人工冻结", en="Lift a freeze"),
    "limit_journal": Words(zh="批准批量额度调整", en="Approve a journal of line changes"),
    "level_limit": Words(zh="批准集团或组合额度", en="Approve a limit of a group or portfolio"),
    "credit_limit": Words(zh="批准信用额度", en="Approve a credit line"),
    "temporary_line": Words(zh="批准临时额度", en="Approve a temporary line"),
    "grade_override": Words(zh="批准人工定级", en="Approve a grade set by hand"),
    "write_off": Words(zh="批准坏账核销", en="Approve a write-off"),
    "deduction": Words(zh="批准扣款", en="Approve a deduction"),
    "set_off": Words(zh="批准往来抵销", en="Approve a set-off"),
    "admission": Words(zh="批准客户准入", en="Admit a customer"),
    "payment_terms": Words(zh="批准账期调整", en="Approve a change of terms"),
    "legal_action": Words(zh="批准法律行动", en="Approve legal action"),
    "exception": Words(zh="批准特事特办", en="Approve an exception"),
    "policy": Words(zh="发布信用政策", en="Publish a credit policy"),
}
# Routed like a request for nothing; its subject tells more than an amount of 0.00.
_WITHOUT_AMOUNT: Final = frozenset({"policy", "freeze_lift", "grade_override"})
REJECT_REASONS: Final = (
    Words(zh="逾期款未收回", en="Overdue amounts are not paid"),
    Words(zh="超出该客户可承受的敞口", en="Exposure is more than the customer can bear"),
    Words(zh="资料不全，无法判断", en="Facts are missing"),
    Words(zh="需先付款或提供担保", en="Payment first, or security"),
    Words(zh="其他", en="Other"),
)
APPROVE_REASON: Final = Words(zh="同意", en="Agreed")
_STANDING: Final = frozenset({"failed", "unknown"})


def line_of_request(request: RequestRecord) -> dict[str, Any]:
    """Return a request as one line of the overview."""
    return {
        "title": KINDS.get(request.kind, Words(zh=request.kind, en=request.kind)),
        "subject": " ".join(part for part in (request.customer_name, request.reference) if part),
        "since": request.created_at,
        "amount": amount_of(request),
        "currency": "",
        "url": f"{reverse('web:tasks')}#request-{request.id}",
    }


def amount_of(request: RequestRecord) -> Money | None:
    """Return the amount that a request is about; None where it is about something else."""
    is_nothing = (
        request.kind in routing.APPLICATIONS and request.amount is not None and not request.amount.amount
    )
    return None if is_nothing or request.kind in _WITHOUT_AMOUNT else request.amount


def line_of_task(task: StoredTask) -> dict[str, Any]:
    """Return a task as one line of the overview."""
    return {
        "title": task.words,
        "subject": "",
        "since": task.created_at,
        "amount": None,
        "currency": "",
        "url": f"{reverse('web:tasks')}#task-{task.id}",
    }


def held_line(row: Row) -> dict[str, Any]:
    """Return a held order with the sentence of its worst failed check."""
    verdict = json.loads(row["verdict"]) if row["verdict"] else {}
    names = [roles.name_of(role) for role in row["roles"] or ()]
    return {
        **row,
        "amount": Decimal(row["amount"]),
        "url": reverse("web:decision", args=[row["decision_id"]]) if row["decision_id"] else "",
        "reason": first_reason(verdict),
        "deciders": Words(zh="、".join(name.zh for name in names), en=", ".join(name.en for name in names)),
    }


def first_reason(verdict: dict[str, Any]) -> Words:
    """Return what the first failed check of a recorded verdict is called."""
    failed = [one for one in verdict.get("results", ()) if one["state"] in _STANDING]
    if not failed:
        return Words(zh="需要审批", en="Needs approval")
    worst = max(failed, key=lambda one: outcomes.parse(one["outcome"]))
    return Words(zh=worst["label"]["zh"], en=worst["label"]["en"])
