"""Decide a batch of plain orders over what was read of them: in their order, each seeing the room taken before it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.serializers.json import DjangoJSONEncoder

from tradecredit.core.approvals import routing
from tradecredit.core.decisions import compact, quick
from tradecredit.core.kernel import canonical
from tradecredit.core.kernel.money import Money
from tradecredit.core.kernel.outcome import Outcome
from tradecredit.flows.orders import decision_views
from tradecredit.flows.orders.decision_views import DecisionView, ReservationView
from tradecredit.plumbing import ids

if TYPE_CHECKING:
    from tradecredit.core.decisions.facts import CreditFacts
    from tradecredit.core.decisions.outcome import Decision
    from tradecredit.core.decisions.quick import Quick
    from tradecredit.flows.orders.quick_kits import Kit
    from tradecredit.plumbing.access.models import Company

_CREATED: Final = 201


class Asked(NamedTuple):
    """One new order that somebody with the right to ask wants checked and kept; ``amount`` in ten-thousandths."""

    company: Company
    customer: str
    reference: str
    amount: int
    currency: str
    terms_days: int | None
    day: date
    language: str
    scope: str
    key: str | None
    request_hash: str
    actor_id: UUID
    actor_name: str


class Read(NamedTuple):
    """What the database says of one order under the lock of its account; a row of ``order_checks_gather``.

    Identifiers are texts and amounts ten-thousandths, since nothing is done with them but to compare and return them.
    """

    place: int
    is_key_free: bool | None
    known_hash: str | None
    known_status: int | None
    known_answer: str | None
    is_order_known: bool
    account_id: str | None
    customer_id: str | None
    ordered: int
    delivered: int
    billed: int
    bill: int
    unapplied: int
    reserved: int
    standing_id: str | None
    is_plain: bool | None
    policy_version_id: str | None
    is_demo: bool | None


@dataclass(frozen=True, slots=True)
class Moment:
    """The moment of a batch in one company, and its text."""

    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered; ``is_replayed`` when it had been answered before."""

    status: int
    body: str
    is_replayed: bool = False


@dataclass(frozen=True, slots=True)
class Stale:
    """The account has no profile that counts: build it and ask again."""


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """Only the ordinary flow can decide this one."""


_STOPPED: Final = {Outcome.REJECT: "rejected"}
STALE: Final = Stale()
ELSEWHERE: Final = Elsewhere()

Settled = Answer | Stale | Elsewhere


@dataclass(slots=True, kw_only=True)
class Recorded:
    """One verdict to record with its order and the room that is kept."""

    id: str
    asked: Asked
    read: Read
    kit: Kit
    quick: Quick
    status: str
    reserved: int
    room_id: str | None
    expires_at: datetime
    failed: str | None
    order_id: str
    moment: Moment
    answer: str = ""
    question: dict[str, Any] | None = None


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
        if not _answer(one, balances):
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


def _answer(one: Recorded, balances: quick.Balances) -> bool:
    """Write the answer, as the ordinary flow would; False where the ordinary verdict is another one."""
    is_clear = one.quick.outcome is Outcome.APPROVE
    form = one.kit.forms.get(one.asked.language) if is_clear else None
    if form is not None:
        one.answer = form % _fields(one, balances)
        return True
    facts, decision = one.kit.full(reference=one.asked.reference, amount=one.asked.amount, balances=balances)
    failed = compact.failures(decision.results)
    if decision.outcome is not one.quick.outcome or len(failed) != len(one.quick.failed):
        return False
    one.failed = canonical.dumps(failed) if failed else None
    assert one.read.customer_id is not None  # noqa: S101 -- it has an account
    view = DecisionView(
        id=UUID(one.id),
        company_id=one.asked.company.pk,
        customer_id=UUID(one.read.customer_id),
        facts=facts,
        decision=decision,
        policy_name=one.kit.policy.stored.pack,
        policy_number=one.kit.policy.stored.number,
        is_committed=True,
        purpose="check",
        decided_at=one.moment.at,
        reservation=_room(one, facts.currency),
        order_id=UUID(one.order_id),
        order_status=one.status,
        approval_request_id=_question(one, facts=facts, decision=decision),
    )
    document = decision_views.as_document(view, language=one.asked.language)
    one.answer = _dump(document)
    if is_clear:
        one.kit.forms[one.asked.language] = _form(document)
    return True


def _room(one: Recorded, currency: str) -> ReservationView | None:
    if one.room_id is None:
        return None
    amount = Money(quick.amount(one.asked.amount), currency).rounded()
    return ReservationView(id=UUID(one.room_id), amount=amount, expires_at=one.expires_at, status="pending")


def _question(one: Recorded, *, facts: CreditFacts, decision: Decision) -> UUID | None:
    """Put the question to the people who may release the order, where policy names any; returns its identifier."""
    if not decision.deciders:
        return None
    route = routing.route_of(decision, facts=facts, authority=one.kit.policy.authority)
    (identifier,) = ids.new_texts(1)
    one.question = {
        "id": identifier,
        "decision_id": one.id,
        "account_id": one.read.account_id,
        "order_id": one.order_id,
        "kind": route.kind,
        "reference": one.asked.reference,
        "amount": f"{route.amount.amount:f}",
        "currency": route.amount.currency,
        "asked_by_id": str(one.asked.actor_id),
        "asked_by_name": one.asked.actor_name,
        "roles": list(route.roles),
        "mode": route.mode.value,
        "routing": canonical.dumps(route.as_dict()),
        "moment": one.moment.text,
    }
    return UUID(identifier)


def _form(document: dict[str, Any]) -> str:
    """Return the answer with places for what differs between orders that pass on the same standing."""
    places = {
        **document,
        **dict.fromkeys(
            ("id", "reference", "amount", "headroom_before", "headroom_after", "decided_at"), _PLACE
        ),
        "exposure": {**document["exposure"], **dict.fromkeys(compact.BALANCES, _PLACE)},
        "reservation": {**document["reservation"], **dict.fromkeys(("id", "amount"), _PLACE)},
    }
    text = _dump(places).replace("%", "%%")
    return text.replace(f'"{_PLACE}"', "%s")


_PLACE: Final = "\u241f"


def _fields(one: Recorded, balances: quick.Balances) -> tuple[str, ...]:
    """Return what differs, in the order in which an answer names it."""
    text, asked = one.kit.text, one.asked
    amount = text(asked.amount)
    before, after = one.quick.before, one.quick.after
    without = "unlimited"
    return (
        f'"{one.id}"',
        json.dumps(asked.reference, ensure_ascii=False),
        f'"{amount}"',
        f'"{without if before is None else text(before)}"',
        f'"{without if after is None else text(after)}"',
        f'"{text(balances.ordered)}"',
        f'"{text(balances.delivered)}"',
        f'"{text(balances.billed)}"',
        f'"{text(balances.bill)}"',
        f'"{text(balances.unapplied)}"',
        f'"{text(balances.reserved)}"',
        f'"{one.room_id}"',
        f'"{amount}"',
        f'"{one.moment.text}"',
    )


def _dump(document: dict[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, cls=DjangoJSONEncoder)
