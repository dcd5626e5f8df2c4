-- What the planner knows about tables, refreshed after many rows came in at once: until the server's own daemon gets to
-- it, plans are made for empty tables and reports take seconds instead of milliseconds. Only the owner may analyze.
CREATE OR REPLACE FUNCTION refresh_statistics(names text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        EXECUTE format('ANALYZE %I', name);
    END LOOP;
END $$;
