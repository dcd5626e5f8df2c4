"""Decide a batch of plain orders over what was read of them: in their order, each seeing the room taken before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from tradecredit.core.decisions import quick
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.orders import quick_answers
from tradecredit.flows.orders.quick_values import (
    ELSEWHERE,
    Answer,
    Asked,
    Moment,
    Read,
    Recorded,
    Settled,
)
from tradecredit.plumbing import ids

if TYPE_CHECKING:
    from uuid import UUID

    from tradecredit.flows.orders.quick_kits import Kit

_CREATED: Final = 201
_STOPPED: Final = {Outcome.REJECT: "rejected"}


@dataclass(slots=True)
class Sheet:
    """The running count of one batch and what is to be recorded of it; thrown away with it."""

    taken: dict[str, int] = field(default_factory=dict)
    documents: set[tuple[UUID, str]] = field(default_factory=set)
    recorded: list[Recorded] = field(default_factory=list)

    def settle(self, asked: Asked, read: Read, kit: Kit | None, *, moment: Moment) -> Settled:
        """Answer one order, noting what is to be recorded, or say that it cannot be answered here."""
        before = _answered_before(asked, read)
        if before is not None:
            return before
        if kit is None or kit.prepared is None or not _is_plain(asked, read, kit):
            return ELSEWHERE
        document = (asked.company.pk, asked.reference)
        if document in self.documents:
            return ELSEWHERE
        found = self._decide(asked, read, kit, moment=moment)
        if found is None:
            return ELSEWHERE
        self.documents.add(document)
        self.recorded.append(found)
        return Answer(_CREATED, found.answer)

    def _decide(self, asked: Asked, read: Read, kit: Kit, *, moment: Moment) -> Recorded | None:
        assert kit.prepared is not None and read.account_id is not None  # noqa: S101, PT018 -- asked before
        taken = self.taken.get(read.account_id, 0)
        balances = _balances(read, taken=taken)
        found = kit.prepared.decide(asked.amount, balances)
        if found is None:
            return None
        passes = found.outcome.lets_through
        identifier, room_id, order_id = ids.new_texts(3)
        one = Recorded(
            id=identifier,
            asked=asked,
            read=read,
            kit=kit,
            quick=found,
            status="released" if passes else _STOPPED.get(found.outcome, "held"),
            reserved=balances.reserved,
            room_id=room_id if passes else None,
            expires_at=_expiry(asked, kit),
            failed=None,
            order_id=order_id,
            moment=moment,
        )
        if not quick_answers.write(one, balances):
            return None
        if passes:
            self.taken[read.account_id] = taken + asked.amount
        return one


def _answered_before(asked: Asked, read: Read) -> Settled | None:
    """Return the stored answer of a key that was used, and leave what contradicts it to the ordinary flow."""
    if asked.key is None:
        return None
    if not read.is_key_free:
        return ELSEWHERE
    if read.known_hash is None:
        return None
    if read.known_hash != asked.request_hash:
        return ELSEWHERE
    return Answer(read.known_status or _CREATED, read.known_answer or "", is_replayed=True)


def _is_plain(asked: Asked, read: Read, kit: Kit) -> bool:
    """Tell whether nothing is known of the order, and nothing about its account is out of the ordinary."""
    return (
        not read.is_order_known
        and bool(read.is_plain)
        and not read.bill
        and kit.facts.customer.code == asked.customer
        and kit.facts.request.company == asked.company.code
    )


def _balances(read: Read, *, taken: int) -> quick.Balances:
    return quick.Balances(
        read.ordered, read.delivered, read.billed, read.bill, read.unapplied, read.reserved + taken
    )


def _expiry(asked: Asked, kit: Kit) -> datetime:
    if kit.expires_at is None:
        kit.expires_at = _expiry_of(asked, kit)
    return kit.expires_at


def _expiry_of(asked: Asked, kit: Kit) -> datetime:
    day = asked.day + timedelta(days=kit.policy.control.reservation_days)
    return datetime.combine(day, time(), tzinfo=ZoneInfo(asked.company.time_zone))
