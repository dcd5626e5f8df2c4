-- Give the rows of one customer to another, and back. Runs as the owner, since documents lie in append-only tables; what
-- was moved is told row by row, so that it can be moved back. Lines, ratings, settings and memberships are not moved:
-- they belong to the record that they were decided for.

CREATE OR REPLACE FUNCTION customers_moved_tables() RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT ARRAY[
        'dossier_contact', 'dossier_fact', 'dossier_financialstatement', 'dossier_bureaucall', 'dossier_bureaureport',
        'dossier_bureaufinding', 'dossier_bureaurequest', 'dossier_consent', 'dossier_customeridentity',
        'dossier_relation', 'dossier_sealkey', 'dossier_sealedread', 'dossier_newsmention',
        'receivables_adjustment', 'receivables_bill', 'receivables_billevent',
        'receivables_accountstatement', 'receivables_accountstatementline', 'receivables_accountstatementproof',
        'receivables_contract', 'receivables_contractline', 'receivables_contractevent', 'receivables_invoice',
        'receivables_instalment', 'receivables_dispute', 'orders_goodsevent', 'orders_order', 'orders_delivery',
        'orders_helddelivery', 'orders_release', 'orders_holdreview', 'limits_cover', 'decisions_decision',
        'approvals_approvalrequest', 'cash_application_bankline', 'cash_application_paymentreturn',
        'cash_application_matchsuggestion', 'cash_application_payment', 'cash_application_allocation',
        'collections_letter', 'collections_notice', 'collections_promise', 'collections_case', 'collections_caseevent',
        'collections_actionplan', 'collections_actionstep', 'collections_instalmentplan', 'collections_planline',
        'collections_letterproof', 'collections_optout', 'monitoring_alert', 'monitoring_freeze',
        'monitoring_riskmark', 'worklist_task']
$$;

-- Refuse whoever does not see every company of both customers: the rows of all of them are moved.
CREATE OR REPLACE FUNCTION customers_must_be_seen(customers uuid[]) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    seen text := current_setting('tradecredit.companies', true);
BEGIN
    IF seen IS DISTINCT FROM '*' AND EXISTS (
        SELECT 1 FROM dossier_customer c CROSS JOIN LATERAL unnest(c.company_ids) AS company(id)
        WHERE c.id = ANY (customers) AND NOT company.id = ANY (string_to_array(coalesce(seen, ''), ',')::uuid[])) THEN
        RAISE EXCEPTION 'a customer of a company out of reach is not merged' USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;

-- Move rows: all of the customer's, or those of a lineage. A row for which the other has one of its own stays.
CREATE OR REPLACE FUNCTION customers_move(giver uuid, taker uuid, lineage jsonb) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text;
    wanted uuid[];
    one uuid;
    moved uuid[];
    result jsonb := '{}';
BEGIN
    PERFORM customers_must_be_seen(ARRAY[giver, taker]);
    PERFORM set_config('tradecredit.merge', 'customers', true);
    FOREACH name IN ARRAY customers_moved_tables() LOOP
        CONTINUE WHEN to_regclass(name) IS NULL;
        IF lineage IS NULL THEN
            EXECUTE format('SELECT array_agg(id) FROM %I WHERE customer_id = $1', name) INTO wanted USING giver;
        ELSE
            SELECT array_agg(value::uuid) INTO wanted FROM jsonb_array_elements_text(coalesce(lineage->name, '[]'));
        END IF;
        CONTINUE WHEN wanted IS NULL;
        BEGIN
            EXECUTE format('UPDATE %I SET customer_id = $1 WHERE id = ANY ($2) AND customer_id = $3', name)
            USING taker, wanted, giver;
            moved := wanted;
        EXCEPTION WHEN unique_violation OR exclusion_violation THEN
            moved := '{}';
            FOREACH one IN ARRAY wanted LOOP
                BEGIN
                    EXECUTE format('UPDATE %I SET customer_id = $1 WHERE id = $2 AND customer_id = $3', name)
                    USING taker, one, giver;
                    moved := moved || one;
                EXCEPTION WHEN unique_violation OR exclusion_violation THEN
                    NULL;
                END;
            END LOOP;
        END;
        result := result || jsonb_build_object(name, to_jsonb(moved));
    END LOOP;
    PERFORM set_config('tradecredit.merge', '', true);
    RETURN result;
END $$;

-- Let decisions and kept headroom follow their documents from one account to the other.
CREATE OR REPLACE FUNCTION customers_move_headroom(giver uuid, taker uuid, decisions uuid[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    carried numeric;
BEGIN
    PERFORM customers_must_be_seen(ARRAY(
        SELECT customer_id FROM exposure_creditaccount WHERE id IN (giver, taker)));
    PERFORM 1 FROM exposure_creditaccount WHERE id IN (giver, taker) ORDER BY id FOR UPDATE;
    PERFORM set_config('tradecredit.merge', 'customers', true);
    WITH moved AS (
        UPDATE exposure_reservation SET account_id = taker
        WHERE account_id = giver AND status = 'pending' AND decision_id = ANY (decisions) RETURNING amount
    ) SELECT coalesce(sum(amount), 0) INTO carried FROM moved;
    UPDATE exposure_creditaccount SET reserved = reserved - carried WHERE id = giver AND carried <> 0;
    UPDATE exposure_creditaccount SET reserved = reserved + carried WHERE id = taker AND carried <> 0;
    UPDATE decisions_decision SET account_id = taker WHERE account_id = giver AND id = ANY (decisions);
    PERFORM set_config('tradecredit.merge', '', true);
END $$;

-- What each obligation of an account comes to by stage, those that come to something.
CREATE OR REPLACE FUNCTION customers_obligations(account uuid, only_these text[])
RETURNS TABLE (obligation text, stage text, amount numeric) LANGUAGE sql STABLE AS $$
    SELECT e.obligation, e.stage, sum(e.amount)
    FROM exposure_exposureentry e
    WHERE e.account_id = account AND (only_these IS NULL OR e.obligation = ANY (only_these))
    GROUP BY e.obligation, e.stage HAVING sum(e.amount) <> 0
    ORDER BY e.obligation, e.stage
$$;
