"""Alerts, freezes and risk marks in force, as values."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

from tradecredit.apps.monitoring.models import Alert, DayClosed, Freeze, RiskMark
from tradecredit.core.kernel.reasons import Words
from tradecredit.core.monitoring import cooldown, triggers

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date, datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveFreeze:
    """A switch that is on: what is frozen, since when and why."""

    id: UUID
    customer_id: UUID
    scope: str
    cause: str
    words: Words
    frozen_on: date
    currency: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ActiveMark:
    """A risk mark that is on."""

    id: UUID
    customer_id: UUID
    cause: str
    words: Words
    marked_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAlert:
    """An alert with the facts that fired it and what was answered."""

    id: UUID
    company_id: UUID
    customer_id: UUID
    customer_code: str
    customer_name: str
    rule: str
    level: str
    words: Words
    facts: Mapping[str, str]
    raised_on: date
    created_at: datetime
    first_response_at: datetime | None
    response: str
    is_false_alarm: bool
    closed_at: datetime | None
    closed_by: str
    phase: str
    plan: str
    respond_by: datetime | None
    wants_confirmation: bool
    confirmed_at: datetime | None
    confirmed_by: str

    @property
    def waits_for_confirmation(self) -> bool:
        """Tell whether somebody has to say first that it is true."""
        return self.wants_confirmation and self.confirmed_at is None and self.closed_at is None

    def was_answered_in_time(self, now: datetime) -> bool | None:
        """Tell whether a person responded in time; None while there is time left or where no time was set."""
        if self.respond_by is None:
            return None
        if self.first_response_at is not None:
            return self.first_response_at <= self.respond_by
        return None if now <= self.respond_by else False


def active_freezes(
    *, company_id: UUID, customer_ids: Collection[UUID], as_of: date, cause: str | None = None
) -> Mapping[UUID, Sequence[ActiveFreeze]]:
    """Return by customer what is frozen on the day; customers without a freeze are absent."""
    rows = Freeze.objects.filter(
        Q(lifted_on__isnull=True) | Q(lifted_on__gt=as_of),
        Q(ends_on__isnull=True) | Q(ends_on__gt=as_of),
        company_id=company_id,
        customer_id__in=customer_ids,
        frozen_on__lte=as_of,
    )
    if cause is not None:
        rows = rows.filter(cause=cause)
    found: defaultdict[UUID, list[ActiveFreeze]] = defaultdict(list)
    for row in rows.order_by("frozen_on", "scope", "cause"):
        found[row.customer_id].append(_active(row))
    return found


def freeze(freeze_id: UUID) -> ActiveFreeze | None:
    """Return one freeze in scope that nobody has lifted."""
    row = Freeze.objects.filter(pk=freeze_id, lifted_on__isnull=True).first()
    return None if row is None else _active(row)


def frozen_customers(*, company_id: UUID, as_of: date) -> list[UUID]:
    """Return the customers with a freeze of any kind on the day."""
    rows = Freeze.objects.filter(
        Q(lifted_on__isnull=True) | Q(lifted_on__gt=as_of),
        Q(ends_on__isnull=True) | Q(ends_on__gt=as_of),
        company_id=company_id,
        frozen_on__lte=as_of,
    )
    return sorted(set(rows.values_list("customer_id", flat=True)), key=str)


def freezes_on(*, company_id: UUID, cause: str) -> tuple[ActiveFreeze, ...]:
    """Return every freeze of a cause that nobody has lifted, whoever it concerns."""
    rows = Freeze.objects.filter(company_id=company_id, cause=cause, lifted_on__isnull=True)
    return tuple(_active(row) for row in rows.order_by("frozen_on", "pk"))


def active_marks(
    *, company_id: UUID, customer_ids: Collection[UUID], as_of: date, cause: str | None = None
) -> Mapping[UUID, Sequence[ActiveMark]]:
    """Return by customer the risk marks on the day; customers without one are absent."""
    rows = RiskMark.objects.filter(
        Q(lifted_on__isnull=True) | Q(lifted_on__gt=as_of),
        company_id=company_id,
        customer_id__in=customer_ids,
        marked_on__lte=as_of,
    )
    if cause is not None:
        rows = rows.filter(cause=cause)
    found: defaultdict[UUID, list[ActiveMark]] = defaultdict(list)
    for row in rows.order_by("marked_on", "cause"):
        found[row.customer_id].append(
            ActiveMark(
                id=row.pk,
                customer_id=row.customer_id,
                cause=row.cause,
                words=Words(zh=row.text_zh, en=row.text_en),
                marked_on=row.marked_on,
            )
        )
    return found


def alerts(
    *,
    company_id: UUID | None = None,
    customer_id: UUID | None = None,
    is_open: bool | None = None,
    before: UUID | None = None,
    limit: int = 100,
) -> Sequence[StoredAlert]:
    """Return alerts in scope, newest first; ``before`` continues after the alert with that identifier."""
    rows = Alert.objects.select_related("customer").order_by("-id")
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    if customer_id is not None:
        rows = rows.filter(customer_id=customer_id)
    if is_open is not None:
        rows = rows.filter(closed_at__isnull=is_open)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    return [stored(row) for row in rows[:limit]]


def late_responses(*, company_id: UUID, before: datetime, limit: int = 1000) -> Sequence[StoredAlert]:
    """Return the open alerts that nobody answered until their time was over, the oldest first."""
    rows = Alert.objects.select_related("customer").filter(
        company_id=company_id, closed_at__isnull=True, first_response_at__isnull=True, respond_by__lt=before
    )
    return [stored(row) for row in rows.order_by("respond_by", "id")[:limit]]


def alert(alert_id: UUID) -> StoredAlert | None:
    """Return one alert, if it is in scope."""
    row = Alert.objects.select_related("customer").filter(pk=alert_id).first()
    return stored(row) if row else None


def earlier_alerts(
    *, company_id: UUID, customer_ids: Collection[UUID]
) -> Mapping[UUID, Sequence[cooldown.EarlierAlert]]:
    """Return by customer the latest alert of each rule, and every open one."""
    found: defaultdict[UUID, list[cooldown.EarlierAlert]] = defaultdict(list)
    rows = Alert.objects.filter(company_id=company_id, customer_id__in=customer_ids)
    wanted = rows.order_by("customer_id", "rule", "-raised_on", "-id").distinct("customer_id", "rule")
    columns = wanted.values_list(
        "customer_id", "rule", "raised_on", "closed_at", "facts", "wants_confirmation", "confirmed_at"
    )
    for customer, rule, raised_on, closed_at, facts, wants_confirmation, confirmed_at in columns:
        found[customer].append(
            cooldown.EarlierAlert(
                rule_code=rule,
                raised_date=raised_on,
                is_open=closed_at is None,
                facts=json.loads(facts),
                waits=wants_confirmation and confirmed_at is None,
            )
        )
    return found


def level_of(*, company_id: UUID, customer_ids: Collection[UUID]) -> Mapping[UUID, str]:
    """Return by customer the highest level of its open alerts; customers without one are absent."""
    found: defaultdict[UUID, list[triggers.Level]] = defaultdict(list)
    rows = Alert.objects.filter(company_id=company_id, customer_id__in=customer_ids, closed_at__isnull=True)
    for customer, level in rows.values_list("customer_id", "level"):
        found[customer].append(triggers.level_of(level))
    return {customer: max(levels).text for customer, levels in found.items()}


def closed_day(*, company_id: UUID, day: date) -> Mapping[str, int] | None:
    """Return the counts of a day that was closed, or None."""
    row = DayClosed.objects.filter(company_id=company_id, day=day).first()
    return json.loads(row.report) if row else None


def latest_closed_day(*, company_id: UUID) -> date | None:
    """Return the latest day that was closed."""
    return (
        DayClosed.objects.filter(company_id=company_id).order_by("-day").values_list("day", flat=True).first()
    )


def _active(row: Freeze) -> ActiveFreeze:
    return ActiveFreeze(
        id=row.pk,
        customer_id=row.customer_id,
        scope=row.scope,
        cause=row.cause,
        words=Words(zh=row.text_zh, en=row.text_en),
        frozen_on=row.frozen_on,
        currency=row.currency,
        ends_on=row.ends_on,
    )


def stored(row: Alert) -> StoredAlert:
    """Return a row as a value."""
    return StoredAlert(
        id=row.pk,
        company_id=row.company_id,
        customer_id=row.customer_id,
        customer_code=row.customer.code,
        customer_name=row.customer.name,
        rule=row.rule,
        level=row.level,
        words=Words(zh=row.text_zh, en=row.text_en),
        facts=json.loads(row.facts),
        raised_on=row.raised_on,
        created_at=row.created_at,
        first_response_at=row.first_response_at,
        response=row.response,
        is_false_alarm=row.is_false_alarm,
        closed_at=row.closed_at,
        closed_by=row.closed_by,
        phase=row.phase,
        plan=row.plan,
        respond_by=row.respond_by,
        wants_confirmation=row.wants_confirmation,
        confirmed_at=row.confirmed_at,
        confirmed_by=row.confirmed_by,
    )
