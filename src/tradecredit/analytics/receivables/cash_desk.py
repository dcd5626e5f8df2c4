"""The cash desk: lines that wait with their suggestions, what was matched lately, and how much cash is still nameless."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from tradecredit.analytics import scoping
from tradecredit.analytics.receivables import reading
from tradecredit.core.cash_application.matcher import values

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.cash_application.matcher.values import Way

Row = dict[str, Any]
_LATELY_DAYS: Final = 14

# A line of the bank belongs to no customer's file: whoever sees only some customers sees none of it.
_NOBODY: Final = "LEFT JOIN dossier_customer c ON FALSE"
_WAITING: Final = f"""
SELECT l.id, l.booking_date, l.currency, l.amount, l.counterparty, l.counterparty_account, l.text, l.status, l.kind,
    l.reason_zh, l.reason_en, k.code AS customer_code, k.name AS customer_name, p.number AS payment_number,
    s.probability, s.ways
FROM cash_application_bankline l
LEFT JOIN dossier_customer k ON k.id = l.customer_id
LEFT JOIN cash_application_payment p ON p.id = l.payment_id
LEFT JOIN LATERAL (SELECT max(probability) AS probability, count(*) AS ways
    FROM cash_application_matchsuggestion g WHERE g.line_id = l.id) s ON TRUE
{_NOBODY}
WHERE l.company_id = %(company)s AND l.kind = 'receipt' AND l.status IN ('suggested', 'unidentified')
    AND {{scope}}
ORDER BY (s.ways > 0) DESC, s.probability DESC NULLS LAST, abs(l.amount) DESC, l.booking_date, l.id
LIMIT %(most)s
"""
_SUGGESTIONS: Final = f"""
SELECT g.line_id, g.rank, g.probability, g.evidence, g.shares, g.gap_amount, g.gap_reason, g.explanation_zh, g.explanation_en,
    k.code AS customer_code, k.name AS customer_name
FROM cash_application_matchsuggestion g JOIN dossier_customer k ON k.id = g.customer_id {_NOBODY}
JOIN cash_application_bankline l ON l.id = g.line_id
WHERE l.company_id = %(company)s AND g.line_id = ANY (%(lines)s::uuid[]) AND {{scope}} ORDER BY g.line_id, g.rank
"""
_ITEMS: Final = """
SELECT l.id::text AS id, i.number, l.line, l.due_date, l.currency, l.amount - l.settled_amount AS open
FROM receivables_instalment l JOIN receivables_invoice i ON i.id = l.invoice_id
WHERE l.company_id = %(company)s AND l.id = ANY (%(items)s::uuid[])
"""
_NAMELESS: Final = f"""
SELECT l.currency, count(*) AS lines,
    coalesce(sum(l.amount) FILTER (WHERE l.status = 'unidentified'), 0) AS nameless,
    coalesce(sum(l.amount) FILTER (WHERE l.status = 'suggested'), 0) AS suggested
FROM cash_application_bankline l {_NOBODY}
WHERE l.company_id = %(company)s AND l.kind = 'receipt' AND l.status IN ('suggested', 'unidentified')
    AND {{scope}} GROUP BY l.currency ORDER BY l.currency
"""
_MATCHED: Final = f"""
SELECT l.id, l.booking_date, l.currency, l.amount, l.counterparty, l.text, l.reason_zh, l.reason_en, l.decided_by,
    k.code AS customer_code, k.name AS customer_name, p.number AS payment_number, o.end, o.probability, o.recorded_at
FROM cash_application_bankline l
JOIN dossier_customer k ON k.id = l.customer_id
JOIN cash_application_payment p ON p.id = l.payment_id
LEFT JOIN LATERAL (SELECT * FROM cash_application_matchoutcome o
    WHERE o.line_id = l.id AND o.end IN ('booked', 'accepted') ORDER BY o.recorded_at DESC LIMIT 1) o ON TRUE
{_NOBODY}
WHERE l.company_id = %(company)s AND l.status = 'matched' AND {{scope}}
ORDER BY l.recorded_at DESC, l.booking_date DESC, l.id LIMIT %(most)s
"""
_BY_DAY: Final = f"""
SELECT l.booking_date AS day, count(*) FILTER (WHERE l.status = 'matched') AS matched,
    count(*) FILTER (WHERE l.status <> 'matched') AS waiting
FROM cash_application_bankline l {_NOBODY}
WHERE l.company_id = %(company)s AND l.kind = 'receipt' AND l.status IN ('matched', 'suggested', 'unidentified', 'held')
    AND l.booking_date > %(day)s::date - %(days)s::int AND {{scope}}
GROUP BY l.booking_date ORDER BY l.booking_date
"""
_SOURCES: Final = f"""
SELECT CASE WHEN o.end = 'booked' THEN 'booked' WHEN o.end = 'accepted' THEN 'accepted' ELSE 'by_hand' END AS source,
    count(*) AS lines
FROM cash_application_bankline l
LEFT JOIN LATERAL (SELECT o.end FROM cash_application_matchoutcome o
    WHERE o.line_id = l.id AND o.end IN ('booked', 'accepted') ORDER BY o.recorded_at DESC LIMIT 1) o ON TRUE
{_NOBODY}
WHERE l.company_id = %(company)s AND l.status = 'matched' AND {{scope}} GROUP BY 1 ORDER BY 2 DESC
"""


def waiting(*, company_id: UUID, most: int = 200) -> list[Row]:
    """Return the receipts that wait: those with the likeliest suggestion first, nameless ones last."""
    return _fetch(_WAITING, company=company_id, most=most)


def nameless(*, company_id: UUID) -> list[Row]:
    """Return, by currency, how much cash is under no customer and how much is under one but unmatched."""
    return _fetch(_NAMELESS, company=company_id)


def suggestions(*, company_id: UUID, line_ids: Collection[UUID]) -> dict[UUID, list[Row]]:
    """Return the suggestions of lines, each with its items, what is open on them and what they would take."""
    found: dict[UUID, list[Row]] = {line_id: [] for line_id in line_ids}
    rows = _fetch(_SUGGESTIONS, company=company_id, lines=list(line_ids)) if line_ids else []
    for row in rows:
        row["shares"] = [(item_id, int(amount)) for item_id, amount, *_ in json.loads(row["shares"])]
        found[row["line_id"]].append(row)
    _add_items(company_id, rows)
    return found


def shown(*, company_id: UUID, customer_code: str, ways: Sequence[Way]) -> list[Row]:
    """Return ways that are not stored as suggestions are shown: with their items and what is open on them."""
    rows: list[Row] = [
        {
            "rank": rank,
            "customer_code": customer_code,
            "probability": way.probability,
            "evidence": way.signature,
            "explanation_zh": way.words.zh if way.words else "",
            "explanation_en": way.words.en if way.words else "",
            "gap_amount": values.amount(way.gap),
            "gap_reason": way.reason,
            "shares": [(share.item_id, share.amount) for share in way.shares],
        }
        for rank, way in enumerate(ways, start=1)
    ]
    _add_items(company_id, rows)
    return rows


def _add_items(company_id: UUID, rows: Sequence[Row]) -> None:
    wanted = {item_id for row in rows for item_id, _ in row["shares"]}
    read = reading.fetch(_ITEMS, {"company": company_id, "items": list(wanted)}) if wanted else []
    items = {item["id"]: item for item in read}
    for row in rows:
        row["percent"] = row["probability"] * 100
        row["items"] = [
            {**items[item_id], "taken": values.amount(amount)}
            for item_id, amount in row["shares"]
            if item_id in items
        ]
        row["is_fresh"] = all(item["open"] >= item["taken"] for item in row["items"])


def matched(*, company_id: UUID, most: int = 20) -> list[Row]:
    """Return the lines matched last, by whom and on which evidence."""
    return _fetch(_MATCHED, company=company_id, most=most)


def by_day(*, company_id: UUID, day: date) -> list[Row]:
    """Return, for the last fourteen days, how many receipts are matched and how many wait."""
    return _fetch(_BY_DAY, company=company_id, day=day, days=_LATELY_DAYS)


def sources(*, company_id: UUID) -> list[Row]:
    """Return how many matched lines were booked without a person, accepted, or applied by hand."""
    return _fetch(_SOURCES, company=company_id)


def _fetch(sql: str, *, company: UUID, **bound: Any) -> list[Row]:
    scope = scoping.rows(company="l.company_id", customer="c")
    return reading.fetch(sql.format(scope=scope.sql), {"company": company, **bound, **scope.values})
