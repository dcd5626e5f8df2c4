"""What quick checks speak in: what is asked, what was read of it, how it is settled, what is to be recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.decisions.quick import Quick
    from tradecredit.flows.orders.quick_kits import Kit
    from tradecredit.plumbing.access.models import Company


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
