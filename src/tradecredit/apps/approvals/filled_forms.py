"""Forms of requests as they were filled in; the latest counts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.approvals.models import FilledForm
from tradecredit.core.kernel import canonical
from tradecredit.plumbing import clock, db

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from uuid import UUID

    from tradecredit.plumbing.access import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class FilledRecord:
    """The answers to a form, with the form as it was published then."""

    request_id: UUID
    form: Mapping[str, Any]
    answers: Mapping[str, str]
    actor_name: str
    filled_at: datetime


def fill(
    *, company_id: UUID, request_id: UUID, form: Mapping[str, Any], answers: Mapping[str, str], actor: Actor
) -> None:
    """Keep the answers to a form."""
    db.transaction_required()
    FilledForm.objects.create(
        company_id=company_id,
        request_id=request_id,
        form=canonical.dumps(dict(form)),
        answers=canonical.dumps(dict(answers)),
        actor_id=actor.user_id,
        actor_name=actor.name,
        filled_at=clock.now(),
    )


def latest(request_ids: Iterable[UUID]) -> dict[UUID, FilledRecord]:
    """Return the latest answers of each request that has any."""
    rows = FilledForm.objects.filter(request_id__in=set(request_ids)).order_by(
        "request_id", "-filled_at", "-pk"
    )
    return {
        row.request_id: FilledRecord(
            request_id=row.request_id,
            form=json.loads(row.form),
            answers=json.loads(row.answers),
            actor_name=row.actor_name,
            filled_at=row.filled_at,
        )
        for row in rows.distinct("request_id")
    }
