-- What product groups that name items count on a day: of every order of their accounts the lines of these items, and in
-- their proportion what is still to leave, what left and is not billed, and what is billed and open. Cash that is not
-- applied, bills and documents that name no order tell no items and count in none.
CREATE OR REPLACE FUNCTION exposure_item_sums(nodes uuid[], items text[], on_day date)
RETURNS TABLE (node_id uuid, currency text, reserved numeric, delivered numeric, billed numeric, accounts bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH named AS (
        SELECT n.node, n.item FROM unnest(nodes, items) AS n(node, item)
    ), member AS (
        SELECT m.node_id AS node, a.id, a.company_id, a.customer_id, a.currency::text AS currency
        FROM exposure_node_accounts((SELECT array_agg(DISTINCT node) FROM named), on_day) m
        JOIN exposure_creditaccount a ON a.id = m.account_id
    ), matched AS (
        SELECT t.node, t.order_id, sum(t.amount) AS counted FROM (
            SELECT DISTINCT n.node, l.id, l.order_id, l.amount
            FROM named n JOIN orders_orderline l ON l.item = n.item
                OR (n.item LIKE '%*' AND starts_with(l.item, left(n.item, -1)))
        ) t GROUP BY t.node, t.order_id
    ), standing AS (
        SELECT m.node, o.company_id, o.customer_id, o.currency::text AS currency, m.counted,
            (SELECT sum(l.amount) FROM orders_orderline l WHERE l.order_id = m.order_id) AS whole,
            CASE WHEN o.status = 'released'
                THEN greatest(o.amount - greatest(o.delivered_amount, o.invoiced_amount), 0) ELSE 0 END AS waiting,
            greatest(o.delivered_amount - o.invoiced_amount, 0) AS delivered,
            (SELECT coalesce(sum(i.amount - i.settled_amount), 0)
                FROM receivables_invoice v JOIN receivables_instalment i ON i.invoice_id = v.id
                WHERE v.company_id = o.company_id AND v.order_number = o.reference AND v.kind = 'invoice'
                    AND i.settled_amount < i.amount) AS billed
        FROM matched m JOIN orders_order o ON o.id = m.order_id
    )
    SELECT b.node, b.currency,
        coalesce(sum(round(s.waiting * s.counted / s.whole, 4)), 0),
        coalesce(sum(round(s.delivered * s.counted / s.whole, 4)), 0),
        coalesce(sum(round(s.billed * s.counted / s.whole, 4)), 0),
        count(DISTINCT b.id)
    FROM member b LEFT JOIN standing s ON s.node = b.node AND s.company_id = b.company_id
        AND s.customer_id = b.customer_id AND s.currency = b.currency AND s.whole > 0
    GROUP BY b.node, b.currency
$$;
