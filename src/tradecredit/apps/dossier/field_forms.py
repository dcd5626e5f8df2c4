"""The forms of a company's own fields: read and recorded."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.dossier.models import FieldForm
from tradecredit.core.dossier import own_fields
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from uuid import UUID

    from tradecredit.core.dossier.own_fields import OwnField
    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class FormRecord:
    """One recorded form of a type of customer (empty: all)."""

    customer_type: str
    document: Mapping[str, Any]
    fields: tuple[OwnField, ...]
    reason: str
    recorded_at: datetime
    recorded_by: str


def latest(*, company_id: UUID, known_at: datetime | None = None) -> tuple[FormRecord, ...]:
    """Return the form of each type that counts, as known at the moment; the form for all comes first."""
    rows = FieldForm.objects.filter(company_id=company_id)
    if known_at is not None:
        rows = rows.filter(recorded_at__lte=known_at)
    newest = rows.order_by("customer_type", "-recorded_at", "-id").distinct("customer_type")
    return tuple(
        FormRecord(
            customer_type=row.customer_type,
            document=row.document,
            fields=own_fields.parse(row.document),
            reason=row.reason,
            recorded_at=row.recorded_at,
            recorded_by=row.recorded_by,
        )
        for row in newest
    )


def fields_of(
    *, company_id: UUID, customer_type: str | None = None, known_at: datetime | None = None
) -> tuple[OwnField, ...]:
    """Return the fields that are asked of a type of customer (None: of any type)."""
    return own_fields.merged(
        form.fields
        for form in latest(company_id=company_id, known_at=known_at)
        if customer_type is None or form.customer_type in ("", customer_type)
    )


def record(
    *, company_id: UUID, customer_type: str, document: Mapping[str, Any], reason: str, actor: Actor
) -> None:
    """Append the form; it counts from now on, what was written before stays."""
    db.transaction_required()
    FieldForm.objects.create(
        company_id=company_id,
        customer_type=customer_type,
        document=dict(document),
        reason=reason,
        recorded_at=clock.now(),
        recorded_by=actor.name,
    )
