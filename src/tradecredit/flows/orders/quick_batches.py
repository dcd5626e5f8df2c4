"""Check a batch of plain orders in two round trips: lock and read, decide in this process, record and commit.

What cannot be decided here is left to the ordinary flow, before anything of it was written.
"""

from __future__ import annotations

import asyncio
import json
from contextvars import Context
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

import psycopg
from django.db import close_old_connections

from tradecredit.apps.decisions import policies
from tradecredit.flows.orders import check_profiles, order_policy, quick_columns, quick_kits
from tradecredit.flows.orders.quick_orders import Sheet
from tradecredit.flows.orders.quick_values import ELSEWHERE, STALE, Answer, Moment, Read
from tradecredit.plumbing import clock, failpoints
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.postgres import pipelined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from datetime import date

    from tradecredit.flows.orders.order_policy import PolicyInForce
    from tradecredit.flows.orders.quick_kits import Kit
    from tradecredit.flows.orders.quick_values import Asked, Recorded, Settled
    from tradecredit.plumbing.access.models import Company

T = TypeVar("T")

_PATIENCE: Final = "3s"
_GATHER: Final = (
    "SELECT * FROM order_checks_gather(%s, %s, %s::text[], %s::text[], %s::text[], %s::uuid[], %s::text[],"
    " %s::text[], %s::text[], %s::date[])"
)
_RECORD: Final = (
    "SELECT order_checks_record(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::numeric[],"
    " %s::date[], %s::smallint[], %s::text[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[],"
    " %s::text[], %s::uuid[], %s::text[], %s::uuid[], %s::timestamptz[], %s::boolean[], %s::uuid[], %s::text[],"
    " %s::timestamptz[], %s::jsonb)"
)
_ANSWER: Final = "SELECT order_checks_answer(%s::uuid[], %s::text[], %s::text[], %s::text[], %s, %s::text[], %s::timestamptz[])"
_CREATED: Final = 201


class Desk:
    """Where batches are checked: one connection, and a place where the ordinary flows may run meanwhile."""

    def __init__(self, executor: Executor) -> None:
        self._line = pipelined.Line()
        self._executor = executor

    async def check(self, asked: Sequence[Asked]) -> list[Settled]:
        """Answer each order in a transaction of all of them; those that cannot be answered here were not touched.

        Where an account has no profile that counts, profiles are built and what rests on them is asked once more.
        """
        settled = await self._attempt(asked)
        late = [place for place, one in enumerate(settled) if one is STALE]
        if late:
            await self._build([asked[place] for place in late])
            again = await self._attempt([asked[place] for place in late])
            for place, one in zip(late, again, strict=True):
                settled[place] = ELSEWHERE if one is STALE else one
        return settled

    async def check_whole(self, asked: Sequence[Asked]) -> Answer | None:
        """Answer a call of many orders under the key of the first, all or none; None where it cannot be answered."""
        for _ in range(2):
            settled = await self._attempt(asked, is_whole=True)
            if settled[0] is not STALE:
                return settled[0] if isinstance(settled[0], Answer) else None
            await self._build(asked)
        return None

    async def close(self) -> None:
        """Give the connection back."""
        await self._line.close()

    async def _attempt(self, asked: Sequence[Asked], *, is_whole: bool = False) -> list[Settled]:
        try:
            return await self._in_transaction(asked, is_whole=is_whole)
        except (psycopg.Error, OSError):
            # Busy, contradicted or gone: nothing was written, and the ordinary flow says what is the matter.
            await self._line.undo()
            return [ELSEWHERE] * len(asked)
        except BaseException:
            await self._line.undo()
            raise

    async def _in_transaction(self, asked: Sequence[Asked], *, is_whole: bool) -> list[Settled]:
        connection = await self._line.opened()
        read = await _gather(connection, asked)
        failpoints.reach("account.locked")
        kits = await self._kits(connection, asked, read)
        sheet = Sheet()
        companies = {one.company.pk: one.company for one in asked}
        moments = {key: _moment(company) for key, company in companies.items()}
        settled = [
            STALE
            if kit is None and _is_stale(found)
            else sheet.settle(one, found, kit, moment=moments[one.company.pk])
            for one, found, kit in zip(asked, read, kits, strict=True)
        ]
        if is_whole:
            settled = [_whole(settled)]
            if not isinstance(settled[0], Answer) or settled[0].is_replayed:
                sheet.recorded.clear()
        await _record(connection, sheet.recorded, whole=settled[0] if is_whole else None)
        failpoints.reach("answer.committed")
        return settled

    async def _kits(
        self, connection: psycopg.AsyncConnection[Any], asked: Sequence[Asked], read: Sequence[Read]
    ) -> list[Kit | None]:
        names = [_name(one, found) for one, found in zip(asked, read, strict=True)]
        missing = {name for name in names if name is not None and quick_kits.find(name) is None}
        if missing:
            policies_found = {policy: await self._policy(policy) for policy in {name[1] for name in missing}}
            documents = await _standings(connection, {name[0] for name in missing})
            for name in missing:
                if name[0] in documents:
                    quick_kits.prepare(name, document=documents[name[0]], policy=policies_found[name[1]])
        return [None if name is None else quick_kits.find(name) for name in names]

    async def _policy(self, version: str) -> PolicyInForce:
        version_id = UUID(version)
        known = order_policy.known(version_id)
        if known is not None:
            return known

        def read() -> PolicyInForce:
            with scope.entered(Actor.system("checks")):
                return order_policy.parsed(policies.by_id(version_id))

        return await self.aside(read)

    async def _build(self, asked: Sequence[Asked]) -> None:
        groups: dict[tuple[UUID, date], list[Asked]] = {}
        for one in asked:
            groups.setdefault((one.company.pk, one.day), []).append(one)

        def build() -> None:
            for ours in groups.values():
                check_profiles.build(
                    company=ours[0].company,
                    accounts={(one.customer, one.currency) for one in ours},
                    day=ours[0].day,
                    actor=Actor.system("checks"),
                )

        await self.aside(build)

    async def aside(self, work: Callable[[], T]) -> T:
        """Run what speaks to the database in the ordinary way beside the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._executor, _in_order, work)


def _in_order(work: Callable[[], T]) -> T:
    """Run the work in a context of its own, with a database connection that is fit for it."""

    def run() -> T:
        close_old_connections()
        try:
            return work()
        finally:
            close_old_connections()

    return Context().run(run)


async def _gather(connection: psycopg.AsyncConnection[Any], asked: Sequence[Asked]) -> list[Read]:
    in_scope = ",".join(sorted({str(one.company.pk) for one in asked}))
    async with connection.pipeline():
        await connection.execute("BEGIN")
        cursor = await connection.execute(
            _GATHER,
            [
                in_scope,
                _PATIENCE,
                pipelined.texts([None if one.key is None else f"{one.scope}\x1f{one.key}" for one in asked]),
                pipelined.texts([None if one.key is None else one.scope for one in asked]),
                pipelined.texts([one.key for one in asked]),
                pipelined.array([one.company.pk for one in asked]),
                pipelined.texts([one.customer for one in asked]),
                pipelined.texts([one.currency for one in asked]),
                pipelined.texts([one.reference for one in asked]),
                pipelined.array([one.day for one in asked]),
            ],
        )
        rows = await cursor.fetchall()
    return [Read._make(row) for row in rows]


async def _standings(connection: psycopg.AsyncConnection[Any], wanted: set[str]) -> dict[str, dict[str, Any]]:
    cursor = await connection.execute(
        "SELECT id::text, document FROM decisions_standing WHERE id = ANY (%s::uuid[])", [list(wanted)]
    )
    return {identifier: json.loads(document) for identifier, document in await cursor.fetchall()}


async def _record(
    connection: psycopg.AsyncConnection[Any], recorded: Sequence[Recorded], *, whole: Settled | None
) -> None:
    if not recorded:
        await connection.execute("ROLLBACK")
        return
    async with connection.pipeline():
        await connection.execute(_RECORD, quick_columns.of_verdicts(recorded))
        answered = [one for one in recorded if one.asked.key is not None]
        bodies = [whole.body] if isinstance(whole, Answer) else [one.answer for one in answered]
        if answered:
            await connection.execute(_ANSWER, quick_columns.of_answers(answered, bodies, status=_CREATED))
        await connection.execute("COMMIT")


def _moment(company: Company) -> Moment:
    at = clock.moment_in(company)
    return Moment(at, at.isoformat())


def _name(asked: Asked, read: Read) -> quick_kits.Name | None:
    if read.standing_id is None or read.policy_version_id is None or not read.is_plain:
        return None
    return read.standing_id, read.policy_version_id, asked.terms_days


def _is_stale(read: Read) -> bool:
    """Tell whether the account lacks nothing but a profile that counts; one that is not plain is not stale."""
    is_new = read.known_hash is None and not read.is_order_known and read.is_key_free is not False
    return is_new and read.standing_id is None and read.policy_version_id is not None


def _whole(settled: Sequence[Settled]) -> Settled:
    """Return one answer for all of a call, or the reason why there is none."""
    first = settled[0]
    if isinstance(first, Answer) and first.is_replayed:
        return first
    if ELSEWHERE in settled:
        return ELSEWHERE
    if STALE in settled:
        return STALE
    bodies = ", ".join(one.body for one in settled if isinstance(one, Answer))
    return Answer(_CREATED, f'{{"results": [{bodies}]}}')
