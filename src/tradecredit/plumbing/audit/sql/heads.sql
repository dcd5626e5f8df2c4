-- Where each stream's chain ends. A customer's stream has entries of every company that trades with it; whoever appends
-- must follow the last of all of them, and is told its number and hash, nothing of what it says.
CREATE OR REPLACE FUNCTION audit_heads(streams text[]) RETURNS TABLE (stream text, sequence bigint, hash text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
    SELECT asked.stream, head.sequence::bigint, head.hash::text
    FROM unnest(streams) AS asked(stream)
    CROSS JOIN LATERAL (
        SELECT entry.sequence, entry.hash FROM audit_logentry entry
        WHERE entry.stream = asked.stream ORDER BY entry.sequence DESC LIMIT 1
    ) AS head
$$;
