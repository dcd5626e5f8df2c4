"""Emit an event in the transaction that causes it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tradecredit.plumbing import clock, db
from tradecredit.plumbing.outbox.models import Event
from tradecredit.plumbing.postgres import portions

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from uuid import UUID


def emit(
    *, name: str, company_id: UUID, payload: Mapping[str, Any], subject: UUID | str | None = None
) -> None:
    """Record one event; ``subject`` is the customer (or other thing) within which events keep their order."""
    emit_many(name=name, company_id=company_id, payloads=[(subject, payload)])


def emit_many(
    *, name: str, company_id: UUID, payloads: Iterable[tuple[UUID | str | None, Mapping[str, Any]]]
) -> None:
    """Record many events of one name with one statement."""
    db.transaction_required()
    told = list(payloads)
    portions.insert(
        Event,
        {
            "subject": ["" if subject is None else str(subject) for subject, _ in told],
            "payload": [
                {
                    key: value if isinstance(value, bool | int | list) else str(value)
                    for key, value in payload.items()
                }
                for _, payload in told
            ],
        },
        same={"name": name, "company_id": company_id, "emitted_at": clock.now()},
    )
