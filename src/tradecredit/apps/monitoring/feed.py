"""The feed of alerts as people work it off: gravest first, with what waits for an answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.db.models import Case, Count, IntegerField, Q, Value, When

from tradecredit.apps.monitoring import queries
from tradecredit.apps.monitoring.models import Alert

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

    from django.db.models import QuerySet

STATES: Final = ("open", "late", "unconfirmed", "closed", "all")
_GRAVEST: Final = Case(
    When(level="red", then=Value(0)),
    When(level="orange", then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """How many alerts are open by level, late, unconfirmed, and of how many customers."""

    red: int
    orange: int
    yellow: int
    late: int
    unconfirmed: int
    customers: int

    @property
    def open(self) -> int:
        """Return how many are open."""
        return self.red + self.orange + self.yellow


def feed(
    *,
    company_id: UUID,
    now: datetime,
    state: str = "open",
    level: str = "",
    rule: str = "",
    limit: int = 100,
) -> Sequence[queries.StoredAlert]:
    """Return alerts of a state: open ones gravest first and newest within a level, others newest first."""
    rows = _of_state(Alert.objects.select_related("customer").filter(company_id=company_id), state, now)
    if level:
        rows = rows.filter(level=level)
    if rule:
        rows = rows.filter(rule=rule)
    order = ("-id",) if state in {"closed", "all"} else (_GRAVEST, "-id")
    return [queries.stored(row) for row in rows.order_by(*order)[:limit]]


def counts(*, company_id: UUID, now: datetime) -> Counts:
    """Return how many alerts wait, in one statement."""
    is_open = Alert.objects.filter(company_id=company_id, closed_at__isnull=True)
    found = is_open.aggregate(
        red=Count("id", filter=Q(level="red")),
        orange=Count("id", filter=Q(level="orange")),
        yellow=Count("id", filter=Q(level="yellow")),
        late=Count("id", filter=_late(now)),
        unconfirmed=Count("id", filter=_unconfirmed()),
        customers=Count("customer_id", distinct=True),
    )
    return Counts(**found)


def _of_state(rows: QuerySet[Alert], state: str, now: datetime) -> QuerySet[Alert]:
    match state:
        case "all":
            return rows
        case "closed":
            return rows.filter(closed_at__isnull=False)
        case "late":
            return rows.filter(_late(now), closed_at__isnull=True)
        case "unconfirmed":
            return rows.filter(_unconfirmed(), closed_at__isnull=True)
        case _:
            return rows.filter(closed_at__isnull=True)


def _late(now: datetime) -> Q:
    return Q(first_response_at__isnull=True, respond_by__lt=now)


def _unconfirmed() -> Q:
    return Q(wants_confirmation=True, confirmed_at__isnull=True)
