-- Cash that is for one order only and is still here, by order, and what of it pays for what that order counts in its
-- account: first for goods that left, then for what is ordered, then for the room that is kept. It never pays for more
-- than the order counts, and what it pays for is nobody's exposure. All of it is read, nothing stored: a payment that is
-- returned or used otherwise, or an order that ends, changes it in its own transaction. In the caller's row security.
CREATE OR REPLACE FUNCTION earmarked_orders(customers uuid[])
RETURNS TABLE (company_id uuid, customer_id uuid, currency text, reference text, amount numeric, delivered numeric,
    ordered numeric, reserved numeric)
LANGUAGE sql STABLE AS $$
    WITH cash AS (
        SELECT y.company_id, y.customer_id, y.currency::text AS currency, y.order_number AS reference,
            sum(y.amount - y.allocated_amount - y.returned_amount) AS amount
        FROM cash_application_payment y
        WHERE (customers IS NULL OR y.customer_id = ANY (customers)) AND y.order_number <> ''
            AND y.earmark_ended_at IS NULL AND y.amount > y.allocated_amount + y.returned_amount
            AND NOT EXISTS (SELECT 1 FROM orders_order o WHERE o.company_id = y.company_id
                AND o.reference = y.order_number AND o.status IN ('closed', 'cancelled', 'rejected', 'expired'))
        GROUP BY 1, 2, 3, 4
    ), counted AS (
        SELECT c.*, greatest(e.delivered, 0) AS goods, greatest(e.ordered, 0) AS rest, coalesce(r.amount, 0) AS room
        FROM cash c
        LEFT JOIN exposure_creditaccount a ON a.company_id = c.company_id AND a.customer_id = c.customer_id
            AND a.currency = c.currency
        LEFT JOIN LATERAL (
            SELECT coalesce(sum(x.amount) FILTER (WHERE x.stage = 'delivered'), 0) AS delivered,
                coalesce(sum(x.amount) FILTER (WHERE x.stage = 'ordered'), 0) AS ordered
            FROM exposure_exposureentry x WHERE x.account_id = a.id AND x.obligation IN (
                SELECT 'order:' || c.reference
                UNION ALL
                SELECT 'delivery:' || d.number FROM orders_order o JOIN orders_delivery d ON d.order_id = o.id
                WHERE o.company_id = c.company_id AND o.reference = c.reference)
        ) e ON TRUE
        LEFT JOIN LATERAL (
            SELECT sum(k.amount) AS amount FROM exposure_reservation k
            WHERE k.account_id = a.id AND k.reference = c.reference AND k.status = 'pending'
        ) r ON TRUE
    )
    SELECT n.company_id, n.customer_id, n.currency, n.reference, n.amount, least(n.amount, n.goods),
        least(greatest(n.amount - n.goods, 0), n.rest),
        least(greatest(n.amount - n.goods - n.rest, 0), n.room)
    FROM counted n
$$;
