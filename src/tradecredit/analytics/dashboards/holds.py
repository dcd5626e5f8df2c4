"""The hold queue: held orders and deliveries of every company of the actor, with all their reasons."""

from __future__ import annotations

import json
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.core.kernel import outcome as outcomes
from tradecredit.core.kernel.reasons import Words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.analytics.dashboards.books import Row
    from tradecredit.plumbing.access import Actor

_SORTS: Final = {
    "age": "h.held_at, h.reference",
    "amount": "h.amount DESC, h.held_at",
    "over": "h.over_amount DESC NULLS LAST, h.held_at",
    "customer": "h.customer_name, h.held_at",
}
SORTS: Final = tuple(_SORTS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What of the queue is asked for; what is empty does not narrow it."""

    company: str = ""
    customer: str = ""
    kind: str = ""
    reason: str = ""
    role: str = ""
    currency: str = ""
    least_days: int = 0
    is_mine: bool = False
    sort: str = "age"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One held document: what stops it, how far it goes over the line, whom it waits for."""

    id: UUID
    kind: str
    company_id: UUID
    company_code: str
    reference: str
    order_reference: str
    customer_code: str
    customer_name: str
    salesperson: str
    amount: Decimal
    over: Decimal | None
    currency: str
    held_at: datetime
    days: int
    decision_id: UUID | None
    request_id: UUID | None
    requested_by: str
    reasons: tuple[tuple[str, Words], ...]
    roles: tuple[str, ...]
    waits_for: tuple[str, ...]
    is_mine: bool


def queue(*, actor: Actor, today: Mapping[UUID, date], filters: Filters, most: int = 200) -> tuple[Hold, ...]:
    """Return the held documents in the actor's scope; ``is_mine`` marks those that wait for the actor's word.

    ``today`` names the companies that are looked at, each with its own day.
    """
    orders = scoping.rows(company="o.company_id", customer="c")
    pairs = sorted((str(company), role.value) for company, role in actor.roles)
    values: dict[str, Any] = {
        **orders.values,
        "companies": list(today),
        "days": list(today.values()),
        "actor": actor.user_id,
        "my_companies": [company for company, _ in pairs],
        "my_roles": [role for _, role in pairs],
        "most": most,
    }
    conditions = list(_conditions(filters, values))
    where = " AND ".join(conditions) or "TRUE"
    sql = _QUEUE.format(scope=orders.sql, where=where, sort=_SORTS.get(filters.sort, _SORTS["age"]))
    return tuple(_hold(row) for row in fetch(sql, values))


def totals(holds: Iterable[Hold]) -> tuple[tuple[str, Decimal], ...]:
    """Return what is held by currency."""
    found: dict[str, Decimal] = {}
    for hold in holds:
        found[hold.currency] = found.get(hold.currency, Decimal(0)) + hold.amount
    return tuple(sorted(found.items()))


def reasons_of(holds: Iterable[Hold]) -> dict[str, Words]:
    """Return the reasons that occur, by code."""
    return {code: words for hold in holds for code, words in hold.reasons}


def _conditions(filters: Filters, values: dict[str, Any]) -> Iterable[str]:
    plain = {
        "company": "h.company_code = %(company)s",
        "kind": "h.kind = %(kind)s",
        "currency": "h.currency = %(currency)s",
        "role": "%(role)s = ANY(h.roles)",
        "reason": "EXISTS (SELECT 1 FROM jsonb_array_elements(h.results) e WHERE e->>'check' = %(reason)s"
        " AND e->>'outcome' NOT IN ('approve', 'warn'))",
    }
    for name, condition in plain.items():
        value = getattr(filters, name)
        if value:
            values[name] = value
            yield condition
    if filters.customer:
        values["customer"] = f"%{filters.customer}%"
        yield "(h.customer_name ILIKE %(customer)s OR h.customer_code ILIKE %(customer)s OR h.reference ILIKE %(customer)s)"
    if filters.least_days:
        values["least_days"] = filters.least_days
        yield "h.days >= %(least_days)s"
    if filters.is_mine:
        yield "h.is_mine"


def _hold(row: Row) -> Hold:
    results = row["results"] if isinstance(row["results"], list) else json.loads(row["results"] or "[]")
    voted = set(row["voted"] or ())
    roles = tuple(row["roles"] or ())
    needs_all = row["mode"] in {"all", "countersign"}
    return Hold(
        id=row["id"],
        kind=row["kind"],
        company_id=row["company_id"],
        company_code=row["company_code"],
        reference=row["reference"],
        order_reference=row["order_reference"],
        customer_code=row["customer_code"],
        customer_name=row["customer_name"],
        salesperson=row["salesperson"],
        amount=row["amount"],
        over=row["over_amount"],
        currency=row["currency"],
        held_at=row["held_at"],
        days=row["days"],
        decision_id=row["decision_id"],
        request_id=row["request_id"],
        requested_by=row["requested_by_name"] or "",
        reasons=_reasons(results),
        roles=roles,
        waits_for=tuple(role for role in roles if role not in voted) if needs_all else roles,
        is_mine=row["is_mine"],
    )


def _reasons(results: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, Words], ...]:
    stopping = [
        (outcomes.parse(one["outcome"]), one)
        for one in results
        if not outcomes.parse(one["outcome"]).lets_through
    ]
    return tuple(
        (one["check"], Words(**one["label"])) for _, one in sorted(stopping, key=lambda pair: -pair[0])
    )


_QUEUE = """
WITH held AS (
    SELECT o.id, 'order' AS kind, o.company_id, o.customer_id, o.reference, o.reference AS order_reference,
        o.salesperson, o.amount, o.currency, o.held_at, o.decision_id
    FROM orders_order o WHERE o.status = 'held'
    UNION ALL
    SELECT s.id, 'delivery', s.company_id, s.customer_id, s.number, o.reference, o.salesperson, s.amount,
        s.currency, s.held_at, s.decision_id
    FROM orders_helddelivery s JOIN orders_order o ON o.id = s.order_id WHERE s.status = 'held'
), told AS (
    SELECT o.*, a.code AS company_code, c.code AS customer_code, c.name AS customer_name,
        greatest(d.amount - d.headroom_before, 0) AS over_amount,
        -- A compact decision keeps the checks that did not pass, in the same form.
        coalesce(d.verdict::jsonb -> 'results', d.failed::jsonb, '[]'::jsonb) AS results,
        t.day - (o.held_at AT TIME ZONE a.time_zone)::date AS days,
        r.id AS request_id, r.roles, r.mode, r.requested_by_name, v.voted,
        (r.id IS NOT NULL AND r.requested_by_id <> %(actor)s AND NOT coalesce(v.people, '{{}}') @> ARRAY[%(actor)s::uuid]
            AND EXISTS (SELECT 1 FROM unnest(%(my_companies)s::uuid[], %(my_roles)s::varchar[]) AS m(company_id, role)
                WHERE m.company_id = o.company_id AND m.role = ANY(r.roles))) AS is_mine
    FROM held o
    JOIN unnest(%(companies)s::uuid[], %(days)s::date[]) AS t(company_id, day) ON t.company_id = o.company_id
    JOIN access_company a ON a.id = o.company_id
    JOIN dossier_customer c ON c.id = o.customer_id
    LEFT JOIN decisions_decision d ON d.id = o.decision_id
    LEFT JOIN approvals_approvalrequest r ON r.subject_id = o.id AND r.status = 'open'
        AND r.kind IN ('order_release', 'delivery_release')
    LEFT JOIN LATERAL (
        SELECT array_agg(w.role) AS voted, array_agg(w.actor_id) AS people
        FROM approvals_vote w WHERE w.request_id = r.id
    ) v ON TRUE
    WHERE {scope}
)
SELECT * FROM told h WHERE {where} ORDER BY {sort} LIMIT %(most)s
"""
