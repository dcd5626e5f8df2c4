"""Walk the committed decisions of a company: the compact ones by their standing, the full ones by their time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.db import connection

from tradecredit.apps.decisions import queries
from tradecredit.apps.decisions.models import Decision
from tradecredit.core.decisions import compact
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from uuid import UUID

    from tradecredit.apps.decisions.queries import StoredDecision

_GROUPS: Final = 5_000
_PACKED: Final = 200
_FULL: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """Which decisions: of days from ``since`` to ``until`` (both included), of these customers (None: of all)."""

    company_id: UUID
    since: date | None = None
    until: date | None = None
    customer_ids: frozenset[UUID] | None = None


class Group(NamedTuple):
    """So many compact decisions that rest on the same: a standing, a policy version and terms."""

    standing_id: UUID
    policy_version_id: UUID
    terms_days: int | None
    orders: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a decision was about, for a list of decisions."""

    id: UUID
    reference: str
    amount: Money
    as_of: date


def count(which: Which) -> int:
    """Return how many decisions there are."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM decisions_decision WHERE {_WHERE}", _values(which))
        return int(cursor.fetchone()[0])


def groups(which: Which) -> Iterator[Sequence[Group]]:
    """Walk the compact decisions by what they rest on, in portions; without any decision itself."""
    # Not by a cursor of the database: that would keep it from counting with more than one process.
    with connection.cursor() as cursor:
        cursor.execute(_GROUPED, _values(which))
        while portion := cursor.fetchmany(_GROUPS):
            yield [Group(*row) for row in portion]


def packed_orders(which: Which, wanted: Sequence[Group]) -> Iterator[tuple[int, bytes]]:
    """Walk the decisions of groups: the place of each group with its decisions, packed one after the other.

    A decision takes 72 bytes: 16 of its identifier, then the amount and the six balances in ten-thousandths (eight
    bytes each, the highest first), in the order of `compact.BALANCES`. That is a hundredth of the effort of rows.
    """
    if not wanted:
        return
    names: dict[str, Any] = {
        "standings": [one.standing_id for one in wanted],
        "versions": [one.policy_version_id for one in wanted],
        "terms": [one.terms_days for one in wanted],
    }
    # As above: the portion of groups bounds what comes at once.
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS, {**_values(which), **names})
        while portion := cursor.fetchmany(_PACKED):
            for place, packed in portion:
                yield place - 1, bytes(packed)


def told(decision_ids: Sequence[str]) -> tuple[Told, ...]:
    """Return what decisions (named in hexadecimal digits) were about, in the order in which they were made."""
    rows = Decision.objects.filter(pk__in=decision_ids).order_by("decided_at", "reference", "pk")
    return tuple(
        Told(id=row.pk, reference=row.reference, amount=Money(row.amount, row.currency), as_of=row.as_of)
        for row in rows.only("reference", "amount", "currency", "as_of")
    )


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
_GROUPED: Final = f"""
SELECT standing_id, policy_version_id, terms_days, count(*) FROM decisions_decision
WHERE standing_id IS NOT NULL AND {_WHERE} GROUP BY standing_id, policy_version_id, terms_days
"""
_PACKED_ORDER: Final = " || ".join(
    ["uuid_send(d.id)", *(f"int8send((d.{name} * 10000)::bigint)" for name in ("amount", *compact.BALANCES))]
)
_ORDERS: Final = f"""
SELECT w.place, string_agg({_PACKED_ORDER}, ''::bytea)
FROM (
    SELECT * FROM unnest(%(standings)s::uuid[], %(versions)s::uuid[], %(terms)s::int[])
        WITH ORDINALITY AS r(standing_id, policy_version_id, terms_days, place)
) w JOIN decisions_decision d ON d.standing_id = w.standing_id AND d.policy_version_id = w.policy_version_id
    AND d.terms_days IS NOT DISTINCT FROM w.terms_days
WHERE {_WHERE} GROUP BY w.place
"""
