"""Check a batch of plain orders in two round trips: lock and read, decide in this process, record and commit.

What cannot be decided here is left to the ordinary flow, before anything of it was written.
"""

from __future__ import annotations

import asyncio
import json
from contextvars import Context
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final, TypeVar
from uuid import UUID

import psycopg
from django.db import close_old_connections

from tradecredit.apps.decisions import policies
from tradecredit.flows.orders import check_profiles, order_policy, quick_kits, quick_reading, quick_writing
from tradecredit.flows.orders.quick_orders import Sheet
from tradecredit.flows.orders.quick_values import ELSEWHERE, STALE
from tradecredit.plumbing import failpoints, ids
from tradecredit.plumbing.access import Actor, scope
from tradecredit.plumbing.postgres import binary, pipelined

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Executor
    from datetime import date

    from tradecredit.flows.orders.order_policy import PolicyInForce
    from tradecredit.flows.orders.quick_kits import Kit
    from tradecredit.flows.orders.quick_reading import Read
    from tradecredit.flows.orders.quick_values import Asked, Settled
    from tradecredit.plumbing.postgres.pipelined import Line

T = TypeVar("T")

_STANDINGS: Final = b"SELECT id::text, customer_id, document FROM decisions_standing WHERE id = ANY ($1)"


class Desk:
    """Where batches are checked: one connection, and a place where the ordinary flows may run meanwhile."""

    def __init__(self, executor: Executor) -> None:
        self._line = pipelined.Line()
        self._executor = executor

    async def check(self, asked: Sequence[Asked]) -> list[Settled]:
        """Answer each order in a transaction of all of them; those that cannot be answered here were not touched.

        Where an account has no profile that counts, profiles are built and what rests on them is asked once more.
        """
        settled = await self._orders(asked)
        late = [place for place, one in enumerate(settled) if one is STALE]
        if late:
            await self._build([asked[place] for place in late])
            again = await self._orders([asked[place] for place in late])
            for place, one in zip(late, again, strict=True):
                settled[place] = ELSEWHERE if one is STALE else one
        return settled

    async def _orders(self, asked: Sequence[Asked]) -> list[Settled]:
        settled = await self._attempt(asked)
        return [ELSEWHERE] * len(asked) if settled is None else settled

    async def check_calls(self, calls: Sequence[Sequence[Asked]]) -> list[Settled]:
        """Answer calls of many orders in one transaction, each all or none under the key of its first order.

        What keeps one call from being answered keeps none of the others.
        """
        settled = await self._calls(calls)
        late = [place for place, one in enumerate(settled) if one is STALE]
        if late:
            await self._build([one for place in late for one in calls[place]])
            again = await self._calls([calls[place] for place in late])
            for place, one in zip(late, again, strict=True):
                settled[place] = ELSEWHERE if one is STALE else one
        return settled

    async def _calls(self, calls: Sequence[Sequence[Asked]]) -> list[Settled]:
        """Try the calls together; where the database refuses one of them, each by itself."""
        settled = await self._attempt([one for call in calls for one in call], calls=calls)
        if settled is None and len(calls) > 1:
            alone = [await self._attempt(call, calls=[call]) for call in calls]
            return [ELSEWHERE if one is None else one[0] for one in alone]
        return [ELSEWHERE] * len(calls) if settled is None else settled

    async def close(self) -> None:
        """Give the connection back."""
        await self._line.close()

    async def _attempt(
        self, asked: Sequence[Asked], *, calls: Sequence[Sequence[Asked]] = ()
    ) -> list[Settled] | None:
        """Answer in one transaction: each call where there are calls, else each order; None where it was refused."""
        try:
            return await self._in_transaction(asked, calls=calls)
        except (psycopg.Error, OSError):
            # Busy, contradicted or gone: nothing was written, and the ordinary flow says what is the matter.
            await self._line.undo()
            return None
        except BaseException:
            await self._line.undo()
            raise

    async def _in_transaction(
        self, asked: Sequence[Asked], *, calls: Sequence[Sequence[Asked]]
    ) -> list[Settled]:
        found = await quick_reading.read(self._line, asked)
        failpoints.reach("account.locked")
        sheet = Sheet(found, await self._kits(asked, found), ids.new_pairs(len(asked)))
        if calls:
            starts = accumulate([len(call) for call in calls[:-1]], initial=0)
            settled = [sheet.settle_call(start, call) for start, call in zip(starts, calls, strict=True)]
        else:
            settled = [sheet.settle(place, one) for place, one in enumerate(asked)]
        await quick_writing.record(self._line, sheet)
        failpoints.reach("answer.committed")
        return settled

    async def _kits(self, asked: Sequence[Asked], found: Read) -> list[Kit | None]:
        """Return what each check needs of its standing, prepared now where nobody needed it before."""
        kits: list[Kit | None] = []
        missing: dict[int, quick_kits.Name] = {}
        for place, (one, standing) in enumerate(zip(asked, found.standings, strict=True)):
            policy_id = found.policies.get((one.company.code, one.day))
            kit = None
            if policy_id is not None and standing and standing.standing_id and standing.is_plain:
                name = (standing.standing_id, policy_id, one.terms_days)
                kit = quick_kits.find(*name)
                if kit is None:
                    missing[place] = name
            kits.append(kit)
        if missing:
            made = await self._prepared(set(missing.values()))
            for place, name in missing.items():
                kits[place] = made.get(name)
        return kits

    async def _prepared(self, missing: set[quick_kits.Name]) -> dict[quick_kits.Name, Kit]:
        policies_found = {policy: await self._policy(policy) for policy in {name[1] for name in missing}}
        standings = await _standings(self._line, {name[0] for name in missing})
        made = {}
        for name in missing:
            if name[0] in standings:
                customer_id, document = standings[name[0]]
                made[name] = quick_kits.prepare(
                    name,
                    standing_id=UUID(name[0]),
                    customer_id=customer_id,
                    document=document,
                    policy=policies_found[name[1]],
                )
        return made

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


async def _standings(line: Line, wanted: set[str]) -> dict[str, tuple[UUID, dict[str, Any]]]:
    identifiers = binary.uuids([UUID(one).bytes for one in wanted])
    (rows,) = await line.run((_STANDINGS, (identifiers,)))
    return {name: (customer_id, json.loads(document)) for name, customer_id, document in rows}
