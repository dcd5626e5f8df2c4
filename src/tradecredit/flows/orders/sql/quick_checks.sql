-- The two round trips of a batch of quick checks. Both act in the scope that the caller has set, like row security.

-- Shapes of before.
DROP FUNCTION IF EXISTS order_checks_gather(
    text, text, text[], text[], text[], uuid[], text[], text[], text[], date[]);
DROP FUNCTION IF EXISTS order_checks_record(
    uuid[], uuid[], uuid[], uuid[], text[], numeric[], date[], smallint[], text[], numeric[], numeric[], numeric[],
    numeric[], text[], uuid[], text[], uuid[], timestamptz[], boolean[], uuid[], text[], timestamptz[], jsonb);
DROP FUNCTION IF EXISTS order_checks_record(
    uuid[], uuid[], uuid[], text[], bigint[], bigint[], bigint[], bigint[], smallint[], text[], text[], text[],
    boolean[], uuid, date, timestamptz, uuid, text, timestamptz, uuid, jsonb);
DROP FUNCTION IF EXISTS order_checks_answer(uuid[], text[], text[], text[], integer, text[], timestamptz[]);

-- The companies of the caller's scope, as `plumbing/guards.py` reads the same setting.
CREATE OR REPLACE FUNCTION order_checks_scope() RETURNS uuid[]
LANGUAGE sql STABLE SET search_path = public, pg_temp AS $$
    SELECT CASE current_setting('tradecredit.companies', true)
        WHEN '*' THEN (SELECT array_agg(id) FROM access_company)
        ELSE string_to_array(nullif(current_setting('tradecredit.companies', true), ''), ',')::uuid[] END
$$;

-- Find the accounts of customers by code; which account that is never changes, so callers may remember it. What does
-- change (a customer's code) is part of what a check rests on, and looked at there.
CREATE OR REPLACE FUNCTION order_checks_accounts(
    in_scope text, companies uuid[], customers text[], currencies text[])
RETURNS TABLE (place bigint, account_id uuid, is_demo boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM set_config('tradecredit.companies', in_scope, true);
    RETURN QUERY
    SELECT w.place, a.id, c.is_demo
    FROM unnest(companies, customers, currencies) WITH ORDINALITY AS w(company_id, customer, currency, place)
    JOIN dossier_customer c ON c.code = w.customer
    JOIN exposure_creditaccount a ON a.company_id = w.company_id AND a.customer_id = c.id AND a.currency = w.currency
    WHERE a.company_id = ANY (order_checks_scope());
END $$;

-- Lock the keys and the accounts of a batch, then read what is to be known of them and of its orders.
-- Every statement of a function sees what was committed before it began: what is read here was so under the lock.
--
-- The kinds of row: 'k' a key (whether it was free, and the request's digest, the answer and its status where it was
-- used), 'o' an order that is known already, 'p' the policy in force for a company and a day, 'a' an account (whether it
-- is plain, its standing, its stages in ten-thousandths). ``place`` counts within what was given of the kind.
CREATE OR REPLACE FUNCTION order_checks_gather(
    in_scope text, patience text, scopes text[], keys text[], accounts uuid[], account_days date[],
    policy_companies uuid[], policy_days date[], companies uuid[], numbers text[])
RETURNS TABLE (
    kind "char", place bigint, is_so boolean, name text, answer text, status integer, ordered bigint,
    delivered bigint, billed bigint, bill bigint, unapplied bigint, reserved bigint)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    free boolean[];
    ours uuid[];
    marks bigint;
BEGIN
    PERFORM set_config('tradecredit.companies', in_scope, true), set_config('lock_timeout', patience, true);
    ours := order_checks_scope();
    SELECT array_agg(pg_try_advisory_xact_lock(hashtextextended(k.scope || E'\x1f' || k.key, 1)) ORDER BY k.place)
    INTO free FROM unnest(scopes, keys) WITH ORDINALITY AS k(scope, key, place);
    PERFORM 1 FROM exposure_creditaccount a WHERE a.id = ANY (accounts) AND a.company_id = ANY (ours)
    ORDER BY a.id FOR UPDATE;
    marks := check_profile_marks_for_all();
    RETURN QUERY
    SELECT 'k'::"char", w.place, free[w.place], i.request_hash::text, i.answer, i.status_code::integer,
        NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint
    FROM unnest(scopes, keys) WITH ORDINALITY AS w(scope, key, place)
    LEFT JOIN idempotency_idempotencyrecord i ON i.scope = w.scope AND i.key = w.key
    WHERE i.id IS NOT NULL OR NOT free[w.place];
    RETURN QUERY
    SELECT 'o'::"char", w.place, true, NULL::text, NULL::text, NULL::integer,
        NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint
    FROM unnest(companies, numbers) WITH ORDINALITY AS w(company_id, number, place)
    WHERE EXISTS (SELECT 1 FROM orders_order o WHERE o.company_id = w.company_id AND o.reference = w.number);
    RETURN QUERY
    SELECT 'p'::"char", d.place, true, v.id::text, NULL::text, NULL::integer,
        NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint, NULL::bigint
    FROM unnest(policy_companies, policy_days) WITH ORDINALITY AS d(company_id, day, place)
    CROSS JOIN LATERAL (
        SELECT p.id FROM decisions_policyversion p
        WHERE p.company_id = d.company_id AND p.valid_from <= d.day
        ORDER BY p.number DESC LIMIT 1) v
    -- A sandbox whose day has moved since the caller looked: there is no policy for a day that is not today.
    WHERE d.company_id = ANY (ours) AND EXISTS (SELECT 1 FROM access_company y WHERE y.id = d.company_id
        AND (y.sandbox_day IS NULL OR y.sandbox_day = d.day));
    RETURN QUERY
    -- An account beyond what ten-thousandths hold fails the batch, which the ordinary flow then decides.
    SELECT 'a'::"char", w.place, p.is_plain, p.standing_id::text, NULL::text, NULL::integer,
        (a.ordered * 10000)::bigint, (a.delivered * 10000)::bigint, (a.billed * 10000)::bigint,
        (a.bill * 10000)::bigint, (a.unapplied * 10000)::bigint, (a.reserved * 10000)::bigint
    FROM unnest(accounts, account_days) WITH ORDINALITY AS w(id, day, place)
    JOIN exposure_creditaccount a ON a.id = w.id AND a.company_id = ANY (ours)
    LEFT JOIN decisions_checkprofile p ON p.id = a.id AND p.day = w.day AND p.marks_for_all = marks
        AND NOT EXISTS (SELECT 1 FROM decisions_standingchange s WHERE s.customer_id = a.customer_id);
END $$;

-- Record a batch of verdicts that somebody asked for in one company at one moment, with their orders, the room that is
-- kept and their event. What came into the world together has one identifier: a decision, its order, the room it keeps.
-- The accounts are locked by `order_checks_gather` in the same transaction. Companies, customers and balances come from
-- the accounts, not from the caller; an account that would pass what its verdicts rest on fails the whole batch.
CREATE OR REPLACE FUNCTION order_checks_record(
    ids uuid[], accounts uuid[], standings uuid[], numbers text[], amounts bigint[], before bigint[],
    ceilings bigint[], reserved bigint[], terms smallint[], agreed smallint[], outcomes text[], statuses text[],
    failures text[], is_demo boolean[], policy uuid, on_day date, expiry timestamptz, actor uuid, actor_called text,
    moment timestamptz, event uuid, questions jsonb)
RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    ours uuid[] := order_checks_scope();
    found bigint;
    moved bigint;
    expected bigint;
BEGIN
    WITH w AS MATERIALIZED (
        -- In the types of the columns, so that each table takes them as they are.
        SELECT w.id, w.number::varchar(64) AS number, (w.amount * 0.0001)::numeric(20, 4) AS amount,
            (w.before * 0.0001)::numeric(20, 4) AS before,
            ((w.before - w.amount) * 0.0001)::numeric(20, 4) AS after, w.ceiling,
            (w.reserved * 0.0001)::numeric(20, 4) AS held_before, w.term, w.agreed, w.outcome::varchar(8) AS outcome,
            w.status::varchar(10) AS status, w.failed, w.is_demo, w.standing_id, w.amount AS counted,
            a.id AS account_id, a.company_id, a.customer_id, a.currency, a.ordered, a.delivered, a.billed, a.bill,
            a.unapplied
        FROM unnest(ids, accounts, standings, numbers, amounts, before, ceilings, reserved, terms, agreed, outcomes,
                statuses, failures, is_demo)
            AS w(id, account_id, standing_id, number, amount, before, ceiling, reserved, term, agreed, outcome, status,
                failed, is_demo)
        JOIN exposure_creditaccount a ON a.id = w.account_id AND a.company_id = ANY (ours)
    ), decided AS (
        INSERT INTO decisions_decision (
            id, company_id, customer_id, account_id, policy_version_id, control_point, reference, amount, currency,
            as_of, outcome, headroom_before, headroom_after, standing_id, terms_days, ordered, delivered, billed, bill,
            unapplied, reserved, failed, is_committed, purpose, actor_id, actor_name, decided_at)
        SELECT w.id, w.company_id, w.customer_id, w.account_id, policy, 'order', w.number, w.amount, w.currency,
            on_day, w.outcome, w.before, w.after, w.standing_id, w.term, w.ordered, w.delivered, w.billed, w.bill,
            w.unapplied, w.held_before, w.failed, true, 'check', actor, actor_called, moment
        FROM w
    ), placed AS (
        INSERT INTO orders_order (
            id, company_id, customer_id, reference, order_date, currency, amount, delivered_amount, invoiced_amount,
            apart_amount, terms_days, agreed_terms_days, salesperson, status, is_opening, decision_id, held_at, version,
            recorded_at, updated_at, is_demo)
        SELECT w.id, w.company_id, w.customer_id, w.number, on_day, w.currency, w.amount, 0, 0, 0, w.term, w.agreed,
            '', w.status, false, w.id, CASE WHEN w.status = 'held' THEN moment END, 1, moment, moment, w.is_demo
        FROM w
    ), kept AS (
        INSERT INTO exposure_reservation (
            id, company_id, account_id, decision_id, reference, amount, status, expires_at, created_at)
        SELECT w.id, w.company_id, w.account_id, w.id, w.number, w.amount, 'pending', expiry, moment
        FROM w WHERE w.status = 'released'
    ), taken AS (
        SELECT w.account_id, sum(w.counted) * 0.0001 AS amount, min(w.ceiling) * 0.0001 AS ceiling
        FROM w WHERE w.status = 'released' GROUP BY w.account_id
    ), changed AS (
        UPDATE exposure_creditaccount a SET reserved = a.reserved + t.amount
        FROM taken t WHERE a.id = t.account_id AND (t.ceiling IS NULL
            OR a.ordered + a.delivered + a.billed + a.bill + a.unapplied + a.reserved + t.amount <= t.ceiling)
        RETURNING 1
    ), told AS (
        INSERT INTO outbox_event (id, company_id, name, subject, payload, emitted_at, attempts, failure)
        SELECT event, w.company_id, 'orders.checked', '', jsonb_build_object(
            'decision_ids', array_agg(w.id), 'customer_ids', array_agg(w.customer_id)), moment, 0, ''
        FROM w GROUP BY w.company_id
    )
    SELECT (SELECT count(*) FROM w), (SELECT count(*) FROM taken), (SELECT count(*) FROM changed)
    INTO found, expected, moved;
    IF moved <> expected THEN
        RAISE EXCEPTION 'no room was kept for % of % accounts', expected - moved, expected
            USING ERRCODE = 'check_violation';
    END IF;
    IF found <> cardinality(ids) THEN
        RAISE EXCEPTION '% of % accounts are not in scope', cardinality(ids) - found, cardinality(ids)
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF questions IS NOT NULL THEN
        INSERT INTO approvals_approvalrequest (
            id, company_id, kind, customer_id, subject_id, reference, decision_id, amount, currency, requested_by_id,
            requested_by_name, reason, roles, mode, routing, status, created_at)
        SELECT q.id, a.company_id, q.kind, a.customer_id, q.decision_id, q.reference, q.decision_id, q.amount,
            q.currency, actor, actor_called, '', q.roles, q.mode, q.routing, 'open', moment
        FROM jsonb_to_recordset(questions) AS q(
            id uuid, decision_id uuid, account_id uuid, kind text, reference text, amount numeric, currency text,
            roles text[], mode text, routing text)
        JOIN exposure_creditaccount a ON a.id = q.account_id;
    END IF;
END $$;

-- Keep the answers under their keys, in the transaction of what they answer.
CREATE OR REPLACE FUNCTION order_checks_answer(
    ids uuid[], scopes text[], keys text[], hashes text[], status integer, answers text[], moment timestamptz)
RETURNS void
LANGUAGE sql SET search_path = public, pg_temp AS $$
    INSERT INTO idempotency_idempotencyrecord (id, scope, key, request_hash, status_code, answer, created_at)
    SELECT w.id, w.scope, w.key, w.hash, status, w.answer, moment
    FROM unnest(ids, scopes, keys, hashes, answers) AS w(id, scope, key, hash, answer)
$$;
