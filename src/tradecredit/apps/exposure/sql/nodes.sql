-- Levels above the account. A node has no balance: its exposure is the sum of its member accounts, read after its
-- row is locked; accounts are always locked before nodes, both in the order of their identifiers.

-- Who is under one controller is found by the controller's name.
CREATE INDEX IF NOT EXISTS fact_by_controller ON dossier_fact (value) WHERE name = 'ultimate_controller';

-- The customers under each controller named on a day, as the fact recorded last for the latest day says it.
CREATE OR REPLACE FUNCTION exposure_controlled(controllers text[], on_day date)
RETURNS TABLE (controller text, customer_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT f.value, f.customer_id FROM dossier_fact f
    WHERE f.name = 'ultimate_controller' AND f.value = ANY (controllers)
        AND f.valid_from <= on_day AND (f.valid_to IS NULL OR f.valid_to > on_day)
        AND NOT EXISTS (SELECT 1 FROM dossier_fact g WHERE g.customer_id = f.customer_id AND g.name = f.name
            AND g.valid_from <= on_day AND (g.valid_from, g.recorded_at) > (f.valid_from, f.recorded_at))
$$;

-- The nodes in which accounts count on a day, with the nodes above those (three levels at most).
CREATE OR REPLACE FUNCTION exposure_nodes_of(accounts uuid[], on_day date)
RETURNS TABLE (account_id uuid, node_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE own AS (
        SELECT a.id AS account_id, a.company_id, a.customer_id, c.code, c.parent_id, c.salesperson, c.team,
            c.region, c.industry
        FROM exposure_creditaccount a JOIN dossier_customer c ON c.id = a.customer_id
        WHERE a.id = ANY (accounts) AND EXISTS (SELECT 1 FROM exposure_controlnode)
    ), chain AS (
        SELECT o.account_id, o.company_id, o.code, o.parent_id, 1 AS level FROM own o
        UNION ALL
        SELECT h.account_id, h.company_id, c.code, c.parent_id, h.level + 1
        FROM chain h JOIN dossier_customer c ON c.id = h.parent_id WHERE h.level < 3
    ), named AS (
        SELECT o.account_id, o.company_id, v.kind, v.value
        FROM own o CROSS JOIN LATERAL (VALUES ('salesperson', o.salesperson), ('department', o.team),
            ('region', o.region), ('industry', o.industry), ('portfolio', '')) AS v(kind, value)
        WHERE v.value <> '' OR v.kind = 'portfolio'
        UNION ALL
        SELECT h.account_id, h.company_id, 'family', h.code FROM chain h
        UNION ALL
        SELECT o.account_id, o.company_id, 'controller', k.controller
        FROM exposure_controlled(ARRAY(SELECT n.value FROM exposure_controlnode n WHERE n.kind = 'controller'), on_day) k
        JOIN own o ON o.customer_id = k.customer_id
    ), direct AS (
        SELECT d.account_id, d.company_id, n.id, n.parent_id
        FROM named d JOIN exposure_controlnode n ON n.kind = d.kind AND n.value = d.value AND n.is_active
            AND (n.company_id IS NULL OR n.company_id = d.company_id)
        UNION
        SELECT o.account_id, o.company_id, n.id, n.parent_id
        FROM own o
        JOIN exposure_nodemember m ON m.customer_id = o.customer_id
            AND m.valid_from <= on_day AND (m.valid_to IS NULL OR m.valid_to > on_day)
        JOIN exposure_controlnode n ON n.id = m.node_id AND n.is_active
            AND (n.company_id IS NULL OR n.company_id = o.company_id)
        UNION
        -- A product group that names items and no customers concerns everybody's orders.
        SELECT o.account_id, o.company_id, n.id, n.parent_id
        FROM own o JOIN exposure_controlnode n ON n.kind = 'product_group' AND n.value <> '' AND n.is_active
            AND (n.company_id IS NULL OR n.company_id = o.company_id)
        WHERE NOT EXISTS (SELECT 1 FROM exposure_nodemember m WHERE m.node_id = n.id
            AND m.valid_from <= on_day AND (m.valid_to IS NULL OR m.valid_to > on_day))
    ), upwards AS (
        SELECT d.account_id, d.company_id, d.id, d.parent_id FROM direct d
        UNION
        SELECT u.account_id, u.company_id, n.id, n.parent_id
        FROM upwards u JOIN exposure_controlnode n ON n.id = u.parent_id AND n.is_active
            AND (n.company_id IS NULL OR n.company_id = u.company_id)
    )
    SELECT DISTINCT u.account_id, u.id FROM upwards u
$$;

-- The accounts that count in nodes on a day, those of the nodes below included.
CREATE OR REPLACE FUNCTION exposure_node_accounts(nodes uuid[], on_day date)
RETURNS TABLE (node_id uuid, account_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH RECURSIVE below AS (
        SELECT n.id AS root, n.id, n.kind, n.value, n.company_id FROM exposure_controlnode n
        WHERE n.id = ANY (nodes)
        UNION
        SELECT b.root, n.id, n.kind, n.value, n.company_id
        FROM below b JOIN exposure_controlnode n ON n.parent_id = b.id AND n.is_active
    ), family AS (
        SELECT b.root, b.company_id, c.id AS customer_id, 1 AS level
        FROM below b JOIN dossier_customer c ON c.code = b.value WHERE b.kind = 'family'
        UNION ALL
        SELECT f.root, f.company_id, c.id, f.level + 1
        FROM family f JOIN dossier_customer c ON c.parent_id = f.customer_id WHERE f.level < 3
    ), members AS (
        SELECT f.root, f.company_id, f.customer_id FROM family f
        UNION
        SELECT b.root, b.company_id, m.customer_id FROM below b
        JOIN exposure_nodemember m ON m.node_id = b.id
            AND m.valid_from <= on_day AND (m.valid_to IS NULL OR m.valid_to > on_day)
        UNION
        SELECT b.root, b.company_id, c.id FROM below b JOIN dossier_customer c ON c.salesperson = b.value
        WHERE b.kind = 'salesperson'
        UNION
        SELECT b.root, b.company_id, c.id FROM below b JOIN dossier_customer c ON c.team = b.value
        WHERE b.kind = 'department'
        UNION
        SELECT b.root, b.company_id, c.id FROM below b JOIN dossier_customer c ON c.region = b.value
        WHERE b.kind = 'region'
        UNION
        SELECT b.root, b.company_id, c.id FROM below b JOIN dossier_customer c ON c.industry = b.value
        WHERE b.kind = 'industry'
        UNION
        SELECT b.root, b.company_id, k.customer_id
        FROM exposure_controlled(ARRAY(SELECT d.value FROM below d WHERE d.kind = 'controller'), on_day) k
        JOIN below b ON b.kind = 'controller' AND b.value = k.controller
    )
    SELECT m.root, a.id FROM members m
    JOIN exposure_creditaccount a ON a.customer_id = m.customer_id
        AND (m.company_id IS NULL OR a.company_id = m.company_id)
    UNION
    SELECT b.root, a.id FROM below b
    JOIN exposure_creditaccount a ON b.company_id IS NULL OR a.company_id = b.company_id
    WHERE b.kind = 'portfolio' OR (b.kind = 'product_group' AND b.value <> '' AND NOT EXISTS (
        SELECT 1 FROM exposure_nodemember m WHERE m.node_id = b.id
            AND m.valid_from <= on_day AND (m.valid_to IS NULL OR m.valid_to > on_day)))
$$;

-- What nodes count on a day, by currency and stage; also across companies that the caller does not see.
CREATE OR REPLACE FUNCTION exposure_node_sums(nodes uuid[], on_day date)
RETURNS TABLE (node_id uuid, currency text, ordered numeric, delivered numeric, billed numeric, bill numeric,
    unapplied numeric, reserved numeric, accounts bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT m.node_id, a.currency::text, sum(a.ordered), sum(a.delivered), sum(a.billed), sum(a.bill),
        sum(a.unapplied), sum(a.reserved), count(*)
    FROM exposure_node_accounts(nodes, on_day) m JOIN exposure_creditaccount a ON a.id = m.account_id
    GROUP BY m.node_id, a.currency
$$;

-- Whether an amount fits below every ceiling: each level names a node (or accounts that share a line), the rates
-- into its currency and what it may reach. A currency without a rate never fits.
CREATE OR REPLACE FUNCTION exposure_levels_fit(account uuid, amount numeric, levels jsonb) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    level record;
    reached numeric;
    rate numeric;
BEGIN
    FOR level IN
        SELECT l.* FROM jsonb_to_recordset(coalesce(levels, '[]')) AS l(
            node uuid, accounts uuid[], ceiling numeric, rates jsonb, on_day date)
    LOOP
        SELECT (level.rates->>a.currency)::numeric INTO rate FROM exposure_creditaccount a WHERE a.id = account;
        IF level.node IS NULL THEN
            SELECT sum(t.total * coalesce((level.rates->>t.currency)::numeric, 'Infinity')) INTO reached
            FROM (SELECT a.currency, a.ordered + a.delivered + a.billed + a.bill + a.unapplied + a.reserved AS total
                FROM exposure_creditaccount a WHERE a.id = ANY (level.accounts)) t WHERE t.total <> 0;
        ELSE
            SELECT sum(t.total * coalesce((level.rates->>t.currency)::numeric, 'Infinity')) INTO reached
            FROM (SELECT s.currency, s.ordered + s.delivered + s.billed + s.bill + s.unapplied + s.reserved AS total
                FROM exposure_node_sums(ARRAY[level.node], level.on_day) s) t WHERE t.total <> 0;
        END IF;
        IF rate IS NULL OR NOT coalesce(reached, 0) + amount * rate <= level.ceiling THEN
            RETURN FALSE;
        END IF;
    END LOOP;
    RETURN TRUE;
END $$;

-- A decided limit stays as it was decided; a correction is a later one.
CREATE OR REPLACE FUNCTION exposure_limit_decided_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the limit of a node is decided once' USING ERRCODE = 'restrict_violation';
END $$;
DROP TRIGGER IF EXISTS decided_once ON exposure_nodelimit;
CREATE TRIGGER decided_once BEFORE UPDATE ON exposure_nodelimit
    FOR EACH ROW WHEN (OLD.status <> 'open') EXECUTE FUNCTION exposure_limit_decided_once();
