"""Decide plain orders over what was read of them: in their order, each seeing the room taken before it.

Several calls are decided one after the other. Of a call all orders are recorded or none: where one of them cannot be
answered here, the room that the others took is given back before the next call is looked at.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.orders import quick_answers, quick_reading
from tradecredit.flows.orders.quick_answers import Occasion
from tradecredit.flows.orders.quick_values import ELSEWHERE, STALE, Answer
from tradecredit.plumbing import clock
from tradecredit.plumbing.idempotency import packing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from tradecredit.core.decisions.quick import Balances
    from tradecredit.flows.orders.quick_kits import Kit
    from tradecredit.flows.orders.quick_reading import Key, Read, Standing
    from tradecredit.flows.orders.quick_values import Asked, Settled

_CREATED: Final = 201
_STATUS: Final = {
    one: "released" if one.lets_through else "rejected" if one is Outcome.REJECT else "held"
    for one in Outcome
}
_WORD: Final = {one: one.text for one in Outcome}


# One verdict to record, in the order in which ``order_checks_record`` takes its columns: identifier, account, standing,
# number, amount, room before, ceiling, reserved, terms asked and agreed, outcome, status, what failed, whether a demo's.
Row = tuple[
    bytes, bytes, bytes, str, int, int | None, int | None, int, int | None, int | None, str, str, str | None, bool
]  # fmt: skip


@dataclass(slots=True)
class Group:
    """What one person asked for in one company on one day: what its rows have in common, and the rows."""

    policy_bytes: bytes
    asked: Asked
    occasion: Occasion
    rows: list[Row] = field(default_factory=list)


@dataclass(slots=True)
class Sheet:
    """What is to be recorded of one batch; thrown away with it.

    ``kits`` are what was prepared for the standing, policy and terms of each check; ``ids`` are as many as checks.
    """

    read: Read
    kits: Sequence[Kit | None]
    ids: list[tuple[str, bytes]]
    groups: dict[tuple[str, str, date], Group] = field(default_factory=dict)
    answered: list[tuple[Asked, Answer]] = field(default_factory=list)
    documents: set[tuple[str, str]] = field(default_factory=set)
    # What each account had before an order of this sheet took room, latest last.
    _taken: list[tuple[Standing, Balances]] = field(default_factory=list)
    # When each group's orders are decided: one moment for all of them, in whichever call they came.
    _moments: dict[tuple[str, str, date], Occasion] = field(default_factory=dict)

    def settle_call(self, start: int, call: Sequence[Asked]) -> Settled:
        """Answer a call of many orders under the key of its first, all or none; ``start`` is the place of that one."""
        part = Sheet(self.read, self.kits, self.ids, _moments=self._moments)
        settled = _whole([part.settle(place, one) for place, one in enumerate(call, start)])
        if not isinstance(settled, Answer) or settled.is_replayed:
            part._give_back()
            return settled
        if not self.documents.isdisjoint(part.documents):
            part._give_back()
            return ELSEWHERE
        self._add(part)
        if call[0].key is not None:
            self.answered.append((call[0], settled))
        return settled

    def _add(self, part: Sheet) -> None:
        self.documents |= part.documents
        for name, group in part.groups.items():
            ours = self.groups.setdefault(name, group)
            if ours is not group:
                ours.rows += group.rows
                ours.occasion.questions += group.occasion.questions

    def _give_back(self) -> None:
        for standing, balances in reversed(self._taken):
            standing.balances = balances

    def settle(self, place: int, asked: Asked) -> Settled:
        """Answer one order, noting what is to be recorded, or say that it cannot be answered here."""
        key = self.read.keys.get(place)
        if key is not None:
            return _answered_before(asked, key)
        policy_id = self.read.policies.get((asked.company.code, asked.day))
        document = (asked.company.code, asked.reference)
        if policy_id is None or place in self.read.known or document in self.documents:
            return ELSEWHERE
        standing = self.read.standings[place]
        if standing is None or standing.standing_id is None:
            return STALE
        if not standing.is_plain or standing.balances.bill:
            return ELSEWHERE
        kit = self.kits[place]
        answer = None if kit is None else self._decide(asked, standing, kit, policy_id)
        if answer is None:
            return ELSEWHERE
        self.documents.add(document)
        if asked.key is not None:
            self.answered.append((asked, answer))
        return answer

    def _decide(self, asked: Asked, standing: Standing, kit: Kit, policy_id: str) -> Answer | None:
        if not _is_theirs(asked, kit) or kit.prepared is None:
            return None
        balances = standing.balances
        found = kit.prepared.decide(asked.amount, balances)
        if found is None:
            return None
        group = self._group(asked, kit, policy_id)
        text, identifier = self.ids.pop()
        written = quick_answers.write(
            identifier=text, asked=asked, standing=standing, kit=kit, found=found, occasion=group.occasion
        )
        if written is None:
            return None
        status, outcome = _STATUS[found.outcome], _WORD[found.outcome]
        body, failed = written
        group.rows.append(
            (
                identifier, standing.account.id, kit.standing_bytes, asked.reference, asked.amount, found.before,
                found.ceiling, balances.reserved, asked.terms_days, kit.agreed_terms, outcome, status, failed,
                standing.account.is_demo,
            )
        )  # fmt: skip
        if status == "released":
            self._taken.append((standing, balances))
            standing.balances = balances.taking(asked.amount)
        return Answer(_CREATED, body)

    def _group(self, asked: Asked, kit: Kit, policy_id: str) -> Group:
        name = (asked.company.code, asked.scope, asked.day)
        found = self.groups.get(name)
        if found is None:
            known = self._moments.get(name)
            if known is None:
                at = clock.moment_in(asked.company)
                known = self._moments[name] = Occasion(at, at.isoformat(), _expiry(asked, kit))
            occasion = Occasion(known.at, known.text, known.expires_at)
            found = self.groups[name] = Group(UUID(policy_id).bytes, asked, occasion)
        return found


def _answered_before(asked: Asked, key: Key) -> Settled:
    """Return the stored answer of a key that was used, and leave what contradicts it to the ordinary flow."""
    if not key.is_free or key.answer is None or key.request_hash != asked.request_hash:
        return ELSEWHERE
    return Answer(key.status or _CREATED, packing.unpacked(key.answer), is_replayed=True)


def _whole(settled: Sequence[Settled]) -> Settled:
    """Return one answer for all of a call, or the reason why there is none."""
    first = settled[0]
    if isinstance(first, Answer) and first.is_replayed:
        return first
    bodies = [one.body for one in settled if isinstance(one, Answer)]
    if len(bodies) == len(settled):
        return Answer(_CREATED, f'{{"results": [{", ".join(bodies)}]}}')
    return ELSEWHERE if any(one is ELSEWHERE for one in settled) else STALE


def _is_theirs(asked: Asked, kit: Kit) -> bool:
    """Tell whether the account is still that of the customer with the code, in that company."""
    if kit.customer_code == asked.customer and kit.company_code == asked.company.code:
        return True
    quick_reading.forget(asked)
    return False


def _expiry(asked: Asked, kit: Kit) -> datetime:
    day = asked.day + timedelta(days=kit.policy.control.reservation_days)
    return datetime.combine(day, time(), tzinfo=ZoneInfo(asked.company.time_zone))
