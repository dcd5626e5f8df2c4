"""How old what we know of a customer is, source by source, against what the policy allows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tradecredit.apps.dossier import bureaus
from tradecredit.core.dossier.bureau.schema import KINDS
from tradecredit.core.kernel.policy_document import Node

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date, datetime
    from uuid import UUID

    from tradecredit.core.kernel.reasons import Words


@dataclass(frozen=True, slots=True, kw_only=True)
class Freshness:
    """One kind of report: who gives it, when it was last known whole, and how many days old it may be.

    ``age_days`` is None where it was never asked.
    """

    provider: str
    label: Words
    age_days: int | None
    days_max: int

    @property
    def is_stale(self) -> bool:
        """Tell whether it should be asked for again."""
        return self.age_days is None or self.age_days > self.days_max


def of_customer(
    *,
    customer_id: UUID,
    company_id: UUID,
    as_of: date,
    section: Mapping[str, Any],
    known_at: datetime | None = None,
) -> tuple[Freshness, ...]:
    """Return each kind of report of the policy section ``dossier`` once, by its freshest source, the most overdue first."""
    reports = bureaus.reports(customer_id=customer_id, company_id=company_id, known_at=known_at)
    latest: dict[tuple[str, str], date] = {}
    for one in reports:
        if one.is_complete:
            day = one.recorded_at.date()
            latest[one.provider, one.kind] = max(day, latest.get((one.provider, one.kind), day))
    found: dict[str, Freshness] = {}
    for bureau in Node(section, "dossier").child("bureaus").items():
        provider = bureau.child("provider").text()
        for kind, entry in bureau.child("kinds").entries():
            known_on = latest.get((provider, kind))
            fresh = Freshness(
                provider=provider,
                label=KINDS[kind].label,
                age_days=None if known_on is None else (as_of - known_on).days,
                days_max=entry.count(least=1),
            )
            if kind not in found or _weight(fresh) < _weight(found[kind]):
                found[kind] = fresh
    return tuple(sorted(found.values(), key=_weight, reverse=True))


def _weight(one: Freshness) -> tuple[bool, int]:
    return (one.age_days is None, (one.age_days or 0) - one.days_max)
