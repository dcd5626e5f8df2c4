"""Locks of the room: one dunning run a company at a time; while a letter leaves, nothing lands that keeps it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

from tradecredit.plumbing import db, failpoints

if TYPE_CHECKING:
    from collections.abc import Collection
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


def hold_for_sending(customer_ids: Collection[UUID]) -> frozenset[UUID]:
    """Keep payments, disputes and promises of the customers from landing until the transaction ends.

    Returns for whom that was possible at once; a customer for whom something is just landing is left for the next
    turn, so that the sender never waits while others wait for it. Where all are busy the first is waited for; none is
    returned when that takes too long. The recorders' side is flows/collections/sql/send_gate.sql.
    """
    db.transaction_required()
    ids = sorted(set(customer_ids), key=str)
    if not ids or failpoints.is_switched_off("skip-send-gate"):
        return frozenset(ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.id, pg_try_advisory_xact_lock(20261207, collections_place(c.id))"
            " FROM unnest(%s::uuid[]) AS c(id)",
            [ids],
        )
        held = frozenset(customer for customer, is_held in cursor.fetchall() if is_held)
    return held or _waited_for(ids[0])


def _waited_for(customer_id: UUID) -> frozenset[UUID]:
    try:
        with db.savepoint(), connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(20261207, collections_place(%s))", [customer_id])
    except OperationalError as error:
        if isinstance(error.__cause__, LockNotAvailable):
            return frozenset()
        raise
    return frozenset({customer_id})
