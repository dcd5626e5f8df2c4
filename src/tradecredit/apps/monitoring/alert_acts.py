"""What was done about alerts: seen, confirmed, noted, closed; appended and never changed."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tradecredit.apps.monitoring.models import ActKind, Alert, AlertAct
from tradecredit.core.kernel.reasons import Words
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class NewAct:
    """One thing done about an alert; what the house does by itself is no response of a person."""

    alert_id: UUID
    kind: str
    words: Words
    is_by_person: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAct:
    """What was done, by whom and when."""

    kind: str
    words: Words
    is_by_person: bool
    acted_by: str
    recorded_at: datetime


def record(*, company_id: UUID, acts: Sequence[NewAct], acted_by: str) -> None:
    """Append the acts; a person's first one is the alert's first response."""
    db.transaction_required()
    moment = clock.now()
    AlertAct.objects.bulk_create(
        [
            AlertAct(
                company_id=company_id,
                alert_id=act.alert_id,
                kind=act.kind,
                text_zh=act.words.zh,
                text_en=act.words.en,
                is_by_person=act.is_by_person,
                acted_by=acted_by,
                recorded_at=moment,
            )
            for act in acts
        ]
    )
    answered = {act.alert_id for act in acts if act.is_by_person}
    if answered:
        Alert.objects.filter(pk__in=answered, first_response_at__isnull=True).update(first_response_at=moment)


def confirm(*, alert_id: UUID, confirmed_by: str) -> bool:
    """Confirm an open alert that wants it; tells whether it waited for that."""
    db.transaction_required()
    rows = Alert.objects.filter(
        pk=alert_id, closed_at__isnull=True, wants_confirmation=True, confirmed_at__isnull=True
    )
    return rows.update(confirmed_at=clock.now(), confirmed_by=confirmed_by) == 1


def has_seen(*, alert_id: UUID, person: str) -> bool:
    """Tell whether the person has said already that he or she saw the alert."""
    return AlertAct.objects.filter(alert_id=alert_id, kind=ActKind.SEEN, acted_by=person).exists()


def of_alerts(alert_ids: Collection[UUID]) -> Mapping[UUID, Sequence[StoredAct]]:
    """Return by alert what was done about it, in order; alerts about which nothing was done are absent."""
    found: defaultdict[UUID, list[StoredAct]] = defaultdict(list)
    for row in AlertAct.objects.filter(alert_id__in=alert_ids).order_by("recorded_at", "id"):
        found[row.alert_id].append(
            StoredAct(
                kind=row.kind,
                words=Words(zh=row.text_zh, en=row.text_en),
                is_by_person=row.is_by_person,
                acted_by=row.acted_by,
                recorded_at=row.recorded_at,
            )
        )
    return found
