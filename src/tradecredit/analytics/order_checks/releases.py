"""The reports of what people let through, and of how often holds and releases turned out wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics import columns, scoping
from tradecredit.analytics.receivables.reading import fetch
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing.tables import Column, Table

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.analytics.dashboards.books import Row

_WORDS: Final = {True: "right", False: "wrong", None: ""}


def overrides(*, as_of: date, company_id: UUID | None = None, most: int = 100_000) -> list[Row]:
    """Return every release by people up to the day, latest first; ``in_force`` on that day."""
    scope = scoping.rows(company="r.company_id", customer="c")
    return fetch(
        _OVERRIDES.format(scope=scope.sql),
        {"as_of": as_of, "company": company_id, "most": most, **scope.values},
    )


def overrides_table(*, as_of: date, company_id: UUID | None) -> Table:
    """Return the report of overrides: who let what over the line, why, until when, and how it was judged later."""
    return Table(
        name="overrides",
        title=Words(zh=f"人工放行（超额）清单，截至 {as_of}", en=f"Releases by people up to {as_of}"),
        columns=(
            Column(key="released_on", label=Words(zh="放行日", en="Released"), kind="day"),
            columns.COMPANY,
            columns.CUSTOMER,
            columns.CUSTOMER_NAME,
            Column(key="order", label=Words(zh="订单", en="Order")),
            Column(key="delivery", label=Words(zh="发货", en="Delivery")),
            columns.CURRENCY,
            columns.AMOUNT,
            Column(key="over", label=Words(zh="超出额度", en="Over the line"), kind="amount"),
            Column(key="reason_code", label=Words(zh="原因代码", en="Reason code")),
            Column(key="reason", label=Words(zh="理由", en="Reason")),
            Column(key="released_by", label=Words(zh="放行人", en="Released by")),
            Column(key="expires_on", label=Words(zh="失效日", en="Ends"), kind="day"),
            Column(key="in_force", label=Words(zh="仍有效", en="In force")),
            Column(key="review", label=Words(zh="复盘", en="Looked back on")),
        ),
        rows=tuple(_override(row) for row in overrides(as_of=as_of, company_id=company_id)),
    )


def hold_errors(*, as_of: date, company_id: UUID | None = None) -> list[Row]:
    """Return by company and kind (hold, release) how many there were, were looked back on, and were wrong."""
    scope = scoping.rows(company="d.company_id", customer="c")
    return fetch(_ERRORS.format(scope=scope.sql), {"as_of": as_of, "company": company_id, **scope.values})


def hold_errors_table(*, as_of: date, company_id: UUID | None) -> Table:
    """Return the hold-error report; the share is of those looked back on: 1 wrong of 4 is 0.2500."""
    return Table(
        name="hold-errors",
        title=Words(zh=f"拦截与放行差错率，截至 {as_of}", en=f"Errors of holds and releases up to {as_of}"),
        columns=(
            columns.COMPANY,
            Column(key="kind", label=Words(zh="种类", en="Kind")),
            Column(key="count", label=Words(zh="笔数", en="Count"), kind="number"),
            Column(key="reviewed", label=Words(zh="已复盘", en="Looked back on"), kind="number"),
            Column(key="wrong", label=Words(zh="有误", en="Wrong"), kind="number"),
            Column(key="share", label=Words(zh="差错率", en="Share wrong"), kind="number"),
        ),
        rows=tuple(
            (row["company"], row["kind"], row["count"], row["reviewed"], row["wrong"], row["share"])
            for row in hold_errors(as_of=as_of, company_id=company_id)
        ),
    )


def _override(row: Row) -> tuple[Any, ...]:
    currency = row["currency"]
    return (
        row["released_on"],
        row["company"],
        row["customer"],
        row["customer_name"],
        row["order_reference"],
        row["delivery"],
        currency,
        Money(row["amount"], currency),
        Money(row["over_amount"], currency),
        row["reason_code"],
        row["reason"],
        row["released_by"],
        row["expires_on"],
        "yes" if row["in_force"] else "no",
        _WORDS[row["was_right"]],
    )


_OVERRIDES = """
SELECT r.released_on, a.code AS company, c.code AS customer, c.name AS customer_name, o.reference AS order_reference,
    r.delivery_number AS delivery, r.currency, r.amount, r.over_amount, r.reason_code, r.reason,
    r.released_by_name AS released_by, r.expires_on, r.decision_id, w.was_right, o.status,
    (r.expires_on IS NULL OR r.expires_on > %(as_of)s) AND o.status IN ('released', 'delivered') AS in_force
FROM orders_release r
JOIN access_company a ON a.id = r.company_id
JOIN dossier_customer c ON c.id = r.customer_id
JOIN orders_order o ON o.id = r.order_id
LEFT JOIN LATERAL (
    SELECT h.was_right FROM orders_holdreview h WHERE h.decision_id = r.decision_id
    ORDER BY h.recorded_at DESC, h.id DESC LIMIT 1
) w ON TRUE
WHERE r.released_on <= %(as_of)s AND (%(company)s::uuid IS NULL OR r.company_id = %(company)s::uuid) AND {scope}
ORDER BY r.released_on DESC, r.recorded_at DESC, r.id DESC LIMIT %(most)s
"""

_ERRORS = """
WITH judged AS (
    SELECT d.company_id, CASE WHEN d.purpose = 'release' THEN 'release' ELSE 'hold' END AS kind, w.was_right
    FROM decisions_decision d
    JOIN dossier_customer c ON c.id = d.customer_id
    LEFT JOIN LATERAL (
        SELECT h.was_right FROM orders_holdreview h WHERE h.decision_id = d.id
        ORDER BY h.recorded_at DESC, h.id DESC LIMIT 1
    ) w ON TRUE
    WHERE d.is_committed AND d.outcome IN ('review', 'hold', 'reject') AND d.as_of <= %(as_of)s
        AND (%(company)s::uuid IS NULL OR d.company_id = %(company)s::uuid) AND {scope}
)
SELECT a.code AS company, j.kind, count(*) AS count, count(j.was_right) AS reviewed,
    count(*) FILTER (WHERE NOT j.was_right) AS wrong,
    round(count(*) FILTER (WHERE NOT j.was_right)::numeric / nullif(count(j.was_right), 0), 4) AS share
FROM judged j JOIN access_company a ON a.id = j.company_id
GROUP BY a.code, j.kind ORDER BY a.code, j.kind
"""
