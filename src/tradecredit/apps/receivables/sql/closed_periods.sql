-- The books of receivables up to a day may be shut: then nothing is posted into that time, whoever tries.
-- A correction is a new entry in the open time. Closing waits for whatever is being posted, and the other way round.

CREATE OR REPLACE FUNCTION receivables_closed_until(of_company uuid) RETURNS date
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT closed_until FROM receivables_periodclose WHERE company_id = of_company
    ORDER BY recorded_at DESC, id DESC LIMIT 1
$$;

CREATE OR REPLACE FUNCTION receivables_lock_period(of_company uuid, is_closing boolean) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF is_closing THEN
        PERFORM pg_advisory_xact_lock(hashtext('receivables.period'), hashtext(of_company::text));
    ELSE
        PERFORM pg_advisory_xact_lock_shared(hashtext('receivables.period'), hashtext(of_company::text));
    END IF;
END $$;

-- TG_ARGV[0] names the column that holds the day of the entry. Of an update only what changes day or amount counts.
CREATE OR REPLACE FUNCTION refuse_closed_period() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    firm uuid;
    earliest date;
    shut date;
BEGIN
    FOR firm, earliest IN EXECUTE
        CASE TG_OP WHEN 'INSERT' THEN
            format('SELECT company_id, min(%I) FROM fresh GROUP BY company_id', TG_ARGV[0])
        ELSE
            format('SELECT f.company_id, min(least(f.%1$I, s.%1$I)) FROM fresh f JOIN stale s USING (id)'
                ' WHERE (f.%1$I, f.amount, f.currency) IS DISTINCT FROM (s.%1$I, s.amount, s.currency)'
                ' GROUP BY f.company_id', TG_ARGV[0])
        END
    LOOP
        PERFORM receivables_lock_period(firm, false);
        shut := receivables_closed_until(firm);
        IF earliest <= shut THEN
            RAISE EXCEPTION 'the receivables up to % are closed: % has an entry of %', shut, TG_TABLE_NAME, earliest
                USING ERRCODE = 'restrict_violation', HINT = 'correct it by a new entry in the open time';
        END IF;
    END LOOP;
    RETURN NULL;
END $$;

DO $$
DECLARE
    guarded record;
BEGIN
    FOR guarded IN SELECT * FROM (VALUES
        ('receivables_invoice', 'invoice_date'),
        ('cash_application_payment', 'payment_date'),
        ('cash_application_allocation', 'effective_date'),
        ('cash_application_paymentreturn', 'effective_date')) AS t(name, day)
    LOOP
        EXECUTE format('DROP TRIGGER IF EXISTS closed_period ON %I', guarded.name);
        EXECUTE format('CREATE TRIGGER closed_period AFTER INSERT ON %I REFERENCING NEW TABLE AS fresh'
            ' FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_period(%L)', guarded.name, guarded.day);
    END LOOP;
    DROP TRIGGER IF EXISTS closed_period_kept ON receivables_invoice;
    CREATE TRIGGER closed_period_kept AFTER UPDATE ON receivables_invoice
        REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_closed_period('invoice_date');
END $$;
