"""Read recorded decisions as frozen values."""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from tradecredit.apps.decisions import standings
from tradecredit.apps.decisions.models import Decision
from tradecredit.core.decisions import compact
from tradecredit.core.kernel.money import Money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from decimal import Decimal
    from uuid import UUID

    from django.db.models import QuerySet

_CHUNK: Final = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """What a compact decision recorded of its verdict: the checks that did not pass, and the room in plain figures."""

    failed: Sequence[Mapping[str, Any]]
    headroom_before: Decimal | None
    headroom_after: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDecision:
    """One verdict as it was recorded: facts, policy version, verdict, who and when.

    A compact one has an outline instead of the verdict, which is derived from the facts and the policy.
    """

    id: UUID
    company_id: UUID
    customer_id: UUID
    account_id: UUID
    policy_version_id: UUID
    control_point: str
    reference: str
    amount: Money
    as_of: date
    facts: Mapping[str, Any]
    verdict: Mapping[str, Any] | None
    outline: Outline | None
    outcome: str
    is_committed: bool
    purpose: str
    previous_id: UUID | None
    actor_id: UUID
    actor_name: str
    decided_at: datetime


def by_id(decision_id: UUID) -> StoredDecision | None:
    """Return one decision in scope."""
    return by_ids([decision_id]).get(decision_id)


def by_ids(decision_ids: Iterable[UUID]) -> dict[UUID, StoredDecision]:
    """Return decisions in scope by identifier, with a constant number of statements."""
    return {found.id: found for found in _all_stored(Decision.objects.filter(pk__in=set(decision_ids)))}


def of_reference(*, company_id: UUID, reference: str) -> tuple[StoredDecision, ...]:
    """Return the decisions about one document, latest first."""
    rows = Decision.objects.filter(company_id=company_id, reference=reference).order_by("-decided_at", "-pk")
    return _all_stored(rows)


def first(*, company_id: UUID, most: int) -> tuple[StoredDecision, ...]:
    """Return some decisions of a company in the order of their identifiers: as good as any."""
    return _all_stored(
        Decision.objects.filter(company_id=company_id, is_committed=True).order_by("pk")[:most]
    )


def saying(decision_ids: Iterable[UUID], *, sentence: str) -> frozenset[UUID]:
    """Return those of the decisions whose stored verdict contains a sentence, by its code."""
    rows = Decision.objects.filter(pk__in=set(decision_ids), verdict__contains=f'"{sentence}"')
    return frozenset(rows.values_list("pk", flat=True))


def of_customer(*, customer_id: UUID, most: int = 50) -> tuple[StoredDecision, ...]:
    """Return the latest decisions about a customer's documents."""
    rows = Decision.objects.filter(customer_id=customer_id).order_by("-decided_at", "-pk")[:most]
    return _all_stored(rows)


def count_since(day: date | None, *, company_id: UUID | None = None) -> int:
    """Return how many decisions there are from a day on."""
    return _since(day, company_id=company_id).count()


def since(
    day: date | None, *, company_id: UUID | None = None, part: int = 0, parts: int = 1
) -> Iterator[StoredDecision]:
    """Walk the decisions from a day on (its recorded moment), oldest first, without holding them all.

    With ``parts`` only every so many-th of them, spread by identifier: the parts together are all of them.
    """
    rows = _since(day, company_id=company_id).order_by("decided_at", "pk")
    if parts > 1:
        rows = rows.extra(
            where=["mod(hashtext(id::text)::bigint + 2147483648, %s) = %s"], params=[parts, part]
        )
    walking = iter(rows.iterator(chunk_size=_CHUNK))
    while chunk := list(islice(walking, _CHUNK)):
        yield from _all_stored(chunk)


def _since(day: date | None, *, company_id: UUID | None) -> QuerySet[Decision]:
    rows = Decision.objects.all()
    if day is not None:
        rows = rows.filter(decided_at__date__gte=day)
    if company_id is not None:
        rows = rows.filter(company_id=company_id)
    return rows


def stored(row: Decision) -> StoredDecision:
    """Return a row that was read elsewhere as a frozen value."""
    return _all_stored([row])[0]


def _all_stored(rows: Iterable[Decision]) -> tuple[StoredDecision, ...]:
    found = list(rows)
    documents = standings.documents(row.standing_id for row in found if row.standing_id is not None)
    return tuple(_stored(row, documents) for row in found)


def _stored(row: Decision, documents: Mapping[UUID, Mapping[str, Any]]) -> StoredDecision:
    return StoredDecision(
        id=row.pk,
        company_id=row.company_id,
        customer_id=row.customer_id,
        account_id=row.account_id,
        policy_version_id=row.policy_version_id,
        control_point=row.control_point,
        reference=row.reference,
        amount=Money(row.amount, row.currency),
        as_of=row.as_of,
        facts=_facts(row, documents),
        verdict=None if row.verdict is None else json.loads(row.verdict),
        outline=_outline(row),
        outcome=row.outcome,
        is_committed=row.is_committed,
        purpose=row.purpose,
        previous_id=row.previous_id,
        actor_id=row.actor_id,
        actor_name=row.actor_name,
        decided_at=row.decided_at,
    )


def _facts(row: Decision, documents: Mapping[UUID, Mapping[str, Any]]) -> Mapping[str, Any]:
    if row.facts is not None:
        return json.loads(row.facts)  # type: ignore[no-any-return] # what was recorded is an object
    assert row.standing_id is not None, "the database has one or the other"  # noqa: S101 -- cannot happen
    figures = compact.Figures(
        reference=row.reference,
        amount=row.amount,
        terms_days=row.terms_days,
        balances={name: getattr(row, name) for name in compact.BALANCES},
    )
    return compact.facts_document(documents[row.standing_id], figures)


def _outline(row: Decision) -> Outline | None:
    if row.verdict is not None:
        return None
    return Outline(
        failed=[] if row.failed is None else json.loads(row.failed),
        headroom_before=row.headroom_before,
        headroom_after=row.headroom_after,
    )
