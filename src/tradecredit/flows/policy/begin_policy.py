"""What a version of the policy changes is felt from its first day: held documents are looked at again, scores made anew.

What was decided stays as it was decided; orders that were released go on. A version of today begins when it is
published, one of a later day when that day is closed.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from tradecredit.apps.decisions import policies
from tradecredit.apps.decisions.policies import UnableToFindPolicyError
from tradecredit.apps.dossier.models import Customer
from tradecredit.apps.orders import queries as orders
from tradecredit.apps.orders import stopped
from tradecredit.plumbing import db
from tradecredit.plumbing.outbox import events

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.policies import StoredPolicy

# A change in one of these sections gives customers another score or grade.
_SCORING: Final = ("scorecard", "grades")
_A_DAY: Final = timedelta(days=1)
_EVERY: Final = 1_000_000


def begin(*, before: StoredPolicy, now: StoredPolicy) -> None:
    """Put down, in the caller's transaction, whom the version concerns; the rest follows as events."""
    db.transaction_required()
    if any(before.document.get(name) != now.document.get(name) for name in _SCORING):
        customers = Customer.objects.filter(company_ids__contains=[now.company_id])
        _tell("policy.rescored", now, customers.order_by("pk").values_list("pk", flat=True))
    held = {one.customer_id for one in orders.held_orders(company_id=now.company_id, most=_EVERY)}
    held |= {one.customer_id for one in stopped.held(company_id=now.company_id, most=_EVERY)}
    _tell("policy.began", now, sorted(held))


def begin_due(*, company_id: UUID, since: date, as_of: date) -> int:
    """Begin the versions whose first day came after ``since``, published before it; returns how many."""
    due = [
        version
        for version in reversed(policies.versions(company_id=company_id))
        if since < version.valid_from <= as_of
        and version.recorded_at.date() < version.valid_from
        and _is_in_force(version)
    ]
    for version in due:
        before = _before(version)
        if before is not None:
            begin(before=before, now=version)
    return len(due)


def _is_in_force(version: StoredPolicy) -> bool:
    """Tell whether the version holds on its first day: one published later may have taken its place."""
    return policies.in_force(company_id=version.company_id, as_of=version.valid_from).id == version.id


def _before(version: StoredPolicy) -> StoredPolicy | None:
    try:
        return policies.in_force(company_id=version.company_id, as_of=version.valid_from - _A_DAY)
    except UnableToFindPolicyError:
        return None


def _tell(name: str, version: StoredPolicy, customer_ids: Iterable[UUID]) -> None:
    events.emit_many(
        name=name,
        company_id=version.company_id,
        payloads=[(one, {"customer_id": one, "policy": version.number}) for one in customer_ids],
    )
