"""Decide a batch of plain orders over what was read of them: in their order, each seeing the room taken before it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from tradecredit.core.decisions.quick import Balances
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.orders import quick_answers, quick_reading
from tradecredit.flows.orders.quick_answers import Case, Occasion
from tradecredit.flows.orders.quick_values import ELSEWHERE, STALE, Answer
from tradecredit.plumbing import clock
from tradecredit.plumbing.idempotency import packing

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from tradecredit.flows.orders.quick_kits import Kit
    from tradecredit.flows.orders.quick_reading import Key, Read, Standing
    from tradecredit.flows.orders.quick_values import Asked, Settled

_CREATED: Final = 201
_STATUS: Final = {
    one: "released" if one.lets_through else "rejected" if one is Outcome.REJECT else "held"
    for one in Outcome
}
_WORD: Final = {one: one.text for one in Outcome}


class Row(NamedTuple):
    """One verdict to record, in the order in which ``order_checks_record`` takes its columns."""

    id: bytes
    account: bytes
    standing: bytes
    number: str
    amount: int
    before: int | None
    ceiling: int | None
    reserved: int
    term: int | None
    agreed: int | None
    outcome: str
    status: str
    failed: str | None
    is_demo: bool


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

    ``kit_of`` finds what was prepared for a standing, a policy and a length of terms; ``ids`` are as many as checks.
    """

    read: Read
    kit_of: Callable[[str, str, int | None], Kit | None]
    ids: list[tuple[str, bytes]]
    groups: dict[tuple[str, str, date], Group] = field(default_factory=dict)
    answered: list[tuple[Asked, Answer]] = field(default_factory=list)
    documents: set[tuple[str, str]] = field(default_factory=set)

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
        kit = self.kit_of(standing.standing_id, policy_id, asked.terms_days)
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
        written = quick_answers.write(Case(text, asked, standing, kit, found, group.occasion))
        if written is None:
            return None
        status, outcome = _STATUS[found.outcome], _WORD[found.outcome]
        body, failed = written
        group.rows.append(
            Row(
                identifier, standing.account.id, kit.standing_bytes, asked.reference, asked.amount, found.before,
                found.ceiling, balances.reserved, asked.terms_days, kit.agreed_terms, outcome, status, failed, standing.account.is_demo,
            )
        )  # fmt: skip
        if status == "released":
            ordered, delivered, billed, bill, unapplied, reserved = balances
            standing.balances = Balances(ordered, delivered, billed, bill, unapplied, reserved + asked.amount)
        return Answer(_CREATED, body)

    def _group(self, asked: Asked, kit: Kit, policy_id: str) -> Group:
        name = (asked.company.code, asked.scope, asked.day)
        found = self.groups.get(name)
        if found is None:
            at = clock.moment_in(asked.company)
            occasion = Occasion(at, at.isoformat(), _expiry(asked, kit))
            found = self.groups[name] = Group(UUID(policy_id).bytes, asked, occasion)
        return found


def _answered_before(asked: Asked, key: Key) -> Settled:
    """Return the stored answer of a key that was used, and leave what contradicts it to the ordinary flow."""
    if not key.is_free or key.answer is None or key.request_hash != asked.request_hash:
        return ELSEWHERE
    return Answer(key.status or _CREATED, packing.unpacked(key.answer), is_replayed=True)


def _is_theirs(asked: Asked, kit: Kit) -> bool:
    """Tell whether the account is still that of the customer with the code, in that company."""
    if kit.facts.customer.code == asked.customer and kit.facts.request.company == asked.company.code:
        return True
    quick_reading.forget(asked)
    return False


def _expiry(asked: Asked, kit: Kit) -> datetime:
    day = asked.day + timedelta(days=kit.policy.control.reservation_days)
    return datetime.combine(day, time(), tzinfo=ZoneInfo(asked.company.time_zone))
