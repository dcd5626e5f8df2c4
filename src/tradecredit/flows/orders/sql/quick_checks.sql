-- The two round trips of a batch of quick checks. Both act in the scope that the caller has set, like row security.

DROP FUNCTION IF EXISTS order_checks_in_scope(uuid);

-- The companies of the caller's scope, as `plumbing/guards.py` reads the same setting.
CREATE OR REPLACE FUNCTION order_checks_scope() RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE current_setting('tradecredit.companies', true)
        WHEN '*' THEN (SELECT array_agg(id) FROM access_company)
        ELSE string_to_array(nullif(current_setting('tradecredit.companies', true), ''), ',')::uuid[] END
$$;

-- Lock the keys and the accounts of a batch, then read what is to be known of each of its orders, in its order.
-- Every statement of a function sees what was committed before it began: what is read here was so under the lock.
DROP FUNCTION IF EXISTS order_checks_gather(
    text, text, text[], text[], text[], uuid[], text[], text[], text[], date[]);
CREATE FUNCTION order_checks_gather(
    in_scope text, patience text, lock_keys text[], scopes text[], keys text[], companies uuid[], customers text[], currencies text[],
    numbers text[], days date[])
RETURNS TABLE (
    place bigint, is_key_free boolean, known_hash text, known_status integer, known_answer text,
    is_order_known boolean, account_id text, customer_id text, ordered bigint, delivered bigint, billed bigint,
    bill bigint, unapplied bigint, reserved bigint, standing_id text, is_plain boolean, policy_version_id text,
    is_demo boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    free boolean[];
    ours uuid[];
    marks bigint;
BEGIN
    PERFORM set_config('tradecredit.companies', in_scope, true), set_config('lock_timeout', patience, true);
    ours := order_checks_scope();
    SELECT array_agg(pg_try_advisory_xact_lock(hashtextextended(k.key, 1)) ORDER BY k.place) INTO free
    FROM unnest(lock_keys) WITH ORDINALITY AS k(key, place);
    PERFORM 1 FROM (
        SELECT DISTINCT w.company_id, w.customer, w.currency
        FROM unnest(companies, customers, currencies) AS w(company_id, customer, currency)
        WHERE w.company_id = ANY (ours)) w
    JOIN dossier_customer c ON c.code = w.customer
    JOIN exposure_creditaccount a ON a.company_id = w.company_id AND a.customer_id = c.id AND a.currency = w.currency
    ORDER BY a.id FOR UPDATE OF a;
    marks := check_profile_marks_for_all();
    RETURN QUERY
    WITH wanted AS MATERIALIZED (
        SELECT * FROM unnest(scopes, keys, companies, customers, currencies, numbers, days) WITH ORDINALITY
            AS w(scope, key, company_id, customer, currency, number, day, place)
    ), in_force AS MATERIALIZED (
        SELECT d.company_id, d.day, v.id FROM (SELECT DISTINCT w.company_id, w.day FROM wanted w) d
        CROSS JOIN LATERAL (
            SELECT p.id FROM decisions_policyversion p
            WHERE p.company_id = d.company_id AND p.valid_from <= d.day
            ORDER BY p.valid_from DESC, p.number DESC LIMIT 1) v
        -- A sandbox whose day has moved since the caller looked: there is no policy for a day that is not today.
        WHERE EXISTS (SELECT 1 FROM access_company y WHERE y.id = d.company_id
            AND (y.sandbox_day IS NULL OR y.sandbox_day = d.day))
    )
    SELECT w.place, free[w.place], i.request_hash::text, i.status_code::integer, i.answer,
        EXISTS (SELECT 1 FROM orders_order o WHERE o.company_id = w.company_id AND o.reference = w.number),
        a.id::text, a.customer_id::text,
        -- In ten-thousandths; an account beyond what that holds fails the batch, which the ordinary flow then decides.
        (a.ordered * 10000)::bigint, (a.delivered * 10000)::bigint, (a.billed * 10000)::bigint,
        (a.bill * 10000)::bigint, (a.unapplied * 10000)::bigint, (a.reserved * 10000)::bigint,
        p.standing_id::text, p.is_plain, f.id::text, c.is_demo
    FROM wanted w
    LEFT JOIN idempotency_idempotencyrecord i ON i.scope = w.scope AND i.key = w.key
    LEFT JOIN dossier_customer c ON c.code = w.customer
    LEFT JOIN exposure_creditaccount a ON a.company_id = w.company_id AND a.customer_id = c.id
        AND a.currency = w.currency AND a.company_id = ANY (ours)
    LEFT JOIN decisions_checkprofile p ON p.id = a.id AND p.day = w.day AND p.marks_for_all = marks
        AND NOT EXISTS (SELECT 1 FROM decisions_standingchange s WHERE s.customer_id = a.customer_id)
    LEFT JOIN in_force f ON f.company_id = w.company_id AND f.day = w.day
    ORDER BY w.place;
END $$;

-- Record a batch of verdicts with their orders, the room that is kept, their events and their answers. The accounts are
-- locked by `order_checks_gather` in the same transaction. Companies, customers and balances come from the accounts,
-- not from the caller; an account that would pass what its verdicts rest on fails the whole batch.
DROP FUNCTION IF EXISTS order_checks_record(
    uuid[], uuid[], uuid[], uuid[], text[], numeric[], date[], smallint[], text[], numeric[], numeric[], numeric[],
    numeric[], text[], uuid[], text[], uuid[], timestamptz[], boolean[], uuid[], text[], timestamptz[]);
CREATE OR REPLACE FUNCTION order_checks_record(
    ids uuid[], accounts uuid[], policies uuid[], standings uuid[], numbers text[], amounts numeric[], days date[],
    terms smallint[], outcomes text[], before numeric[], after numeric[], ceilings numeric[], reserved numeric[],
    failures text[], order_ids uuid[], statuses text[], room_ids uuid[], expiries timestamptz[], is_demo boolean[],
    actor_ids uuid[], actor_names text[], moments timestamptz[], questions jsonb)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ours uuid[] := order_checks_scope();
    moved bigint;
    expected bigint;
BEGIN
    WITH taken AS (
        SELECT w.account_id, sum(w.amount) AS amount, min(w.ceiling) AS ceiling
        FROM unnest(accounts, amounts, ceilings, room_ids) AS w(account_id, amount, ceiling, room_id)
        WHERE w.room_id IS NOT NULL GROUP BY w.account_id
    ), changed AS (
        UPDATE exposure_creditaccount a SET reserved = a.reserved + t.amount
        FROM taken t WHERE a.id = t.account_id AND a.company_id = ANY (ours) AND (t.ceiling IS NULL
            OR a.ordered + a.delivered + a.billed + a.bill + a.unapplied + a.reserved + t.amount <= t.ceiling)
        RETURNING a.id
    )
    SELECT (SELECT count(*) FROM changed), (SELECT count(*) FROM taken) INTO moved, expected;
    IF moved <> expected THEN
        RAISE EXCEPTION 'no room was kept for % of % accounts', expected - moved, expected
            USING ERRCODE = 'check_violation';
    END IF;

    INSERT INTO decisions_decision (
        id, company_id, customer_id, account_id, policy_version_id, control_point, reference, amount, currency, as_of,
        outcome, headroom_before, headroom_after, standing_id, terms_days, ordered, delivered, billed, bill, unapplied,
        reserved, failed, is_committed, purpose, actor_id, actor_name, decided_at)
    SELECT w.id, a.company_id, a.customer_id, a.id, w.policy_id, 'order', w.number, w.amount, a.currency, w.day,
        w.outcome, w.before, w.after, w.standing_id, w.terms, a.ordered, a.delivered, a.billed, a.bill, a.unapplied,
        w.reserved, w.failed, true, 'check', w.actor_id, w.actor_name, w.moment
    FROM unnest(ids, accounts, policies, standings, numbers, amounts, days, terms, outcomes, before, after, reserved,
            failures, actor_ids, actor_names, moments)
        AS w(id, account_id, policy_id, standing_id, number, amount, day, terms, outcome, before, after, reserved,
            failed, actor_id, actor_name, moment)
    JOIN exposure_creditaccount a ON a.id = w.account_id AND a.company_id = ANY (ours);
    GET DIAGNOSTICS moved = ROW_COUNT;
    IF moved <> cardinality(ids) THEN
        RAISE EXCEPTION '% of % accounts are not in scope', cardinality(ids) - moved, cardinality(ids)
            USING ERRCODE = 'insufficient_privilege';
    END IF;

    INSERT INTO orders_order (
        id, company_id, customer_id, reference, order_date, currency, amount, delivered_amount, invoiced_amount,
        apart_amount, terms_days, salesperson, status, is_opening, decision_id, held_at, version, recorded_at,
        updated_at, is_demo)
    SELECT w.order_id, a.company_id, a.customer_id, w.number, w.day, a.currency, w.amount, 0, 0, 0, w.terms, '',
        w.status, false, w.id, CASE WHEN w.status = 'held' THEN w.moment END, 1, w.moment, w.moment, w.is_demo
    FROM unnest(ids, accounts, numbers, amounts, days, terms, order_ids, statuses, is_demo, moments)
        AS w(id, account_id, number, amount, day, terms, order_id, status, is_demo, moment)
    JOIN exposure_creditaccount a ON a.id = w.account_id;

    INSERT INTO exposure_reservation (
        id, company_id, account_id, decision_id, reference, amount, status, expires_at, created_at)
    SELECT w.room_id, a.company_id, a.id, w.id, w.number, w.amount, 'pending', w.expires_at, w.moment
    FROM unnest(ids, accounts, numbers, amounts, room_ids, expiries, moments)
        AS w(id, account_id, number, amount, room_id, expires_at, moment)
    JOIN exposure_creditaccount a ON a.id = w.account_id
    WHERE w.room_id IS NOT NULL;

    IF jsonb_array_length(questions) > 0 THEN
        INSERT INTO approvals_approvalrequest (
            id, company_id, kind, customer_id, subject_id, reference, decision_id, amount, currency, requested_by_id,
            requested_by_name, reason, roles, mode, routing, status, created_at)
        SELECT q.id, a.company_id, q.kind, a.customer_id, q.order_id, q.reference, q.decision_id, q.amount, q.currency,
            q.asked_by_id, q.asked_by_name, '', q.roles, q.mode, q.routing, 'open', q.moment
        FROM jsonb_to_recordset(questions) AS q(
            id uuid, decision_id uuid, account_id uuid, order_id uuid, kind text, reference text, amount numeric,
            currency text, asked_by_id uuid, asked_by_name text, roles text[], mode text, routing text,
            moment timestamptz)
        JOIN exposure_creditaccount a ON a.id = q.account_id;
    END IF;

    INSERT INTO outbox_event (id, company_id, name, subject, payload, emitted_at, attempts, failure)
    -- Identifiers that grow with time keep an index small: each table borrows one that the batch has made already.
    SELECT e.id, a.company_id, e.name, a.customer_id::text, jsonb_build_object(
            'decision_id', w.id, 'customer_id', a.customer_id, 'reference', w.number, 'outcome', w.outcome,
            'order_id', w.order_id) || e.more, w.moment, 0, ''
    FROM unnest(ids, accounts, numbers, outcomes, order_ids, statuses, moments)
        AS w(id, account_id, number, outcome, order_id, status, moment)
    JOIN exposure_creditaccount a ON a.id = w.account_id
    CROSS JOIN LATERAL (VALUES (w.id, 'order.checked', '{"to_log": true}'::jsonb),
        (w.order_id, 'order.' || w.status, '{}'::jsonb)) AS e(id, name, more)
    WHERE e.name IN ('order.checked', 'order.held', 'order.released');
END $$;

-- Keep the answers under their keys, in the transaction of what they answer.
CREATE OR REPLACE FUNCTION order_checks_answer(
    ids uuid[], scopes text[], keys text[], hashes text[], status integer, answers text[], moments timestamptz[])
RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO idempotency_idempotencyrecord (id, scope, key, request_hash, status_code, answer, created_at)
    SELECT w.id, w.scope, w.key, w.hash, status, w.answer, w.moment
    FROM unnest(ids, scopes, keys, hashes, answers, moments) AS w(id, scope, key, hash, answer, moment)
$$;
