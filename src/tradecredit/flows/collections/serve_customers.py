"""A dispute or a complaint becomes a colleague's task, as urgent as policy says for this customer (S-186)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from tradecredit.analytics.order_checks import standings
from tradecredit.apps.dossier import queries as dossier
from tradecredit.apps.receivables import queries as receivables
from tradecredit.apps.worklist import operations as worklist
from tradecredit.core.collections import service, texts
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.flows.cash import answered
from tradecredit.flows.collections import strategies
from tradecredit.plumbing import db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tradecredit.core.collections.service import Routed
    from tradecredit.plumbing.access import Actor
    from tradecredit.plumbing.access.models import Company

_COMPLAINTS: Final = {
    "complaints": Words(zh="投诉", en="a complaint"),
    "complaints_open": Words(zh="未结投诉", en="a complaint that is not settled"),
    "after_sales_claims": Words(zh="售后索赔", en="an after-sales claim"),
}
_NONE: Final = frozenset({"", "0"})
_DISPUTE: Final = Words(
    zh="{customer}对发票 {invoice} 的 {amount} 提出争议：请答复",
    en="{customer} contests {amount} of invoice {invoice}: answer it",
)
_COMPLAINT: Final = Words(
    zh="{customer}有{what}（{value}）：请答复", en="{customer} has {what} ({value}): answer it"
)


def serve(
    *,
    company: Company,
    customer_ids: Iterable[UUID],
    told: Iterable[Mapping[str, Any]],
    as_of: date,
    actor: Actor,
) -> int:
    """Make a task of each open dispute and each recent complaint that the events tell of; returns how many."""
    with db.unit_of_work(actor):
        rules = strategies.in_force(company_id=company.pk, as_of=as_of).cases
        since = as_of - timedelta(days=rules.service.complaint_days)
        matters = _disputes(told) + _complaints(told, since=since)
        if not matters:
            return 0
        standing = standings.of_accounts(
            [(company.pk, one, company.base_currency) for one in customer_ids], as_of=as_of
        )
        routed = {
            key[1]: service.route(rules, grade=found.grade, is_high_risk=found.is_high_risk)
            for key, found in standing.items()
        }
        customers = dossier.customers_by_id(routed)
        tasks = [
            _task(
                payload,
                routed[UUID(str(payload["customer_id"]))],
                company_id=company.pk,
                role=rules.service.role,
                names={key: (one.name, one.code) for key, one in customers.items()},
            )
            for payload in matters
        ]
        return worklist.make(company_id=company.pk, tasks=tasks)


def _disputes(told: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the disputes that nobody has closed in the meantime."""
    found = {UUID(str(payload["dispute_id"])): payload for payload in told if "dispute_id" in payload}
    still = receivables.still_disputed(dispute_ids=found) if found else frozenset()
    return [payload for key, payload in found.items() if key in still]


def _complaints(told: Iterable[Mapping[str, Any]], *, since: date) -> list[Mapping[str, Any]]:
    """Return the complaints of late; that there is none, or one was taken back (no value), is no matter."""
    return [
        payload
        for payload in told
        if payload.get("fact") in _COMPLAINTS
        and str(payload["value"]) not in _NONE
        and date.fromisoformat(payload["valid_from"]) >= since
    ]


def _task(
    payload: Mapping[str, Any],
    routed: Routed,
    *,
    company_id: UUID,
    role: str,
    names: Mapping[UUID, tuple[str, str]],
) -> worklist.NewTask:
    customer_id = UUID(str(payload["customer_id"]))
    name, code = names[customer_id]
    if "dispute_id" in payload:
        key, kind = str(payload["dispute_id"]), "dispute"
        words = _DISPUTE.filled(
            customer=name,
            invoice=payload["invoice"],
            amount=texts.figures(Money.of(payload["amount"], payload["currency"])),
        )
    else:
        fact, value = payload["fact"], payload["value"]
        key, kind = f"{company_id}:{customer_id}:{fact}:{payload['valid_from']}:{value}", "complaint"
        what = _COMPLAINTS[fact]
        words = Words(
            zh=_COMPLAINT.zh.format(customer=name, what=what.zh, value=value),
            en=_COMPLAINT.en.format(customer=name, what=what.en, value=value),
        )
    return worklist.NewTask(
        kind=f"service.{kind}",
        role=role,
        customer_id=customer_id,
        words=_with_reason(words, routed.why),
        priority=routed.priority,
        link=f"/customers/{code}",
        dedupe_key=answered.task_key(key) if kind == "dispute" else f"service:{kind}:{key}",
        due_in_days=routed.due_in_days,
    )


def _with_reason(words: Words, why: Words) -> Words:
    return Words(zh=f"{words.zh}（{why.zh}）", en=f"{words.en} ({why.en})") if why.zh else words
