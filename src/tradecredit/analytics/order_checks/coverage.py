"""Was every order checked? By which decision, and if not, why not; and which checkpoint policy has for each way in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics import columns, scoping
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.apps.decisions import policies
from tradecredit.core.decisions import coverage, policy
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.dashboards.books import Row
    from tradecredit.core.decisions.coverage import Gap, PathCoverage

WHY: Final = {
    "checked": Words(zh="已检查", en="checked"),
    "excluded": Words(zh="在豁免期内通过", en="passed while excluded from checks"),
    "opening": Words(
        zh="未检查：期初导入，上线前已存在", en="not checked: an opening order that stood before"
    ),
    "hole": Words(zh="未检查：找不到任何决定，请核查", en="not checked: no decision is found, look into it"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyCoverage:
    """How the policy in force covers each way in, and what it leaves open."""

    pack: str
    number: int
    paths: Sequence[PathCoverage]
    gaps: Sequence[Gap]


def of_policy(*, company_id: UUID, as_of: date) -> PolicyCoverage:
    """Return the coverage of the policy in force on the day; raises UnableToFindPolicyError."""
    stored = policies.in_force(company_id=company_id, as_of=as_of)
    control = policy.parse(stored.document["order_control"])
    return PolicyCoverage(
        pack=stored.pack,
        number=stored.number,
        paths=coverage.of_policy(control),
        gaps=coverage.gaps(control),
    )


def orders(*, as_of: date, company_id: UUID | None = None, most: int = 100_000) -> list[Row]:
    """Return every order up to the day, those that nobody checked first: status, decision, and why not."""
    scope = scoping.rows(company="o.company_id", customer="c")
    return fetch(
        _ORDERS.format(scope=scope.sql),
        {"as_of": as_of, "company": company_id, "most": most, **scope.values},
    )


def counts(rows: Sequence[Row]) -> dict[str, int]:
    """Return how many orders stand under each answer, zero included."""
    return {why: sum(row["why"] == why for row in rows) for why in WHY}


def coverage_table(*, as_of: date, company_id: UUID | None) -> Table:
    """Return the report: a row an order with its check, or why there was none."""
    return Table(
        name="coverage",
        title=Words(zh=f"信用检查覆盖，截至 {as_of}", en=f"Which orders were checked, up to {as_of}"),
        columns=(
            columns.COMPANY,
            columns.CUSTOMER,
            Column(key="order", label=Words(zh="订单", en="Order")),
            Column(key="order_date", label=Words(zh="日期", en="Date"), kind="day"),
            columns.CURRENCY,
            columns.AMOUNT,
            columns.STATUS,
            Column(key="why", label=Words(zh="检查", en="Check")),
            Column(key="purpose", label=Words(zh="环节", en="Step")),
            Column(key="outcome", label=Words(zh="结论", en="Outcome")),
            Column(key="decision", label=Words(zh="决定", en="Decision")),
            Column(key="decisions", label=Words(zh="决定数", en="Decisions"), kind="number"),
        ),
        rows=tuple(_cells(row) for row in orders(as_of=as_of, company_id=company_id)),
    )


def _cells(row: Row) -> tuple[Any, ...]:
    return (
        row["company"],
        row["customer"],
        row["reference"],
        row["order_date"],
        row["currency"],
        Money(row["amount"], row["currency"]),
        row["status"],
        row["why"],
        row["purpose"] or "",
        row["outcome"] or "",
        str(row["decision_id"] or ""),
        row["decisions"],
    )


_ORDERS: Final = """
SELECT a.code AS company, c.code AS customer, c.name AS customer_name, o.reference, o.order_date, o.currency,
    o.amount, o.status, d.id AS decision_id, d.purpose, d.outcome, d.decided_at, made.decisions,
    CASE WHEN d.id IS NOT NULL AND d.facts LIKE '%%"name":"excluded_from_checks"%%'
            AND d.verdict LIKE '%%"rule.excluded"%%' THEN 'excluded'
        WHEN d.id IS NOT NULL THEN 'checked'
        WHEN o.is_opening THEN 'opening'
        ELSE 'hole' END AS why
FROM orders_order o
JOIN dossier_customer c ON c.id = o.customer_id
JOIN access_company a ON a.id = o.company_id
LEFT JOIN decisions_decision d ON d.id = o.decision_id
LEFT JOIN LATERAL (
    SELECT count(*) AS decisions FROM decisions_decision x
    WHERE x.company_id = o.company_id AND x.reference = o.reference AND x.is_committed
) made ON TRUE
WHERE o.order_date <= %(as_of)s AND (%(company)s::uuid IS NULL OR o.company_id = %(company)s::uuid) AND {scope}
ORDER BY d.id IS NOT NULL, o.is_opening, o.order_date DESC, o.reference LIMIT %(most)s
"""
