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
    a record;
BEGIN
    SELECT * INTO a FROM order_checks_gather(
        '*', '30s', ARRAY[reference], ARRAY['proof'], ARRAY[reference], ARRAY['COMPANY'::uuid],
        ARRAY['T' || number], ARRAY['CNY'], ARRAY[reference], ARRAY['DAY'::date]);
    PERFORM order_checks_record(
        ids => ARRAY[decision], accounts => ARRAY[a.account_id::uuid],
        policies => ARRAY[a.policy_version_id::uuid],
        standings => ARRAY[coalesce(a.standing_id::uuid, (SELECT id FROM decisions_standing LIMIT 1))],
        numbers => ARRAY[reference], amounts => ARRAY[1.00], days => ARRAY['DAY'::date], terms => ARRAY[NULL::smallint],
        outcomes => ARRAY['approve'], before => ARRAY[100000.00], after => ARRAY[99999.00],
        ceilings => ARRAY[1e12::numeric], reserved => ARRAY[a.reserved / 10000.0], failures => ARRAY[NULL::text],
        order_ids => ARRAY[NEW_ID], statuses => ARRAY['released'], room_ids => ARRAY[NEW_ID],
        expiries => ARRAY[moment + interval '30 days'], is_demo => ARRAY[false],
        actor_ids => ARRAY['00000000-0000-0000-0000-000000000000'::uuid], actor_names => ARRAY['proof'],
        moments => ARRAY[moment], questions => '[]');
    PERFORM order_checks_answer(
        ARRAY[NEW_ID], ARRAY['proof'], ARRAY[reference], ARRAY[repeat('0', 64)], 201, ARRAY[repeat('x', 900)],
        ARRAY[moment]);
    RETURN decision;
END $$
"""
