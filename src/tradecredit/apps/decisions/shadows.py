"""Write and read shadows: policies that are asked beside the live one, and what they said."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Count, F, Q

from tradecredit.apps.decisions.trial_models import PolicyShadow, ShadowVerdict
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db, ids

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredShadow:
    """A shadow as it stands; it runs until it has ended."""

    id: UUID
    company_id: UUID
    title: str
    draft_id: UUID | None
    document: Mapping[str, Any]
    share: int
    started_by_name: str
    started_at: datetime
    ended_at: datetime | None
    ended_by_name: str

    @property
    def is_running(self) -> bool:
        """Tell whether it is still asked."""
        return self.ended_at is None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShadowTally:
    """How often a shadow was asked, and how often it would have gone the other way."""

    asked: int = 0
    differed: int = 0
    newly_held: int = 0
    newly_released: int = 0

    @property
    def flipped(self) -> int:
        """Return how many documents would have gone the other way."""
        return self.newly_held + self.newly_released

    @property
    def agreement_percent(self) -> str:
        """Return in how many of a hundred it let through what was let through, to a tenth; nothing asked is a dash."""
        if not self.asked:
            return "–"
        tenths = (self.asked - self.flipped) * 1000 // self.asked
        return f"{tenths // 10}.{tenths % 10}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidOf:
    """What a shadow would have said of one decision."""

    shadow_id: UUID
    customer_id: UUID
    decision_id: UUID
    reference: str
    live: str
    said: str
    is_flipped: bool
    newly_against: tuple[str, ...] = ()
    no_longer_against: tuple[str, ...] = ()
    recorded_at: datetime | None = None


def start(
    *, company_id: UUID, title: str, document: Mapping[str, Any], share: int, draft_id: UUID | None, actor: Actor
) -> StoredShadow:  # fmt: skip
    """Begin to ask a policy beside the live one."""
    db.transaction_required()
    return _stored(
        PolicyShadow.objects.create(
            company_id=company_id,
            title=title,
            draft_id=draft_id,
            document=canonical.dumps(dict(document)),
            share=share,
            started_by_id=actor.user_id,
            started_by_name=actor.name,
            started_at=clock.now(),
        )
    )


def end(shadow_id: UUID, *, actor: Actor) -> bool:
    """Ask a shadow no more; tells whether it was running."""
    db.transaction_required()
    rows = PolicyShadow.objects.filter(pk=shadow_id, ended_at__isnull=True)
    return rows.update(ended_at=clock.now(), ended_by_name=actor.name) == 1


def by_id(shadow_id: UUID) -> StoredShadow | None:
    """Return a shadow in scope."""
    row = PolicyShadow.objects.filter(pk=shadow_id).first()
    return None if row is None else _stored(row)


def listed(*, company_id: UUID, is_running: bool | None = None) -> Sequence[StoredShadow]:
    """Return the company's shadows, the latest first."""
    rows = PolicyShadow.objects.filter(company_id=company_id)
    if is_running is not None:
        rows = rows.filter(ended_at__isnull=is_running)
    return [_stored(row) for row in rows.order_by("-started_at", "-pk")]


def record(company_id: UUID, said: Sequence[SaidOf]) -> None:
    """Append what shadows said; what is recorded already stays as it is."""
    db.transaction_required()
    moment = clock.now()
    ShadowVerdict.objects.bulk_create(
        [
            ShadowVerdict(
                pk=ids.new_id(),
                company_id=company_id,
                shadow_id=one.shadow_id,
                customer_id=one.customer_id,
                decision_id=one.decision_id,
                reference=one.reference,
                live=one.live,
                said=one.said,
                is_flipped=one.is_flipped,
                newly_against="\n".join(one.newly_against),
                no_longer_against="\n".join(one.no_longer_against),
                recorded_at=moment,
            )
            for one in said
        ],
        ignore_conflicts=True,
    )


def tally(shadow_id: UUID) -> ShadowTally:
    """Return how a shadow agreed with the live policy so far."""
    through = Q(live__in=("approve", "warn"))
    found = ShadowVerdict.objects.filter(shadow_id=shadow_id).aggregate(
        asked=Count("pk"),
        agreed=Count("pk", filter=Q(live=F("said"))),
        newly_held=Count("pk", filter=Q(is_flipped=True) & through),
        newly_released=Count("pk", filter=Q(is_flipped=True) & ~through),
    )
    return ShadowTally(
        asked=found["asked"],
        differed=found["asked"] - found["agreed"],
        newly_held=found["newly_held"],
        newly_released=found["newly_released"],
    )


def flipped(shadow_id: UUID, *, most: int = 50) -> Sequence[SaidOf]:
    """Return the documents that would have gone the other way, the latest first."""
    rows = ShadowVerdict.objects.filter(shadow_id=shadow_id, is_flipped=True)
    return [
        SaidOf(
            shadow_id=row.shadow_id,
            customer_id=row.customer_id,
            decision_id=row.decision_id,
            reference=row.reference,
            live=row.live,
            said=row.said,
            is_flipped=True,
            newly_against=tuple(row.newly_against.split()),
            no_longer_against=tuple(row.no_longer_against.split()),
            recorded_at=row.recorded_at,
        )
        for row in rows.order_by("-recorded_at", "-pk")[:most]
    ]


def _stored(row: PolicyShadow) -> StoredShadow:
    return StoredShadow(
        id=row.pk,
        company_id=row.company_id,
        title=row.title,
        draft_id=row.draft_id,
        document=json.loads(row.document),
        share=row.share,
        started_by_name=row.started_by_name,
        started_at=row.started_at,
        ended_at=row.ended_at,
        ended_by_name=row.ended_by_name,
    )
