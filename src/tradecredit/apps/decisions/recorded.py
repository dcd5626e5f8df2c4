"""Walk the committed decisions of a company: the compact ones by their standing, the full ones by their time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import connection

from tradecredit.apps.decisions import queries
from tradecredit.apps.decisions.models import Decision

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision

_ROWS: Final = 5_000
_FULL: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which decisions: of days from ``since`` to ``until`` (both included), of these customers (None: of all)."""

    company_id: UUID
    since: date | None = None
    until: date | None = None
    customer_ids: frozenset[UUID] | None = None


class CompactRow(NamedTuple):
    """A compact decision: what it rests on by name, and its figures in ten-thousandths."""

    standing_id: str
    policy_version_id: str
    terms_days: int | None
    decision_id: str
    reference: str
    amount: int
    ordered: int
    delivered: int
    billed: int
    bill: int
    unapplied: int
    reserved: int


def count(which: Which) -> int:
    """Return how many decisions there are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM decisions_decision WHERE {_WHERE}", _values(which))
        return int(cursor.fetchone()[0])


def compact_rows(which: Which) -> Iterator[Sequence[tuple[Any, ...]]]:
    """Walk the compact decisions in chunks, those of one standing together; a row has the fields of `CompactRow`.

    The chunks come from a cursor that stays open, so that any number of rows takes the memory of one chunk.
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(_COMPACT, _values(which))
        while chunk := cursor.fetchmany(_ROWS):
            yield chunk


def full_decisions(which: Which) -> Iterator[StoredDecision]:
    """Walk the decisions that were recorded with their facts, oldest first."""
    rows = Decision.objects.filter(company_id=which.company_id, is_committed=True, standing_id__isnull=True)
    if which.since is not None:
        rows = rows.filter(as_of__gte=which.since)
    if which.until is not None:
        rows = rows.filter(as_of__lte=which.until)
    if which.customer_ids is not None:
        rows = rows.filter(customer_id__in=which.customer_ids)
    for row in rows.order_by("decided_at", "pk").iterator(chunk_size=_FULL):
        yield queries.stored(row)


def _values(which: Which) -> dict[str, Any]:
    customers = which.customer_ids
    return {
        "company": which.company_id,
        "since": which.since,
        "until": which.until,
        "customers": None if customers is None else list(customers),
    }


_WHERE: Final = """company_id = %(company)s AND is_committed
    AND (%(since)s::date IS NULL OR as_of >= %(since)s::date) AND (%(until)s::date IS NULL OR as_of <= %(until)s::date)
    AND (%(customers)s::uuid[] IS NULL OR customer_id = ANY(%(customers)s::uuid[]))"""
_COMPACT: Final = f"""
SELECT standing_id::text, policy_version_id::text, terms_days, id::text, reference, (amount * 10000)::bigint,
    (ordered * 10000)::bigint, (delivered * 10000)::bigint, (billed * 10000)::bigint, (bill * 10000)::bigint,
    (unapplied * 10000)::bigint, (reserved * 10000)::bigint
FROM decisions_decision WHERE standing_id IS NOT NULL AND {_WHERE}
ORDER BY standing_id, policy_version_id, terms_days
"""
