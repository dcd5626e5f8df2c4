"""What cash cures in the transaction that books it: freezes and marks are lifted, held orders looked at again.

The events of the booking are answered all the same, a moment later: for those whom it does not reach at once (members of
the same levels, long files), and for alerts and ratings. What was done at once is found done there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db import OperationalError

from tradecredit.apps.collections import locks
from tradecredit.apps.dossier import parties
from tradecredit.apps.monitoring import queries as monitoring
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.orders import stopped
from tradecredit.core.kernel.refusal import UnableToError
from tradecredit.flows.orders import paying, recheck_held_orders
from tradecredit.flows.watch import run_dunning, sync_freezes
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.access import Actor

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.plumbing.access.models import Company

# Technical: a booking for more customers than these is a file; whoever waits for it waits for its events as well.
_CUSTOMERS_MAX: Final = 20
_ACTOR: Final = Actor.system("cash")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cured:
    """A customer for whom something was settled."""

    company: Company
    customer_id: UUID


def cure(*, company: Company, customer_ids: Iterable[UUID]) -> None:
    """Have the customers looked at when the flow around has recorded everything; see Note [Acts at the end]."""
    db.act_at_end(
        sink=_look,
        items=[_Cured(company=company, customer_id=one) for one in dict.fromkeys(customer_ids)],
    )


def _look(cured: Sequence[_Cured]) -> None:
    by_company: dict[UUID, tuple[Company, dict[UUID, None]]] = {}
    for one in cured:
        by_company.setdefault(one.company.pk, (one.company, {}))[1][one.customer_id] = None
    for company, customers in by_company.values():
        if len(customers) <= _CUSTOMERS_MAX:
            _cure(company, list(customers))


def _cure(company: Company, customer_ids: Collection[UUID]) -> None:
    day = clock.today(company)
    try:
        with db.unit_of_work(_ACTOR):
            _lift(company, customer_ids, day)
            _recheck(company, _alone(company, customer_ids), day)
    except (UnableToError, OperationalError):
        # A policy or a row that cannot be had now: the cash is booked all the same, and the events come back to it.
        return


def _lift(company: Company, customer_ids: Collection[UUID], day: date) -> None:
    """Lift what is cured, unless a dunning run is at it: waiting for that run here could be waiting in a ring."""
    frozen = monitoring.active_freezes(
        company_id=company.pk, customer_ids=customer_ids, as_of=day, cause=sync_freezes.CAUSE
    )
    marked = monitoring.active_marks(
        company_id=company.pk, customer_ids=customer_ids, as_of=day, cause=sync_freezes.CAUSE
    )
    if (frozen or marked) and locks.try_lock_company(company.pk):
        run_dunning.settle_standings(
            company=company, as_of=day, actor=_ACTOR, customer_ids=customer_ids, is_lifting_only=True
        )


def _alone(company: Company, customer_ids: Collection[UUID]) -> list[UUID]:
    """Return those whose orders stand in their own account, which the booking holds: no other one is locked here."""
    paid_by_others = {
        customer
        for customer, _ in parties.ever_of(
            customer_ids=customer_ids, company_id=company.pk, roles=paying.ROLES
        )
    }
    return [one for one in customer_ids if one not in paid_by_others]


def _recheck(company: Company, customer_ids: Collection[UUID], day: date) -> None:
    if orders.held_orders(company_id=company.pk, customer_ids=customer_ids, most=1):
        recheck_held_orders.recheck_held_orders(
            company=company, customer_ids=customer_ids, actor=_ACTOR, as_of=day, with_fellows=False
        )
    if stopped.held(company_id=company.pk, customer_ids=customer_ids, most=1):
        recheck_held_orders.recheck_held_deliveries(
            company=company, customer_ids=customer_ids, actor=_ACTOR, as_of=day
        )
