"""What waits for people: held orders, requests, tasks, and how many of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics import scoping
from tradecredit.analytics.approvals import inbox
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.apps.approvals import queries as approvals
from tradecredit.apps.worklist import queries as worklist

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.dashboards.books import Place, Row
    from tradecredit.apps.approvals.queries import RequestRecord
    from tradecredit.apps.worklist.queries import StoredTask
    from tradecredit.plumbing.access import Actor


def counts(*, company_id: UUID, actor: Actor, day: date) -> Row:
    """Return how many requests and tasks wait for the actor, and how many orders and alerts are open."""
    values = inbox.reaching(company_id, actor, day)
    orders = scoping.rows(company="o.company_id", customer="c")
    alerts = scoping.rows(company="a.company_id", customer="c")
    values |= {**orders.values, **alerts.values}
    return fetch(
        _COUNTS.format(reach=inbox.REACH, orders=orders.sql, alerts=alerts.sql),
        values,
    )[0]


def held_orders(place: Place, *, most: int = 200) -> list[Row]:
    """Return the held orders with the first reason and the request that asks for their release."""
    scope = scoping.rows(company="o.company_id", customer="c")
    return fetch(_HELD.format(scope=scope.sql), {"company": place.company_id, "most": most, **scope.values})


def answered_requests(*, company_id: UUID, actor: Actor) -> list[RequestRecord]:
    """Return the latest requests on which the actor voted."""
    found = approvals.of_company(company_id=company_id)
    return [one for one in found if any(vote.actor_id == actor.user_id for vote in one.votes)]


def own_requests(*, company_id: UUID, actor: Actor) -> list[RequestRecord]:
    """Return the latest requests that the actor made."""
    found = approvals.of_company(company_id=company_id)
    return [one for one in found if one.requested_by_id == actor.user_id]


def tasks(*, company_id: UUID, actor: Actor, is_open: bool = True, most: int = 100) -> list[StoredTask]:
    """Return the tasks of the actor's roles and of the actor."""
    return list(
        worklist.tasks(
            company_id=company_id,
            roles=[role.value for role in actor.roles_in(company_id)],
            assignee_id=actor.user_id,
            is_open=is_open,
            limit=most,
        )
    )


_COUNTS = """
WITH {reach}
SELECT
    (SELECT count(*) FROM approvals_approvalrequest r WHERE r.company_id = %(company)s AND r.status = 'open'
        AND r.requested_by_id <> %(actor)s
        AND NOT EXISTS (SELECT 1 FROM approvals_vote v LEFT JOIN approvals_flowstep s ON s.id = v.step_id
            WHERE v.request_id = r.id AND %(actor)s IN (v.actor_id, v.behalf_of_id)
                AND (s.id IS NULL OR s.status <> 'returned'))
        AND CASE WHEN EXISTS (SELECT 1 FROM approvals_flowinstance f WHERE f.request_id = r.id)
            THEN EXISTS (SELECT 1 FROM approvals_flowstep s WHERE s.request_id = r.id AND s.status = 'open'
                AND s.service = '' AND (s.reserved_for IS NULL OR s.reserved_for = ANY((SELECT people FROM reach)::uuid[]))
                AND (s.able_roles && (SELECT roles FROM reach) OR s.people && (SELECT people FROM reach)))
            ELSE r.roles && (SELECT roles FROM reach) END) AS requests,
    (SELECT count(*) FROM worklist_task t WHERE t.company_id = %(company)s AND t.done_at IS NULL
        AND (t.assignee_id = %(actor)s OR (t.assignee_id IS NULL AND t.role = ANY(%(roles)s::varchar[])))) AS tasks,
    (SELECT count(*) FROM orders_order o JOIN dossier_customer c ON c.id = o.customer_id
        WHERE o.company_id = %(company)s AND o.status = 'held' AND {orders})
        + (SELECT count(*) FROM orders_helddelivery o JOIN dossier_customer c ON c.id = o.customer_id
        WHERE o.company_id = %(company)s AND o.status = 'held' AND {orders}) AS held,
    (SELECT count(*) FROM monitoring_alert a JOIN dossier_customer c ON c.id = a.customer_id
        WHERE a.company_id = %(company)s AND a.closed_at IS NULL AND {alerts}) AS alerts
"""
_HELD = """
SELECT o.id, o.reference, o.order_date, o.held_at, o.currency, o.amount, o.decision_id, o.salesperson,
    c.code AS customer_code, c.name AS customer_name, d.outcome,
    -- A compact decision keeps the checks that did not pass, in the same form.
    coalesce(d.verdict, '{{"results":' || coalesce(d.failed, '[]') || '}}') AS verdict, r.id AS request_id, r.roles
FROM orders_order o
JOIN dossier_customer c ON c.id = o.customer_id
LEFT JOIN decisions_decision d ON d.id = o.decision_id
LEFT JOIN approvals_approvalrequest r ON r.subject_id = o.id AND r.kind = 'order_release' AND r.status = 'open'
WHERE o.company_id = %(company)s AND o.status = 'held' AND {scope}
ORDER BY o.held_at DESC NULLS LAST, o.reference DESC LIMIT %(most)s
"""
