-- The only doors to balances. They run as the owner; the application role may execute them and nothing else.
-- Accounts are locked in the order of their identifiers, so that two callers never wait for each other in a ring.

CREATE OR REPLACE FUNCTION exposure_open_accounts(accounts jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO exposure_creditaccount (
        id, company_id, customer_id, currency, ordered, delivered, billed, bill, unapplied, reserved,
        entry_count, latest_hash, opened_at)
    SELECT a.id, a.company_id, a.customer_id, a.currency, 0, 0, 0, 0, 0, 0, 0, repeat('0', 64), a.opened_at
    FROM jsonb_to_recordset(accounts) AS a(
        id uuid, company_id uuid, customer_id uuid, currency text, opened_at timestamptz)
    ORDER BY a.company_id, a.customer_id, a.currency
    ON CONFLICT (company_id, customer_id, currency) DO NOTHING
$$;

-- The text whose SHA-256 chains the entries of an account; format 1. STABLE, since only then it is unfolded into queries.
CREATE OR REPLACE FUNCTION exposure_entry_hash(
    previous text, account uuid, sequence integer, stage text, amount numeric, obligation text,
    effective_date date, recorded_at timestamptz)
RETURNS text LANGUAGE sql STABLE AS $$
    SELECT encode(sha256(convert_to(concat_ws('|', '1', previous, account, sequence, stage,
        round(amount, 4)::text, obligation, effective_date,
        (extract(epoch FROM recorded_at) * 1000000)::bigint), 'UTF8')), 'hex')
$$;

-- Append entries and move the balances by the same amounts, in one transaction with whatever caused them.
CREATE OR REPLACE FUNCTION exposure_post(entries jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry record;
    account exposure_creditaccount%ROWTYPE;
    digest text;
BEGIN
    PERFORM 1 FROM exposure_creditaccount
    WHERE id IN (SELECT (value->>'account_id')::uuid FROM jsonb_array_elements(entries))
    ORDER BY id FOR UPDATE;
    FOR entry IN
        SELECT e.* FROM ROWS FROM (jsonb_to_recordset(entries) AS (
            id uuid, account_id uuid, stage text, amount numeric, obligation text, cause text, cause_id uuid,
            effective_date date, recorded_at timestamptz)) WITH ORDINALITY AS e
        ORDER BY e.account_id, e.ordinality
    LOOP
        IF account.id IS DISTINCT FROM entry.account_id THEN
            IF account.id IS NOT NULL THEN
                UPDATE exposure_creditaccount SET ordered = account.ordered, delivered = account.delivered,
                    billed = account.billed, bill = account.bill, unapplied = account.unapplied,
                    entry_count = account.entry_count, latest_hash = account.latest_hash
                WHERE id = account.id;
            END IF;
            SELECT * INTO STRICT account FROM exposure_creditaccount WHERE id = entry.account_id;
        END IF;
        account.entry_count := account.entry_count + 1;
        CASE entry.stage
            WHEN 'ordered' THEN account.ordered := account.ordered + entry.amount;
            WHEN 'delivered' THEN account.delivered := account.delivered + entry.amount;
            WHEN 'billed' THEN account.billed := account.billed + entry.amount;
            WHEN 'bill' THEN account.bill := account.bill + entry.amount;
            WHEN 'unapplied' THEN account.unapplied := account.unapplied + entry.amount;
            ELSE RAISE EXCEPTION 'unknown stage %', entry.stage USING ERRCODE = 'check_violation';
        END CASE;
        digest := exposure_entry_hash(account.latest_hash, account.id, account.entry_count, entry.stage,
            entry.amount, entry.obligation, entry.effective_date, entry.recorded_at);
        INSERT INTO exposure_exposureentry (
            id, company_id, account_id, sequence, stage, amount, obligation, cause, cause_id, effective_date,
            recorded_at, hash)
        VALUES (entry.id, account.company_id, account.id, account.entry_count, entry.stage, entry.amount,
            entry.obligation, entry.cause, entry.cause_id, entry.effective_date, entry.recorded_at, digest);
        account.latest_hash := digest;
    END LOOP;
    IF account.id IS NOT NULL THEN
        UPDATE exposure_creditaccount SET ordered = account.ordered, delivered = account.delivered,
            billed = account.billed, bill = account.bill, unapplied = account.unapplied,
            entry_count = account.entry_count, latest_hash = account.latest_hash
        WHERE id = account.id;
    END IF;
END $$;

-- Keep headroom for documents that passed; `ceiling` (null: unlimited) is what exposure and reservations
-- together may reach, so that no path through the code can pass a limit; `levels` are the ceilings of the nodes
-- above the account. Accounts are locked first, then nodes. Returns the ids that were kept.
CREATE OR REPLACE FUNCTION exposure_reserve(reservations jsonb) RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    wanted record;
BEGIN
    PERFORM 1 FROM exposure_creditaccount
    WHERE id IN (SELECT (value->>'account_id')::uuid FROM jsonb_array_elements(reservations))
    ORDER BY id FOR UPDATE;
    PERFORM 1 FROM exposure_controlnode
    WHERE id IN (SELECT (l.value->>'node')::uuid FROM jsonb_array_elements(reservations) r
        CROSS JOIN LATERAL jsonb_array_elements(coalesce(nullif(r.value->'levels', 'null'), '[]')) l)
    ORDER BY id FOR UPDATE;
    FOR wanted IN
        SELECT r.* FROM ROWS FROM (jsonb_to_recordset(reservations) AS (
            id uuid, account_id uuid, decision_id uuid, reference text, amount numeric, ceiling numeric,
            expires_at timestamptz, created_at timestamptz, levels jsonb)) WITH ORDINALITY AS r
        ORDER BY r.ordinality
    LOOP
        CONTINUE WHEN NOT exposure_levels_fit(wanted.account_id, wanted.amount, wanted.levels);
        UPDATE exposure_creditaccount SET reserved = reserved + wanted.amount
        WHERE id = wanted.account_id AND (wanted.ceiling IS NULL
            OR ordered + delivered + billed + bill + unapplied + reserved + wanted.amount <= wanted.ceiling);
        IF FOUND THEN
            INSERT INTO exposure_reservation (
                id, company_id, account_id, decision_id, reference, amount, status, expires_at, created_at)
            SELECT wanted.id, a.company_id, a.id, wanted.decision_id, wanted.reference, wanted.amount, 'pending',
                wanted.expires_at, wanted.created_at
            FROM exposure_creditaccount a WHERE a.id = wanted.account_id;
            RETURN NEXT wanted.id;
        END IF;
    END LOOP;
END $$;

-- End reservations (posted, released or expired) and give their headroom back; returns those that were pending.
CREATE OR REPLACE FUNCTION exposure_end_reservations(ids uuid[], new_status text, moment timestamptz)
RETURNS SETOF uuid
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF new_status NOT IN ('posted', 'released', 'expired') THEN
        RAISE EXCEPTION 'a reservation ends posted, released or expired' USING ERRCODE = 'check_violation';
    END IF;
    PERFORM 1 FROM exposure_creditaccount
    WHERE id IN (SELECT account_id FROM exposure_reservation WHERE id = ANY (ids)) ORDER BY id FOR UPDATE;
    RETURN QUERY
    WITH ended AS (
        UPDATE exposure_reservation SET status = new_status, ended_at = moment
        WHERE id = ANY (ids) AND status = 'pending' RETURNING id, account_id, amount
    ), freed AS (
        UPDATE exposure_creditaccount a SET reserved = a.reserved - s.amount
        FROM (SELECT account_id, sum(amount) AS amount FROM ended GROUP BY account_id) s WHERE a.id = s.account_id
    )
    SELECT id FROM ended;
END $$;
