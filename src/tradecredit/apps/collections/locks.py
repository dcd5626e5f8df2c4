"""Locks of the room: one dunning run a company at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.plumbing import db

if TYPE_CHECKING:
    from uuid import UUID


def lock_company(company_id: UUID) -> None:
    """Wait for any other run over the company's letters and keep the next one out until the transaction ends."""
    db.transaction_required()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(%s, 20261123))", [f"dunning:{company_id}"]
        )


def try_lock_company(company_id: UUID) -> bool:
    """Take the same lock if nobody holds it, without waiting; tells whether it was free."""
    db.transaction_required()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 20261123))", [f"dunning:{company_id}"]
        )
        row = cursor.fetchone()
    return bool(row and row[0])
