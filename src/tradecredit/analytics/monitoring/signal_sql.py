"""The statements behind the signals: each answers for many customers at once, or for a whole company.

What a detector computes is defined in ``core/monitoring/detectors.py``; these are its twins over whole books.
"""

from __future__ import annotations

from typing import Final


def _among(column: str) -> str:
    return f"(%(customers)s::uuid[] IS NULL OR {column} = ANY (%(customers)s::uuid[]))"


OVERDUE_SHARE: Final = f"""
SELECT customer_id, max(round(late / open, 4)) FROM (
    SELECT i.customer_id, i.currency, sum(i.amount - i.settled_amount) AS open,
        coalesce(sum(i.amount - i.settled_amount) FILTER (WHERE i.due_date < %(as_of)s::date), 0) AS late
    FROM receivables_instalment i
    JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    WHERE i.company_id = %(company)s AND i.settled_amount < i.amount AND {_among("i.customer_id")}
    GROUP BY i.customer_id, i.currency
) AS owed GROUP BY customer_id
"""

# A line of zero that is used is used up; one without a limit cannot be.
UTILISATION: Final = f"""
SELECT a.customer_id, max(CASE WHEN l.limit_amount > 0 THEN round(greatest(a.used, 0) / l.limit_amount, 4)
    WHEN a.used > 0 THEN 1 ELSE 0 END)
FROM (
    SELECT customer_id, currency, ordered + delivered + billed + bill + unapplied + reserved AS used
    FROM exposure_creditaccount WHERE company_id = %(company)s AND {_among("customer_id")}
) AS a
JOIN (
    SELECT DISTINCT ON (customer_id, currency) customer_id, currency, limit_kind, limit_amount, valid_to
    FROM limits_creditline
    WHERE company_id = %(company)s AND line_kind = 'base' AND valid_from <= %(as_of)s::date
        AND {_among("customer_id")}
    ORDER BY customer_id, currency, valid_from DESC, recorded_at DESC
) AS l USING (customer_id, currency)
WHERE l.limit_kind = 'amount' AND (l.valid_to IS NULL OR l.valid_to > %(as_of)s::date)
GROUP BY a.customer_id
"""

PAYMENTS: Final = f"""
WITH judged AS (
    SELECT i.customer_id, i.id, i.due_date, i.settled_on, (i.settled_on - i.due_date)::numeric AS late,
        i.settled_on > %(as_of)s::date - %(recent_days)s::int AS is_recent
    FROM receivables_instalment i
    JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
    WHERE i.company_id = %(company)s AND i.settled_amount >= i.amount AND i.settled_on <= %(as_of)s::date
        AND i.settled_on > %(as_of)s::date - %(recent_days)s::int - %(baseline_days)s::int
        AND {_among("i.customer_id")}
), recent AS (
    SELECT customer_id, (percentile_cont(0.5) WITHIN GROUP (ORDER BY late))::numeric AS middle,
        avg(greatest(late, 0)) AS mean
    FROM judged WHERE is_recent GROUP BY customer_id HAVING count(*) >= %(least_items)s
), baseline AS (
    SELECT customer_id, (percentile_cont(0.5) WITHIN GROUP (ORDER BY late))::numeric AS middle,
        avg(greatest(late, 0)) AS mean
    FROM judged WHERE NOT is_recent GROUP BY customer_id HAVING count(*) >= %(least_items)s
), scatter AS (
    SELECT j.customer_id, (percentile_cont(0.5) WITHIN GROUP (ORDER BY abs(j.late - b.middle)))::numeric AS spread
    FROM judged j JOIN baseline b USING (customer_id) WHERE NOT j.is_recent GROUP BY j.customer_id
), running AS (
    SELECT j.customer_id, j.id, j.settled_on, j.due_date,
        sum(j.late - b.middle - %(slack)s::numeric) OVER earlier AS total
    FROM judged j JOIN baseline b USING (customer_id) WHERE j.is_recent
    WINDOW earlier AS (PARTITION BY j.customer_id ORDER BY j.settled_on, j.due_date, j.id)
), drift AS (
    -- A sum that never falls below nothing is the running total above its lowest point so far.
    SELECT DISTINCT ON (customer_id) customer_id, total - least(0, min(total) OVER earlier) AS days
    FROM running WINDOW earlier AS (PARTITION BY customer_id ORDER BY settled_on, due_date, id)
    ORDER BY customer_id, settled_on DESC, due_date DESC, id DESC
)
SELECT r.customer_id, round(r.mean, 4), round(b.mean, 4),
    round((r.middle - b.middle) / greatest(s.spread * %(deviation)s::numeric, %(least_deviation)s::numeric), 4),
    round(d.days, 4)
FROM recent r LEFT JOIN baseline b USING (customer_id) LEFT JOIN scatter s USING (customer_id)
LEFT JOIN drift d USING (customer_id)
"""

ORDERS: Final = f"""
WITH sums AS (
    SELECT customer_id, currency, (%(as_of)s::date - order_date) / %(period_days)s::int AS period, sum(amount) AS total
    FROM orders_order
    WHERE company_id = %(company)s AND order_date <= %(as_of)s::date AND NOT is_opening
        AND order_date > %(as_of)s::date - (%(periods)s::int + 1) * %(period_days)s::int
        AND status NOT IN ('cancelled', 'merged') AND {_among("customer_id")}
    GROUP BY customer_id, currency, period
), regular AS (
    SELECT customer_id, currency, coalesce(max(total) FILTER (WHERE period = 0), 0) AS now
    FROM sums GROUP BY customer_id, currency
    HAVING count(*) FILTER (WHERE period > 0 AND total > 0) >= %(least_active)s
), usual AS (
    SELECT r.customer_id, r.now,
        (percentile_cont(0.5) WITHIN GROUP (ORDER BY coalesce(s.total, 0)))::numeric AS middle
    FROM regular r CROSS JOIN generate_series(1, %(periods)s::int) AS g(period)
    LEFT JOIN sums s USING (customer_id, currency, period)
    GROUP BY r.customer_id, r.currency, r.now
)
SELECT customer_id, max(round(1 - now / middle, 4)), max(round(now / middle - 1, 4))
FROM usual WHERE middle > 0 GROUP BY customer_id
"""

# A promise is broken when its day (and the days of grace) passed and less was paid since it was made.
PROMISES: Final = f"""
SELECT p.customer_id, count(*) FROM collections_promise p
WHERE p.company_id = %(company)s AND p.withdrawn_on IS NULL AND {_among("p.customer_id")}
    AND p.promised_date + %(grace)s::int < %(as_of)s::date
    AND p.promised_date > %(as_of)s::date - %(window_days)s::int
    AND p.amount > coalesce((SELECT sum(y.amount) FROM cash_application_payment y
        WHERE y.company_id = p.company_id AND y.customer_id = p.customer_id AND y.currency = p.currency
            AND y.payment_date BETWEEN p.made_on AND p.promised_date + %(grace)s::int), 0)
GROUP BY p.customer_id
"""

RETURNS: Final = f"""
SELECT customer_id, max(round(returned / billed, 4)) FROM (
    SELECT customer_id, currency, coalesce(sum(amount) FILTER (WHERE kind = 'credit_note'), 0) AS returned,
        coalesce(sum(amount) FILTER (WHERE kind = 'invoice'), 0) AS billed
    FROM receivables_invoice
    WHERE company_id = %(company)s AND invoice_date <= %(as_of)s::date
        AND invoice_date > %(as_of)s::date - %(window_days)s::int AND {_among("customer_id")}
    GROUP BY customer_id, currency
) AS sums WHERE billed > 0 GROUP BY customer_id
"""

DISPUTES: Final = f"""
SELECT customer_id, count(*) FILTER (WHERE opened_on > %(as_of)s::date - %(recent_days)s::int),
    count(*) FILTER (WHERE opened_on <= %(as_of)s::date - %(recent_days)s::int)
FROM receivables_dispute
WHERE company_id = %(company)s AND opened_on <= %(as_of)s::date
    AND opened_on > %(as_of)s::date - 2 * %(recent_days)s::int AND {_among("customer_id")}
GROUP BY customer_id
"""

# Alerts that themselves come from relatives are no news: two customers would warn of each other for ever.
_WARNED: Final = """
warned AS (
    SELECT customer_id, max(array_position(ARRAY['yellow', 'orange', 'red'], level::text)) AS level
    FROM monitoring_alert
    WHERE company_id = %(company)s AND closed_at IS NULL AND raised_on <= %(as_of)s::date
        AND NOT rule = ANY (%(echoes)s::text[])
    GROUP BY customer_id
)"""

_FAMILY: Final = f"""
RECURSIVE family AS (
    SELECT p.id, p.id AS root FROM dossier_customer p
    WHERE p.parent_id IS NULL AND EXISTS (SELECT 1 FROM dossier_customer c WHERE c.parent_id = p.id)
    UNION ALL
    SELECT c.id, f.root FROM family f JOIN dossier_customer c ON c.parent_id = f.id
), pair AS (
    SELECT f.id AS customer_id, o.id AS other FROM family f JOIN family o ON o.root = f.root AND o.id <> f.id
    WHERE {_among("f.id")}
)"""

GROUP_ALERTS: Final = f"""
WITH {_FAMILY}, {_WARNED}
SELECT p.customer_id, max(w.level) FROM pair p JOIN warned w ON w.customer_id = p.other GROUP BY p.customer_id
"""

GROUP_OVERDUE: Final = f"""
WITH {_FAMILY}
SELECT p.customer_id, max(%(as_of)s::date - i.due_date) FROM pair p
JOIN receivables_instalment i ON i.customer_id = p.other AND i.company_id = %(company)s
    AND i.settled_amount < i.amount AND i.due_date < %(as_of)s::date
JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
GROUP BY p.customer_id
"""


def related_alerts(*, kind: str, asked: str, warned: str) -> str:
    """Return the statement for the alert level of those on the ``warned`` side of a tie, for the ``asked`` side."""
    return f"""
WITH {_WARNED}, tie AS (
    SELECT DISTINCT ON (customer_id, party_id) customer_id, party_id, valid_from, valid_to FROM dossier_relation
    WHERE company_id = %(company)s AND kind = '{kind}' AND party_id IS NOT NULL AND {_among(asked)}
    ORDER BY customer_id, party_id, recorded_at DESC
)
SELECT t.{asked}, max(w.level) FROM tie t JOIN warned w ON w.customer_id = t.{warned}
WHERE t.valid_from <= %(as_of)s::date AND (t.valid_to IS NULL OR t.valid_to > %(as_of)s::date)
GROUP BY t.{asked}
"""


GUARANTOR_ALERTS: Final = related_alerts(kind="guarantee", asked="customer_id", warned="party_id")
BUYER_ALERTS: Final = related_alerts(kind="supplies", asked="party_id", warned="customer_id")
