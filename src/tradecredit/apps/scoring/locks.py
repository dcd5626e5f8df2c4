"""Locks of ratings: one re-rating of a customer at a time, always in the order of identifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection

from tradecredit.plumbing import db, failpoints

if TYPE_CHECKING:
    from collections.abc import Iterable
    from uuid import UUID

_SEED = 20261123


def lock_customers(*, company_id: UUID, customer_ids: Iterable[UUID]) -> None:
    """Lock the customers' ratings in the company until the transaction ends.

    A rating is a new row each time, so that there is no row to lock before the first one.
    """
    db.transaction_required()
    if failpoints.is_switched_off("skip-lock"):
        return
    keys = sorted(f"rating:{company_id}:{customer}" for customer in customer_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended(key, %s))"
            " FROM (SELECT key FROM unnest(%s::text[]) AS key ORDER BY key) AS keys",
            [_SEED, keys],
        )
