-- What stands beside the balances that levels count: disputed parts, bills by acceptor and status, covers by kind after
-- their haircut, cash earmarked for orders and what it pays for (``paid``, by stage); also across companies that the caller does not see. It begins with the few
-- accounts that have any, so that a portfolio of many accounts costs what they cost. A cover never makes room for
-- others: of each account it counts at most what that account owes.
CREATE OR REPLACE FUNCTION exposure_node_securities(nodes uuid[], on_day date, wanted text[], cover_kinds text[])
RETURNS TABLE (node_id uuid, currency text, part text, kind text, amount numeric)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
#variable_conflict use_column
BEGIN
    -- Mostly there is nothing of the kind at all, and a check waits for this under the level's lock.
    IF NOT (('disputed' = ANY (wanted) AND EXISTS (SELECT 1 FROM receivables_dispute WHERE closed_on IS NULL))
        OR ('bill' = ANY (wanted) AND EXISTS (SELECT 1 FROM receivables_bill
            WHERE status IN ('held', 'pledged', 'endorsed', 'discounted')))
        OR EXISTS (SELECT 1 FROM limits_cover WHERE kind = ANY (cover_kinds) AND status = 'active')
        OR ('earmarked' = ANY (wanted) AND EXISTS (SELECT 1 FROM cash_application_payment
            WHERE order_number <> '' AND earmark_ended_at IS NULL AND amount > allocated_amount + returned_amount)))
    THEN
        RETURN;
    END IF;
    RETURN QUERY
    WITH beside AS (
        SELECT i.company_id, i.customer_id, i.currency::text AS currency, 'disputed'::text AS part, ''::text AS kind,
            sum(least(i.disputed_amount, i.amount - i.settled_amount)) AS amount
        FROM receivables_dispute d
        JOIN receivables_instalment i ON i.id = d.instalment_id AND i.settled_amount < i.amount
        JOIN receivables_invoice v ON v.id = i.invoice_id AND v.kind = 'invoice'
        WHERE 'disputed' = ANY (wanted) AND d.closed_on IS NULL GROUP BY 1, 2, 3
        UNION ALL
        SELECT b.company_id, b.customer_id, b.currency, 'bill', b.acceptor_class || '.' || b.status, sum(b.amount)
        FROM receivables_bill b
        WHERE 'bill' = ANY (wanted) AND b.status IN ('held', 'pledged', 'endorsed', 'discounted')
        GROUP BY 1, 2, 3, 5
        UNION ALL
        SELECT c.company_id, c.customer_id, c.currency, 'cover', c.kind,
            sum(trunc(c.amount * (1 - c.haircut_share), 2))
        FROM limits_cover c
        WHERE c.kind = ANY (cover_kinds) AND c.status = 'active' AND c.activated_on <= on_day
            AND c.valid_from <= on_day AND (c.valid_to IS NULL OR c.valid_to > on_day)
        GROUP BY 1, 2, 3, 5
        UNION ALL
        SELECT e.company_id, e.customer_id, e.currency, p.part, p.kind, sum(p.amount)
        FROM earmarked_orders(NULL) e
        CROSS JOIN LATERAL (VALUES ('earmarked', '', e.amount), ('paid', 'delivered', e.delivered),
            ('paid', 'ordered', e.ordered), ('paid', 'reserved', e.reserved)) AS p(part, kind, amount)
        WHERE 'earmarked' = ANY (wanted) AND p.amount <> 0
        GROUP BY 1, 2, 3, 4, 5
    ), standing AS (
        SELECT a.id AS account_id, b.currency, b.part, b.kind, b.amount,
            greatest(a.ordered + a.delivered + a.billed + a.bill + a.unapplied + a.reserved, 0) AS owed,
            coalesce(sum(b.amount) OVER (PARTITION BY a.id, b.part ORDER BY b.kind COLLATE "C"
                ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 0) AS before
        FROM beside b JOIN exposure_creditaccount a ON a.company_id = b.company_id
            AND a.customer_id = b.customer_id AND a.currency = b.currency
    )
    SELECT m.node_id, s.currency, s.part, s.kind, sum(
        CASE WHEN s.part = 'cover' THEN greatest(least(s.amount, s.owed - s.before), 0) ELSE s.amount END)
    FROM exposure_nodes_of((SELECT array_agg(DISTINCT account_id) FROM standing), on_day) m
    JOIN standing s ON s.account_id = m.account_id
    WHERE m.node_id = ANY (nodes)
    GROUP BY 1, 2, 3, 4;
END $$;
