-- Check profiles: how an account stands for checks on a day, kept current by what is written, not by who writes it.
--
-- Whoever writes something that a profile rests on leaves a mark with the customer, in the same transaction, by these
-- triggers; marks are only ever added, so writers never wait for each other. A profile counts while its customer has no
-- mark. Whoever builds one takes the marks away first and reads afterwards: what commits in between leaves its own
-- mark, so a profile may be thought stale that is not, and never the other way round. What concerns everybody (a level
-- above accounts, a setting of the house) leaves a mark without a customer; those stay, and a profile counts only while
-- there are as many of them as there were when it was built.

CREATE OR REPLACE FUNCTION check_profile_marks_for_all() RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT count(*) FROM decisions_standingchange WHERE customer_id = '00000000-0000-0000-0000-000000000000'
$$;

CREATE OR REPLACE FUNCTION check_profile_note() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine bigint := pg_current_xact_id()::text::bigint;
BEGIN
    INSERT INTO decisions_standingchange (id, customer_id, transaction)
    SELECT gen_random_uuid(), c.customer_id, mine FROM (SELECT DISTINCT customer_id FROM changed) c
    WHERE c.customer_id IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM decisions_standingchange s WHERE s.customer_id = c.customer_id AND s.transaction = mine);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION check_profile_note_customer() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    mine bigint := pg_current_xact_id()::text::bigint;
BEGIN
    INSERT INTO decisions_standingchange (id, customer_id, transaction)
    SELECT gen_random_uuid(), c.id, mine FROM changed c
    WHERE NOT EXISTS (
        SELECT 1 FROM decisions_standingchange s WHERE s.customer_id = c.id AND s.transaction = mine);
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION check_profile_note_all() RETURNS trigger
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO decisions_standingchange (id, customer_id, transaction)
    VALUES (gen_random_uuid(), '00000000-0000-0000-0000-000000000000', pg_current_xact_id()::text::bigint);
    RETURN NULL;
END $$;

DO $$
DECLARE
    source text;
    event text;
    seen text;
BEGIN
    -- Everything that the facts of an order read, but for balances and policy, which every check reads afresh.
    FOREACH source IN ARRAY ARRAY[
        'limits_creditline', 'limits_cover', 'scoring_rating', 'scoring_ratingoverride', 'monitoring_freeze',
        'monitoring_alert', 'monitoring_riskmark', 'receivables_invoice', 'receivables_instalment',
        'receivables_bill', 'cash_application_payment', 'dossier_customerparty', 'exposure_nodemember', 'exposure_creditaccount',
        'dossier_customer'] LOOP
        FOREACH event IN ARRAY ARRAY['INSERT', 'UPDATE', 'DELETE'] LOOP
            -- An account concerns the standing of its customer when it is opened; its balances are read afresh.
            CONTINUE WHEN source = 'exposure_creditaccount' AND event <> 'INSERT';
            seen := CASE event WHEN 'DELETE' THEN 'OLD' ELSE 'NEW' END;
            EXECUTE format('DROP TRIGGER IF EXISTS check_profile_%s ON %I', lower(event), source);
            EXECUTE format('CREATE TRIGGER check_profile_%s AFTER %s ON %I REFERENCING %s TABLE AS changed'
                ' FOR EACH STATEMENT EXECUTE FUNCTION %I()', lower(event), event, source, seen,
                CASE source WHEN 'dossier_customer' THEN 'check_profile_note_customer' ELSE 'check_profile_note' END);
        END LOOP;
    END LOOP;
    FOREACH source IN ARRAY ARRAY['exposure_controlnode', 'exposure_nodelimit', 'decisions_setting'] LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS check_profile_all ON %I', source);
        EXECUTE format('CREATE TRIGGER check_profile_all AFTER INSERT OR UPDATE OR DELETE ON %I'
            ' FOR EACH STATEMENT EXECUTE FUNCTION check_profile_note_all()', source);
    END LOOP;
END $$;

-- Whoever is above a customer may put it below a level: a move in the tree concerns those beneath it as well.
DROP TRIGGER IF EXISTS check_profile_moved ON dossier_customer;
CREATE TRIGGER check_profile_moved AFTER UPDATE OF parent_id ON dossier_customer FOR EACH ROW
    WHEN (OLD.parent_id IS DISTINCT FROM NEW.parent_id) EXECUTE FUNCTION check_profile_note_all();

-- Who controls a customer may put it below a level.
DROP TRIGGER IF EXISTS check_profile_controlled ON dossier_fact;
CREATE TRIGGER check_profile_controlled AFTER INSERT ON dossier_fact FOR EACH ROW
    WHEN (NEW.name = 'ultimate_controller') EXECUTE FUNCTION check_profile_note_all();

-- Begin to build the profiles of customers: one builder at a time, their marks taken away before anything is read.
-- Returns how many marks there are for everybody, to be kept with the profile.
CREATE OR REPLACE FUNCTION check_profile_begin(customers uuid[]) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(c::text, 20261123)) FROM (
        SELECT DISTINCT c FROM unnest(customers) AS c ORDER BY c) AS sorted(c);
    DELETE FROM decisions_standingchange WHERE customer_id = ANY (customers)
        AND customer_id <> '00000000-0000-0000-0000-000000000000';
    -- The marks of a customer stood for all its accounts, so all its profiles go with them.
    DELETE FROM decisions_checkprofile WHERE customer_id = ANY (customers);
    RETURN check_profile_marks_for_all();
END $$;

-- Keep profiles that were built after `check_profile_begin` in this transaction.
CREATE OR REPLACE FUNCTION check_profile_keep(profiles jsonb) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    INSERT INTO decisions_checkprofile (
        id, company_id, customer_id, standing_id, day, is_plain, marks_for_all, built_at)
    SELECT a.id, a.company_id, a.customer_id, p.standing_id, p.day, p.is_plain, p.marks_for_all, p.built_at
    FROM jsonb_to_recordset(profiles) AS p(
        account_id uuid, standing_id uuid, day date, is_plain boolean, marks_for_all bigint, built_at timestamptz)
    JOIN exposure_creditaccount a ON a.id = p.account_id
    ON CONFLICT (id) DO UPDATE SET standing_id = excluded.standing_id, day = excluded.day,
        is_plain = excluded.is_plain, marks_for_all = excluded.marks_for_all, built_at = excluded.built_at
$$;

-- Take away the marks (and profiles) of customers whose orders nobody checks; returns how many customers there were.
CREATE OR REPLACE FUNCTION check_profile_sweep(most integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone uuid[];
BEGIN
    SELECT array_agg(customer_id) INTO gone FROM (
        SELECT DISTINCT customer_id FROM decisions_standingchange
        WHERE customer_id <> '00000000-0000-0000-0000-000000000000' LIMIT most) s;
    IF gone IS NULL THEN
        RETURN 0;
    END IF;
    PERFORM check_profile_begin(gone);
    RETURN cardinality(gone);
END $$;

-- Of the accounts given, those on which an order may meet something of its own that no profile can hold.
CREATE OR REPLACE FUNCTION check_profile_special(accounts uuid[], on_day date) RETURNS SETOF uuid
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT a.id FROM exposure_creditaccount a
    WHERE a.id = ANY (accounts) AND (
        -- A temporary line for one order alone.
        EXISTS (SELECT 1 FROM limits_creditline l WHERE l.company_id = a.company_id AND l.customer_id = a.customer_id
            AND l.currency = a.currency AND l.line_kind = 'temporary' AND l.reference <> '' AND l.valid_to > on_day)
        -- Cover, whose effect depends on the balances.
        OR EXISTS (SELECT 1 FROM limits_cover v WHERE v.company_id = a.company_id AND v.customer_id = a.customer_id)
        -- Cash that is earmarked for one order.
        OR EXISTS (SELECT 1 FROM cash_application_payment p WHERE p.company_id = a.company_id
            AND p.customer_id = a.customer_id AND p.order_number <> ''
            AND p.amount > p.allocated_amount + p.returned_amount)
        -- An invoice that came before its order.
        OR EXISTS (SELECT 1 FROM receivables_invoice i WHERE i.company_id = a.company_id
            AND i.customer_id = a.customer_id AND i.order_number <> '' AND NOT EXISTS (
                SELECT 1 FROM orders_order o WHERE o.company_id = i.company_id AND o.reference = i.order_number))
        -- Another customer's account that pays.
        OR EXISTS (SELECT 1 FROM dossier_customerparty y WHERE y.customer_id = a.customer_id))
    UNION
    SELECT n.account_id FROM exposure_nodes_of(accounts, on_day) AS n
$$;
