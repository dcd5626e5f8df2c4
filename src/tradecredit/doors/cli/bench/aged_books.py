"""The aged balance of live books, customer by customer, beside the same sums by a statement of our own hand."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from tradecredit.doors.cli import installation as installations
from tradecredit.doors.cli.bench import telling
from tradecredit.doors.cli.proving import ground

if TYPE_CHECKING:
    from datetime import date

    import psycopg as postgres

    from tradecredit.analytics.receivables.aging import AgingReport
    from tradecredit.doors.cli.proving.ground import Ground

_ROUNDS: Final = 5
# The same columns as a day asks for them today, written by hand for these books: nothing was corrected, returned or written
# off, so that neither moments, returns, credit notes nor row security are looked at.
_BY_HAND: Final = """
WITH used AS (
    SELECT instalment_id, sum(amount) AS amount FROM cash_application_allocation
    WHERE effective_date <= %(as_of)s GROUP BY instalment_id
), spent AS (
    SELECT payment_id, sum(amount) AS amount FROM cash_application_allocation
    WHERE effective_date <= %(as_of)s GROUP BY payment_id
), contested AS (
    SELECT instalment_id, sum(amount) AS amount FROM receivables_dispute
    WHERE opened_on <= %(as_of)s AND (closed_on IS NULL OR closed_on > %(as_of)s) GROUP BY instalment_id
), rows AS (
    SELECT l.customer_id, l.currency, l.amount - coalesce(u.amount, 0) AS open, %(as_of)s - l.due_date AS days,
        coalesce(d.amount, 0) AS disputed, 0 AS unapplied
    FROM receivables_instalment l
    JOIN receivables_invoice v ON v.id = l.invoice_id
    LEFT JOIN used u ON u.instalment_id = l.id
    LEFT JOIN contested d ON d.instalment_id = l.id
    WHERE v.invoice_date <= %(as_of)s AND l.amount <> coalesce(u.amount, 0)
    UNION ALL
    SELECT p.customer_id, p.currency, 0, NULL, 0, p.amount - coalesce(s.amount, 0)
    FROM cash_application_payment p LEFT JOIN spent s ON s.payment_id = p.id
    WHERE p.payment_date <= %(as_of)s AND p.amount <> coalesce(s.amount, 0)
)
SELECT c.code, r.currency, sum(r.open), sum(r.disputed), sum(r.unapplied), count(r.days),
    sum(r.open) FILTER (WHERE r.days <= 0),
    sum(r.open) FILTER (WHERE r.days BETWEEN 1 AND 30),
    sum(r.open) FILTER (WHERE r.days BETWEEN 31 AND 60),
    sum(r.open) FILTER (WHERE r.days BETWEEN 61 AND 90),
    sum(r.open) FILTER (WHERE r.days BETWEEN 91 AND 180),
    sum(r.open) FILTER (WHERE r.days > 180)
FROM rows r JOIN dossier_customer c ON c.id = r.customer_id
GROUP BY c.code, r.currency ORDER BY c.code, r.currency
"""


def figures(place: Ground, *, as_of: date) -> dict[str, Any]:
    """Return the milliseconds of both, in turns, and how many open lines there are; the sums have to be equal."""
    import psycopg

    from tradecredit.analytics.receivables import aging
    from tradecredit.plumbing.access import scope

    ground.say("the aged balance …")
    with psycopg.connect(place.server.url, autocommit=True) as owner:
        # As the database does by itself some minutes after so many rows came in; both sides gain by it.
        owner.execute("ANALYZE")
    ours: list[float] = []
    hand: list[float] = []
    with psycopg.connect(place.server.url) as owner, scope.entered(installations.system_actor("proof")):
        for _ in range(_ROUNDS):
            began = time.perf_counter()
            report = aging.aging(as_of=as_of, company_id=place.company.pk)
            ours.append(time.perf_counter() - began)
            began = time.perf_counter()
            rows = _by_hand(owner, as_of)
            hand.append(time.perf_counter() - began)
    _require_same(report, rows)
    return {
        "aging.lines": sum(group.items for group in report.groups),
        "aging.ms": round(telling.median(ours) * 1000),
        "aging.by_hand_ms": round(telling.median(hand) * 1000),
        "aging.ratio": telling.ratio(telling.median(ours), telling.median(hand)),
    }


def _by_hand(owner: postgres.Connection[Any], as_of: date) -> list[tuple[Any, ...]]:
    return owner.execute(_BY_HAND, {"as_of": as_of}).fetchall()


def _require_same(report: AgingReport, rows: list[tuple[Any, ...]]) -> None:
    """Compare every sum of every customer and currency: open, disputed, unapplied, items, each bucket."""
    hand = {row[:2]: tuple(amount or 0 for amount in row[2:]) for row in rows}
    ours = {
        (*group.keys, group.currency): (
            group.aged.open.amount,
            group.aged.disputed.amount,
            group.aged.unapplied_cash.amount,
            group.items,
            *(one.amount for one in group.aged.amounts),
        )
        for group in report.groups
    }
    if ours != hand:
        raise AssertionError("the aged balance differs from the one by hand")
