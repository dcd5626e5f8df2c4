"""Write alerts, freezes and marks, and lift them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db.models import F

from tradecredit.apps.monitoring.models import Alert, DayClosed, Freeze, RiskMark
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db
from tradecredit.plumbing.ids import new_id

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSwitch:
    """A freeze (with its scope) or a risk mark (without) to set."""

    customer_id: UUID
    cause: str
    words: Words
    scope: str = ""
    currency: str = ""
    ends_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAlert:
    """An alert to raise; the key makes it exist once."""

    customer_id: UUID
    rule: str
    level: str
    words: Words
    facts: Mapping[str, str]
    dedupe_key: str
    phase: str = "in_trade"
    plan: str = ""
    wants_confirmation: bool = False
    respond_within_hours: int = 24


def raise_alerts(
    *, company_id: UUID, policy_version_id: UUID, raised_on: date, alerts: Sequence[NewAlert]
) -> Mapping[str, UUID]:
    """Record alerts; one whose key is known is left out. Returns the identifiers made, by key."""
    db.transaction_required()
    moment = clock.now()
    rows = [
        Alert(
            id=new_id(),
            company_id=company_id,
            customer_id=alert.customer_id,
            rule=alert.rule,
            level=alert.level,
            text_zh=alert.words.zh,
            text_en=alert.words.en,
            facts=canonical.dumps(dict(alert.facts)),
            dedupe_key=alert.dedupe_key,
            policy_version_id=policy_version_id,
            raised_on=raised_on,
            created_at=moment,
            phase=alert.phase,
            plan=alert.plan,
            wants_confirmation=alert.wants_confirmation,
            respond_by=moment + timedelta(hours=alert.respond_within_hours),
        )
        for alert in alerts
    ]
    if not rows:
        return {}
    Alert.objects.bulk_create(rows, ignore_conflicts=True)
    made = Alert.objects.filter(pk__in=[row.pk for row in rows])
    return dict(made.values_list("dedupe_key", "id"))


def close_alert(*, alert_id: UUID, response: str, is_false_alarm: bool, closed_by: str) -> bool:
    """Close an alert with its response; tells whether it was open."""
    db.transaction_required()
    moment = clock.now()
    open_one = Alert.objects.select_for_update().filter(pk=alert_id, closed_at__isnull=True).first()
    if open_one is None:
        return False
    open_one.response = response
    open_one.is_false_alarm = is_false_alarm
    open_one.closed_at = moment
    open_one.closed_by = closed_by
    open_one.first_response_at = open_one.first_response_at or moment
    open_one.save(update_fields=["response", "is_false_alarm", "closed_at", "closed_by", "first_response_at"])
    return True


def freeze(*, company_id: UUID, frozen_on: date, switches: Sequence[NewSwitch], created_by: str) -> int:
    """Freeze what is not frozen for that cause yet; returns how many switches were offered."""
    db.transaction_required()
    moment = clock.now()
    Freeze.objects.bulk_create(
        [
            Freeze(
                company_id=company_id,
                customer_id=switch.customer_id,
                scope=switch.scope,
                cause=switch.cause,
                currency=switch.currency,
                text_zh=switch.words.zh,
                text_en=switch.words.en,
                frozen_on=frozen_on,
                ends_on=switch.ends_on,
                created_at=moment,
                created_by=created_by,
            )
            for switch in switches
        ],
        ignore_conflicts=True,
    )
    return len(switches)


def lift_freezes(*, ids: Collection[UUID], lifted_on: date, because: str) -> int:
    """Lift freezes that are on; returns how many were."""
    db.transaction_required()
    if not ids:
        return 0
    rows = Freeze.objects.filter(pk__in=ids, lifted_on__isnull=True)
    return rows.update(lifted_on=lifted_on, lifted_because=because)


def end_freezes(*, company_id: UUID, day: date) -> list[UUID]:
    """Lift the freezes whose own end has come; returns their customers."""
    db.transaction_required()
    rows = Freeze.objects.filter(company_id=company_id, lifted_on__isnull=True, ends_on__lte=day)
    customers = sorted(set(rows.values_list("customer_id", flat=True)), key=str)
    rows.update(lifted_on=F("ends_on"), lifted_because="its days are over")
    return customers


def mark(*, company_id: UUID, marked_on: date, switches: Sequence[NewSwitch], created_by: str) -> int:
    """Mark customers as high risk who are not marked for that cause yet."""
    db.transaction_required()
    moment = clock.now()
    RiskMark.objects.bulk_create(
        [
            RiskMark(
                company_id=company_id,
                customer_id=switch.customer_id,
                cause=switch.cause,
                text_zh=switch.words.zh,
                text_en=switch.words.en,
                marked_on=marked_on,
                created_at=moment,
                created_by=created_by,
            )
            for switch in switches
        ],
        ignore_conflicts=True,
    )
    return len(switches)


def lift_marks(*, ids: Collection[UUID], lifted_on: date, because: str) -> int:
    """Lift risk marks that are on; returns how many were."""
    db.transaction_required()
    if not ids:
        return 0
    rows = RiskMark.objects.filter(pk__in=ids, lifted_on__isnull=True)
    return rows.update(lifted_on=lifted_on, lifted_because=because)


def close_day(*, company_id: UUID, day: date, report: Mapping[str, int]) -> None:
    """Record that a day was closed; the database refuses to close it twice."""
    db.transaction_required()
    DayClosed.objects.create(
        company_id=company_id, day=day, report=canonical.dumps(dict(report)), closed_at=clock.now()
    )
