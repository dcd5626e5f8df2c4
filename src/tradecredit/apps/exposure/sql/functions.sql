-- The only doors to balances. They run as the owner; the application role may execute them and nothing else.
-- Accounts are locked in the order of their identifiers, so that two callers never wait for each other in a ring.

-- Every document changes its account's row: where its page has room for the new row, no index is touched.
ALTER TABLE exposure_creditaccount SET (fillfactor = 50);

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

-- Append entries and move the balances by the same amounts, in one transaction with whatever caused them: a whole
-- portion with one insert and one update. Only the chain of hashes goes entry by entry.
CREATE OR REPLACE FUNCTION exposure_post_portion(
    ids uuid[], accounts uuid[], stages text[], amounts numeric[], obligations text[], causes text[],
    cause_ids uuid[], days date[], moments timestamptz[])
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    entry record;
    holder uuid;
    digest text;
    digests text[] := '{}';
    heads text[];
    sequences integer[];
    firms uuid[];
    strange text;
BEGIN
    PERFORM 1 FROM exposure_creditaccount WHERE id = ANY (accounts) ORDER BY id FOR UPDATE;
    SELECT s INTO strange FROM unnest(stages) AS s
    WHERE s NOT IN ('ordered', 'delivered', 'billed', 'bill', 'unapplied') LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'unknown stage %', strange USING ERRCODE = 'check_violation';
    END IF;
    -- Account by account from here on, each account's entries in the order in which they were given.
    SELECT array_agg(e.id), array_agg(e.account), array_agg(e.stage), array_agg(e.amount), array_agg(e.obligation),
        array_agg(e.cause), array_agg(e.cause_id), array_agg(e.day), array_agg(e.moment), array_agg(e.company_id),
        array_agg(e.latest_hash), array_agg(e.sequence)
    INTO STRICT ids, accounts, stages, amounts, obligations, causes, cause_ids, days, moments, firms, heads, sequences
    FROM (
        SELECT g.*, a.company_id, a.latest_hash,
            (a.entry_count + row_number() OVER (PARTITION BY g.account ORDER BY g.place))::integer AS sequence
        FROM unnest(ids, accounts, stages, amounts, obligations, causes, cause_ids, days, moments) WITH ORDINALITY
            AS g(id, account, stage, amount, obligation, cause, cause_id, day, moment, place)
        LEFT JOIN exposure_creditaccount a ON a.id = g.account
        ORDER BY g.account, g.place) e;
    IF array_position(firms, NULL) IS NOT NULL THEN
        RAISE EXCEPTION 'an entry names an account that is not there' USING ERRCODE = 'no_data_found';
    END IF;
    FOR entry IN
        SELECT * FROM unnest(accounts, heads, sequences, stages, amounts, obligations, days, moments)
            AS e(account, head, sequence, stage, amount, obligation, day, moment)
    LOOP
        IF holder IS DISTINCT FROM entry.account THEN
            holder := entry.account;
            digest := entry.head;
        END IF;
        digest := exposure_entry_hash(digest, entry.account, entry.sequence, entry.stage, entry.amount,
            entry.obligation, entry.day, entry.moment);
        digests := array_append(digests, digest);
    END LOOP;
    INSERT INTO exposure_exposureentry (
        id, company_id, account_id, sequence, stage, amount, obligation, cause, cause_id, effective_date,
        recorded_at, hash)
    SELECT e.id, e.firm, e.account, e.sequence, e.stage, e.amount, e.obligation, e.cause, e.cause_id, e.day, e.moment,
        e.digest
    FROM unnest(ids, firms, accounts, sequences, stages, amounts, obligations, causes, cause_ids, days, moments,
        digests) AS e(id, firm, account, sequence, stage, amount, obligation, cause, cause_id, day, moment, digest);
    UPDATE exposure_creditaccount a SET ordered = a.ordered + m.ordered, delivered = a.delivered + m.delivered,
        billed = a.billed + m.billed, bill = a.bill + m.bill, unapplied = a.unapplied + m.unapplied,
        entry_count = m.latest, latest_hash = m.digest
    FROM (
        SELECT e.account, max(e.sequence) AS latest, (array_agg(e.digest ORDER BY e.sequence DESC))[1] AS digest,
            coalesce(sum(e.amount) FILTER (WHERE e.stage = 'ordered'), 0) AS ordered,
            coalesce(sum(e.amount) FILTER (WHERE e.stage = 'delivered'), 0) AS delivered,
            coalesce(sum(e.amount) FILTER (WHERE e.stage = 'billed'), 0) AS billed,
            coalesce(sum(e.amount) FILTER (WHERE e.stage = 'bill'), 0) AS bill,
            coalesce(sum(e.amount) FILTER (WHERE e.stage = 'unapplied'), 0) AS unapplied
        FROM unnest(accounts, sequences, stages, amounts, digests) AS e(account, sequence, stage, amount, digest)
        GROUP BY e.account) m
    WHERE a.id = m.account;
END $$;

-- The same for entries that come as one document.
CREATE OR REPLACE FUNCTION exposure_post(entries jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT exposure_post_portion(array_agg(e.id), array_agg(e.account_id), array_agg(e.stage), array_agg(e.amount),
        array_agg(e.obligation), array_agg(e.cause), array_agg(e.cause_id), array_agg(e.effective_date),
        array_agg(e.recorded_at))
    FROM (
        SELECT r.* FROM ROWS FROM (jsonb_to_recordset(entries) AS (
            id uuid, account_id uuid, stage text, amount numeric, obligation text, cause text, cause_id uuid,
            effective_date date, recorded_at timestamptz)) WITH ORDINALITY AS r
        ORDER BY r.ordinality) e
    HAVING count(*) > 0
$$;

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
