"""What quick checks speak in: what is asked, what was read of it, how it is settled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from datetime import date
    from uuid import UUID

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


class Account(NamedTuple):
    """An account as its customer's code and the currency find it; that never changes, so it may be remembered."""

    id: bytes
    is_demo: bool


@dataclass(slots=True)
class Form:
    """The answer to orders that pass on one standing: its constant parts, and the stages it was filled with last."""

    parts: tuple[str, ...]
    stages: tuple[int, ...] = ()
    middle: str = ""


class Answer(NamedTuple):
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
