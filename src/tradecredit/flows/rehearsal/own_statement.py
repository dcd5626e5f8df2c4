"""Our own full statement for one check, as pgbench may run it: what the quick door's two round trips do, in one.

Idempotency key, lock and reading of the account, decision, order, reservation, events, answer: one statement, one commit.
The verdict itself is left out, so that what is measured is what the database alone could do.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

    from tradecredit.flows.rehearsal.fill_books import Owner

SCRIPT: Final = "\\set n random({first}, {last})\nSELECT proof_check(:n::int);\n"


class NoStandingError(RuntimeError):
    """The quick door was not used, so that there is no standing to point to."""


def install(owner: Owner, *, company_id: UUID, day: date) -> None:
    """Put the function in a throw-away database.

    Raises NoStandingError unless a check has gone through the quick door before: what it decides rests on.
    """
    if not owner.rows("SELECT 1 FROM decisions_standing LIMIT 1"):
        raise NoStandingError("no check went through the quick door: our own statement has nothing to record")
    (version,) = owner.rows("SELECT current_setting('server_version_num')::int")[0]
    new_id = "uuidv7()" if version >= _HAS_GROWING_IDS else "gen_random_uuid()"
    owner.run(
        _FUNCTION.replace("NEW_ID", new_id)
        .replace("COMPANY", str(company_id))
        .replace("DAY", day.isoformat())
    )


_HAS_GROWING_IDS: Final = 180_000

_FUNCTION: Final = """
CREATE OR REPLACE FUNCTION proof_check(number int) RETURNS uuid LANGUAGE plpgsql AS $$
DECLARE
    decision uuid := NEW_ID;
    reference text := 'PGBENCH-' || decision;
    moment timestamptz := clock_timestamp();
    account uuid;
    standing uuid;
    policy uuid;
    kept bigint;
    r record;
BEGIN
    -- The quick door remembers which account a customer's is.
    SELECT a.id INTO account FROM exposure_creditaccount a JOIN dossier_customer c ON c.id = a.customer_id
    WHERE c.code = 'T' || number AND a.company_id = 'COMPANY' AND a.currency = 'CNY';
    FOR r IN SELECT * FROM order_checks_gather(
        '*', '30s', ARRAY['proof'], ARRAY[reference], ARRAY[account], ARRAY['DAY'::date], ARRAY['COMPANY'::uuid],
        ARRAY['DAY'::date], ARRAY['COMPANY'::uuid], ARRAY[reference]) LOOP
        IF r.kind = 'a' THEN
            standing := r.name::uuid;
            kept := r.reserved;
        ELSIF r.kind = 'p' THEN
            policy := r.name::uuid;
        END IF;
    END LOOP;
    PERFORM order_checks_record(
        ids => ARRAY[decision], accounts => ARRAY[account],
        standings => ARRAY[coalesce(standing, (SELECT id FROM decisions_standing LIMIT 1))],
        numbers => ARRAY[reference], amounts => ARRAY[10000::bigint], before => ARRAY[1000000000::bigint],
        ceilings => ARRAY[10000000000000000::bigint], reserved => ARRAY[kept], terms => ARRAY[NULL::smallint],
        agreed => ARRAY[30::smallint],
        outcomes => ARRAY['approve'], statuses => ARRAY['released'], failures => ARRAY[NULL::text],
        is_demo => ARRAY[false], policy => policy, on_day => 'DAY', expiry => moment + interval '30 days',
        actor => '00000000-0000-0000-0000-000000000000', actor_called => 'proof', moment => moment,
        event => NEW_ID, questions => NULL);
    PERFORM order_checks_answer(
        ARRAY[NEW_ID], ARRAY['proof'], ARRAY[reference], ARRAY[repeat('0', 64)], 201, ARRAY[repeat('x', 900)],
        moment);
    RETURN decision;
END $$
"""
