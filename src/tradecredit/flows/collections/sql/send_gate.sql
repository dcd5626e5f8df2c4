-- Nobody who has paid is written to, to the moment: whoever sends a letter keeps, while it looks and sends, what keeps
-- letters back from being recorded for that customer; the recorder waits for the length of one sending. Customers share
-- 1024 places, so that a file with thousands of payments takes no more locks than that.

CREATE OR REPLACE FUNCTION collections_place(customer uuid) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ SELECT (hashtextextended(customer::text, 20261207) & 1023)::integer $$;

CREATE OR REPLACE FUNCTION collections_keep_letters_back() RETURNS trigger
LANGUAGE plpgsql SET lock_timeout = '60s' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(20261207, p.place)
    FROM (SELECT DISTINCT collections_place(customer_id) AS place FROM fresh WHERE customer_id IS NOT NULL
          ORDER BY 1 OFFSET 0) AS p;
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION collections_keep_letters_back_for_one() RETURNS trigger
LANGUAGE plpgsql SET lock_timeout = '60s' AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(20261207, collections_place(NEW.customer_id));
    RETURN NULL;
END $$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['cash_application_payment', 'receivables_dispute', 'collections_promise',
                                'collections_instalmentplan', 'collections_optout'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = name::regclass AND tgname = 'keep_letters_back') THEN
            EXECUTE format('CREATE TRIGGER keep_letters_back AFTER INSERT ON %I REFERENCING NEW TABLE AS fresh'
                           ' FOR EACH STATEMENT EXECUTE FUNCTION collections_keep_letters_back()', name);
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT 1 FROM pg_trigger WHERE tgrelid = 'receivables_invoice'::regclass
                   AND tgname = 'keep_letters_back') THEN
        CREATE TRIGGER keep_letters_back AFTER INSERT ON receivables_invoice FOR EACH ROW
            WHEN (NEW.kind = 'credit_note') EXECUTE FUNCTION collections_keep_letters_back_for_one();
    END IF;
END $$;
