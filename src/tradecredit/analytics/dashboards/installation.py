"""How far a new installation has come, and who works in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tradecredit.analytics.receivables.reading import fetch
from tradecredit.plumbing.access.models import Membership

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.analytics.dashboards.books import Row


def steps_done(*, company_id: UUID) -> Row:
    """Return which of the seven steps of setting up are done with the user's own data (demo data do not count)."""
    return fetch(_STEPS, {"company": company_id})[0]


def people(*, company_id: UUID) -> list[Row]:
    """Return who works in the company, in which roles and how far they see."""
    rows = Membership.objects.filter(company_id=company_id).select_related("user")
    return [
        {
            "name": row.user.name,
            "email": row.user.email,
            "role": row.role,
            "row_kind": row.row_kind,
            "row_value": row.row_value,
            "is_active": row.user.is_active,
        }
        for row in rows.order_by("user__name", "role")
    ]


_STEPS = """
SELECT
    EXISTS (SELECT 1 FROM dossier_customer c WHERE NOT c.is_demo AND c.company_ids @> ARRAY[%(company)s]::uuid[])
        AS customers,
    EXISTS (SELECT 1 FROM receivables_invoice v WHERE v.company_id = %(company)s AND NOT v.is_demo) AS invoices,
    EXISTS (SELECT 1 FROM cash_application_payment p WHERE p.company_id = %(company)s AND NOT p.is_demo) AS payments,
    (SELECT count(*) > 1 FROM decisions_policyversion v WHERE v.company_id = %(company)s) AS policy,
    EXISTS (SELECT 1 FROM limits_creditline l JOIN dossier_customer c ON c.id = l.customer_id
        WHERE l.company_id = %(company)s AND NOT c.is_demo) AS limits,
    EXISTS (SELECT 1 FROM decisions_decision d JOIN dossier_customer c ON c.id = d.customer_id
        WHERE d.company_id = %(company)s AND NOT c.is_demo) AS check,
    (SELECT count(DISTINCT m.user_id) > 1 FROM access_membership m JOIN access_user u ON u.id = m.user_id
        WHERE m.company_id = %(company)s AND NOT u.is_demo) AS colleagues
"""


def policy(*, company_id: UUID) -> Row | None:
    """Return the policy versions' latest: its pack, number and first day."""
    rows = fetch(
        "SELECT pack, number, valid_from, reason FROM decisions_policyversion WHERE company_id = %(company)s"
        " ORDER BY number DESC LIMIT 1",
        {"company": company_id},
    )
    return rows[0] if rows else None
