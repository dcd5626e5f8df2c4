"""How credit accounts stand on a day: line, rating, freezes, alerts and open receivables, one statement a batch."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django.db import connection

from tradecredit.core.kernel.periods import Validity
from tradecredit.plumbing import fields

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

    from tradecredit.core.kernel.limit import Limit

Key = tuple["UUID", "UUID", str]

_ITEMS_NAMED: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class TemporaryLine:
    """A temporary line in force; with a reference it is for that order only."""

    limit: Limit
    validity: Validity
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenItemRow:
    """The open part of one instalment; a partly disputed one gives two of them."""

    reference: str
    due_date: date
    amount: Decimal
    disputed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the books say about one account on a day."""

    limit: Limit
    validity: Validity | None
    days: int | None
    prepayment_share: Decimal | None
    is_taken_over: bool
    temporary: tuple[TemporaryLine, ...]
    grade: str | None
    rated_on: date | None
    freezes: frozenset[str]
    alert_level: str | None
    is_high_risk: bool
    cured_by_payment: frozenset[str]
    open_amount: Decimal
    disputed_amount: Decimal
    open_count: int
    overdue_amount: Decimal
    overdue_count: int
    earliest_overdue_date: date | None
    earliest_invoice_date: date | None
    items: tuple[OpenItemRow, ...]


def of_accounts(keys: Iterable[Key], *, as_of: date) -> dict[Key, Standing]:
    """Return how each account (company, customer, currency) stands, with one statement.

    The caller has made sure that the customers are in the actor's scope.
    """
    wanted = sorted(set(keys), key=str)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            _SQL,
            {
                "companies": [key[0] for key in wanted],
                "customers": [key[1] for key in wanted],
                "currencies": [key[2] for key in wanted],
                "as_of": as_of,
                "items": _ITEMS_NAMED,
            },
        )
        names = [column.name for column in cursor.description or ()]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {
        (row["company_id"], row["customer_id"], row["currency"]): _standing(row, as_of=as_of) for row in rows
    }


def _standing(row: dict[str, Any], *, as_of: date) -> Standing:
    currency = row["currency"]
    conditions = _parsed(row["conditions"]) or {}
    share = conditions.get("prepayment_share")
    return Standing(
        limit=fields.limit_from_columns(
            kind=row["limit_kind"] or "not_set", amount=row["limit_amount"], currency=currency
        ),
        validity=None if row["valid_from"] is None else Validity(row["valid_from"], row["valid_to"]),
        days=row["days"],
        prepayment_share=None if share is None else Decimal(str(share)),
        is_taken_over=row["origin"] == "opening",
        temporary=_temporary(row),
        grade=row["override_grade"] or row["grade"],
        rated_on=as_of if row["override_grade"] else row["rated_on"],
        freezes=frozenset(row["freezes"] or ()),
        alert_level=row["alert_level"],
        is_high_risk=bool(row["is_marked"] or row["is_rated_high_risk"]),
        cured_by_payment=_cured_by_payment(row),
        open_amount=row["open_amount"],
        disputed_amount=row["disputed_amount"],
        open_count=row["open_count"],
        overdue_amount=row["overdue_amount"],
        overdue_count=row["overdue_count"],
        earliest_overdue_date=row["earliest_overdue_date"],
        earliest_invoice_date=row["earliest_invoice_date"],
        items=_items(row),
    )


def _temporary(row: dict[str, Any]) -> tuple[TemporaryLine, ...]:
    return tuple(
        TemporaryLine(
            limit=fields.limit_from_columns(
                kind=line["kind"],
                amount=None if line["amount"] is None else Decimal(line["amount"]),
                currency=row["currency"],
            ),
            validity=Validity(date.fromisoformat(line["from"]), date.fromisoformat(line["to"])),
            reference=line["reference"],
        )
        for line in _parsed(row["temporary"]) or ()
    )


def _items(row: dict[str, Any]) -> tuple[OpenItemRow, ...]:
    return tuple(
        OpenItemRow(
            reference=item["reference"],
            due_date=date.fromisoformat(item["due"]),
            amount=Decimal(item["amount"]),
            disputed=item["disputed"],
        )
        for item in _parsed(row["items"]) or ()
    )


def _cured_by_payment(row: dict[str, Any]) -> frozenset[str]:
    """Return the freezes (and the mark) that nothing but dunning has caused: paid, they go by themselves."""
    found = set(row["dunned"] or ())
    if row["is_marked"] and row["is_marked_by_dunning"] and not row["is_rated_high_risk"]:
        found.add("high_risk")
    return frozenset(found)


def _parsed(value: Any) -> Any:
    # Raw cursors give JSON as text.
    return json.loads(value) if isinstance(value, str) else value


_SQL = """
WITH wanted AS (
    SELECT * FROM unnest(%(companies)s::uuid[], %(customers)s::uuid[], %(currencies)s::text[])
        AS w(company_id, customer_id, currency)
)
SELECT w.company_id, w.customer_id, w.currency,
    base.limit_kind, base.limit_amount, base.valid_from, base.valid_to, base.days, base.conditions, base.origin,
    extra.temporary, rated.grade, rated.rated_on, rated.is_rated_high_risk, override.override_grade,
    frozen.freezes, frozen.dunned, alerts.alert_level, marked.is_marked, marked.is_marked_by_dunning,
    sums.open_amount, sums.disputed_amount, sums.open_count, sums.overdue_amount, sums.overdue_count,
    sums.earliest_overdue_date, sums.earliest_invoice_date, named.items
FROM wanted w
LEFT JOIN LATERAL (
    SELECT l.limit_kind, l.limit_amount, l.valid_from, l.valid_to, l.days, l.conditions, l.origin
    FROM limits_creditline l
    WHERE l.company_id = w.company_id AND l.customer_id = w.customer_id AND l.currency = w.currency
        AND l.line_kind = 'base' AND l.valid_from <= %(as_of)s
    ORDER BY l.valid_from DESC, l.recorded_at DESC LIMIT 1
) base ON TRUE
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('kind', l.limit_kind, 'amount', l.limit_amount::text,
        'from', l.valid_from, 'to', l.valid_to, 'reference', l.reference) ORDER BY l.valid_from, l.id) AS temporary
    FROM limits_creditline l
    WHERE l.company_id = w.company_id AND l.customer_id = w.customer_id AND l.currency = w.currency
        AND l.line_kind = 'temporary' AND l.valid_from <= %(as_of)s AND l.valid_to > %(as_of)s
) extra ON TRUE
LEFT JOIN LATERAL (
    SELECT r.grade, r.as_of AS rated_on, r.is_high_risk AS is_rated_high_risk
    FROM scoring_rating r
    WHERE r.company_id = w.company_id AND r.customer_id = w.customer_id AND r.as_of <= %(as_of)s
    ORDER BY r.as_of DESC, r.recorded_at DESC LIMIT 1
) rated ON TRUE
LEFT JOIN LATERAL (
    SELECT o.grade AS override_grade FROM scoring_ratingoverride o
    WHERE o.company_id = w.company_id AND o.customer_id = w.customer_id
        AND o.valid_from <= %(as_of)s AND o.valid_to > %(as_of)s
    ORDER BY o.recorded_at DESC LIMIT 1
) override ON TRUE
LEFT JOIN LATERAL (
    SELECT array_agg(g.scope) AS freezes, array_agg(g.scope) FILTER (WHERE g.is_dunned) AS dunned
    FROM (
        SELECT f.scope, bool_and(f.cause = 'dunning') AS is_dunned FROM monitoring_freeze f
        WHERE f.company_id = w.company_id AND f.customer_id = w.customer_id
            AND f.currency IN ('', w.currency)
            AND f.frozen_on <= %(as_of)s AND (f.lifted_on IS NULL OR f.lifted_on > %(as_of)s)
            AND (f.ends_on IS NULL OR f.ends_on > %(as_of)s)
        GROUP BY f.scope
    ) g
) frozen ON TRUE
LEFT JOIN LATERAL (
    SELECT a.level AS alert_level FROM monitoring_alert a
    WHERE a.company_id = w.company_id AND a.customer_id = w.customer_id AND a.closed_at IS NULL
        AND a.raised_on <= %(as_of)s
    ORDER BY array_position(ARRAY['red', 'orange', 'yellow'], a.level::text) LIMIT 1
) alerts ON TRUE
LEFT JOIN LATERAL (
    SELECT count(*) > 0 AS is_marked, bool_and(m.cause = 'dunning') AS is_marked_by_dunning
    FROM monitoring_riskmark m
    WHERE m.company_id = w.company_id AND m.customer_id = w.customer_id
        AND m.marked_on <= %(as_of)s AND (m.lifted_on IS NULL OR m.lifted_on > %(as_of)s)
) marked ON TRUE
LEFT JOIN LATERAL (
    SELECT coalesce(sum(i.amount - i.settled_amount), 0) AS open_amount,
        coalesce(sum(least(i.disputed_amount, i.amount - i.settled_amount)), 0) AS disputed_amount,
        count(*) FILTER (WHERE i.amount - i.settled_amount > i.disputed_amount)
            + count(*) FILTER (WHERE i.disputed_amount > 0) AS open_count,
        coalesce(sum(greatest(i.amount - i.settled_amount - i.disputed_amount, 0))
            FILTER (WHERE i.due_date < %(as_of)s), 0) AS overdue_amount,
        count(*) FILTER (WHERE i.due_date < %(as_of)s
            AND i.amount - i.settled_amount > i.disputed_amount) AS overdue_count,
        min(i.due_date) FILTER (WHERE i.due_date < %(as_of)s
            AND i.amount - i.settled_amount > i.disputed_amount) AS earliest_overdue_date,
        min(v.invoice_date) AS earliest_invoice_date
    FROM receivables_instalment i JOIN receivables_invoice v ON v.id = i.invoice_id
    WHERE i.company_id = w.company_id AND i.customer_id = w.customer_id AND i.currency = w.currency
        AND i.settled_amount < i.amount AND v.kind = 'invoice'
) sums ON TRUE
LEFT JOIN LATERAL (
    SELECT jsonb_agg(jsonb_build_object('reference', t.reference, 'due', t.due_date, 'amount', t.part::text,
        'disputed', t.is_disputed) ORDER BY t.due_date, t.reference, t.is_disputed) AS items
    FROM (
        SELECT v.number || CASE WHEN i.line > 1 THEN '#' || i.line ELSE '' END AS reference, i.due_date,
            p.part, p.is_disputed
        FROM receivables_instalment i
        JOIN receivables_invoice v ON v.id = i.invoice_id
        CROSS JOIN LATERAL (VALUES
            (greatest(i.amount - i.settled_amount - i.disputed_amount, 0), FALSE),
            (least(i.disputed_amount, i.amount - i.settled_amount), TRUE)) AS p(part, is_disputed)
        WHERE i.company_id = w.company_id AND i.customer_id = w.customer_id AND i.currency = w.currency
            AND i.settled_amount < i.amount AND v.kind = 'invoice' AND p.part > 0
        ORDER BY i.due_date, v.number, i.line LIMIT %(items)s
    ) t
) named ON TRUE
"""
