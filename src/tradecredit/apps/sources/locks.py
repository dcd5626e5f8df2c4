"""Locks of the room: a file is taken back by one person at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.plumbing import db

if TYPE_CHECKING:
    from uuid import UUID


def lock_file(file_id: UUID) -> None:
    """Let nobody else take this file back until the transaction ends."""
    db.transaction_required()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 20261125))", [f"file:{file_id}"])
